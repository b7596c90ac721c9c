import { Commit } from '../commit.ts';
import type { Fault } from '../faults/fault.ts';
import type { RecordsSnapshot } from '../records/records.ts';
import type { OpenSlot } from '../records/transcript.ts';
import type { Snapshot } from '../state/snapshots.ts';
import { createMemoryStore } from '../state/store/memory-store.ts';
import type { Entity, Store } from '../state/store/store.ts';
import type { StartingPoint, TenantSnapshot } from '../state/tenant-snapshot.ts';
import { transact } from '../state/transact.ts';
import type { KeptClock } from '../time/clock.ts';
import { commitFacts, readCommit } from './commit-lines.ts';
import { type CommitFacts, Restorer, Shortener } from './short-lines.ts';

/** Everything that a tenant goes on from in another process. */
export interface WorldContent {
  readonly now: TenantSnapshot;
  readonly clock: KeptClock;
  /** What a reset goes back to. */
  readonly base: StartingPoint;
  readonly snapshots: readonly Snapshot[];
  /** Attempts of deliveries that are under way. */
  readonly attempts: readonly OpenAttempt[];
  /** Places in the transcript that are kept for them. */
  readonly slots: readonly OpenSlot[];
}

/** An attempt of a delivery of which it is not known what came of it. */
export interface OpenAttempt {
  readonly delivery: string;
  /** The number of the commit that it was begun in. */
  readonly begun: number;
  /** The fault that it runs into, where one has been taken for it. */
  readonly late?: Fault | undefined;
}

/** Entries in one line: a line is read and written as a whole. */
const AT_ONCE = 500;

/**
 * Writes a world as lines of JSON. What several states or records share is written once and named by its number, so that
 * a snapshot costs what has changed since, and shares it again when it is read.
 *
 * @example for (const line of checkpointLines(content)) lines.push(line);
 */
export function* checkpointLines({ now, clock, base, snapshots, attempts, slots }: WorldContent): Generator<string> {
  const pool = new Pool();
  yield* storeLines('base', base, pool);
  for (const { id, at, content, things } of snapshots) {
    yield JSON.stringify(['snapshot', id, at, things]);
    yield* snapshotLines(id, content, pool);
  }
  yield* snapshotLines('now', now, pool);
  yield JSON.stringify(['end', { clock, attempts, slots }]);
}

function* snapshotLines(name: string, { start, number, records }: TenantSnapshot, pool: Pool): Generator<string> {
  yield* storeLines(name, start, pool);
  const { log, feed, journal, transcript, activity, bytes } = records;
  const { firstNumber, hasGivenIds, heavy } = log;
  yield JSON.stringify([
    'records',
    name,
    {
      number,
      bytes,
      log: { firstNumber, hasGivenIds, heavy },
      feed: feed && { firstNumber: feed.carried.firstNumber, heavy: feed.carried.heavy, placeOf: feed.placeOf },
      journal: { dropped: journal.dropped, heavy: journal.heavy },
      transcript: { dropped: transcript.dropped, heavy: transcript.heavy },
    },
  ]);
  yield* listLines(name, 'journal', journal.entries, pool);
  yield* listLines(name, 'activity', activity, pool);
  yield* listLines(name, 'log', log.events, pool);
  if (feed !== undefined) yield* listLines(name, 'feed', feed.carried.events, pool);
  yield* listLines(name, 'transcript', transcript.entries, pool);
}

function* storeLines(name: string, { seed, clock, store }: StartingPoint, pool: Pool): Generator<string> {
  yield JSON.stringify(['start', name, { seed, clock }]);
  for (const collection of store.collections()) {
    yield JSON.stringify(['collection', name, collection]);
    const entries = store.entries(collection);
    for (let from = 0; from < entries.length; from += AT_ONCE) {
      const rows: (string | number)[] = [];
      for (const [id, entity] of entries.slice(from, from + AT_ONCE)) {
        if (!pool.has(entity)) yield pool.line('entity', entity);
        rows.push(id, pool.numberOf(entity));
      }
      yield JSON.stringify(['rows', rows]);
    }
  }
}

/** A line of a record: a commit, an event, or a place for what came of an attempt. */
type RecordLine = RecordsSnapshot['transcript']['entries'][number];

function* listLines(name: string, list: string, lines: readonly RecordLine[], pool: Pool): Generator<string> {
  for (let from = 0; from < lines.length; from += AT_ONCE) {
    const refs: unknown[] = [];
    for (const line of lines.slice(from, from + AT_ONCE)) {
      if (isSlot(line)) {
        refs.push(line);
        continue;
      }
      if (!pool.has(line)) yield line instanceof Commit ? pool.commitLine(line) : pool.line('event', line);
      refs.push(pool.numberOf(line));
    }
    yield JSON.stringify(['list', name, list, refs]);
  }
}

function isSlot(line: RecordLine): boolean {
  return !(line instanceof Commit) && !('payload' in line);
}

/** Values that have been written, by number. */
class Pool {
  readonly #numbers = new Map<object, number>();
  readonly #shortener = new Shortener();
  #next = 0;

  has(value: object): boolean {
    return this.#numbers.has(value);
  }

  numberOf(value: object): number {
    return this.#numbers.get(value) as number;
  }

  line(kind: 'entity' | 'event', value: object): string {
    this.#add(value);
    return JSON.stringify([kind, value]);
  }

  /** A commit brings its events along, which logs name too. */
  commitLine(commit: Commit): string {
    const facts = this.#shortener.short(commitFacts(commit), commit, (body) => {
      const at = this.#numbers.get(body);
      return at === undefined ? undefined : ['entity', at];
    });
    this.#add(commit);
    for (const event of commit.consequences.events) this.#add(event);
    return JSON.stringify(['commit', facts]);
  }

  #add(value: object): void {
    this.#numbers.set(value, this.#next);
    this.#next += 1;
  }
}

