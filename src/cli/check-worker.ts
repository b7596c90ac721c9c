import { parentPort, workerData } from 'node:worker_threads';
import { loadContracts } from '../contracts/load-contracts.ts';
import { MOST_LINTED } from '../contracts/load-options.ts';
import type { LateCheck } from '../simulator-hooks.ts';

/** Run as a worker: loads contracts thoroughly, keeps them for the next start, and posts the problems. */
const { paths, ...options } = workerData as LateCheck;
const { problems } = await loadContracts(paths, { ...options, mostLinted: MOST_LINTED });
parentPort?.postMessage(problems);
