import type { Instant } from '../../lib/time.ts';
import type { Commit } from '../commit.ts';
import { Activity, type ActivityFacts } from './activity.ts';
import { ByteBudget } from './byte-budget.ts';
import { MemoryEventLog } from './event-log.ts';
import { Feed, type FeedSnapshot } from './feed.ts';
import { Journal, type JournalWriter } from './journal.ts';
import { type OpenSlot, Transcript, type TranscriptWriter } from './transcript.ts';

/** How much of each record is kept, the newest of it. */
export interface RecordCapacity {
  readonly events: number;
  readonly requests: number;
  readonly transcript: number;
  /** Things that have happened. Default: as many as events. */
  readonly activity?: number;
  /** Bytes of what clients have sent in all records together. Default: any number. */
  readonly bytes?: number;
  /** Virtual milliseconds for which each is kept. Default: for ever. */
  readonly ages?: RecordAges;
}

/** How old what is recorded may become, by kind. */
export type RecordAges = Readonly<Partial<Record<'events' | 'requests' | 'transcript' | 'activity', number>>>;

/** Commits after which it is looked for what has become too old. */
const EVERY = 64;

/** Writes out what records hold of exchanges. */
export interface RecordWriter extends JournalWriter, TranscriptWriter {}

/** The content of all records at one instant. */
export interface RecordsSnapshot {
  readonly log: ReturnType<MemoryEventLog['snapshot']>;
  readonly feed: FeedSnapshot | undefined;
  readonly journal: ReturnType<Journal['snapshot']>;
  readonly transcript: ReturnType<Transcript['snapshot']>;
  readonly activity: ReturnType<Activity['snapshot']>;
  /** Bytes that it holds, of which other snapshots may hold some. */
  readonly bytes: number;
}

/** Everything that is written down of one tenant: each record follows its commits, and nothing else writes them. */
export class Records {
  /** Everything that has been published. */
  readonly log: MemoryEventLog;
  /** What those who listen hear of it: faults on events stand between the two. */
  readonly feed: Feed;
  readonly journal: Journal;
  readonly transcript: Transcript;
  readonly activity: Activity;

  readonly #budget: ByteBudget;
  readonly #ages: RecordAges | undefined;

  /** `altogether` is what the records of all tenants draw on. */
  constructor(capacity: RecordCapacity, writer: RecordWriter, facts: ActivityFacts, altogether?: ByteBudget) {
    const budget = new ByteBudget(capacity.bytes ?? Number.POSITIVE_INFINITY, altogether);
    this.#budget = budget;
    this.#ages = capacity.ages;
    this.log = new MemoryEventLog(capacity.events, budget);
    this.feed = new Feed(this.log, capacity.events, budget);
    this.journal = new Journal(capacity.requests, writer, budget);
    this.transcript = new Transcript(capacity.transcript, writer, budget);
    this.activity = new Activity(capacity.activity ?? capacity.events, facts, budget);
  }

  /** Nobody will look any more: what they hold no longer counts. */
  close(): void {
    this.#budget.leave();
  }

  /** Writes a commit down; `become` is what the records are from then on, where the world has become another. */
  follow(commit: Commit, become?: RecordsSnapshot): void {
    if (become !== undefined) this.restore(become);
    this.transcript.follow(commit);
    this.journal.follow(commit);
    this.activity.follow(commit);
    this.feed.follow(commit);
    if (this.#ages !== undefined && commit.number % EVERY === 0) this.forgetOld(commit.at);
  }

  /** Lets go of what is too old at a time. */
  forgetOld(now: Instant): void {
    const { events, requests, transcript, activity } = this.#ages ?? {};
    if (requests !== undefined) this.journal.forgetBefore(now - requests);
    if (transcript !== undefined) this.transcript.forgetBefore(now - transcript);
    if (activity !== undefined) this.activity.forgetBefore(now - activity);
    if (events === undefined) return;
    this.log.forgetBefore(now - events);
    this.feed.forgetBefore(now - events);
  }

  snapshot(): RecordsSnapshot {
    return {
      log: this.log.snapshot(),
      feed: this.feed.snapshot(),
      journal: this.journal.snapshot(),
      transcript: this.transcript.snapshot(),
      activity: this.activity.snapshot(),
      bytes: this.#budget.sharedBytes,
    };
  }

  /** Goes on from what another process has written down; `slots` are kept for attempts that are under way. */
  recover(snapshot: RecordsSnapshot, slots: readonly OpenSlot[]): void {
    this.restore(snapshot);
    this.transcript.reopen(slots);
  }

  restore(snapshot: RecordsSnapshot): void {
    this.log.restore(snapshot.log);
    this.feed.restore(snapshot.feed);
    this.journal.restore(snapshot.journal);
    this.transcript.restore(snapshot.transcript);
    this.activity.restore(snapshot.activity);
  }
}

/** Records that hold nothing, as at a start. */
export const NO_RECORDS: RecordsSnapshot = Object.freeze({
  log: Object.freeze({ firstNumber: 0, events: Object.freeze([]) }),
  feed: undefined,
  journal: Object.freeze({ dropped: 0, entries: Object.freeze([]) }),
  transcript: Object.freeze({ dropped: 0, entries: Object.freeze([]) }),
  activity: Object.freeze([]),
  bytes: 0,
});
