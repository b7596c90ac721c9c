import { Refusal } from '../../model/command.ts';

/**
 * Loads the library of the Model Context Protocol, an optional peer, and says what to install where it is not there.
 *
 * @example const { createMcpHandler } = await loadMcpLibrary();
 */
export async function loadMcpLibrary(): Promise<typeof import('@modelcontextprotocol/server')> {
  try {
    return await import('@modelcontextprotocol/server');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new Refusal(
      501,
      'NOT_IMPLEMENTED',
      'Failed to speak the Model Context Protocol: its library is not installed. Run `npm install @modelcontextprotocol/server` where the simulator is installed.',
    );
  }
}
