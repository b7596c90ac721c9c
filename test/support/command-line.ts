import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { createSimulator } from '../../src/simulator.ts';

/** What a command has printed, and the code that it has ended with. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs command lines as a shell does, in this process and in a folder of its own, for the tests of a file. */
export function commandLine(environment: Readonly<Record<string, string>> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'bss-cli-'));
  afterAll(() => rmSync(cwd, { recursive: true }));
  const run = async (...argv: string[]): Promise<Ended> => {
    const printed = { out: '', err: '' };
    const code = await runProgram(argv, {
      output: {
        stdout: { write: (text: string) => (printed.out += text) },
        stderr: { write: (text: string) => (printed.err += text) },
      },
      environment,
      cwd,
      version: '1.2.3',
      home: process.cwd(),
      loadSimulator: async () => ({ createSimulator }),
      loadGenerator: () => import('../../src/generate-world.ts'),
      loadDescription: () => import('../../src/describe-served.ts'),
      loadStoreTools: () => import('../../src/store-tools.ts'),
      loadCode: async () => ({ hasOperation: () => false, hasSystem: () => false }),
      onSignal: () => () => {},
      exit: () => {},
    });
    return { code, ...printed };
  };
  return { cwd, run };
}
