import { isObject } from '../../lib/json-object.ts';

/** Whether a media type without parameters is a table of texts (RFC 4180). */
export function isCsv(type: string): boolean {
  return type === 'text/csv' || type === 'application/csv';
}

/** Whether a media type without parameters is a form as browsers send it. */
export function isForm(type: string): boolean {
  return type === 'application/x-www-form-urlencoded';
}

/**
 * Writes a list as a table (RFC 4180): a line of names, then a line for each item. What is no list is a table of one
 * line, unless a list is all that it holds besides texts and numbers. A value within a value is written as JSON.
 *
 * @example writeCsv([{ a: 1, b: 'x,y' }]) // 'a,b\r\n1,"x,y"\r\n'
 */
export function writeCsv(body: unknown): string {
  const rows = rowsOf(body);
  const names = [...new Set(rows.flatMap((row) => (isObject(row) ? Object.keys(row) : [])))];
  const lines =
    names.length === 0
      ? rows.map((row) => (Array.isArray(row) ? row : [row]))
      : [names, ...rows.map((row) => names.map((name) => (isObject(row) ? row[name] : undefined)))];
  return lines.map((cells) => `${cells.map(toCell).join(',')}\r\n`).join('');
}

/**
 * Writes an object as a form: a list as pairs of one name, a value within a value as JSON.
 *
 * @example writeForm({ token: 'a b', scope: ['x', 'y'] }) // 'token=a+b&scope=x&scope=y'
 */
export function writeForm(body: unknown): string {
  const pairs = isObject(body) ? Object.entries(body) : [];
  const written = pairs.flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each): [string, string] => [name, toText(each)]),
  );
  return new URLSearchParams(written).toString();
}

function rowsOf(body: unknown): readonly unknown[] {
  if (Array.isArray(body)) return body;
  if (!isObject(body)) return [body];
  const lists = Object.values(body).filter((value) => Array.isArray(value));
  return lists.length === 1 ? (lists[0] as readonly unknown[]) : [body];
}

function toCell(value: unknown): string {
  const text = toText(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
