import type { Command } from '../../model/command.ts';
import type { Expression, ListShape } from '../../model/resource.ts';
import type { Filter } from '../state/store/filter.ts';
import type { Query } from '../state/store/store.ts';
import type { StoredResource } from '../state/stored-resource.ts';
import { parseSelector } from './label-selector.ts';
import { parseScimFilter } from './scim-filter.ts';

/** The filters that a command's parameters stand for. */
export function declaredFilters({ filters, expressions }: ListShape, { query }: Command): readonly Filter[] {
  const found: Filter[] = [];
  for (const parameter in filters) {
    const value = query[parameter];
    if (value === undefined || value === null || value === '') continue;
    // What some contracts have for no filter.
    if (typeof value === 'string' && value.length <= 3 && /^(all|any|\*)$/i.test(value)) continue;
    const { property, op } = filters[parameter] as ListShape['filters'][string];
    if (op !== 'in') {
      found.push({ op, path: property, value });
      continue;
    }
    const values = Array.isArray(value)
      ? value
      : String(value)
          .split(',')
          .map((each) => each.trim());
    if (values.length > 0) found.push({ op, path: property, value: values });
  }
  for (const parameter in expressions) {
    const value = query[parameter];
    if (typeof value !== 'string' || value.trim() === '') continue;
    const expression = expressions[parameter] as Expression;
    found.push(
      expression.language === 'scim'
        ? parseScimFilter(value, parameter)
        : parseSelector(value, parameter, expression.property),
    );
  }
  return found;
}

/** The order that a command asks for: `name`, `-name`, `name:desc`, `name desc`, or a direction of its own. */
export function orderOf(
  { sortParameter, directionParameter }: ListShape,
  command: Command,
  entry: StoredResource,
): Query['order'] {
  const value = sortParameter === undefined ? undefined : command.query[sortParameter];
  if (value === undefined) return undefined;
  const terms = (Array.isArray(value) || typeof value === 'string' ? [value].flat() : []).flatMap((term) =>
    String(term).split(','),
  );
  const direction = directionParameter === undefined ? undefined : command.query[directionParameter];
  const isDescending = typeof direction === 'string' && /^desc/i.test(direction);
  const order = terms.flatMap((term, index) => {
    const [, sign, name = '', suffix] = /^\s*([-+]?)(.+?)(?:[\s:._|-]+(asc|desc)(?:ending)?)?\s*$/i.exec(term) ?? [];
    // `sort=name,desc`
    if (/^(asc|desc)(ending)?$/i.test(name) && index > 0) return [];
    const path = entry.propertyLike(name);
    const behind = /^desc/i.test(terms[index + 1] ?? '');
    return path === undefined
      ? []
      : [{ path, descending: sign === '-' || /^desc/i.test(suffix ?? '') || behind || isDescending }];
  });
  return order.length === 0 ? undefined : order;
}

/**
 * A command with the members of these parameters as parameters of their own.
 *
 * @example withMembers(command, ['page']).query['page[number]'];
 */
export function withMembers(command: Command, objects: readonly string[] = []): Command {
  if (objects.length === 0) return command;
  const members = objects.flatMap((name) => {
    const value = command.query[name];
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([member, inner]) => [`${name}[${member}]`, inner] as const)
      : [];
  });
  return members.length === 0 ? command : { ...command, query: { ...command.query, ...Object.fromEntries(members) } };
}

/** A command whose body says what is looked for, as if that stood in its query. */
export function asQuery(command: Command): Command {
  const { body } = command;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return command;
  const nested = Object.entries(body).flatMap(([name, value]) =>
    NESTED.test(name) && typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value)
      : [],
  );
  return { ...command, query: { ...command.query, ...body, ...Object.fromEntries(nested) } };
}

const NESTED = /^(filters?|query|criteria|where|conditions?|search|pagination|paging|page)$/i;
