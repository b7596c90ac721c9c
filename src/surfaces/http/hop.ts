import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What whoever passes messages on does with them, hop by hop. */

/**
 * Ends a connection as the other side has ended its own: what was written goes out, and no more.
 *
 * @example answer.once('close', () => cut(request, response));
 */
export function cut({ socket }: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent && typeof socket.destroySoon === 'function') socket.destroySoon();
  else if (typeof socket.resetAndDestroy === 'function') socket.resetAndDestroy();
  else response.destroy();
}

/**
 * Names and values of headers, which Node gives one after another, as they came.
 *
 * @example for (const [name, value] of headerPairs(answer.rawHeaders)) headers.push(name, value);
 */
export function* headerPairs(rawHeaders: readonly string[]): Generator<readonly [name: string, value: string]> {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    yield [rawHeaders[index] ?? '', rawHeaders[index + 1] ?? ''];
}

/**
 * The head of an answer as it stands on the wire.
 *
 * @example socket.write(headOf(answer));
 */
export function headOf({ httpVersion, statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/${httpVersion} ${statusCode} ${statusMessage}`];
  for (const [name, value] of headerPairs(rawHeaders)) {
    if (name.toLowerCase() !== 'transfer-encoding') lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/**
 * Lets two sockets be one.
 *
 * @example join(client, server);
 */
export function join(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    (from as Partial<Socket>).setNoDelay?.(true);
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
    from.pipe(to);
  }
}
