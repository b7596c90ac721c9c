/** Makes the links in a body absolute; the body itself is shared with the store and stays as it is. */
export type Linker = (body: unknown, base: string) => unknown;

/**
 * Makes what turns link properties that hold a path of ours into full addresses; every other text stays.
 *
 * @example createLinker(new Set(['href']), (path) => path.startsWith('/v1/'))({ href: '/v1/a' }, 'http://localhost:4010');
 */
export function createLinker(names: ReadonlySet<string>, isOurs: (path: string) => boolean): Linker {
  const link = (value: unknown, base: string): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    return Array.isArray(value) ? linkItems(value, base) : linkMembers(value as Record<string, unknown>, base);
  };
  const linkItems = (items: readonly unknown[], base: string): readonly unknown[] => {
    let copy: unknown[] | undefined;
    for (let index = 0; index < items.length; index += 1) {
      const linked = link(items[index], base);
      if (linked === items[index]) continue;
      copy ??= items.slice();
      copy[index] = linked;
    }
    return copy ?? items;
  };
  const linkMembers = (object: Readonly<Record<string, unknown>>, base: string): unknown => {
    let copy: Record<string, unknown> | undefined;
    for (const name of Object.keys(object)) {
      const member = object[name];
      const linked =
        typeof member === 'string' ? (names.has(name) && isLink(member) ? base + member : member) : link(member, base);
      if (linked === member) continue;
      copy ??= { ...object };
      copy[name] = linked;
    }
    return copy ?? object;
  };
  const isLink = (text: string): boolean => {
    if (!text.startsWith('/')) return false;
    const mark = text.indexOf('?');
    return isOurs(mark < 0 ? text : text.slice(0, mark));
  };
  return link;
}

/**
 * The same body with the path of ours that stands in it at these names as a full address; what it shares stays as it is.
 *
 * @example withAddress({ links: { next: '/pets?page=2' } }, ['links', 'next'], 'http://localhost:4010');
 */
export function withAddress(body: unknown, [name, ...rest]: readonly string[], base: string): unknown {
  if (name === undefined) return typeof body === 'string' && body.startsWith('/') ? base + body : body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const inner = (body as Readonly<Record<string, unknown>>)[name];
  const linked = withAddress(inner, rest, base);
  return linked === inner ? body : { ...body, [name]: linked };
}
