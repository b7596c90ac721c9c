/**
 * What an AsyncAPI runtime expression finds in a message, as text; `undefined` where it finds nothing.
 *
 * @example correlationIdOf('$message.payload#/customer/id', { headers: {}, payload: { customer: { id: 7 } } }) // '7'
 */
export function correlationIdOf(
  expression: string | undefined,
  message: { readonly headers: Readonly<Record<string, string>>; readonly payload: unknown },
): string | undefined {
  const match = /^\$message\.(header|payload)(?:#(\/.*)?)?$/.exec(expression ?? '');
  if (match === null) return undefined;
  let value: unknown = match[1] === 'header' ? message.headers : message.payload;
  for (const part of (match[2] ?? '').split('/').slice(1)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
