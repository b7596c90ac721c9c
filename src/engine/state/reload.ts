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

/** Things of one kind that other contracts have no place for: they are set aside until some have. */
export interface Dropped {
  readonly kind: 'resource' | 'collection' | 'timer' | 'webhook';
  /** The collection, the kind of timer, or the webhook's id. */
  readonly name: string;
  readonly count: number;
  /** Why the first of them had to go. */
  readonly why: string;
}

/** Where a tenant writes down what the last change of its contracts has set aside. */
export const RELOADS = '$reloads';
/** Where things wait for contracts that have a place for them again. */
const ASIDE = '$aside';

/** Fits state to the contracts that are served now; what was set aside is written down in it. */
export type Fitter = (snapshot: TenantSnapshot) => TenantSnapshot;

/**
 * Makes what sets aside whatever of a former world the contracts have no place for any more: resources whose schema no
 * longer accepts them (what it did not accept before either may stay), collections that are gone, timers whose work
 * nobody does or whose resource is gone, webhooks that would never hear of anything. Everything else stays as it is, and
 * what earlier contracts had set aside comes back where these have a place for it: a file that cannot be read for a
 * moment, or an option that was forgotten at one start, is no reason to lose anything.
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
    const why = misfitOf(entity, [after, is], [before, was]);
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
    const isKeyGone = (key: string): boolean => isGone(key.slice(0, key.lastIndexOf('/')));
    const kept = store.fork((collection) => !isGone(collection));
    transact(kept, (transaction) => {
      bringBack(transaction, after, isGone, entriesAfter);
      for (const collection of store.collections().filter(isGone)) {
        const entries = store.entries(collection);
        for (const [key, entity] of entries) setAside(transaction, { collection, key, entity });
        if (entries.length > 0) dropped.add('collection', collection, 'no contract has it any more', entries.length);
      }
      const gone = new Set<string>();
      for (const [collection, is] of entriesAfter) {
        const was = entriesBefore.get(collection);
        if (was === undefined) continue;
        for (const entity of kept.query(collection).items) {
          const why = misfit(entity, was, is);
          const key = was.keyOf(entity);
          if (why !== undefined) {
            transaction.delete(collection, key);
            setAside(transaction, { collection, key, entity });
            gone.add(`${collection}/${key}`);
            dropped.add('resource', collection, why);
          } else if (is.keyOf(entity) !== key) {
            transaction.delete(collection, key);
            transaction.put(collection, is.keyOf(entity), entity);
          }
        }
      }
      dropTimers(transaction, after, (key) => gone.has(key) || isKeyGone(key), dropped);
      dropWebhooks(transaction, after, dropped);
      transaction.put(RELOADS, 'last', { items: dropped.items });
    });
    return { ...snapshot, start: { ...snapshot.start, store: kept } };
  };
}

/** A thing that waits, and where it stood. */
interface AsideThing {
  readonly collection: string;
  readonly key: string;
  readonly entity: Entity;
}

function setAside(transaction: StoreTransaction, thing: AsideThing): void {
  transaction.put(ASIDE, `${thing.collection}/${thing.key}`, { ...thing });
}

/** Puts what waits back to where it stood, if these contracts have a place for it and nothing has taken that meanwhile. */
function bringBack(
  transaction: StoreTransaction,
  after: Registry,
  isGone: (collection: string) => boolean,
  entries: ReadonlyMap<string, ResourceEntry>,
): void {
  const waiting = transaction.query(ASIDE).items as unknown as readonly AsideThing[];
  const fits = ({ collection, entity }: AsideThing): boolean => {
    if (isGone(collection)) return false;
    const entry = entries.get(collection);
    return entry === undefined || misfitOf(entity, [after, entry]) === undefined;
  };
  const put = ({ collection, key, entity }: AsideThing): void => {
    if (transaction.get(collection, key) !== undefined) return;
    transaction.delete(ASIDE, `${collection}/${key}`);
    transaction.put(collection, key, entity);
  };
  const isOfEngine = ({ collection }: AsideThing): boolean => collection === TIMERS || collection === WEBHOOKS;
  for (const thing of waiting) if (!isOfEngine(thing) && fits(thing)) put(thing);
  // What these are about has to be there first.
  const isAway = (key: string): boolean =>
    transaction.get(ASIDE, key) !== undefined || isGone(key.slice(0, key.lastIndexOf('/')));
  for (const thing of waiting) {
    const { collection, entity } = thing;
    if (collection === TIMERS && timerMisfit(entity as unknown as Timer, after, isAway) === undefined) put(thing);
    if (collection === WEBHOOKS && hasChannel(entity as unknown as Webhook, after)) put(thing);
  }
}

