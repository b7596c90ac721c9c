import { isJsonType } from '../lib/json-type.ts';
import type { Parameter, ParameterStyle } from './operation.ts';

/** A style with everything that OpenAPI leaves to defaults. */
export interface WrittenStyle {
  readonly style: ParameterStyle;
  readonly explode: boolean;
}

type Styled = Pick<Parameter, 'in' | 'style' | 'explode'>;

/** What stands between the items of an array that is written in one piece. */
export const DELIMITERS: Readonly<Partial<Record<ParameterStyle, string>>> = {
  simple: ',',
  label: ',',
  matrix: ',',
  form: ',',
  cookie: ',',
  spaceDelimited: ' ',
  pipeDelimited: '|',
  tabDelimited: '\t',
};

/**
 * The style of a parameter. One that its place does not have is taken for the usual one there, as documents in the wild
 * mean it.
 *
 * @example styleOf({ in: 'query' }) // { style: 'form', explode: true }
 */
export function styleOf({ in: where, style, explode }: Styled): WrittenStyle {
  const usual: ParameterStyle = where === 'query' || where === 'cookie' ? 'form' : 'simple';
  const known = style !== undefined && (STYLES[where].includes(style) || isDelimited(style)) ? style : usual;
  return { style: known, explode: explode ?? (known === 'cookie' || (known === 'form' && style !== 'simple')) };
}

const STYLES: Readonly<Record<Parameter['in'], readonly ParameterStyle[]>> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'deepObject'],
  querystring: [],
  header: ['simple'],
  cookie: ['form', 'cookie'],
};

function isDelimited(style: ParameterStyle): boolean {
  return style === 'spaceDelimited' || style === 'pipeDelimited' || style === 'tabDelimited';
}

/**
 * Writes the value of a parameter as its contract has it: the segment of a path, pairs of a query or of a `Cookie` header,
 * the value of a header.
 *
 * @example writeParameter({ in: 'query', name: 'ids', schema: {}, required: false }, ['a', 'b']) // 'ids=a&ids=b'
 */
export function writeParameter(
  parameter: Pick<Parameter, 'in' | 'name' | 'style' | 'explode' | 'allowReserved' | 'contentType'>,
  value: unknown,
): string {
  const { style, explode } = styleOf(parameter);
  const encode = encoderOf(parameter, style);
  const name = encodeURIComponent(parameter.name);
  const isNamed = parameter.in === 'query' || parameter.in === 'cookie';
  if (parameter.contentType !== undefined) {
    const text = encode(typeof value === 'string' && !isJson(parameter.contentType) ? value : JSON.stringify(value));
    return isNamed ? `${name}=${text}` : text;
  }
  const pairs = isObject(value) ? Object.entries(value).filter(([, member]) => member !== undefined) : undefined;
  const items = Array.isArray(value) ? value.map((item) => encode(toText(item))) : undefined;
  const flat = pairs?.flatMap(([key, member]) => [encode(key), encode(toText(member))]) ?? items;
  const assigned = pairs?.map(([key, member]) => `${encode(key)}=${encode(toText(member))}`);
  const scalar = encode(toText(value));

  switch (style) {
    case 'label':
      return `.${explode ? ((assigned ?? items)?.join('.') ?? scalar) : (flat?.join(',') ?? scalar)}`;
    case 'matrix': {
      const named = (text: string): string => (text === '' ? `;${name}` : `;${name}=${text}`);
      if (!explode) return named(flat?.join(',') ?? scalar);
      return assigned === undefined ? (items?.map(named).join('') ?? named(scalar)) : `;${assigned.join(';')}`;
    }
    case 'deepObject':
      return deepPairs(name, value, encode).join('&');
    case 'simple':
      return explode ? ((assigned ?? items)?.join(',') ?? scalar) : (flat?.join(',') ?? scalar);
    default: {
      const separator = parameter.in === 'cookie' ? '; ' : '&';
      if (explode && isNamed) {
        return (assigned ?? (items ?? [scalar]).map((item) => `${name}=${item}`)).join(separator);
      }
      const delimiter = DELIMITERS[style] ?? ',';
      const written = flat?.join(delimiter === ',' ? ',' : encodeURIComponent(delimiter)) ?? scalar;
      return isNamed ? `${name}=${written}` : written;
    }
  }
}

/** Objects in objects are not part of OpenAPI, but everybody who writes them writes them so. */
function deepPairs(name: string, value: unknown, encode: (text: string) => string): string[] {
  if (Array.isArray(value)) return value.map((item) => `${name}=${encode(toText(item))}`);
  if (!isObject(value)) return [`${name}=${encode(toText(value))}`];
  return Object.entries(value).flatMap(([key, member]) =>
    member === undefined ? [] : deepPairs(`${name}[${encode(key)}]`, member, encode),
  );
}

function encoderOf({ in: where, allowReserved }: Styled & { allowReserved?: boolean }, style: ParameterStyle) {
  // A header is not part of an address, and a cookie of this style is written as it is.
  if (where === 'header' || style === 'cookie') return (text: string) => text;
  if (!allowReserved) return where === 'query' ? formEncode : encodeURIComponent;
  // What would end the value, or the whole query, is encoded all the same.
  return (text: string) => encodeURI(text).replace(/[&#]/g, encodeURIComponent);
}

/** As forms are encoded: a blank is a plus. */
function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isJson(contentType: string): boolean {
  return isJsonType(contentType);
}
