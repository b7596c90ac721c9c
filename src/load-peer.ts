import { SimulatorError } from './errors.ts';

/**
 * Loads a library that is an optional peer, and says what to do where it is not installed.
 *
 * @param neededFor What needs it, as the user has asked for it, for example `this --queue`.
 * @example const amqp = await loadPeer('amqplib', 'this --queue', () => import('amqplib'));
 */
export async function loadPeer<T>(name: string, neededFor: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new SimulatorError(
      'CONFIG_INVALID',
      `Failed to load ${name}, which ${neededFor} needs: ${cause instanceof Error ? cause.message : String(cause)}. Run \`npm install ${name}\`.`,
      { cause },
    );
  }
}
