import type { Command, Outcome } from '../../model/command.ts';
import type { Operation } from '../../model/operation.ts';
import { equals } from '../state/store/filter.ts';
import type { StoredResource } from '../state/stored-resource.ts';
import type { ReadWork } from '../state/work.ts';
import { isEmptyWorld } from './supplied-items.ts';

/** What paths lead through. */
export interface Ancestors {
  /** Refuses with 404 where a path leads through an item that has not been created. */
  require(work: ReadWork, command: Command): void;
  /** A handler that asks for that first. */
  guarding<W extends ReadWork>(handle: Handler<W>): Handler<W>;
}

type Handler<W> = (work: W, command: Command) => Outcome;

/** An item that a path leads through, and the parameters that name it, the id last. */
interface Ancestor {
  readonly entry: StoredResource;
  readonly parameters: readonly string[];
}

/**
 * Knows the items that stand above others in paths. Parents that no operation creates or lists are taken for granted:
 * there would be no way to come by one. So are those of a world that begins without anything.
 *
 * @example createAncestors(entries).require(work, command);
 */
export function createAncestors(entries: readonly StoredResource[]): Ancestors {
  const byShape = new Map<string, StoredResource>();
  for (const entry of entries) {
    const { system, itemPath, origin = 'created' } = entry.resource;
    if (itemPath !== undefined && origin !== 'implied') byShape.set(shapeOf(system, itemPath), entry);
  }
  const known = new WeakMap<Operation, readonly Ancestor[]>();
  const above = (operation: Operation): readonly Ancestor[] => {
    let found = known.get(operation);
    if (found === undefined) {
      found = byShape.size === 0 ? [] : findAbove(operation, byShape);
      known.set(operation, found);
    }
    return found;
  };
  const require = (work: ReadWork, command: Command): void => {
    for (const { entry, parameters } of above(command.operation)) requireOne(entry, parameters, work, command);
  };
  return {
    require,
    guarding: (handle) => (work, command) => {
      require(work, command);
      return handle(work, command);
    },
  };
}

function findAbove({ id, system, path }: Operation, byShape: ReadonlyMap<string, StoredResource>): readonly Ancestor[] {
  const segments = path.split('/');
  return segments.flatMap((segment, index) => {
    if (!segment.includes('{')) return [];
    const head = segments.slice(0, index + 1).join('/');
    const entry = byShape.get(shapeOf(system, head));
    // What stands at the very path of an item and is about another thing is below that: a line is posted to its cart.
    const isOwn = head === path && entry?.resource.bindings?.some((each) => each.operation === id) !== false;
    return entry === undefined || isOwn
      ? []
      : [{ entry, parameters: [...head.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name ?? '') }];
  });
}

function requireOne(entry: StoredResource, parameters: readonly string[], work: ReadWork, command: Command): void {
  const values = parameters.map((name) => command.path[name] ?? '');
  const id = values.at(-1) ?? '';
  const { scope = [], alternativeIds = [] } = entry.resource;
  const scoped = Object.fromEntries(
    scope.map((property, index) => [property, entry.typed(property, values[index] ?? '')]),
  );
  const key = entry.keyFor(id, scoped);
  if (work.get(entry.collection, key) !== undefined || entry.supplied.get(work, id, scoped) !== undefined) return;
  if (entry.resource.origin === 'seeded' && isEmptyWorld(work)) return;
  const isElsewhere = alternativeIds.some(
    (property) => work.query(entry.collection, { filter: equals(property, id), limit: 1 }).total > 0,
  );
  if (!isElsewhere) work.need(entry.collection, id);
}

function shapeOf(system: string, path: string): string {
  return `${system} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;
}
