import { join } from 'node:path';
import { IS_BUILT, PROGRAM_FOLDER } from '../lib/package-folder.ts';
import type { DocumentRequest, ShownDocument } from './show-document.ts';

/** Characters of a document that is written while nobody else is answered: to read and write YAML takes a second a million. */
const LONGEST_HERE = 16 * 2 ** 10;

/**
 * Makes what writes documents as they are asked for, a long one in a worker, one after another: whoever asks for many waits
 * for them alone. (The sources have no file that a worker could run.)
 *
 * @example const { text, isJson } = await createDocumentWriter()({ text: document, contract, base });
 */
export function createDocumentWriter(): (request: DocumentRequest) => Promise<ShownDocument> {
  let last: Promise<unknown> = Promise.resolve();
  return async (request) => {
    if (request.text.length <= LONGEST_HERE || !IS_BUILT)
      return (await import('./show-document.ts')).showDocument(request);
    const { format, basePath, webSocketPath } = request.contract;
    const written = last.then(() => inWorker({ ...request, contract: { format, basePath, webSocketPath } }));
    last = written.catch(() => {});
    return written;
  };
}

async function inWorker(request: DocumentRequest): Promise<ShownDocument> {
  const { Worker } = await import('node:worker_threads');
  const worker = new Worker(join(PROGRAM_FOLDER, 'contracts/document-worker.js'), { workerData: request });
  // Nobody who ends waits for it.
  worker.unref();
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the worker that writes documents has ended')));
  });
}
