import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Awaitable } from '../../lib/awaitable.ts';
import { Refusal } from '../../model/command.ts';
import type { Upload, Uploads } from './uploads.ts';

/** What a request has sent in its body, and nothing where it has sent none. */
export type Bytes = Buffer | undefined;

interface BodyLimits {
  readonly maxBody: number;
  readonly uploads: Uploads;
}

/** In place of a body whose client has gone before it was complete: there is nobody left to answer. */
export type ClientGone = 'client-gone';

/**
 * Whether a request announces a body.
 *
 * @example if (hasBody(request)) await readBody(request, response, { maxBody: 1_048_576, uploads });
 */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length'];
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined;
}

/**
 * Reads the body of a request. Refuses with 413 at once where its announced length is too large, and as soon as it has
 * become so where none was announced; with 415 where it is compressed, and with 501 where it is so on its way alone, because
 * what unpacks to more than it weighs would need a limit of its own.
 *
 * @example const bytes = await readBody(request, response, { maxBody: 1_048_576, uploads });
 */
export function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  { maxBody, uploads }: BodyLimits,
): Awaitable<Bytes | Refusal | ClientGone> {
  const { headers } = request;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    return new Refusal(
      415,
      'UNSUPPORTED_ENCODING',
      `Failed to read the body: its Content-Encoding is ${JSON.stringify(encoding.slice(0, 40))}. Send it uncompressed.`,
      {
        headers: { 'accept-encoding': 'identity' },
      },
    );
  }
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked') {
    return new Refusal(
      501,
      'UNSUPPORTED_ENCODING',
      `Failed to read the body: its Transfer-Encoding is ${JSON.stringify(coding.slice(0, 40))}. Send it in chunks alone, or with its length.`,
    );
  }
  const announced = Number(headers['content-length'] ?? 0);
  if (announced > maxBody) return tooLarge(maxBody);
  if (expectsContinue(request)) response.writeContinue();
  // As a rule it has come with its head: to listen for what is there already takes as long as all else that reads it.
  const isThere = announced > 0 && request.readableLength === announced;
  return isThere ? (request.read() as Buffer) : collect(request, announced, { maxBody, uploads });
}

/**
 * Whether the client waits for leave to send its body. One that speaks HTTP/1.0 knows of no such leave.
 *
 * @example if (expectsContinue(request)) response.writeContinue();
 */
export function expectsContinue({ headers, httpVersion }: IncomingMessage): boolean {
  return headers.expect !== undefined && httpVersion !== '1.0' && headers.expect.toLowerCase() === '100-continue';
}

function collect(
  request: IncomingMessage,
  announced: number,
  { maxBody, uploads }: BodyLimits,
): Promise<Buffer | Refusal | ClientGone> {
  return new Promise((resolve) => {
    let whole: Buffer = NOTHING;
    let upload: Upload | undefined;
    const end = (result: Buffer | Refusal | ClientGone): void => {
      upload?.end();
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      // Where it comes in one piece, none is under way.
      if (chunk.length === announced) {
        whole = chunk;
        return;
      }
      upload ??= uploads.begin(request);
      if (upload.size + chunk.length > maxBody) {
        request.off('data', onData);
        end(tooLarge(maxBody));
      } else upload.add(chunk);
    };
    request.on('data', onData);
    request.on('end', () => end(upload?.bytes() ?? whole));
    // It closes after an error, too, and Node throws no error of a request that nobody listens to. Every request closes in
    // the end, and an error that nobody sees costs as much as one that somebody does.
    request.on('close', () => {
      if (!request.complete) end('client-gone');
    });
  });
}

const NOTHING = Buffer.alloc(0);

function tooLarge(maxBody: number): Refusal {
  return new Refusal(
    413,
    'BODY_TOO_LARGE',
    `Failed to read the body: it is larger than ${maxBody} bytes. Send less, or raise maxBody.`,
  );
}
