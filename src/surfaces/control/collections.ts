import { isWantedActivity } from '../../engine/records/activity.ts';
import type { Registry } from '../../engine/registry.ts';
import { allOf, equals } from '../../engine/state/store/filter.ts';
import type { Entity, Page, Query, StoreReader } from '../../engine/state/store/store.ts';
import type { ReadWork } from '../../engine/state/work.ts';
import type { Tenant } from '../../engine/tenant.ts';
import type { Tenants } from '../../engine/tenants.ts';
import type { Timer } from '../../engine/time/timer.ts';
import { TIMERS } from '../../engine/time/timers.ts';
import { differences, type Found, toDifference } from '../../engine/views/differences.ts';
import { formOf } from '../../engine/views/form.ts';
import { graphOf } from '../../engine/views/graph.ts';
import { standingOf } from '../../engine/views/legal-moves.ts';
import { Links } from '../../engine/views/links.ts';
import { readFilter, readOrder } from '../../engine/views/list-query.ts';
import { getOf, queryOf, type ShownEntry, storedOf, titleOf, unlessTooCostly } from '../../engine/views/look-up.ts';
import { didYouMean } from '../../lib/nearest-word.ts';
import { formatInstant } from '../../lib/time.ts';
import type { Activity } from '../../model/activity.ts';
import { type Command, Refusal } from '../../model/command.ts';
import { CONTROL_SYSTEM } from '../../model/contract.ts';
import { isHidden } from '../../model/resource.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { pathOf } from './input.ts';
import { limitOf, pageOf } from './paging.ts';

export interface CollectionHandlersOptions {
  readonly registry: Registry;
  readonly tenants: Tenants;
}

/** Of what has happened to one thing, the newest so many. */
const MOST_HISTORY = 100;
/** Timers of one thing that are shown. */
const MOST_DUE = 100;

/**
 * Answers what there is in a world, whatever system it belongs to: collections, their things, what belongs together, and
 * what is no longer as it was.
 *
 * @example createCollectionHandlers({ registry, tenants }).listCollections({ tenant, command, base });
 */
export function createCollectionHandlers({ registry, tenants }: CollectionHandlersOptions) {
  let all: readonly ShownEntry[] | undefined;
  /** What systems keep is described when somebody first looks. */
  const shown = (): readonly ShownEntry[] => {
    all ??= bySystem([...registry.resources, ...registry.kept]);
    return all;
  };
  const entryOf = (command: Command): ShownEntry => {
    const collection = `${pathOf(command, 'system')}/${pathOf(command, 'resource')}`;
    const entry = shown().find((each) => each.collection === collection);
    if (entry !== undefined) return entry;
    const known = shown().map((each) => each.collection);
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to find the collection "${collection}": no contract implies it. ${didYouMean(collection, known, 'List the collections to see the names.')}`,
    );
  };
  const need = (work: ReadWork, entry: ShownEntry, id: string): Entity => {
    const entity = getOf(work, entry, id);
    if (entity !== undefined) return entity;
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to find the ${entry.resource.name}: ${entry.collection} has none with the id "${id}". List the collection to see the ids.`,
    );
  };
  return {
    listCollections: ({ tenant, command }: ControlContext) =>
      tenant.read((work) => {
        const part = pageOf(shown(), ({ collection }) => collection, command);
        const items = (part.items as readonly ShownEntry[]).map((entry) => describe(work, entry));
        return { status: 200, body: { ...part, items } };
      }),
    listEntities: ({ tenant, command }: ControlContext) =>
      tenant.read((work) => {
        const entry = entryOf(command);
        const { filter, sort, page: number = 1 } = command.query as { filter?: string; sort?: string; page?: number };
        const limit = limitOf(command);
        const query: Query = {
          filter: filter === undefined ? undefined : readFilter(filter, entry, columnsOf(work, entry)),
          order: sort === undefined ? undefined : readOrder(sort, entry, columnsOf(work, entry)),
          offset: (number - 1) * limit,
          limit,
        };
        const { items, total } = unlessTooCostly(
          () => queryOf(work, entry, query),
          () => fromTheEnd(work, entry, query),
        );
        const hasMore = number * limit < total;
        return {
          status: 200,
          body: {
            items: items.map(entry.present),
            keys: items.map(entry.keyOf),
            total,
            page: number,
            ...(hasMore && { next: String(number + 1) }),
          },
        };
      }),
    readEntity: async ({ tenant, command }: ControlContext) => {
      const entry = entryOf(command);
      const id = pathOf(command, 'id');
      const subject = `${entry.collection}/${id}`;
      // Nobody looks through what has happened for what is not there.
      tenant.read((work) => need(work, entry, id));
      const history: Activity[] = [];
      for await (const item of tenant.inTurns(tenant.activity.each()))
        if (isWantedActivity(item, { subject })) history.push(item);
      return tenant.read((work) => {
        const entity = need(work, entry, id);
        const { links, omitted } = new Links(work, shown()).of(entry, id, entity);
        const lifecycle = standingOf(entry, entity, registry);
        const form = formOf(entry, entity, registry);
        return {
          status: 200,
          body: {
            collection: entry.collection,
            id,
            title: titleOf(entity, id),
            entity: entry.present(entity),
            links,
            omittedLinks: omitted,
            ...(lifecycle !== undefined && { lifecycle }),
            ...(form !== undefined && { form }),
            history: history.slice(-MOST_HISTORY),
            due: dueFor(work, entry.collection, id),
          },
        };
      });
    },
    readGraph: ({ tenant, command }: ControlContext) =>
      tenant.read((work) => {
        const entry = entryOf(command);
        const id = pathOf(command, 'id');
        const depth = Number(command.query.depth ?? 2);
        const graph = graphOf(work, shown(), entry, id, need(work, entry, id), depth);
        return { status: 200, body: graph };
      }),
    readDiff: async ({ tenant, command }: ControlContext) => {
      // As they stand now, however long it takes to compare them.
      const before = formerState(tenant, command, tenants);
      const after = tenant.snapshot().start.store;
      const all: Found[] = [];
      for await (const found of tenant.inTurns(differences(shown(), before, after)))
        if (found !== undefined) all.push(found);
      const part = pageOf(all, ({ entry, id }) => `${entry.collection}/${id}`, command);
      const items = (part.items as readonly Found[]).map(toDifference);
      return { status: 200, body: { ...part, items, total: all.length } };
    },
  } satisfies Record<string, ControlHandler>;
}

