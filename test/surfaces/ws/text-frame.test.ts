import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame } from '../../../src/surfaces/ws/text-frame.ts';

/** The bytes after the handshake, and a client that reads them. */
async function connect(): Promise<{ write: (bytes: Buffer) => void; client: WebSocket }> {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const written = new Promise<(bytes: Buffer) => void>((resolve) => {
    server.on('upgrade', (request, socket, head) => {
      sockets.handleUpgrade(request, socket, head, () => resolve((bytes) => void socket.write(bytes)));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    client.terminate();
    server.close();
  });
  return { write: await written, client };
}

test('the example of RFC 6455', () => {
  expect(textFrame('Hello').toString('hex')).toBe('810548656c6c6f');
});

test('a client reads what was written, of any length and in any script', async () => {
  const { write, client } = await connect();
  const lengths = fc.constantFrom(0, 1, 125, 126, 127, 65_535, 65_536, 70_000);
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.tuple(lengths, fc.constantFrom('a', 'é', '語')).map(([length, letter]) => letter.repeat(length)),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const heard = once(client, 'message');
      write(textFrame(text));
      const [data, isBinary] = (await heard) as [Buffer, boolean];
      expect(isBinary).toBe(false);
      expect(data.toString()).toBe(text);
    }),
    { numRuns: 60 },
  );
});
