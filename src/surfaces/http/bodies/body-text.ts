import { isUtf8 } from 'node:buffer';
import type { ParsedMediaType } from '../media-types.ts';
import { type BodyKind, type ReportProblem, UNREADABLE } from './body-kind.ts';

/** Makes the text of bytes; what is not text is `UNREADABLE`. */
export type TextDecoding = (bytes: Buffer, report: ReportProblem) => string | typeof UNREADABLE;

/**
 * How the text of a media type is decoded: by its charset, or as UTF-8. `undefined` for an unknown charset.
 *
 * @example decodingOf(parseMediaType('text/plain; charset=iso-8859-1'))?.(bytes, report)
 */
export function decodingOf({ parameters }: ParsedMediaType): TextDecoding | undefined {
  const charset = parameters.get('charset')?.toLowerCase();
  if (charset === undefined || UTF_8.has(charset)) return decodeUtf8;
  try {
    const decoder = new TextDecoder(charset, { fatal: true });
    return (bytes, report) => {
      try {
        return decoder.decode(bytes);
      } catch {
        report('', `is not valid ${charset}`);
        return UNREADABLE;
      }
    };
  } catch {
    return undefined;
  }
}

/** What a text stands for, or what is wrong with it. */
type ReadText = { readonly value: unknown } | { readonly problem: string };

/**
 * Makes what parses a body that is a text: decodes it, reads it, and reports what is wrong with it.
 *
 * @example textParser(decodeUtf8, parseJson)(bytes, report)
 */
export function textParser(decode: TextDecoding, read: (text: string) => ReadText): BodyKind['parse'] {
  return (bytes, report) => {
    const text = decode(bytes as Buffer, report);
    if (typeof text !== 'string') return text;
    const found = read(text);
    if ('value' in found) return found.value;
    report('', found.problem);
    return UNREADABLE;
  };
}

/** ASCII is a part of it. */
const UTF_8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/** Decodes UTF-8, without the mark of byte order that Windows tools write and RFC 8259 lets a parser ignore. */
export function decodeUtf8(bytes: Buffer, report: ReportProblem): string | typeof UNREADABLE {
  if (!isUtf8(bytes)) {
    report('', 'is not valid UTF-8');
    return UNREADABLE;
  }
  const text = bytes.toString('utf8');
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

const BYTE_ORDER_MARK = '\ufeff';
