import { addDuration, END_OF_TIME, type Instant, MINUTE, parseDuration, parseInstant } from '../../lib/time.ts';
import { Refusal } from '../../model/command.ts';
import type { Violation } from '../../model/schema.ts';
import { channelMatcher } from '../records/event-log.ts';
import type { StoreReader } from '../state/store/store.ts';
import type { Work } from '../state/work.ts';
import { checkMatch } from './check-match.ts';
import type { Fault, FaultEffect, FaultMatch, FaultRequest, FaultSubject } from './fault.ts';

/** The collection of faults: they are state, so that snapshots, forks and resets hold them too. */
export const FAULTS = '$faults';

/** By fault: how many a limit has let by in a minute of the clock. */
const PASSED = '$faultsPassed';
/** Faults of a tenant, those that are used up included. */
const MOST_FAULTS = 1_000;

type Kind = FaultSubject['kind'];

/** What can go wrong with each kind. */
const EFFECTS: Readonly<Record<Kind, readonly (keyof FaultEffect)[]>> = {
  request: ['status', 'headers', 'body', 'latency', 'real', 'reset', 'lostAnswer', 'slowBody', 'truncate', 'malformed'],
  event: ['drop', 'duplicate', 'latency', 'reorder', 'disconnect', 'closeCode'],
  delivery: ['status', 'headers', 'latency', 'reset', 'drop', 'duplicate'],
};

const OF_REQUESTS = ['operationId', 'method', 'path'] as const;

/**
 * Sets up a fault; refuses with 400 one that could never strike or has no effect.
 *
 * @example addFault(work, { match: { operationId: 'createCustomer' }, fault: { status: 503 }, times: 1 });
 */
export function addFault(work: Work, request: FaultRequest): Fault {
  const ofKind = problemsOf(request);
  // What it names is looked at once it makes sense.
  const violations = ofKind.length > 0 ? ofKind : checkMatch(request.match, work.registry);
  if (violations.length > 0) {
    const why = ofKind.length > 0 ? 'it makes no sense' : 'it could never strike';
    throw new Refusal(400, 'INVALID_REQUEST', `Failed to add the fault: ${why}. Fix what is listed.`, {
      violations,
    });
  }
  if (work.query(FAULTS, { limit: 1 }).total >= MOST_FAULTS) {
    throw new Refusal(
      409,
      'TOO_MANY_FAULTS',
      `Failed to add the fault: the tenant has ${MOST_FAULTS}, and every request asks each of them. Clear them first.`,
    );
  }
  const added: Fault = {
    id: `FLT-${String(work.nextNumber(FAULTS)).padStart(6, '0')}`,
    ...request,
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
export function awaitsFault(store: StoreReader, subject: FaultSubject, now: Instant): boolean {
  return faultsOf(store).some((fault) => isLive(fault, now) && isMatch(fault.match, subject));
}

/**
 * The fault that strikes: the first that matches, has not been used up, and has its chance. Chance depends on the seed,
 * the fault and how much it has seen, and on nothing else.
 *
 * @example const fault = takeFault(work, { kind: 'delivery', target });
 */
export function takeFault(work: Work, subject: FaultSubject): Fault | undefined {
  for (const fault of faultsOf(work)) {
    if (!isLive(fault, work.now) || !isMatch(fault.match, subject)) continue;
    const { id, times, probability = 1, every = 1, seen, used } = fault;
    const isItsTurn = (seen + 1) % every === 0 && !passesInMinute(work, fault);
    const strikes = isItsTurn && (probability >= 1 || work.random('fault', id, seen)() < probability);
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
  return duration === undefined ? now : Math.min(addDuration(now, duration), END_OF_TIME);
}

/**
 * What a fault leaves of a request: `answered`, where the fault answers in place of the world; `undone`, where the answer
 * of the world goes out broken, and nothing has happened; `done`, where it is only slow or has further headers.
 */
export function strengthOf({ status, body, reset, truncate, malformed }: FaultEffect): 'answered' | 'undone' | 'done' {
  if (reset === true || status !== undefined || body !== undefined) return 'answered';
  return truncate === true || malformed === true ? 'undone' : 'done';
}

function isLive({ times, from, until }: Fault, now: Instant): boolean {
  if (times !== undefined && times <= 0) return false;
  return (from === undefined || instantOf(from) <= now) && (until === undefined || now < instantOf(until));
}

/** Counts what a limit lets by; whether this is still within it. */
function passesInMinute(work: Work, { id, perMinute }: Fault): boolean {
  if (perMinute === undefined) return false;
  const minute = Math.floor(work.now / MINUTE);
  const counted = work.get(PASSED, id);
  const passed = counted?.minute === minute ? Number(counted.passed) : 0;
  if (passed >= perMinute) return false;
  work.put(PASSED, id, { minute, passed: passed + 1 });
  return true;
}

function instantOf(text: string): Instant {
  return parseInstant(text) ?? Number.NaN;
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

function problemsOf({ match, fault, from, until }: FaultRequest): readonly Violation[] {
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
  for (const name of ['latency', 'slowBody'] as const) {
    if (fault[name] !== undefined && parseDuration(fault[name]) === undefined) {
      report(`/fault/${name}`, 'must be an ISO 8601 duration, such as PT2S');
    }
  }
  if (fault.lostAnswer === true && strengthOf(fault) !== 'done') {
    report('/fault/lostAnswer', 'must stand beside nothing that undoes the change, so that it is made');
  }
  for (const [name, text] of Object.entries({ from, until })) {
    if (text !== undefined && parseInstant(text) === undefined) {
      report(`/${name}`, 'must be an ISO 8601 time, such as 2026-01-01T12:00:00Z');
    }
  }
  if (from !== undefined && until !== undefined && instantOf(from) >= instantOf(until)) {
    report('/until', 'must be later than "from"');
  }
  return found;
}

const PLURALS: Readonly<Record<Kind, string>> = { request: 'requests', event: 'events', delivery: 'deliveries' };
