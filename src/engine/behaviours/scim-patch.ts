import { isObject } from '../../lib/json-object.ts';
import { type Command, Refusal } from '../../model/command.ts';
import type { Entity } from '../state/store/store.ts';
import type { OperationHandler } from '../system.ts';
import { createAnswerWriter } from './answer.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { type BoundOperation, requireItem } from './bound-operation.ts';
import { changedStatus, stored } from './merge.ts';
import { memberLike, scimTest, type Test } from './scim-filter.ts';

/** Operations of one request. */
const MOST_OPERATIONS = 1_000;

/**
 * PATCH of an item by a list of operations in an object (RFC 7644, 3.5.2): `add`, `replace` and `remove`, of what a path
 * with filters in brackets leads to. All of them are done, or none.
 */
export function scimPatchBehaviour(bound: BoundOperation, parts: BehaviourParts): OperationHandler {
  const { entry, binding } = bound;
  const { patches = '' } = binding;
  const { serverOwned } = entry.resource;
  const write = createAnswerWriter(bound, parts);
  return (work, command) => {
    const before = stored(bound, work, requireItem(bound, work, command));
    const after: Record<string, unknown> = structuredClone(before);
    const operations = (command.body as Entity | undefined)?.[patches];
    for (const operation of operationsIn(operations)) apply(after, operation);
    for (const name of [...serverOwned, ...entry.idPath.slice(0, 1)])
      if (name in before) after[name] = before[name];
      else delete after[name];
    const violations = parts.validation.check(entry.resource.schema)(after);
    if (violations.length > 0) {
      throw new Refusal(
        400,
        'PATCH_INVALID',
        `Failed to patch the ${entry.resource.name}: what it would become breaks its contract. Correct the patch.`,
        { violations: violations.map((violation) => ({ in: 'body', ...violation })) },
      );
    }
    const entity = work.replace(entry.collection, entry.keyOf(before), after);
    const status = changedStatus(command.operation);
    return status === 204
      ? { status }
      : { status, ...write(work, command as Command, status, entity), stored: undefined };
  };
}

interface Step {
  readonly op: string;
  readonly path?: string;
  readonly value?: unknown;
}

function operationsIn(list: unknown): readonly Step[] {
  const steps = Array.isArray(list) ? list.filter(isObject) : [];
  if (steps.length > MOST_OPERATIONS)
    throw failed(`it has more than ${MOST_OPERATIONS} operations. Send fewer at once.`);
  return steps.map((step) => {
    const op = String(memberLike(step, 'op')?.[1] ?? '').toLowerCase();
    const path = memberLike(step, 'path')?.[1];
    if (op !== 'add' && op !== 'replace' && op !== 'remove')
      throw failed(`there is no operation "${op}". Use add, replace or remove.`);
    return { op, ...(typeof path === 'string' && path !== '' && { path }), value: memberLike(step, 'value')?.[1] };
  });
}

function apply(thing: Record<string, unknown>, { op, path, value }: Step): void {
  if (path === undefined) {
    if (op === 'remove' || !isObject(value))
      throw failed('an operation without a path has to have an object for a value.');
    for (const [name, member] of Object.entries(value)) put(thing, name.split('.'), member, op);
    return;
  }
  const [, name = '', filter, rest] = /^([^[\]]+)(?:\[(.+)\])?(?:\.([\w$.-]+))?$/.exec(path) ?? [];
  if (name === '') throw failed(`"${path}" is no path. Write name, name.part or name[type eq "a"].part.`);
  const bare = name.slice(name.lastIndexOf(':') + 1);
  const names = [...bare.split('.'), ...(filter === undefined && rest !== undefined ? rest.split('.') : [])];
  if (filter === undefined) {
    if (op === 'remove') remove(thing, names);
    else put(thing, names, value, op);
    return;
  }
  const test = scimTest(filter, { in: 'body', path: '' });
  inArray(thing, names, test, path, (list, index) => {
    const item = list[index];
    if (rest !== undefined && isObject(item)) {
      if (op === 'remove') remove(item as Record<string, unknown>, rest.split('.'));
      else put(item as Record<string, unknown>, rest.split('.'), value, op);
    } else if (op === 'remove') list.splice(index, 1);
    else list[index] = isObject(item) && isObject(value) ? { ...item, ...value } : value;
  });
}

/** Does something with each item that is meant, from the last on. */
function inArray(
  thing: Record<string, unknown>,
  names: readonly string[],
  test: Test,
  path: string,
  change: (list: unknown[], index: number) => void,
): void {
  const { holder, name } = lead(thing, names);
  const list = holder[name];
  const items = Array.isArray(list) ? list : [];
  const meant = items.flatMap((item, index) => (test(item) ? [index] : []));
  if (meant.length === 0) throw failed(`nothing is at "${path}". Read the thing, and correct the path.`);
  for (const index of meant.toReversed()) change(items, index);
  if (items.length === 0) delete holder[name];
}

function put(thing: Record<string, unknown>, names: readonly string[], value: unknown, op: string): void {
  const { holder, name } = lead(thing, names);
  const known = holder[name];
  if (op === 'add' && Array.isArray(known)) holder[name] = [...known, ...[value].flat()];
  else if (isObject(known) && isObject(value)) holder[name] = { ...known, ...value };
  else holder[name] = value;
}

function remove(thing: Record<string, unknown>, names: readonly string[]): void {
  const { holder, name } = lead(thing, names);
  delete holder[name];
}

/** Where the last of some names stands, by its own casing; what is missing on the way is made. */
function lead(thing: Record<string, unknown>, names: readonly string[]) {
  let holder = thing;
  const own = (name: string) => memberLike(holder, name)?.[0] ?? name;
  for (const name of names.slice(0, -1)) {
    const key = own(name);
    if (FORBIDDEN.has(key)) throw failed(`"${key}" names nothing.`);
    if (!isObject(holder[key])) holder[key] = {};
    holder = holder[key] as Record<string, unknown>;
  }
  const name = own(names.at(-1) ?? '');
  if (FORBIDDEN.has(name)) throw failed(`"${name}" names nothing.`);
  return { holder, name };
}

const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

function failed(why: string): Refusal {
  return new Refusal(400, 'PATCH_INAPPLICABLE', `Failed to apply the patch: ${why}`);
}
