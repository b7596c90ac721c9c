import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { ResourceLimits } from 'node:worker_threads';
import type { Problem } from '../errors.ts';
import { PACKAGE_FOLDER, PROGRAM_FOLDER, packageVersion } from '../lib/package-folder.ts';
import type { LateCheck } from '../simulator-hooks.ts';
import { afterWallTime } from '../surfaces/wall-time.ts';
import { runProgram } from './program.ts';

/** SIGHUP comes from a terminal that is closed. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** The first requests come right after a start, and should not have to share the machine. */
const LATE_CHECK_DELAY_MS = 1_000;

/** With a bound the rubbish of a check is collected early: half as much memory is taken. Few documents need more. */
const LATE_CHECK_LIMITS: ResourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 };

/**
 * By how many per cent what lives may grow before all of it is gone through for garbage. Left to itself, V8 does so after a
 * tenth, over and over in a process that holds much and is busy, and everybody waits meanwhile. It asks each time.
 */
const HEAP_GROWTH = 100;

/** Only once the program has started: V8 rejects what Node.js has compiled of itself for other flags, and compiles it again. */
const HEAP_GROWTH_DELAY_MS = 1_000;
afterWallTime(HEAP_GROWTH_DELAY_MS, () => setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`));

// Whoever reads what is written may have read enough, as `head` does.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

const exitCode = await runProgram(process.argv.slice(2), {
  output: { stdout: process.stdout, stderr: process.stderr },
  environment: process.env,
  cwd: process.cwd(),
  version: packageVersion(),
  home: PACKAGE_FOLDER,
  loadSimulator: () => import('../simulator.ts'),
  loadGenerator: () => import('../generate-world.ts'),
  loadStoreTools: () => import('../store-tools.ts'),
  loadCode: async (contracts) => (await import('../served.ts')).loadCode(contracts),
  loadDescription: () => import('../describe-served.ts'),
  findProblems: async (check) => {
    await new Promise<void>((resolve) => afterWallTime(LATE_CHECK_DELAY_MS, resolve));
    return findProblems(check, LATE_CHECK_LIMITS).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
        return findProblems(check);
      throw error;
    });
  },
  onSignal: (callback) => {
    for (const signal of STOP_SIGNALS) process.on(signal, callback);
    return () => {
      for (const signal of STOP_SIGNALS) process.off(signal, callback);
    };
  },
  exit: (code) => process.exit(code),
});

// Left to itself, Node would wait for idle connections; what has been written is let out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));

async function findProblems(check: LateCheck, resourceLimits: ResourceLimits = {}): Promise<readonly Problem[]> {
  const { Worker } = await import('node:worker_threads');
  const worker = new Worker(join(PROGRAM_FOLDER, 'cli/check-worker.js'), { workerData: check, resourceLimits });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
