import { request } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';

const simulator = await startProcess([]);
afterAll(() => simulator.stop());

/** Pieces of the answer as they come, and its head. */
function read(path: string) {
  return new Promise<{ length: string | undefined; text: string }>((resolve, reject) => {
    request(simulator.url + path, { headers: { authorization: 'Bearer x' } }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () =>
        resolve({ length: response.headers['content-length'], text: Buffer.concat(pieces).toString() }),
      );
    })
      .on('error', reject)
      .end();
  });
}

test('a transcript of megabytes comes whole, and says how long it is', async () => {
  const products = await read('/v1/products');
  for (let at = 1; at < 300; at += 1) await read('/v1/products');

  const { length, text } = await read('/_simulator/transcript');
  expect(length).toBe(String(Buffer.byteLength(text)));
  const lines = text.trimEnd().split('\n');
  const answers = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'response');
  expect(answers.length).toBe(300);
  for (const { body } of answers) expect(body).toEqual(JSON.parse(products.text));
  expect(text.length).toBeGreaterThan(2 ** 20);
});

test('a list of megabytes comes whole, and says how long it is', async () => {
  const word = 'é😀'.repeat(50_000);
  const headers = { 'content-type': 'application/json' };
  for (let at = 0; at < 8; at += 1)
    await fetch(`${simulator.url}/_simulator/inbox/x`, { method: 'POST', headers, body: JSON.stringify({ at, word }) });

  const { length, text } = await read('/_simulator/inbox/x/messages');
  expect(length).toBe(String(Buffer.byteLength(text)));
  expect(JSON.parse(text).items.map(({ body }: { body: { at: number } }) => body.at)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});
