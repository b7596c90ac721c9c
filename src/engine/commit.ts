import type { Instant } from '../lib/time.ts';
import type { Answer, Outcome, Refusal } from '../model/command.ts';
import type { Delivery } from './delivery/delivery.ts';
import type { Fault } from './faults/fault.ts';
import type { Input } from './input.ts';
import type { Consequences } from './state/consequences.ts';
import type { Origin, Subject, TraceRoot } from './state/origin.ts';
import type { Write } from './state/store/store.ts';
import type { Timer } from './time/timer.ts';

/** What only some commits have. */
export interface CommitDetails {
  readonly refusal?: Refusal;
  /** The fault that struck the request or the attempt. */
  readonly fault?: Fault;
  /** Why the timer failed. */
  readonly failure?: unknown;
  /** The timer that fired. */
  readonly timer?: Timer;
  /** The delivery that was attempted, or struck by a fault, as it is now. */
  readonly delivery?: Delivery;
}

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
  /** What was answered, as far as records are concerned. */
  readonly answer: Answer | undefined;
  /** Whether anything was written. */
  readonly hasChanged: boolean;
  readonly #details: CommitDetails | undefined;
  #writes: readonly Write[];
  #outcome: Outcome | undefined;
  #rendered: Answer | undefined;

  // One after another and not as an object: every request pays for this.
  constructor(
    number: number,
    at: Instant,
    input: Input,
    place: number,
    outcome: Outcome | undefined,
    answer: Answer | undefined,
    consequences: Consequences,
    writes: readonly Write[],
    details: CommitDetails | undefined,
  ) {
    this.number = number;
    this.at = at;
    this.input = input;
    this.place = place;
    this.#outcome = outcome;
    this.answer = answer && recordOf(answer);
    this.consequences = consequences;
    this.hasChanged = writes.length > 0;
    this.#rendered = answer;
    this.#writes = writes;
    this.#details = details;
  }

  /** Bytes of what a client has sent with it, where that is more than a few words. */
  get size(): number {
    return sizeOf(this.input);
  }

  get refusal(): Refusal | undefined {
    return this.#details?.refusal;
  }

  get fault(): Fault | undefined {
    return this.#details?.fault;
  }

  get failure(): unknown {
    return this.#details?.failure;
  }

  get timer(): Timer | undefined {
    return this.#details?.timer;
  }

  get delivery(): Delivery | undefined {
    return this.#details?.delivery;
  }

  /**
   * What was written, in order. Let go of once every follower has seen the commit: the record of what has happened must
   * not hold states that are long past.
   */
  get writes(): readonly Write[] {
    return this.#writes;
  }

  /** What the operation has come to, until the answer to it is taken. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  /** The answer as the surface has rendered it, once: records hold thousands of commits, and no text that has left. */
  takeAnswer(): Answer | undefined {
    const rendered = this.#rendered;
    this.#rendered = undefined;
    this.#outcome = undefined;
    return rendered;
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
    return traceRoot(this.input, this);
  }

  /** Lets go of what only followers need. */
  release(): void {
    this.#writes = NO_WRITES;
  }
}

function sizeOf(input: Input): number {
  const { kind } = input;
  if (kind === 'operation' || kind === 'control' || kind === 'message' || kind === 'exchange') return input.size ?? 0;
  return kind === 'answer' ? (input.request.size ?? 0) : 0;
}

function recordOf({ status, headers, body, violations }: Answer): Answer {
  return { status, headers, body, violations };
}

/** Of a commit that changes nothing. */
export const NO_WRITES: readonly Write[] = Object.freeze([]);

/** What is known of a commit before it is made. */
export type CommitPlace = Pick<Commit, 'number' | 'place'> & Partial<Pick<Commit, 'timer' | 'delivery' | 'fault'>>;

/**
 * The id of what a commit is about.
 *
 * @example commitId(input, { number: 12, place: 7 }) // 'REQ-000007'
 */
function commitId(input: Input, { number, place, timer, delivery, fault }: CommitPlace): string {
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
    case 'reload':
      return idOf('RST', number);
    default:
      return idOf('CTL', number);
  }
}

/** A commit in the making, as what its effects are traced back to: most commands set nothing, and ask for none of it. */
export class PlannedCommit implements Origin {
  readonly number: number;
  readonly place: number;
  readonly timer: Timer | undefined;
  readonly delivery: Delivery | undefined;
  readonly #input: Input;

  constructor(input: Input, number: number, place: number, details: CommitDetails | undefined) {
    this.number = number;
    this.place = place;
    this.timer = details?.timer;
    this.delivery = details?.delivery;
    this.#input = input;
  }

  get id(): string {
    return commitId(this.#input, this);
  }

  get root(): TraceRoot {
    return traceRoot(this.#input, this);
  }

  get subject(): Subject | undefined {
    return this.timer?.subject ?? this.delivery?.subject;
  }
}

/** The id of a request, as the journal and everything that it causes name it. */
export function requestId(place: number): string {
  return idOf('REQ', place);
}

/** What the trace of a commit began with: what its timer or delivery says, else its input, else the commit itself. */
function traceRoot(input: Input, { number, timer, delivery }: CommitPlace): TraceRoot {
  if (timer !== undefined) return timer.root ?? number;
  if (delivery !== undefined) return delivery.root ?? number;
  if (input.kind === 'operation' || input.kind === 'control') return input.trace ?? number;
  return ('root' in input ? input.root : undefined) ?? number;
}

/** Whether the world becomes another one as a whole. */
export function isNewWorld({ kind }: Input): boolean {
  return kind === 'reset' || kind === 'restore' || kind === 'fork' || kind === 'reload';
}

/** Whether the journal records an input. */
export function isInJournal(input: Input): boolean {
  const recordedIn = recordedInOf(input);
  return recordedIn === 'both' || recordedIn === 'journal';
}

/** Whether the transcript records an input as an exchange. */
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
