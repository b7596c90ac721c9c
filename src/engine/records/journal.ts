import type { Instant } from '../../lib/time.ts';
import type { Violation } from '../../model/schema.ts';
import { type Commit, isInJournal, requestId } from '../commit.ts';
import type { Fault } from '../faults/fault.ts';
import type { ByteBudget } from './byte-budget.ts';
import { Ring } from './ring.ts';

/** One request as a tenant's journal shows it. */
export interface JournalEntry {
  readonly id: string;
  /** Virtual time, ISO 8601. */
  readonly at: string;
  readonly method: string;
  /** Path and query as received, without the tenant prefix. */
  readonly url: string;
  readonly operationId?: string;
  readonly system?: string;
  readonly request: { readonly headers: Readonly<Record<string, unknown>>; readonly body?: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  };
  /** What was wrong with the request, or with our response. */
  readonly violations?: readonly Violation[];
  /** Remarks, for example on query parameters that were ignored. */
  readonly notes?: readonly string[];
  /** The fault that struck it. */
  readonly fault?: Pick<Fault, 'id' | 'fault'>;
  /** Whether the client went away before it had the whole answer. */
  readonly clientGone?: boolean;
  /** Ids of the events and deliveries that it has led to. */
  readonly caused?: readonly string[];
}

/** Writes out what a commit has to say to a record; most is never asked for. */
export interface JournalWriter {
  toEntry(commit: Commit, id: string): JournalEntry;
}

/**
 * What clients have asked and been answered, the newest of it. It follows commits, and nothing else writes it.
 *
 * @example new Journal(10_000, writer).entries();
 */
export class Journal {
  readonly #ring: Ring<Commit>;
  readonly #writer: JournalWriter;

  constructor(capacity: number, writer: JournalWriter, budget?: ByteBudget) {
    this.#ring = new Ring(capacity, budget);
    this.#writer = writer;
  }

  /** How many requests there have been. */
  get count(): number {
    return this.#ring.count;
  }

  follow(commit: Commit): void {
    if (isInJournal(commit.input)) this.#ring.add(commit, commit.size);
    else if (commit.input.kind === 'forget') this.#ring.empty();
  }

  /** Oldest first. */
  entries(): readonly JournalEntry[] {
    return [...this.each()];
  }

  /** The same, each written out when it is asked for. */
  each(): Iterable<JournalEntry> {
    const commits = this.#ring.entries().slice();
    return this.#write(commits, this.count - commits.length + 1);
  }

  *#write(commits: readonly Commit[], first: number): Generator<JournalEntry, void, undefined> {
    for (const [index, commit] of commits.entries()) yield this.#writer.toEntry(commit, requestId(first + index));
  }

  forgetBefore(at: Instant): void {
    this.#ring.forgetWhile((commit) => commit.at < at);
  }

  clear(): void {
    this.#ring.clear();
  }

  snapshot(): ReturnType<Ring<Commit>['snapshot']> {
    return this.#ring.snapshot();
  }

  restore(snapshot: ReturnType<Journal['snapshot']>): void {
    this.#ring.restore(snapshot);
  }
}
