import { parentPort, workerData } from 'node:worker_threads';
import { type DocumentRequest, showDocument } from './show-document.ts';

/** Run as a worker: writes one document, and posts it. */
parentPort?.postMessage(showDocument(workerData as DocumentRequest));
