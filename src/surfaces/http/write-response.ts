import type { IncomingMessage, ServerResponse } from 'node:http';
import { LongText, piecesOf } from '../../lib/long-text.ts';
import { afterWallTime } from '../wall-time.ts';
import { expectsContinue } from './read-body.ts';
import type { Rendered } from './render-response.ts';

/** So long, and so much, is read and dropped of a body that was refused, so that its sender reads the refusal. */
const LINGER_TIME = 1_000;
const LINGER_BYTES = 16 * 2 ** 20;

/** Characters, or bytes, of a body that is written in one piece. */
const LONGEST_PIECE = 256 * 2 ** 10;
/** Pieces of a longer one that are written in one turn. */
const PIECES_AT_ONCE = 4;

/**
 * Writes an answer: head and body in one piece, a long body in several, with a turn for others between them.
 *
 * @example writeResponse(request, response, rendered);
 */
export function writeResponse(request: IncomingMessage, response: ServerResponse, rendered: Rendered): void {
  const { status, headers, payload } = rendered;
  // Text without a character beyond ASCII is the same bytes in both, and Node writes these without looking at each.
  const isNarrow = setLength(rendered) === (typeof payload === 'string' ? payload.length : undefined);
  if (status === 413) {
    writeAndLinger(request, response, rendered);
    return;
  }
  // It waits for leave to send a body that nobody will read; what it sends next must not be taken for a request.
  if (expectsContinue(request) && !request.complete) response.shouldKeepAlive = false;
  response.writeHead(status, headers);
  if (payload instanceof LongText) writePieces(response, payload.pieces().values(), encodingOf(payload.isNarrow));
  else if (typeof payload === 'string' && payload.length > LONGEST_PIECE)
    writePieces(response, piecesOf(payload), encodingOf(isNarrow));
  else writeAtOnce(response, payload, encodingOf(isNarrow));
}

/**
 * Head and body go out as one text. Node's own `end` puts an empty piece behind the body and gathers both
 * into memory of their own, which costs as much as all else that it does.
 */
function writeAtOnce(
  response: ServerResponse,
  payload: string | Uint8Array | undefined,
  encoding: BufferEncoding,
): void {
  const { socket } = response;
  if (typeof payload === 'string' && socket !== null) {
    socket.cork();
    response.write(payload, encoding);
    socket.uncork();
    response.end();
  } else {
    response.end(payload, encoding);
  }
}

/**
 * All of it is handed on, whether or not the client takes it: what waits for clients is counted there. To turn it into
 * bytes, and to send as much as there is room for, is what takes long.
 */
function writePieces(response: ServerResponse, pieces: Iterator<string>, encoding: BufferEncoding): void {
  for (let written = 0; written < PIECES_AT_ONCE; written += 1) {
    const { value, done } = pieces.next();
    if (response.destroyed) return;
    if (done === true) {
      response.end();
      return;
    }
    response.write(value, encoding);
  }
  setImmediate(() => writePieces(response, pieces, encoding));
}

function encodingOf(isNarrow: boolean): BufferEncoding {
  return isNarrow ? 'latin1' : 'utf8';
}

/** The bytes of a body, as they are sent. */
export function bytesOf({ payload = '' }: Pick<Rendered, 'payload'>): Buffer {
  return payload instanceof LongText ? Buffer.from(payload.pieces().join('')) : Buffer.from(payload);
}

/** Completes the headers of an answer, as records show them; answers the bytes of its body. */
export function setLength({ status, headers, payload, size }: Rendered): number {
  const length = payload === undefined ? 0 : (size ?? sizeOf(payload));
  if (payload !== undefined || (status !== 204 && status !== 304)) headers['content-length'] = String(length);
  return length;
}

function sizeOf(payload: string | Uint8Array | LongText): number {
  if (payload instanceof LongText) return payload.size;
  return typeof payload === 'string' ? Buffer.byteLength(payload) : payload.byteLength;
}

/**
 * Closing a socket that still receives makes the kernel reset it, and the client would lose the answer. So the answer
 * goes out at once, and what is still coming is dropped for a while before the connection is closed.
 */
function writeAndLinger(request: IncomingMessage, response: ServerResponse, rendered: Rendered): void {
  const { status, headers } = rendered;
  headers.connection = 'close';
  response.writeHead(status, headers);
  response.write(bytesOf(rendered));
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
