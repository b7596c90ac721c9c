import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { orderMessage, orderUser } from '../support/macd-orders.ts';
import { startProcess } from '../support/process.ts';

const simulator = await startProcess([]);
afterAll(() => simulator.stop());

/** The answer, once it is whole. */
function read(path: string, at = simulator) {
  return new Promise<{ length: string | undefined; text: string }>((resolve, reject) => {
    request(at.url + path, { headers: { authorization: 'Bearer x' } }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      // One that breaks off has no end.
      response.on('error', reject);
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

test('a page of large things comes whole, and says how long it is', async () => {
  const headers = { authorization: 'Bearer x', 'content-type': 'application/json' };
  for (let at = 1; at <= 100; at += 1) {
    const users = Array.from({ length: 8 }, (_, user) => orderUser(`é${at}.${String(user).padStart(3, '0')}`));
    const body = JSON.stringify(orderMessage(at, 'Add', users));
    const { status } = await fetch(`${simulator.url}/@lists/macd/orders`, { method: 'POST', headers, body });
    expect(status).toBe(202);
  }

  const { length, text } = await read('/@lists/macd/orders');
  expect(length).toBe(String(Buffer.byteLength(text)));
  expect(text.length).toBeGreaterThan(200_000);
  expect(JSON.parse(text).length).toBe(100);
});

test('others are answered while a contract of a megabyte is written for whoever asks for it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'large-'));
  mkdirSync(join(folder, 'shop'));
  const paths = Array.from({ length: 6_000 }, (_, at) => `  /things${at}: { get: { summary: ${'word '.repeat(20)}} }`);
  const head = "openapi: 3.1.0\ninfo: { title: T, version: '1' }\nservers: [{ url: https://shop.example }]\npaths:\n";
  writeFileSync(join(folder, 'shop', 'api.yaml'), head + paths.join('\n'));
  const other = await startProcess(['--specs', folder, '--fixture', 'empty']);
  await read('/_simulator/contracts/shop/api?raw', other);

  let isShown = false;
  const showing = read('/@acme/_simulator/contracts/shop/api.json', other).finally(() => {
    isShown = true;
  });
  let answered = 0;
  for (; !isShown; answered += 1) await read('/_simulator/health', other);
  expect(answered).toBeGreaterThan(20);
  const { length, text } = await showing;
  expect(length).toBe(String(Buffer.byteLength(text)));
  const document = JSON.parse(text);
  expect(document.servers).toEqual([{ url: `${other.url}/@acme` }]);
  expect(Object.keys(document.paths).length).toBe(6_000);

  await other.stop();
  rmSync(folder, { recursive: true });
});
