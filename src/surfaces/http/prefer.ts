const WANTS_SAMPLE = /(?:^|[,;\s])(?:code\s*=\s*"?\d|example\s*=|dynamic\s*=\s*"?true)/i;

/**
 * The part of a `Prefer` header that asks for a sample in place of the living world (`code`, `example`, `dynamic`), as
 * it is confirmed in `Preference-Applied`; `undefined` where it does not ask for one.
 *
 * @example samplePreference('code=404, return=minimal') // 'code=404'
 */
export function samplePreference(prefer: string | undefined): string | undefined {
  if (prefer === undefined || !WANTS_SAMPLE.test(prefer)) return undefined;
  const wanted = prefer
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => /^(?:code|example|dynamic)\s*=/i.test(part));
  return wanted.length === 0 ? undefined : wanted.join(', ');
}

/**
 * What a `Prefer` header wishes of a sample.
 *
 * @example parsePrefer('code=404, dynamic=true') // { code: 404, dynamic: true }
 */
export function parsePrefer(prefer: string | undefined): { code?: number; example?: string; dynamic?: boolean } {
  const wishes = new Map(
    (prefer ?? '').split(/[,;]/).map((part) => {
      const [name = '', value = ''] = part.split('=').map((side) => side.trim());
      return [name.toLowerCase(), value.replace(/^"(.*)"$/, '$1')] as const;
    }),
  );
  const [code, example, dynamic] = ['code', 'example', 'dynamic'].map((name) => wishes.get(name));
  return {
    ...(code !== undefined && { code: Number(code) }),
    ...(example !== undefined && { example }),
    ...(dynamic !== undefined && { dynamic: dynamic.toLowerCase() === 'true' }),
  };
}
