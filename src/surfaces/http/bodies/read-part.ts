import { isUtf8 } from 'node:buffer';
import { isInRange, type ParsedMediaType } from '../media-types.ts';
import { parseJson } from '../parse-json.ts';
import type { BodyPart, ReportProblem } from './body-kind.ts';
import { decodingOf } from './body-text.ts';

/** Whether a part is text: by its media type, else by what is in it and whether it is a file. */
export function isTextPart({ bytes, headers }: BodyPart, type: string | undefined): boolean {
  if (type !== undefined) return type.startsWith('text/');
  return isUtf8(bytes) && !/;\s*filename/i.test(headers['content-disposition'] ?? '');
}

/** What is wrong with the media type that a part was sent in; nothing where that is allowed, or not said. */
export function typeProblem(
  sentType: ParsedMediaType | undefined,
  allowed: readonly string[] | undefined,
): string | undefined {
  if (sentType === undefined || allowed === undefined || allowed.some((range) => isInRange(sentType.type, range)))
    return undefined;
  return `has the media type ${sentType.type}, which is not one of ${allowed.join(', ')}`;
}

/** The text of a part, by the charset that it was sent in. */
export function textOf({ bytes }: BodyPart, sentType: ParsedMediaType | undefined): string {
  const text = sentType === undefined ? undefined : decodingOf(sentType)?.(bytes, () => {});
  return typeof text === 'string' ? text : bytesAsText(bytes);
}

/** The value of a part that is JSON; what is wrong with it is reported at its pointer. */
export function jsonOf({ bytes }: BodyPart, pointer: string, report: ReportProblem): unknown {
  const parsed = parseJson(bytes.toString('utf8'));
  if ('value' in parsed) return parsed.value;
  report(pointer, parsed.problem);
  return undefined;
}

/** Records and stores hold JSON, so that bytes which are no text are held as base64. */
export function bytesAsText(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('base64');
}
