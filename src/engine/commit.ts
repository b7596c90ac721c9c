import type { Instant } from '../lib/time.ts';
import type { Answer, Outcome, Refusal } from '../model/command.ts';
import type { Fault } from './faults.ts';
import type { Input, TraceRoot } from './input.ts';
import type { Delivery } from './outbox.ts';
import type { Timer } from './scheduler.ts';
import { type Consequences, NO_CONSEQUENCES } from './state/consequences.ts';
import type { Write } from './store/store.ts';
import type { TenantSnapshot } from './tenant-snapshot.ts';

/** What becomes of a commit, besides what every commit has. */
export interface CommitFacts {
  readonly writes?: readonly Write[];
  readonly consequences?: Consequences;
  readonly outcome?: Outcome;
  readonly refusal?: Refusal;
  readonly answer?: Answer;
  /** The fault that struck. */
  readonly fault?: Fault;
  /** Why a timer failed. */
  readonly failure?: unknown;
  /** The timer that fired. */
  readonly timer?: Timer;
  /** The delivery that was attempted, as it is now. */
  readonly delivery?: Delivery;
  /** What the tenant has become. */
  readonly restored?: TenantSnapshot;
}

/** Something that follows commits: a record, a counter, somebody who watches. It cannot undo them. */
export type Follower = (commit: Commit) => void;

/**
 * What one `apply` has done, whole; nothing in it changes any more. Whoever wants to know what happens follows commits.
 *
 * A request that changes nothing leaves one too, so it holds as little as it can: what can be worked out from the rest
 * is worked out when somebody asks.
 */
export class Commit {
  /** Counted from 1 since the tenant's start; a reset begins anew, and a restore goes on from its snapshot. */
  readonly number: number;
  readonly at: Instant;
  readonly input: Input;
  /** Its place in the journal, counted from 1; 0 where it has none. */
  readonly place: number;
  readonly consequences: Consequences;
  readonly outcome: Outcome | undefined;
  readonly refusal: Refusal | undefined;
  readonly answer: Answer | undefined;
  /** The fault that struck the request or the attempt. */
  readonly fault: Fault | undefined;
  /** Why the timer failed. */
  readonly failure: unknown;
  /** The timer that fired. */
  readonly timer: Timer | undefined;
  /** The delivery that was attempted, or struck by a fault, as it is now. */
  readonly delivery: Delivery | undefined;
  /** What the tenant has become, where it has become something else as a whole. */
  readonly restored: TenantSnapshot | undefined;
  /** Whether anything was written. */
  readonly hasChanged: boolean;
  #writes: readonly Write[];

  constructor(number: number, at: Instant, input: Input, place: number, facts: CommitFacts) {
    this.number = number;
    this.at = at;
    this.input = input;
    this.place = place;
    this.consequences = facts.consequences ?? NO_CONSEQUENCES;
    this.outcome = facts.outcome;
    this.refusal = facts.refusal;
    this.answer = facts.answer;
    this.fault = facts.fault;
    this.failure = facts.failure;
    this.timer = facts.timer;
    this.delivery = facts.delivery;
    this.restored = facts.restored;
    this.#writes = facts.writes ?? NO_WRITES;
    this.hasChanged = this.#writes.length > 0;
  }

  /**
   * What was written, in order. Let go of once every follower has seen the commit: the record of what has happened must
   * not hold states that are long past.
   */
  get writes(): readonly Write[] {
    return this.#writes;
  }

  /** The id of what it is about, which its effects name as their cause. */
  get id(): string {
    return commitId(this.input, this);
  }

  /** The id of what caused it; most of what comes from outside has no cause. */
  get cause(): string | undefined {
    const { input } = this;
    if (input.kind === 'timer') return this.timer?.cause;
    if (input.kind === 'attempt' || input.kind === 'fault') return input.delivery;
    return 'cause' in input ? input.cause : undefined;
  }

  /** What reached it: an advance, a request, or the tick of a running clock. */
  get firedBy(): string | undefined {
    return 'firedBy' in this.input ? this.input.firedBy : undefined;
  }

  get root(): TraceRoot {
    const { input, timer, delivery, number } = this;
    if (timer !== undefined) return timer.root ?? number;
    if (delivery !== undefined) return delivery.root ?? number;
    return rootOf(input) ?? number;
  }

  /** Lets go of what only followers need. */
  release(): void {
    this.#writes = NO_WRITES;
  }
}

const NO_WRITES: readonly Write[] = Object.freeze([]);

/** What is known of a commit before it is made. */
export type CommitPlace = Pick<Commit, 'number' | 'place'> & Partial<Pick<Commit, 'timer' | 'delivery' | 'fault'>>;

/**
 * The id of what a commit is about.
 *
 * @example commitId(input, { number: 12, place: 7 }) // 'REQ-000007'
 */
export function commitId(input: Input, { number, place, timer, delivery, fault }: CommitPlace): string {
  switch (input.kind) {
    case 'operation':
    case 'exchange':
      return place > 0 ? requestId(place) : idOf('CTL', number);
    case 'answer':
      return `${input.cause ?? idOf('CTL', number)}/answer`;
    case 'message':
      return idOf('RCV', number);
    case 'timer':
      return timer?.id ?? input.key;
    case 'fault':
      return fault === undefined ? input.delivery : `${fault.id}/${fault.used}`;
    case 'attempt':
      return `${input.delivery}/${delivery?.attempts.length ?? 0}`;
    case 'advance':
    case 'arrive':
    case 'clock':
      return idOf('CLK', number);
    case 'number':
      return idOf('NUM', number);
    case 'reset':
    case 'restore':
    case 'fork':
      return idOf('RST', number);
    default:
      return idOf('CTL', number);
  }
}

/** The id of a request, as the journal and everything that it causes name it. */
export function requestId(place: number): string {
  return idOf('REQ', place);
}

/** What the trace of an input began with, where the input says so. */
export function rootOf(input: Input): TraceRoot | undefined {
  if (input.kind === 'operation' || input.kind === 'control') return input.trace;
  return 'root' in input ? input.root : undefined;
}

/** Whether the journal tells of an input. */
export function isInJournal(input: Input): boolean {
  const recordedIn = recordedInOf(input);
  return recordedIn === 'both' || recordedIn === 'journal';
}

/** Whether the transcript tells of an input as an exchange. */
export function isInTranscript(input: Input): boolean {
  const recordedIn = recordedInOf(input);
  return recordedIn === 'both' || recordedIn === 'transcript';
}

function recordedInOf(input: Input) {
  if (input.kind === 'operation' || input.kind === 'exchange') return input.recordedIn;
  return input.kind === 'answer' ? input.request.recordedIn : undefined;
}

function idOf(prefix: string, number: number): string {
  return `${prefix}-${String(number).padStart(6, '0')}`;
}
