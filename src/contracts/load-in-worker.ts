import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { PROGRAM_FOLDER } from '../lib/package-folder.ts';
import type { FilesLoad } from './contract-cache.ts';
import type { LoadOptions } from './load-options.ts';
import { LINE, LoadReader } from './load-parts.ts';

/** What a worker is to load. */
export interface LoadOrder {
  readonly paths: readonly string[];
  readonly options: LoadOptions;
  /** Of the files as they were found. */
  readonly key: string;
}

/** Megabytes that a worker has for what is young, and for the rest: at least, and for each that is to be read. */
const YOUNG = 4;
const OLD = 128;
const OLD_EACH = 12;

/**
 * Loads contracts in a worker, which reads far more than is left in the end: its memory is given back when it ends, and as
 * it is bounded, rubbish is collected early. `undefined` where it does not come to an end, for whatever reason.
 *
 * @example (await loadInWorker({ paths: ['specs'], options: { isQuick: true }, key }, bytes)) ?? (await loadFiles(…));
 */
export async function loadInWorker(order: LoadOrder, bytes: number): Promise<FilesLoad | undefined> {
  const { Worker } = await import('node:worker_threads');
  const worker = new Worker(join(PROGRAM_FOLDER, 'contracts/load-worker.js'), {
    workerData: order,
    resourceLimits: {
      maxYoungGenerationSizeMb: YOUNG,
      maxOldGenerationSizeMb: Math.max(OLD, (OLD_EACH * bytes) / 2 ** 20),
    },
  });
  let lines: readonly Uint8Array[] | undefined;
  worker.once('message', (message: readonly Uint8Array[]) => {
    lines = message;
  });
  worker.once('error', () => {});
  // Its memory is given back first.
  await new Promise((resolve) => worker.once('exit', resolve));
  if (lines === undefined) return undefined;
  const reader = new LoadReader<Omit<FilesLoad, 'contracts'>>();
  for (const line of lines) reader.add(inflateRawSync(line, { chunkSize: LINE }).toString());
  return reader.load;
}
