import type { Binding } from './resource.ts';

/**
 * The things that the body of a success holds, by what the contract implies of its operation.
 *
 * @example thingsIn(binding, { data: [{ id: 1 }] }) // [{ id: 1 }]
 */
export function thingsIn(
  { role, answer, list }: Pick<Binding, 'role' | 'answer' | 'list'>,
  body: unknown,
): readonly Readonly<Record<string, unknown>>[] {
  if (role === 'delete' || role === 'count' || role === 'clear' || role === 'deleteMany') return [];
  if (list !== undefined) {
    if (list.form !== undefined && list.form !== 'objects') return [];
    const items = within(body, list.items ?? []);
    return Array.isArray(items) ? items.map((item) => within(item, list.each ?? [])).filter(isObject) : [];
  }
  if (answer !== undefined && answer.holds !== 'item') return [];
  const found = within(answer?.isArray === true && Array.isArray(body) ? body[0] : body, answer?.path ?? []);
  return isObject(found) ? [found] : [];
}

function within(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
