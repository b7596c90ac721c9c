import { SimulatorError } from '../../errors.ts';

/**
 * Loads a library that is needed only for some broker, and says what to do where it is not installed.
 *
 * @example const amqp = await loadLibrary('amqplib', () => import('amqplib'));
 */
export async function loadLibrary<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new SimulatorError(
      'CONFIG_INVALID',
      `Failed to load ${name}, which this --queue needs: ${cause instanceof Error ? cause.message : String(cause)}. Run \`npm install ${name}\`.`,
      { cause },
    );
  }
}
