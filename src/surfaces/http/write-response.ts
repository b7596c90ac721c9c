import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterWallTime } from '../wall-time.ts';
import { expectsContinue } from './read-body.ts';
import type { Rendered } from './render-response.ts';

/** So long, and so much, is read and dropped of a body that was refused, so that its sender reads the refusal. */
const LINGER_TIME = 1_000;
const LINGER_BYTES = 16 * 2 ** 20;

/**
 * Writes an answer: head and body in one piece.
 *
 * @example writeResponse(request, response, rendered);
 */
export function writeResponse(request: IncomingMessage, response: ServerResponse, rendered: Rendered): void {
  const { status, headers, payload } = rendered;
  // Text without a character beyond ASCII is the same bytes in both, and Node writes these without looking at each.
  const encoding = setLength(rendered) === payload?.length ? 'latin1' : 'utf8';
  if (status === 413) {
    writeAndLinger(request, response, rendered);
    return;
  }
  // It waits for leave to send a body that nobody will read; what it sends next must not be taken for a request.
  if (expectsContinue(request) && !request.complete) response.shouldKeepAlive = false;
  response.writeHead(status, headers);
  response.end(payload, encoding);
}

/** Completes the headers of an answer, as records show them; answers the bytes of its body. */
export function setLength({ status, headers, payload, size }: Rendered): number {
  const length =
    payload === undefined
      ? 0
      : (size ?? (typeof payload === 'string' ? Buffer.byteLength(payload) : payload.byteLength));
  if (payload !== undefined || (status !== 204 && status !== 304)) headers['content-length'] = String(length);
  return length;
}

/**
 * Closing a socket that still receives makes the kernel reset it, and the client would lose the answer. So the answer
 * goes out at once, and what is still coming is dropped for a while before the connection is closed.
 */
function writeAndLinger(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, payload = '' }: Rendered,
): void {
  headers.connection = 'close';
  response.writeHead(status, headers);
  response.write(payload);
  let dropped = 0;
  let isEnded = false;
  const end = (): void => {
    if (isEnded) return;
    isEnded = true;
    callOff();
    response.end();
  };
  const callOff = afterWallTime(LINGER_TIME, end);
  request.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > LINGER_BYTES) end();
  });
  request.on('end', end);
  request.on('close', end);
  request.on('error', end);
}
