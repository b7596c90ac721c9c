import { addDuration, type Instant, parseDuration } from '../lib/time.ts';
import { Refusal } from '../model/command.ts';
import type { Violation } from '../model/schema.ts';
import { channelMatcher } from './event-log.ts';
import type { StoreReader } from './store/store.ts';
import type { Work } from './work.ts';

/** The collection of faults: they are state, so that snapshots, forks and resets hold them too. */
export const FAULTS = '$faults';

/** What a fault waits for; everything that is named must hold. Texts may have `*` for any text. */
export interface FaultMatch {
  readonly operationId?: string;
  readonly system?: string;
  readonly method?: string;
  readonly path?: string;
  /** The channel of an event; makes it a fault of events. */
  readonly channel?: string;
  /** Where a webhook or callback is sent; makes it a fault of deliveries. */
  readonly target?: string;
}

/** What goes wrong. */
export interface FaultEffect {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** ISO 8601 duration. */
  readonly latency?: string;
  /** Takes the latency of a request as wall time, also where the clock stands still. */
  readonly real?: boolean;
  readonly reset?: boolean;
  readonly truncate?: boolean;
  readonly malformed?: boolean;
  readonly drop?: boolean;
  readonly duplicate?: boolean;
  readonly reorder?: boolean;
  readonly disconnect?: boolean;
}

/** A fault as it is asked for. */
export interface FaultRequest {
  readonly match: FaultMatch;
  readonly fault: FaultEffect;
  /** How often it strikes. Default: without end. */
  readonly times?: number;
  /** How likely it strikes. Default: always. */
  readonly probability?: number;
}

/** A fault that waits; `times` is how often it still strikes. */
export interface Fault extends FaultRequest {
  readonly id: string;
  /** Matching subjects seen so far. */
  readonly seen: number;
  /** How often it has struck. */
  readonly used: number;
}

/** Something that a fault may strike. */
export type FaultSubject =
  | {
      readonly kind: 'request';
      readonly operationId: string;
      readonly system: string;
      readonly method: string;
      readonly path: string;
      /** The path as the contract writes it, with its parameters in braces. */
      readonly template: string;
      /** Struck only by a fault that names it, and by none that means every request. */
      readonly isReceiver: boolean;
    }
  | { readonly kind: 'event'; readonly channel: string; readonly system: string }
  | { readonly kind: 'delivery'; readonly target: string };

type Kind = FaultSubject['kind'];

/** What can go wrong with each kind. */
const EFFECTS: Readonly<Record<Kind, readonly (keyof FaultEffect)[]>> = {
  request: ['status', 'headers', 'body', 'latency', 'real', 'reset', 'truncate', 'malformed'],
  event: ['drop', 'duplicate', 'latency', 'reorder', 'disconnect'],
  delivery: ['status', 'headers', 'latency', 'reset', 'drop', 'duplicate'],
};

const OF_REQUESTS = ['operationId', 'method', 'path'] as const;

/**
 * Sets up a fault; refuses with 400 one that could never strike or has no effect.
 *
 * @example addFault(work, { match: { operationId: 'createCustomer' }, fault: { status: 503 }, times: 1 });
 */
export function addFault(work: Work, request: FaultRequest): Fault {
  const violations = problemsOf(request);
  if (violations.length > 0) {
    throw new Refusal(400, 'INVALID_REQUEST', 'Failed to add the fault: it makes no sense. Fix what is listed.', {
      violations,
    });
  }
  const { match, fault, times, probability } = request;
  const added: Fault = {
    id: `FLT-${String(work.nextNumber(FAULTS)).padStart(6, '0')}`,
    match,
    fault,
    ...(times !== undefined && { times }),
    ...(probability !== undefined && { probability }),
    seen: 0,
    used: 0,
  };
  work.put(FAULTS, added.id, { ...added });
  return added;
}

/** The faults of a tenant, in the order in which they are tried; those that are used up stay to be looked at. */
export function faultsOf(store: StoreReader): readonly Fault[] {
  return store.query(FAULTS).items as unknown as readonly Fault[];
}

/** Removes every fault. */
export function clearFaults(work: Work): void {
  for (const { id } of faultsOf(work)) work.delete(FAULTS, id);
}

