import type { SimulatorOptions } from '../config.ts';
import type { Coverage } from '../coverage/covered.ts';
import { afterListening, sleep, wallNow } from '../surfaces/wall-time.ts';
import type { Output } from './check.ts';
import { readOptions } from './read-options.ts';
import type { RunCommand } from './run.ts';
import type { ServedSimulator } from './serve.ts';

/** A simulator that reports what a run has covered. */
export interface RunnableSimulator extends ServedSimulator {
  coverage(): Coverage;
}

/** The flags of `run`. */
export type RunFlags = Omit<RunCommand, 'files'> & { readonly config?: string };

export interface RunContext {
  readonly output: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly version: string;
  readonly loadSimulator: () => Promise<{
    readonly createSimulator: (options: SimulatorOptions) => RunnableSimulator;
  }>;
}

/**
 * Runs the command `run` with what the process has: real files, real requests, and a simulator in the same process.
 *
 * @example process.exitCode = await playCommand(['scenarios'], { verify: 'fixtures/transcripts' }, context);
 */
export async function playCommand(
  files: readonly string[],
  { config, ...flags }: RunFlags,
  { output, environment, cwd, version, loadSimulator }: RunContext,
): Promise<number> {
  const options =
    flags.target === undefined
      ? await readOptions({
          flags: { seed: flags.seed },
          environment,
          cwd,
          config,
          warn: (message) => void output.stderr.write(`${message}\n`),
        })
      : { cache: undefined };
  const { runScenarios } = await import('./run.ts');
  return runScenarios(
    { ...flags, seed: 'seed' in options ? options.seed : flags.seed, files },
    {
      stdout: output.stdout,
      stderr: output.stderr,
      directory: cwd,
      ...(typeof options.cache === 'string' && { cacheDir: options.cache }),
      fetch: (url, init) => fetch(url, init),
      version,
      patience: afterListening,
      now: wallNow,
      sleep,
      connect: async (...where) => {
        const { openWebSocket } = await import('../surfaces/ws/web-socket-client.ts');
        return openWebSocket(...where);
      },
      startSimulator: async ({ seed }) => {
        const { createSimulator } = await loadSimulator();
        // Whatever the configuration serves to others: a run's own simulator is nobody else's.
        const simulator = createSimulator({ ...options, seed, port: 0, host: '127.0.0.1', queue: [] });
        await simulator.start();
        return simulator;
      },
    },
  );
}
