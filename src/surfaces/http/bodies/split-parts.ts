import { createRequire } from 'node:module';
import type { BodyPart, BodyProblem } from './body-kind.ts';

/** Parts that a body may have, and lines that each may have before its bytes. */
const MOST_PARTS = 1_000;
const MOST_HEADERS = 32;

/**
 * Takes a multipart body apart. The library is loaded when the first such body comes.
 *
 * @example const parts = await splitParts(bytes, 'boundary');
 */
export function splitParts(bytes: Buffer, boundary: string): Promise<readonly BodyPart[] | BodyProblem> {
  if (boundary === '') return Promise.resolve({ problem: 'has no boundary in its Content-Type' });
  const { Dicer } = createRequire(import.meta.url)('@fastify/busboy') as typeof import('@fastify/busboy');
  return new Promise((resolve) => {
    const parts: BodyPart[] = [];
    let problem: string | undefined;
    const dicer = new Dicer({ boundary, maxHeaderPairs: MOST_HEADERS });
    dicer.on('part', (part) => {
      const chunks: Buffer[] = [];
      let headers: BodyPart['headers'] | undefined;
      part.on('header', (header: Readonly<Record<string, readonly string[]>>) => {
        headers = Object.fromEntries(Object.entries(header).map(([name, [value]]) => [name, toUtf8(value)]));
      });
      part.on('data', (chunk: Buffer) => chunks.push(chunk));
      part.on('error', () => {});
      part.on('end', () => {
        if (parts.length === MOST_PARTS) problem ??= `has more than ${MOST_PARTS} parts`;
        else parts.push({ headers: headers ?? {}, bytes: Buffer.concat(chunks) });
      });
    });
    dicer.on('error', () => {
      problem ??= 'ends before the last boundary';
    });
    dicer.on('finish', () => resolve(problem === undefined ? parts : { problem }));
    dicer.end(bytes);
  });
}

/** The library reads headers as one character for each byte, and browsers write names in UTF-8. */
function toUtf8(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Buffer.from(text, 'latin1').toString('utf8');
}