/**
 * Reads a checkpoint line by line.
 *
 * @example
 * const reader = new CheckpointReader();
 * for await (const line of lines) if (reader.add(JSON.parse(line))) break;
 * world.recover(reader.content);
 */
export class CheckpointReader {
  readonly #pool: unknown[] = [];
  readonly #restorer = new Restorer();
  readonly #starts = new Map<string, StartingPoint>();
  readonly #records = new Map<string, RecordsBuilder>();
  readonly #snapshots: Omit<Snapshot, 'content'>[] = [];
  #collection: { readonly store: Store; readonly name: string } | undefined;
  #content: WorldContent | undefined;

  /** Takes the next line; answers whether it was the last. */
  add([kind, ...parts]: readonly unknown[]): boolean {
    switch (kind) {
      case 'entity':
      case 'event':
        this.#pool.push(parts[0]);
        return false;
      case 'commit':
        this.#addCommit(parts[0] as CommitFacts);
        return false;
      case 'start': {
        const { seed, clock } = parts[1] as StartingPoint;
        this.#starts.set(String(parts[0]), { seed, clock, store: createMemoryStore() });
        return false;
      }
      case 'collection':
        this.#collection = { store: this.#startOf(String(parts[0])).store, name: String(parts[1]) };
        return false;
      case 'rows':
        this.#addRows(parts[0] as (string | number)[]);
        return false;
      case 'snapshot':
        this.#snapshots.push({ id: String(parts[0]), at: String(parts[1]), things: Number(parts[2] ?? 0) });
        return false;
      case 'records':
        this.#records.set(String(parts[0]), { facts: parts[1] as RecordsFacts, lists: {} });
        return false;
      case 'list':
        this.#addList(String(parts[0]), parts[1] as ListName, parts[2] as unknown[]);
        return false;
      case 'end':
        this.#end(parts[0] as Pick<WorldContent, 'clock' | 'attempts' | 'slots'>);
        return true;
      default:
        throw new Error(`a checkpoint has no line of the kind "${String(kind)}"`);
    }
  }

  /** What was read; throws where the last line has not come. */
  get content(): WorldContent {
    if (this.#content === undefined) throw new Error('the checkpoint has no end');
    return this.#content;
  }

  #addCommit(facts: CommitFacts): void {
    const commit = readCommit(this.#restorer.whole(facts, ([, at]) => this.#pool[at]));
    this.#pool.push(commit, ...commit.consequences.events);
  }

  #addRows(rows: readonly (string | number)[]): void {
    const collection = this.#collection;
    if (collection === undefined) throw new Error('a checkpoint has rows of no collection');
    transact(collection.store, (transaction) => {
      for (let at = 0; at + 1 < rows.length; at += 2) {
        transaction.put(collection.name, String(rows[at]), this.#pool[Number(rows[at + 1])] as Entity);
      }
    });
  }

  #addList(name: string, list: ListName, refs: readonly unknown[]): void {
    const records = this.#records.get(name);
    if (records === undefined) throw new Error(`a checkpoint has a list of no records, "${name}"`);
    records.lists[list] ??= [];
    for (const ref of refs) records.lists[list].push(typeof ref === 'number' ? this.#pool[ref] : ref);
  }

  #end({ clock, attempts, slots }: Pick<WorldContent, 'clock' | 'attempts' | 'slots'>): void {
    const base = this.#startOf('base');
    const snapshots = this.#snapshots.map((known) => ({ ...known, content: this.#snapshotOf(known.id) }));
    this.#content = { now: this.#snapshotOf('now'), clock, base, snapshots, attempts, slots };
  }

  #startOf(name: string): StartingPoint {
    const start = this.#starts.get(name);
    if (start === undefined) throw new Error(`a checkpoint lacks the state "${name}"`);
    return start;
  }

  #snapshotOf(name: string): TenantSnapshot {
    const start = this.#startOf(name);
    const records = this.#records.get(name);
    if (records === undefined) throw new Error(`a checkpoint lacks the records "${name}"`);
    const { facts, lists } = records;
    const { number, bytes, log, feed, journal, transcript } = facts;
    return {
      start,
      number,
      records: {
        bytes,
        log: { ...log, events: listOf(lists.log) },
        feed: feed && {
          carried: { firstNumber: feed.firstNumber, heavy: feed.heavy, events: listOf(lists.feed) },
          placeOf: feed.placeOf.map(([id, place]) => [id, place ?? undefined] as const),
        },
        journal: { ...journal, entries: listOf(lists.journal) },
        transcript: { ...transcript, entries: listOf(lists.transcript) },
        activity: listOf(lists.activity),
      } as RecordsSnapshot,
    };
  }
}

type ListName = 'journal' | 'activity' | 'log' | 'feed' | 'transcript';

interface RecordsFacts {
  readonly number: number;
  readonly bytes: number;
  readonly log: { readonly firstNumber: number; readonly hasGivenIds?: true };
  readonly feed?: {
    readonly firstNumber: number;
    readonly heavy?: unknown;
    readonly placeOf: [string, string | null][];
  };
  readonly journal: { readonly dropped: number };
  readonly transcript: { readonly dropped: number };
}

interface RecordsBuilder {
  readonly facts: RecordsFacts;
  readonly lists: Partial<Record<ListName, unknown[]>>;
}

function listOf(list: unknown[] | undefined): unknown[] {
  return list ?? [];
}
