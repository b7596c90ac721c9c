import { loadPeer } from '../../load-peer.ts';

/**
 * Loads the library of the Model Context Protocol; throws a `SimulatorError` that says what to install.
 *
 * @example const { createMcpHandler } = await loadMcp();
 */
export function loadMcp(): Promise<typeof import('@modelcontextprotocol/server')> {
  return loadPeer(
    '@modelcontextprotocol/server',
    'the Model Context Protocol',
    () => import('@modelcontextprotocol/server'),
  );
}
