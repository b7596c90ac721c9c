import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SimulatorError } from '../errors.ts';
import type { Coverage } from './covered.ts';

/**
 * Will write what was exercised into a folder, as a file of its own, whoever else writes there: when it is called, else
 * when the process ends. Throws where nothing can be written.
 *
 * @example
 * const write = keepCoverage('coverage/bss', () => counter.read());
 * write();
 */
export function keepCoverage(folder: string, read: () => Coverage): () => void {
  attempt(folder, () => mkdirSync(folder, { recursive: true }));
  const write = (): void => {
    process.off('exit', write);
    const text = `${JSON.stringify(read())}\n`;
    attempt(folder, () => writeFree(folder, text));
  };
  process.once('exit', write);
  return write;
}

/**
 * Reads what was written: of a file, or of all in a folder. Throws `CONFIG_INVALID` where there is none, or a file is
 * something else.
 *
 * @example readCoverage('coverage/bss');
 */
export function readCoverage(path: string): readonly Coverage[] {
  const files = attempt(path, () =>
    statSync(path).isDirectory()
      ? readdirSync(path)
          .filter((name) => name.endsWith('.json'))
          .sort()
          .map((name) => join(path, name))
      : [path],
  );
  if (files.length === 0) {
    throw new SimulatorError(
      'CONFIG_INVALID',
      `Failed to read the coverage in ${path}: no simulator has written any there. Let the tests use a runner of this package, or give simulators the option coverage.`,
    );
  }
  return files.map((file) => {
    const coverage = attempt(file, () => JSON.parse(readFileSync(file, 'utf8')) as Coverage);
    if (Array.isArray(coverage?.items) && Array.isArray(coverage.faults)) return coverage;
    throw new SimulatorError(
      'CONFIG_INVALID',
      `Failed to read the coverage in ${file}: it is something else. Name a file or folder that the option coverage has filled.`,
    );
  });
}

/** Names files by who writes them; in a folder that several machines share that need not be one of a kind. */
function writeFree(folder: string, text: string): void {
  for (let number = 1; ; number += 1) {
    try {
      writeFileSync(join(folder, `coverage-${process.pid}-${number}.json`), text, { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new SimulatorError(
      'CONFIG_INVALID',
      `Failed to keep the coverage in ${path}: ${cause instanceof Error ? cause.message : String(cause)}. Name another place.`,
      { cause },
    );
  }
}
