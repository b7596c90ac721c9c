import type { Parameter, ParameterStyle } from '../../model/operation.ts';
import { DELIMITERS, styleOf, type WrittenStyle } from '../../model/parameter-style.ts';
import { isJson, parseMediaType } from './media-types.ts';
import { parseJson } from './parse-json.ts';
import { decode, decodePart, type Pair } from './query-string.ts';
import type { Typing, Written } from './typed-text.ts';

/** Makes a value of everything that was sent for one parameter; what is wrong with how it is written goes to `report`. */
export type ValueReader = (given: readonly Pair[], report: (message: string) => void) => unknown;

export type Styled = Pick<Parameter, 'in' | 'name' | 'style' | 'explode' | 'allowReserved' | 'contentType'>;

/** Brackets in the name of a deep object, at most. */
const DEEPEST_NAME = 20;

/**
 * Makes the reader of one parameter, or of one property of a form, by its style. Where a schema leaves open whether its
 * value is a scalar, an array or an object, the first that is valid is taken.
 *
 * @example createValueReader(parameter, typing)([{ name: 'ids', raw: 'a%2Cb,c' }], report) // ['a,b', 'c']
 */
export function createValueReader(parameter: Styled, typing: Typing): ValueReader {
  const written = styleOf(parameter);
  const decodeText = decoderOf(parameter, written);
  if (parameter.contentType !== undefined) return contentReader(parameter.contentType, typing, decodeText);
  const read = readingsOf(parameter, written, typing, decodeText);
  const isScalarOnly = typing.isScalar && !typing.isArray && !typing.isObject;
  const isPlain = isScalarOnly && !AROUND_VALUES.has(written.style);

  return (given, report) => {
    const [sent] = given;
    if (isPlain && sent !== undefined) return typing.read(decodeText(sent.raw));
    const readings = read(given, report);
    if (isScalarOnly && readings.scalar !== undefined) return typing.read(readings.scalar);
    const order = readings.isInParts
      ? (['object', 'array', 'scalar'] as const)
      : (['scalar', 'array', 'object'] as const);
    const possible = order.flatMap((kind) => {
      const reading = allows(typing, kind) ? readings[kind] : undefined;
      return reading === undefined ? [] : [typing.read(reading)];
    });
    // An object in one piece is often sent as JSON, whatever its style.
    if (typing.isObject && readings.scalar?.startsWith('{')) {
      const parsed = parseJson(readings.scalar);
      if ('value' in parsed) possible.unshift(parsed.value);
    }
    const [first = readings.scalar ?? readings.array ?? readings.object, ...others] = possible;
    return others.length === 0 ? first : (possible.find((value) => typing.isValid(value)) ?? first);
  };
}

/** Styles that put something around every value. */
const AROUND_VALUES: ReadonlySet<ParameterStyle> = new Set(['label', 'matrix', 'deepObject'] as const);

/** What was sent, read as each of the kinds of value that there are; a kind is missing where it cannot be read so. */
interface Readings {
  readonly scalar?: string;
  readonly array?: readonly Written[];
  readonly object?: Written;
  /** Whether it is written as more than one value. */
  readonly isInParts: boolean;
}

type ReadingsOf = (given: readonly Pair[], report: (message: string) => void) => Readings;

function allows(typing: Typing, kind: 'scalar' | 'array' | 'object'): boolean {
  return kind === 'scalar' ? typing.isScalar : kind === 'array' ? typing.isArray : typing.isObject;
}

function readingsOf(
  { name, in: where }: Styled,
  { style, explode }: WrittenStyle,
  typing: Typing,
  decodeText: (text: string) => string,
): ReadingsOf {
  const isNamed = where === 'query' || where === 'cookie';
  if (style === 'deepObject') return (given, report) => deepReadings(name, given, typing, decodeText, report);
  if (explode && isNamed) return (given) => explodedReadings(name, given, typing, decodeText);
  const inOnePiece = (raw: string, split: (raw: string) => readonly string[], isExploded: boolean): Readings => {
    const parts = raw === '' ? [] : split(raw);
    return {
      scalar: decodeText(raw),
      array: parts.map(decodeText),
      object: isExploded ? assignments(parts, decodeText) : alternating(parts, decodeText),
      isInParts: parts.length > 1,
    };
  };
  switch (style) {
    case 'label':
      return ([first]) => {
        const raw = first?.raw ?? '';
        return inOnePiece(raw.startsWith('.') ? raw.slice(1) : raw, (text) => text.split(explode ? '.' : ','), explode);
      };
    case 'matrix':
      return ([first]) => matrixReadings(name, first?.raw ?? '', explode, decodeText, inOnePiece);
    default: {
      const split = splitterOf(style, where);
      return (given) => {
        if (given.length > 1) {
          const all = given.map(({ raw }) => decodeText(raw));
          return { scalar: all[0] ?? '', array: all, isInParts: true };
        }
        return inOnePiece(given[0]?.raw ?? '', split, explode);
      };
    }
  }
}

/** Each item under the parameter's own name, each property of an object under its own. */
function explodedReadings(
  name: string,
  given: readonly Pair[],
  typing: Typing,
  decodeText: (text: string) => string,
): Readings {
  const own = given.filter((pair) => pair.name === name);
  if (own.length === given.length) {
    const items = own.map(({ raw }) => decodeText(raw));
    return { scalar: items[0] ?? '', array: items, isInParts: items.length > 1 };
  }
  const object: Record<string, Written> = {};
  for (const { name: member, raw } of given) {
    const text = decodeText(raw);
    const before = Object.hasOwn(object, member) ? object[member] : undefined;
    if (typing.member(member).isArray) object[member] = [...((before as readonly string[] | undefined) ?? []), text];
    else object[member] = before ?? text;
  }
  return { object, isInParts: true };
}