/** Whether a fault waits for this; answered without a change, and so without waiting for anybody. */
export function awaitsFault(store: StoreReader, subject: FaultSubject): boolean {
  return faultsOf(store).some((fault) => isLive(fault) && isMatch(fault.match, subject));
}

/**
 * The fault that strikes: the first that matches, has not been used up, and has its chance. Chance depends on the seed,
 * the fault and how much it has seen, and on nothing else.
 *
 * @example const fault = takeFault(work, { kind: 'delivery', target });
 */
export function takeFault(work: Work, subject: FaultSubject): Fault | undefined {
  for (const fault of faultsOf(work)) {
    if (!isLive(fault) || !isMatch(fault.match, subject)) continue;
    const { id, times, probability = 1, seen, used } = fault;
    const strikes = probability >= 1 || work.random('fault', id, seen)() < probability;
    const after: Fault = {
      ...fault,
      ...(times !== undefined && { times: strikes ? times - 1 : times }),
      seen: seen + 1,
      used: strikes ? used + 1 : used,
    };
    work.put(FAULTS, id, { ...after });
    if (strikes) return after;
  }
  return undefined;
}

/** When what a fault holds up goes on. */
export function dueAfter({ latency }: FaultEffect, now: Instant): Instant {
  const duration = latency === undefined ? undefined : parseDuration(latency);
  return duration === undefined ? now : addDuration(now, duration);
}

/**
 * What a fault leaves of a request: `answered`, where the fault answers in place of the world; `undone`, where the answer
 * of the world goes out broken, and nothing has happened; `done`, where it is only slow or has further headers.
 */
export function strengthOf({ status, body, reset, truncate, malformed }: FaultEffect): 'answered' | 'undone' | 'done' {
  if (reset === true || status !== undefined || body !== undefined) return 'answered';
  return truncate === true || malformed === true ? 'undone' : 'done';
}

function isLive({ times }: Fault): boolean {
  return times === undefined || times > 0;
}

function kindOf({ channel, target }: FaultMatch): Kind {
  if (channel !== undefined) return 'event';
  return target === undefined ? 'request' : 'delivery';
}

function isMatch(match: FaultMatch, subject: FaultSubject): boolean {
  if (kindOf(match) !== subject.kind) return false;
  const fits = (pattern: string | undefined, text: string) => channelMatcher(pattern)(text);
  switch (subject.kind) {
    case 'event':
      return fits(match.channel, subject.channel) && fits(match.system, subject.system);
    case 'delivery':
      return fits(match.target, subject.target);
    default: {
      if (subject.isReceiver && match.path === undefined && match.operationId === undefined) return false;
      return (
        fits(match.operationId, subject.operationId) &&
        fits(match.system, subject.system) &&
        (match.method === undefined || match.method.toUpperCase() === subject.method.toUpperCase()) &&
        (match.path === subject.template || fits(match.path, subject.path))
      );
    }
  }
}

function problemsOf({ match, fault }: FaultRequest): readonly Violation[] {
  const found: Violation[] = [];
  const report = (path: string, message: string) => found.push({ in: 'body', path, message });
  const kind = kindOf(match);
  if (match.channel !== undefined && match.target !== undefined) {
    report('/match/target', 'must not stand beside "channel": an event and its delivery are two faults');
  }
  if (kind === 'delivery' && match.system !== undefined) report('/match/system', 'must not stand beside "target"');
  for (const name of OF_REQUESTS) {
    if (kind !== 'request' && match[name] !== undefined) {
      report(
        `/match/${name}`,
        `is of requests, and must not stand beside "${kind === 'event' ? 'channel' : 'target'}"`,
      );
    }
  }
  for (const name of Object.keys(fault) as (keyof FaultEffect)[]) {
    if (!EFFECTS[kind].includes(name)) {
      report(`/fault/${name}`, `cannot happen to ${PLURALS[kind]}; what can is: ${EFFECTS[kind].join(', ')}`);
    }
  }
  if (Object.entries(fault).every(([name, value]) => name === 'real' || value === false)) {
    report('/fault', `must have an effect, one of: ${EFFECTS[kind].join(', ')}`);
  }
  if (fault.latency !== undefined && parseDuration(fault.latency) === undefined) {
    report('/fault/latency', 'must be an ISO 8601 duration, such as PT2S');
  }
  return found;
}

const PLURALS: Readonly<Record<Kind, string>> = { request: 'requests', event: 'events', delivery: 'deliveries' };