/** What people look at, system by system. */
function bySystem(entries: readonly ShownEntry[]): readonly ShownEntry[] {
  const shown = entries.filter(({ resource }) => resource.system !== CONTROL_SYSTEM);
  const systems = [...new Set(shown.map(({ resource }) => resource.system))];
  return systems.flatMap((system) => shown.filter(({ resource }) => resource.system === system));
}

/** What a table and a form of a collection are made from, as far as its contract says. */
function describe(work: ReadWork, entry: ShownEntry) {
  const { resource, collection, idPath, rules } = entry;
  const { operations, createdProperty, updatedProperty, parent } = resource;
  return {
    collection,
    system: resource.system,
    resource: resource.name,
    contract: resource.contract,
    count: queryOf(work, entry, { limit: 1 }).total,
    columns: columnsOf(work, entry),
    id: idPath.join('.'),
    ...(rules.lifecycle !== undefined && { state: rules.lifecycle.property }),
    ...(createdProperty !== undefined && { created: createdProperty }),
    ...(updatedProperty !== undefined && { updated: updatedProperty }),
    ...(parent !== undefined && { parent: `${resource.system}/${parent.resource}` }),
    operations,
  };
}

function columnsOf(work: ReadWork, { resource }: ShownEntry): readonly string[] {
  return [...work.registry.schemas.members(resource.schema).keys()].filter((name) => !isHidden(name));
}

/** Newest or largest first of a large collection: the index of the other direction, read from its end. */
function fromTheEnd(work: ReadWork, entry: ShownEntry, query: Query): Page {
  const { filter, order = [], offset = 0, limit = 0 } = query;
  const [sort] = order;
  // Refused as before where no index helps.
  if (order.length !== 1 || sort === undefined) return storedOf(work, entry, query);
  const upwards = [{ path: sort.path }];
  const { total } = storedOf(work, entry, { filter, order: upwards, limit: 1 });
  const from = Math.max(0, total - offset - limit);
  const { items } = storedOf(work, entry, {
    filter,
    order: upwards,
    offset: from,
    limit: total - offset - from,
  });
  return { items: [...items].reverse(), total };
}

function dueFor(work: ReadWork, collection: string, id: string) {
  const filter = allOf(equals('subject.id', id), equals('subject.collection', collection));
  const { items } = work.query(TIMERS, { filter });
  return (items as unknown as readonly Timer[])
    .toSorted((a, b) => a.due - b.due)
    .slice(0, MOST_DUE)
    .map(({ key, due, kind, cause }) => ({
      key,
      due: formatInstant(due),
      kind,
      ...(cause !== undefined && { cause }),
    }));
}

/** The state that the tenant's is compared with: of a snapshot of its own, or of another tenant. */
function formerState(tenant: Tenant, command: Command, tenants: CollectionHandlersOptions['tenants']): StoreReader {
  const { from, tenant: other } = command.query as { from?: string; tenant?: string };
  if ((from === undefined) === (other === undefined)) {
    throw new Refusal(
      400,
      'INVALID_REQUEST',
      'Failed to compare: there must be one thing to compare with. Name a snapshot with "from", or another tenant with "tenant".',
    );
  }
  if (other !== undefined) {
    const found = tenants.find(other);
    if (found !== undefined) return found.snapshot().start.store;
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to compare with the tenant "${other}": there is none of this name. ${didYouMean(other, tenants.names(), 'List the tenants to see the names.')}`,
    );
  }
  const snapshot = tenant.snapshots.find(({ id }) => id === from);
  if (snapshot !== undefined) return snapshot.content.start.store;
  throw new Refusal(
    404,
    'NOT_FOUND',
    `Failed to compare with the snapshot "${from}": the tenant has none of this id. List the snapshots to see the ids.`,
  );
}