/** `;color=blue,black`, or exploded `;color=blue;color=black` and `;R=100;G=200`. */
function matrixReadings(
  name: string,
  raw: string,
  explode: boolean,
  decodeText: (text: string) => string,
  inOnePiece: (raw: string, split: (raw: string) => readonly string[], isExploded: boolean) => Readings,
): Readings {
  const pairs = raw
    .split(';')
    .filter((text) => text !== '')
    .map((text) => {
      const equals = text.indexOf('=');
      return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
    }) as [string, string][];
  const own = pairs.filter(([key]) => decode(key) === name).map(([, value]) => value);
  if (!explode && own.length === 1) return inOnePiece(own[0] ?? '', (text) => text.split(','), false);
  return {
    ...(own.length > 0 && { scalar: decodeText(own[0] ?? '') }),
    array: own.map(decodeText),
    object: Object.fromEntries(pairs.map(([key, value]) => [decodeText(key), decodeText(value)])),
    isInParts: pairs.length > 1 || own.length === 0,
  };
}

/** A level of a deep object while it is put together. */
interface Level {
  readonly texts: string[];
  readonly members: Map<string, Level>;
}

/** `f[state]=open&f[size]=3`; deeper brackets, `[]` and indexes are no part of OpenAPI, but usual. */
function deepReadings(
  name: string,
  given: readonly Pair[],
  typing: Typing,
  decodeText: (text: string) => string,
  report: (message: string) => void,
): Readings {
  const root: Level = { texts: [], members: new Map() };
  for (const pair of given) {
    const keys = [...pair.name.slice(name.length).matchAll(/\[([^[\]]*)\]/g)].map(([, key = '']) => key);
    if (keys.length > DEEPEST_NAME) {
      report(`is nested deeper than ${DEEPEST_NAME} levels`);
      continue;
    }
    let level = root;
    for (const [index, key] of keys.entries()) {
      if (key === '' && index === keys.length - 1) break;
      const next: Level = level.members.get(key) ?? { texts: [], members: new Map() };
      level.members.set(key, next);
      level = next;
    }
    level.texts.push(decodeText(pair.raw));
  }
  const [scalar] = root.texts;
  return {
    ...(scalar !== undefined && { scalar }),
    ...((root.texts.length > 0 || areIndexes(root)) && { array: itemsOf(root, typing.item) }),
    ...(root.members.size > 0 && { object: membersOf(root, typing) }),
    isInParts: root.members.size > 0 || root.texts.length > 1,
  };
}

function toWritten(level: Level, typing: Typing): Written {
  if (typing.isArray && (level.members.size === 0 || areIndexes(level))) return itemsOf(level, typing.item);
  return level.members.size > 0 ? membersOf(level, typing) : (level.texts[0] ?? '');
}

function itemsOf({ texts, members }: Level, item: Typing): readonly Written[] {
  const indexed = [...members].sort(([a], [b]) => Number(a) - Number(b)).map(([, level]) => toWritten(level, item));
  return [...texts, ...indexed];
}

function membersOf({ members }: Level, typing: Typing): Written {
  return Object.fromEntries([...members].map(([key, level]) => [key, toWritten(level, typing.member(key))]));
}

function areIndexes({ members }: Level): boolean {
  return members.size > 0 && [...members.keys()].every((key) => /^\d+$/.test(key));
}

/** `R=100,G=200`. */
function assignments(parts: readonly string[], decodeText: (text: string) => string): Written | undefined {
  const pairs = parts.map((part) => part.split('=', 2));
  if (pairs.some(({ length }) => length < 2)) return undefined;
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [decodeText(key), decodeText(value)]));
}

/** `R,100,G,200`. */
function alternating(parts: readonly string[], decodeText: (text: string) => string): Written | undefined {
  if (parts.length % 2 === 1) return undefined;
  const object: Record<string, Written> = {};
  for (let index = 0; index < parts.length; index += 2) {
    Object.defineProperty(object, decodeText(parts[index] ?? ''), {
      value: decodeText(parts[index + 1] ?? ''),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}

function splitterOf(style: WrittenStyle['style'], where: Styled['in']): (raw: string) => readonly string[] {
  const delimiter = DELIMITERS[style] ?? ',';
  if (where === 'header') {
    return (raw) =>
      raw
        .split(delimiter)
        .map((item) => item.trim())
        .filter((item) => item !== '');
  }
  if (delimiter === ',') return (raw) => raw.split(',');
  // No address holds these characters, so that clients encode the delimiter; one that writes it as it is means just that.
  const encoded = delimiter === ' ' ? /%20|\+/ : delimiter === '|' ? /%7c/i : /%09/;
  return (raw) => raw.split(raw.includes(delimiter) ? delimiter : encoded);
}

function decoderOf({ in: where, allowReserved }: Styled, { style }: WrittenStyle): (text: string) => string {
  if (where === 'header' || style === 'cookie') return (text) => text;
  return where === 'query' && !allowReserved ? decodePart : decode;
}

function contentReader(contentType: string, typing: Typing, decodeText: (text: string) => string): ValueReader {
  const { type } = parseMediaType(contentType);
  return ([first], report) => {
    const text = decodeText(first?.raw ?? '');
    if (!isJson(type)) return typing.read(text);
    const parsed = parseJson(text);
    if ('value' in parsed) return parsed.value;
    report(parsed.problem);
    return undefined;
  };
}
