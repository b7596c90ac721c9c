import { WebSocket } from 'ws';

export interface WebSocketListener {
  /** Called with each message, in the order they come; one that is no text is read as UTF-8. */
  message(text: string): void;
  /** Called once, when no more messages will come. */
  closed(reason: string): void;
}

export interface OpenWebSocket {
  send(text: string): Promise<void>;
  close(): void;
}

/**
 * Opens a WebSocket as a client; rejects when the connection is refused.
 *
 * @example const socket = await openWebSocket('ws://127.0.0.1:4010/customer/created', {}, { message, closed });
 */
export function openWebSocket(
  url: string,
  headers: Readonly<Record<string, string>>,
  { message, closed }: WebSocketListener,
): Promise<OpenWebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers, handshakeTimeout: LONGEST_HANDSHAKE });
    // The first message may come with the handshake, before anybody could listen to what is answered here.
    socket.on('message', (data) => message(data.toString()));
    socket.on('error', reject);
    socket.on('close', (code, reason) => closed(`it was closed with ${code} ${reason}`.trimEnd()));
    socket.on('open', () =>
      resolve({
        send: (text) =>
          new Promise((sent, failed) => socket.send(text, (error) => (error == null ? sent() : failed(error)))),
        close: () => socket.close(),
      }),
    );
  });
}

/** Milliseconds. */
const LONGEST_HANDSHAKE = 10_000;
