import { parentPort, workerData } from 'node:worker_threads';
import { constants, deflateRawSync } from 'node:zlib';
import { CONTROL_SYSTEM } from '../model/contract.ts';
import { loadFiles, readFiles } from './load-contracts.ts';
import type { LoadOrder } from './load-in-worker.ts';
import { linesOf } from './load-parts.ts';

/** Run as a worker: loads contracts, and posts them as packed lines. */
const { paths, options, key } = workerData as LoadOrder;
const read = await readFiles(paths, options);
// Somebody has changed them in between: whoever has asked reads what it has.
if (read.key !== key) process.exit(1);
const loaded = await loadFiles(read.files, key, options);
const { contracts, patched, isThorough, isSettled } = loaded;
// To find lines takes long. Who has them checked later asks for none now, unless there is nothing to be served.
const isTold =
  isSettled || options.isCheckedLater !== true || contracts.every(({ system }) => system === CONTROL_SYSTEM);
const problems = isTold ? loaded.problems : [];
const lines = linesOf(contracts, { patched, isThorough, isSettled, problems });
parentPort?.postMessage(Array.from(lines, (line) => deflateRawSync(line, { level: constants.Z_BEST_SPEED })));