/** Why an entity cannot stay: the first thing that its schema says against it, and did not say before where there was one. */
function misfitOf(
  entity: Entity,
  [after, is]: readonly [Registry, ResourceEntry],
  former?: readonly [Registry, ResourceEntry],
): string | undefined {
  if (is.idOf(entity) === undefined) return `it has no ${is.idPath.join('.')}`;
  const found = violationsOf(entity, after, is);
  if (found.length === 0) return undefined;
  const known = new Set(former === undefined ? [] : violationsOf(entity, ...former));
  return found.find((violation) => !known.has(violation));
}

function violationsOf(entity: Entity, registry: Registry, entry: ResourceEntry): readonly string[] {
  const found = registry.validation.check(entry.resource.schema)(entry.present(entity));
  return found.map(({ path, message }) => `${path} ${message}`.trim());
}

function dropTimers(
  transaction: StoreTransaction,
  registry: Registry,
  isGone: (key: string) => boolean,
  dropped: DroppedList,
): void {
  for (const timer of transaction.query(TIMERS).items as unknown as readonly Timer[]) {
    const why = timerMisfit(timer, registry, isGone);
    if (why === undefined) continue;
    transaction.delete(TIMERS, timer.key);
    setAside(transaction, { collection: TIMERS, key: timer.key, entity: timer as unknown as Entity });
    dropped.add('timer', timer.kind, why);
  }
}

/** Why a timer cannot stay; `isGone` is asked by collection and key. */
function timerMisfit(
  { kind, subject, data }: Timer,
  registry: Registry,
  isGone: (key: string) => boolean,
): string | undefined {
  if (!hasHandler(registry, kind)) return 'nothing does this any more';
  const { collection, id } = data as Partial<Record<string, unknown>>;
  const moved = typeof collection === 'string' ? `${collection}/${String(id)}` : undefined;
  const about = moved ?? (subject === undefined ? undefined : `${subject.collection}/${subject.id}`);
  return about !== undefined && kind.includes('/') && isGone(about) ? `${about} is gone` : undefined;
}

function dropWebhooks(transaction: StoreTransaction, registry: Registry, dropped: DroppedList): void {
  for (const webhook of transaction.query(WEBHOOKS).items as unknown as readonly Webhook[]) {
    if (hasChannel(webhook, registry)) continue;
    const { id, channels } = webhook;
    const isAwaited = transaction
      .query(DELIVERIES)
      .items.some(({ webhook, state }) => webhook === id && state === 'pending');
    // What is still on its way is signed with its secret.
    if (isAwaited) continue;
    transaction.delete(WEBHOOKS, id);
    setAside(transaction, { collection: WEBHOOKS, key: id, entity: webhook as unknown as Entity });
    dropped.add('webhook', id, `no contract has a channel like ${channels.join(', ')}`);
  }
}

function hasChannel({ channels }: Webhook, registry: Registry): boolean {
  return unknownChannels(registry, channels).length < channels.length;
}

/**
 * Whether a timer waits whose work nobody does, or one is set aside whose work somebody does: what is kept may be from
 * another version, whose timers had other kinds.
 */
export function hasStrayTimer(store: Pick<StoreTransaction, 'query'>, registry: Registry): boolean {
  const kinds = new Set((store.query(TIMERS).items as unknown as readonly Timer[]).map(({ kind }) => kind));
  const aside = store.query(ASIDE).items as unknown as readonly AsideThing[];
  const away = new Set(aside.map(({ collection, key }) => `${collection}/${key}`));
  const fits = (timer: Timer) => timerMisfit(timer, registry, (key) => away.has(key)) === undefined;
  return (
    [...kinds].some((kind) => !hasHandler(registry, kind)) ||
    aside.some(({ collection, entity }) => collection === TIMERS && fits(entity as unknown as Timer))
  );
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

/** Counts what is set aside, by kind and name. */
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
