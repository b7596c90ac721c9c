import { pointerTo } from '../../../lib/json-pointer.ts';
import type { Encoding, MediaType } from '../../../model/operation.ts';
import { styleOf } from '../../../model/parameter-style.ts';
import { isJson, type ParsedMediaType, parseMediaType } from '../media-types.ts';
import type { Pair } from '../query-string.ts';
import type { Typing } from '../typed-text.ts';
import type { BodyContext, BodyKind, BodyPart } from './body-kind.ts';
import { createFormReader, isStyled } from './form-body.ts';
import { bytesAsText, isTextPart, jsonOf, textOf, typeProblem } from './read-part.ts';
import { splitParts } from './split-parts.ts';

/** A body in several parts, of which each is a property: text as in a form, JSON, or a file. */
export function multipartBody(media: MediaType, mediaType: ParsedMediaType, context: BodyContext): BodyKind {
  const { schema = true, encoding = {} } = media;
  const form = context.typingOf(schema);
  const readFields = createFormReader(media, context);
  const boundary = mediaType.parameters.get('boundary') ?? '';

  /** The media types that a part may have; `undefined` for any. What has a style is text, whatever else is said of it. */
  const allowedTypes = (name: string): readonly string[] | undefined =>
    isStyled(encoding[name])
      ? undefined
      : encoding[name]?.contentType?.split(',').map((type) => parseMediaType(type).type);
  const listed = new Set(Object.keys(encoding).filter((name) => isInOnePiece(encoding[name])));
  // Nothing is percent-encoded in a part: the commas of a list that stands in one are those between its items.
  const toRaw = (name: string, text: string): string => {
    const raw = encodeURIComponent(text);
    return listed.has(name) ? raw.replaceAll('%2C', ',') : raw;
  };

  return {
    unpack: (bytes) => splitParts(bytes, boundary),
    parse(content, report) {
      const parts = (content as readonly BodyPart[]).map((part, index) => toNamedPart(part, index, form));
      const fields: Pair[] = [];
      const others = new Map<string, unknown[]>();
      for (const { name, sentType, part } of parts) {
        const typing = form.member(name);
        const target = typing.isArray ? typing.item : typing;
        const allowed = allowedTypes(name);
        const type = sentType?.type ?? allowed?.[0];
        const problem = typeProblem(sentType, allowed);
        if (problem !== undefined) {
          report(pointerTo('', name), problem);
        } else if (type !== undefined && isJson(type)) {
          add(others, name, jsonOf(part, pointerTo('', name), report));
        } else if (isTextPart(part, type)) {
          fields.push({ name, raw: toRaw(name, textOf(part, sentType)) });
        } else {
          add(others, name, target.read(bytesAsText(part.bytes)));
        }
      }
      const values = readFields(fields, report);
      for (const [name, found] of others) {
        const before = Array.isArray(values[name]) ? values[name] : [];
        values[name] = form.member(name).isArray ? [...before, ...flattened(found)] : found[0];
      }
      return form.isArray && !form.isObject ? Object.values(values).flat() : values;
    },
    check: context.validation.checkRequest(schema),
  };
}

function isInOnePiece(encoding: Encoding | undefined): boolean {
  if (encoding === undefined || !isStyled(encoding)) return false;
  const { style, explode } = styleOf({ in: 'query', ...encoding });
  return style === 'form' && !explode;
}

interface NamedPart {
  readonly name: string;
  /** What its sender says that it is. */
  readonly sentType: ParsedMediaType | undefined;
  readonly part: BodyPart;
}

/** Outside of forms parts may have no names: then they are the properties in order. */
function toNamedPart(part: BodyPart, index: number, form: Typing): NamedPart {
  const { parameters } = parseMediaType(part.headers['content-disposition'] ?? '');
  const type = part.headers['content-type'];
  return {
    name: parameters.get('name') ?? form.members[index] ?? `part${index}`,
    sentType: type === undefined ? undefined : parseMediaType(type),
    part,
  };
}

function add(values: Map<string, unknown[]>, name: string, value: unknown): void {
  values.set(name, [...(values.get(name) ?? []), value]);
}

/** A part that is a JSON array is the items of the array and not one of them. */
function flattened(found: readonly unknown[]): readonly unknown[] {
  return found.length === 1 && Array.isArray(found[0]) ? found[0] : found;
}
