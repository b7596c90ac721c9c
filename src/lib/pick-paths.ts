type Members = Readonly<Record<string, unknown>>;

/**
 * The parts of an object that dotted paths lead to, in its own order; a path goes into every item of an array, and one
 * that leads nowhere adds nothing.
 *
 * @example pickPaths({ id: 1, item: [{ id: 2, name: 'a' }] }, ['item.id']) // { item: [{ id: 2 }] }
 */
export function pickPaths(object: Members, paths: readonly string[]): Members {
  return pick(
    object,
    paths.map((path) => path.split('.')),
  ) as Members;
}

function pick(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) return value.map((item) => pick(item, paths)).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return undefined;
  const picked: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const further = paths.filter(([first]) => first === name).map((path) => path.slice(1));
    const part = further.length === 0 ? undefined : pick(member, further);
    if (part !== undefined) picked[name] = part;
  }
  return picked;
}
