import type { SimulatorOptions } from '../config.ts';
import type { SimulatorHooks } from '../simulator-hooks.ts';
import type { Output } from './check.ts';

/** The flags of `mcp`. */
export interface McpFlags {
  /** A simulator that runs already; without it, one of its own is started. */
  readonly url?: string;
}

export interface McpContext {
  readonly output: Output;
  readonly version: string;
  readonly createSimulator: (
    options: SimulatorOptions,
    hooks: Pick<SimulatorHooks, 'ready'>,
  ) => {
    readonly url: string;
    start(): Promise<void>;
    stop(): Promise<void>;
  };
}

/**
 * The command `mcp`: serves the Model Context Protocol over standard input and output, about a running simulator or one
 * of its own, until the agent has gone.
 *
 * @example await runMcp({ url: 'http://127.0.0.1:4010' }, {}, context);
 */
export async function runMcp(
  { url }: McpFlags,
  options: SimulatorOptions,
  { output, version, createSimulator }: McpContext,
): Promise<number> {
  const { loadMcp } = await import('../surfaces/mcp/load-mcp.ts');
  await loadMcp();
  const { bridgeStdio } = await import('../surfaces/mcp/bridge.ts');
  let { adminToken } = options;
  if (url !== undefined) {
    await bridgeStdio({ url, version, adminToken, fetch });
    return 0;
  }
  // Nobody else has to find it, and standard output belongs to the protocol.
  const ready: SimulatorHooks['ready'] = (facts) => {
    // Beyond loopback one is made, which the agent cannot know.
    adminToken = facts.adminToken;
  };
  const simulator = createSimulator({ logLevel: 'warn', port: 0, ...options }, { ready });
  await simulator.start();
  output.stderr.write(`Simulating at ${simulator.url} for the agent.\n`);
  try {
    await bridgeStdio({ url: simulator.url, version, adminToken, fetch });
  } finally {
    await simulator.stop();
  }
  return 0;
}
