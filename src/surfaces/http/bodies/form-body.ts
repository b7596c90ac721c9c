import { pointerTo } from '../../../lib/json-pointer.ts';
import type { Encoding, MediaType } from '../../../model/operation.ts';
import { isJson, parseMediaType } from '../media-types.ts';
import { createGatherer, type NamedValue } from '../named-values.ts';
import { parseJson } from '../parse-json.ts';
import { decodePart, type Pair, readPairs } from '../query-string.ts';
import { createValueReader, type Styled, type ValueReader } from '../styled-value.ts';
import type { Typing } from '../typed-text.ts';
import type { BodyContext, BodyKind, ReportProblem } from './body-kind.ts';
import type { TextDecoding } from './body-text.ts';

/** A form as browsers send it: a body that is written as a query is. */
export function formBody(media: MediaType, decode: TextDecoding, context: BodyContext): BodyKind {
  const read = createFormReader(media, context);
  return {
    parse(bytes, report) {
      const text = decode(bytes as Buffer, report);
      return typeof text === 'string' ? read(readPairs(text), report) : text;
    },
    check: context.validation.checkRequest(media.schema ?? true),
  };
}

/** Makes an object of the fields of a form. */
export type FormReader = (fields: readonly Pair[], report: ReportProblem) => Record<string, unknown>;

/**
 * Makes the reader of forms by one schema: each property is written as its encoding says, and where that says nothing, as
 * most clients write it: repeated, with brackets, or as JSON.
 *
 * @example createFormReader({ schema, examples: {} }, context)(readPairs('name=a&address[city]=Oslo'), report)
 */
export function createFormReader({ schema, encoding = {} }: MediaType, { typingOf }: BodyContext): FormReader {
  const form = typingOf(schema);
  const gather = createGatherer(form.members.map((name) => toProperty(name, encoding[name] ?? {}, form.member(name))));

  return (fields, report) => {
    const values: Record<string, unknown> = {};
    const further = new Map<string, string[]>();
    const gathered = gather(fields, {
      undeclared({ name, raw }) {
        const base = name.endsWith('[]') ? name.slice(0, -2) : name;
        const texts = further.get(base);
        if (texts === undefined) further.set(base, [decodePart(raw)]);
        else texts.push(decodePart(raw));
      },
      forbidden: () => report('', 'has the name "__proto__", which is not allowed'),
    });
    for (const [{ name, read }, given] of gathered) {
      const value = read(given, (message) => report(pointerTo('', name), message));
      if (value !== undefined) values[name] = value;
    }
    for (const [name, texts] of further) {
      const typing = form.member(name);
      values[name] = typing.read(texts.length > 1 || typing.isArray ? texts : (texts[0] ?? ''));
    }
    return values;
  };
}

/** Whether an encoding says how a value is written, as that of a parameter does. */
export function isStyled({ style, explode, allowReserved }: Encoding = {}): boolean {
  return style !== undefined || explode !== undefined || allowReserved !== undefined;
}

function toProperty(name: string, encoding: Encoding, typing: Typing): NamedValue {
  const { style, explode, allowReserved, contentType } = encoding;
  const hasStyle = isStyled(encoding);
  // Nothing is said about brackets, so that they are taken where they come.
  const written: Styled = hasStyle
    ? { in: 'query', name, style, explode, allowReserved }
    : { in: 'query', name, style: 'deepObject' };
  const read = hasStyle ? createValueReader(written, typing) : usualReader(name, contentType, typing);
  return { name, typing, style: written, read };
}

/** Reads what nothing is said about: brackets make it a deep object, several fields or commas an array, braces JSON. */
function usualReader(name: string, contentType: string | undefined, typing: Typing): ValueReader {
  const deep = createValueReader({ in: 'query', name, style: 'deepObject' }, typing);
  const exploded = createValueReader({ in: 'query', name }, typing);
  const isJsonAlways = contentType !== undefined && isJson(parseMediaType(contentType).type);
  return (given, report) => {
    const [first] = given;
    if (first === undefined || given.some((pair) => pair.name !== name)) return deep(given, report);
    const texts = given.map(({ raw }) => decodePart(raw));
    const [text = ''] = texts;
    if (texts.length === 1 && (isJsonAlways || isJsonOf(text, typing))) {
      const parsed = parseJson(text);
      if ('value' in parsed) return parsed.value;
      if (isJsonAlways) report(parsed.problem);
    }
    if (!typing.isArray) return exploded(given, report);
    // An object that is an item is written as JSON; and no number has a comma in it.
    if (typing.item.isObject) return texts.map((item) => itemOf(item, typing.item));
    const parts = texts.length === 1 && text.includes(',') ? typing.read(text.split(',')) : undefined;
    const whole = exploded(given, report);
    return parts !== undefined && !typing.isValid(whole) && typing.isValid(parts) ? parts : whole;
  };
}

function isJsonOf(text: string, { isArray, isObject }: Typing): boolean {
  return (isObject && text.startsWith('{')) || (isArray && text.startsWith('['));
}

function itemOf(text: string, item: Typing): unknown {
  const parsed = parseJson(text);
  return 'value' in parsed ? parsed.value : item.read(text);
}
