import type { Encoding, MediaType } from '../../model/operation.ts';

/** What is declared of the parts of a body. */
export type PartEncodings = Pick<MediaType, 'encoding' | 'prefixEncoding' | 'itemEncoding'>;

/**
 * Writes a value as a body in several parts: the items of a list one after another, the properties of an object by their
 * names. What parts them is a line that no part has.
 *
 * @example writeParts(['a'], {}) // '--part-0\r\ncontent-type: text/plain\r\n\r\na\r\n--part-0--\r\n'
 */
export function writeParts(body: unknown, encodings: PartEncodings): string {
  const parts = partsOf(body, encodings).map(writePart);
  let boundary = FIRST_BOUNDARY;
  for (let number = 1; parts.some((part) => part.includes(`--${boundary}`)); number += 1) boundary = `part-${number}`;
  return `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;
}

/**
 * The media type of a body in several parts, with what parts them, as its first line has it.
 *
 * @example withBoundary('multipart/mixed', '--part-0\r\n…') // 'multipart/mixed; boundary=part-0'
 */
export function withBoundary(contentType: string, text: string): string {
  const [, boundary] = /^--([\w'+./:=?,-]{1,70})\r?\n/.exec(text) ?? [];
  if (boundary === undefined || /;\s*boundary=/i.test(contentType)) return contentType;
  return `${contentType}; boundary=${/^[\w+.-]+$/.test(boundary) ? boundary : `"${boundary}"`}`;
}

interface Part {
  readonly name?: string;
  readonly value: unknown;
  readonly encoding: Encoding | undefined;
}

const FIRST_BOUNDARY = 'part-0';

function partsOf(body: unknown, { encoding = {}, prefixEncoding = [], itemEncoding }: PartEncodings): readonly Part[] {
  if (Array.isArray(body)) {
    return body.map((value, index) => ({ value, encoding: prefixEncoding[index] ?? itemEncoding }));
  }
  if (typeof body !== 'object' || body === null) return [{ value: body, encoding: itemEncoding }];
  // Of a list each item is a part of its own.
  return Object.entries(body).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => ({ name, value: each, encoding: encoding[name] })),
  );
}

function writePart({ name, value, encoding }: Part): string {
  const isText = typeof value !== 'object' || value === null;
  const declared = encoding?.contentType?.split(',')[0]?.trim();
  const type =
    declared === undefined || declared.includes('*') ? (isText ? 'text/plain' : 'application/json') : declared;
  const headers = [
    ...(name === undefined ? [] : [`content-disposition: form-data; name="${escaped(name)}"`]),
    `content-type: ${type}`,
  ];
  const isWrittenAsJson = !isText || (typeof value === 'string' && /[/+]json$/i.test(type));
  return `${headers.join('\r\n')}\r\n\r\n${isWrittenAsJson ? JSON.stringify(value) : String(value)}`;
}

/** As browsers write names in forms. */
function escaped(name: string): string {
  return name.replace(/"/g, '%22').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}
