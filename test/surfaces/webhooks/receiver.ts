import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** What a receiver was sent. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  /** The bytes as they came, as text: a signature is over these. */
  readonly body: string;
}

export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A receiver on loopback that keeps what it is sent; `answer` says what comes back, 204 unless told. */
export async function startReceiver(
  answer: (received: Received, count: number) => Answered | Promise<Answered> = () => ({ status: 204 }),
): Promise<{ readonly url: string; readonly received: Received[]; stop(): Promise<void> }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const message = { headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
    received.push(message);
    const { status, headers } = await answer(message, received.length);
    response.writeHead(status, headers).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  afterAll(stop);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, received, stop };
}
