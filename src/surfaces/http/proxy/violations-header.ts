import type { Violation } from '../../../model/schema.ts';

/** The response header that tells what breaks the contract. */
export const VIOLATIONS_HEADER = 'simulator-violations';

/** Characters: many a client takes no more than 8 KiB of headers. */
const LONGEST = 4_000;
/** Characters of one message. */
const LONGEST_MESSAGE = 300;

/**
 * Violations as the value of a header: a JSON array in ASCII. Where there is no room for all, the last member says how
 * many more there are.
 *
 * @example response.setHeader(VIOLATIONS_HEADER, violationsHeader([{ of: 'response', in: 'body', path: '/id', message: 'is required' }]));
 */
export function violationsHeader(violations: readonly Violation[]): string {
  const parts: string[] = [];
  let length = 2;
  for (const { of, in: where, path, message } of violations) {
    const part = toAscii(JSON.stringify({ of, in: where, path, message: message.slice(0, LONGEST_MESSAGE) }));
    length += part.length + 1;
    if (length > LONGEST) return `[${[...parts, `{"more":${violations.length - parts.length}}`].join(',')}]`;
    parts.push(part);
  }
  return `[${parts.join(',')}]`;
}

function toAscii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
