import { connect, type Socket } from 'node:net';

/** What came back over a raw connection until it was closed, or until `until` was seen. */
export interface RawAnswer {
  readonly text: string;
  /** Of the first answer; 0 where the connection was closed without one. */
  readonly status: number;
  readonly isClosed: boolean;
}

/** Sends bytes as they are: what a hostile client sends, no library would. */
export function sendRaw(
  port: number,
  bytes: string | Buffer,
  until?: (text: string) => boolean,
  localAddress = '127.0.0.1',
): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    let text = '';
    const end = (isClosed: boolean): void => {
      socket.destroy();
      resolve({ text, status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), isClosed });
    };
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (until?.(text)) end(false);
    });
    socket.on('close', () => end(true));
    // A reset is one of the ways to close a connection.
    socket.on('error', () => {});
    socket.on('connect', () => socket.write(bytes));
  });
}

/** A connection that is open and says nothing. */
export function openIdle(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
  });
}

/** A POST of JSON that ends its connection. */
export function post(path: string, body: string | Buffer, headers: readonly string[] = []): Buffer {
  const bytes = Buffer.from(body);
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    `Content-Length: ${bytes.length}`,
    'Connection: close',
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes]);
}

/** A GET that ends its connection. */
export function get(target: string, headers: readonly string[] = []): string {
  return [`GET ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n');
}

/** The request that opens a WebSocket. */
export function upgrade(target: string, headers: readonly string[] = []): string {
  return [
    `GET ${target} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
    '',
    '',
  ].join('\r\n');
}
