import { parentPort, workerData } from 'node:worker_threads';
import { loadContracts } from '../contracts/load-contracts.ts';
import type { LateCheck } from '../simulator-hooks.ts';

/** To look through a document of ten megabytes for what changes nothing takes a gigabyte: that is for `check` alone. */
const MOST_LINTED = 4 * 2 ** 20;

/** Run as a worker: loads contracts thoroughly, keeps them for the next start, and posts the problems. */
const { paths, ...options } = workerData as LateCheck;
const { problems } = await loadContracts(paths, { ...options, mostLinted: MOST_LINTED });
parentPort?.postMessage(problems);
