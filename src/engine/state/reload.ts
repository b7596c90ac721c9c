import { DELIVERIES, WEBHOOKS } from '../delivery/outbox.ts';
import { unknownChannels, type Webhook } from '../delivery/webhooks.ts';
import type { Registry } from '../registry.ts';
import type { ResourceEntry } from '../resource-entry.ts';
import { timerHandler } from '../time/handlers.ts';
import type { Timer } from '../time/timer.ts';
import { TIMERS } from '../time/timers.ts';
import type { Snapshot } from './snapshots.ts';
import type { Entity, StoreTransaction } from './store/store.ts';
import type { TenantSnapshot } from './tenant-snapshot.ts';
import { transact } from './transact.ts';

/** What a tenant was made of under the contracts from before. */
export interface FormerWorld {
  readonly now: TenantSnapshot;
  readonly snapshots: readonly Snapshot[];
  readonly registry: Registry;
}

/** Things of one kind that other contracts have no place for. */
export interface Dropped {
  readonly kind: 'resource' | 'collection' | 'timer' | 'webhook';
  /** The collection, the kind of timer, or the webhook's id. */
  readonly name: string;
  readonly count: number;
  /** Why the first of them had to go. */
  readonly why: string;
}

/** Where a tenant writes down what the last change of its contracts has dropped. */
export const RELOADS = '$reloads';

/** Fits state to the contracts that are served now; what was dropped is written down in it. */
export type Fitter = (snapshot: TenantSnapshot) => TenantSnapshot;

/**
 * Makes what leaves out of a former world whatever the contracts have no place for any more: resources whose schema no
 * longer accepts them (what it did not accept before either may stay), collections that are gone, timers whose work
 * nobody does or whose resource is gone, webhooks that would never hear of anything. Everything else stays as it is.
 *
 * @example createFitter(before.registry, registry)(before.now)
 */
export function createFitter(before: Registry, after: Registry): Fitter {
  const systems = new Set(after.contracts.map(({ system }) => system));
  const entriesBefore = byCollection(before);
  const entriesAfter = byCollection(after);
  // Snapshots share most of what they hold.
  const known = new WeakMap<Entity, string | undefined>();
  const misfit = (entity: Entity, was: ResourceEntry, is: ResourceEntry): string | undefined => {
    if (known.has(entity)) return known.get(entity);
    const why = misfitOf(entity, [before, was], [after, is]);
    known.set(entity, why);
    return why;
  };
  return (snapshot) => {
    const dropped = new DroppedList();
    const { store } = snapshot.start;
    const isGone = (collection: string): boolean => {
      const [system = '', name = ''] = collection.split(/\/(.*)/s);
      if (name === '') return false;
      return name.startsWith('$') ? !systems.has(system) : !entriesAfter.has(collection);
    };
    const kept = store.fork((collection) => !isGone(collection));
    for (const name of store.collections().filter(isGone)) {
      const count = store.query(name, { limit: 0 }).total;
      if (count > 0) dropped.add('collection', name, 'no contract has it any more', count);
    }
    transact(kept, (transaction) => {
      const gone = new Set<string>();
      for (const [collection, is] of entriesAfter) {
        const was = entriesBefore.get(collection);
        if (was === undefined) continue;
        for (const entity of kept.query(collection).items) {
          const why = misfit(entity, was, is);
          const key = was.keyOf(entity);
          if (why !== undefined) {
            transaction.delete(collection, key);
            gone.add(`${collection}/${key}`);
            dropped.add('resource', collection, why);
          } else if (is.keyOf(entity) !== key) {
            transaction.delete(collection, key);
            transaction.put(collection, is.keyOf(entity), entity);
          }
        }
      }
      dropTimers(transaction, after, (key) => gone.has(key) || isGone(key.slice(0, key.lastIndexOf('/'))), dropped);
      dropWebhooks(transaction, after, dropped);
      transaction.put(RELOADS, 'last', { items: dropped.items });
    });
    return { ...snapshot, start: { ...snapshot.start, store: kept } };
  };
}

/** Why an entity cannot stay: the first thing that its schema says against it and did not say before. */
function misfitOf(
  entity: Entity,
  [before, was]: readonly [Registry, ResourceEntry],
  [after, is]: readonly [Registry, ResourceEntry],
): string | undefined {
  if (is.idOf(entity) === undefined) return `it has no ${is.idPath.join('.')}`;
  const found = after.validation.check(is.resource.schema)(is.present(entity));
  if (found.length === 0) return undefined;
  const told = before.validation.check(was.resource.schema)(was.present(entity));
  const known = new Set(told.map(({ path, message }) => `${path} ${message}`));
  const fresh = found.find(({ path, message }) => !known.has(`${path} ${message}`));
  return fresh === undefined ? undefined : `${fresh.path} ${fresh.message}`.trim();
}

function dropTimers(
  transaction: StoreTransaction,
  registry: Registry,
  isGone: (key: string) => boolean,
  dropped: DroppedList,
): void {
  const { items } = transaction.query(TIMERS);
  for (const { key, kind, subject, data } of items as unknown as readonly Timer[]) {
    const { collection, id } = data as Partial<Record<string, unknown>>;
    const moved = typeof collection === 'string' ? `${collection}/${String(id)}` : undefined;
    const about = moved ?? (subject === undefined ? undefined : `${subject.collection}/${subject.id}`);
    const why = !hasHandler(registry, kind)
      ? 'nothing does this any more'
      : about !== undefined && kind.includes('/') && isGone(about)
        ? `${about} is gone`
        : undefined;
    if (why === undefined) continue;
    transaction.delete(TIMERS, key);
    dropped.add('timer', kind, why);
  }
}

function dropWebhooks(transaction: StoreTransaction, registry: Registry, dropped: DroppedList): void {
  for (const { id, channels } of transaction.query(WEBHOOKS).items as unknown as readonly Webhook[]) {
    if (unknownChannels(registry, channels).length < channels.length) continue;
    const isAwaited = transaction
      .query(DELIVERIES)
      .items.some(({ webhook, state }) => webhook === id && state === 'pending');
    // What is still on its way is signed with its secret.
    if (isAwaited) continue;
    transaction.delete(WEBHOOKS, id);
    dropped.add('webhook', id, `no contract has a channel like ${channels.join(', ')}`);
  }
}

/** Whether a timer waits whose work nobody does: what is kept may be from another version, whose timers had other kinds. */
export function hasStrayTimer(store: Pick<StoreTransaction, 'query'>, registry: Registry): boolean {
  const kinds = new Set((store.query(TIMERS).items as unknown as readonly Timer[]).map(({ kind }) => kind));
  return [...kinds].some((kind) => !hasHandler(registry, kind));
}

function hasHandler(registry: Registry, kind: string): boolean {
  try {
    timerHandler(registry, kind);
    return true;
  } catch {
    return false;
  }
}

function byCollection({ resources }: Registry): ReadonlyMap<string, ResourceEntry> {
  return new Map(resources.map((entry) => [entry.collection, entry]));
}

/** Counts what is dropped, by kind and name. */
class DroppedList {
  readonly #items = new Map<string, Dropped>();

  get items(): readonly Dropped[] {
    return [...this.#items.values()];
  }

  add(kind: Dropped['kind'], name: string, why: string, count = 1): void {
    const known = this.#items.get(`${kind} ${name}`);
    this.#items.set(`${kind} ${name}`, { kind, name, why, ...known, count: (known?.count ?? 0) + count });
  }
}
