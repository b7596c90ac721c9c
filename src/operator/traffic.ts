import type { Policies } from '../engine/policies/policy.ts';
import type { StoreReader } from '../engine/state/store/store.ts';
import type { Work } from '../engine/state/work.ts';
import type { TimerHandler } from '../engine/system.ts';
import type { RandomSource } from '../engine/values/random.ts';
import { SimulatorError } from '../errors.ts';
import { addDuration, DAY, formatInstant, HOUR, type Instant, MINUTE, parseDuration } from '../lib/time.ts';
import { Refusal } from '../model/command.ts';
import type { Act } from './act.ts';
import { createActClient, findOperation } from './act-client.ts';
import { localClock } from './local-time.ts';
import type { System } from './system.ts';

/**
 * A synthetic operator's day, made of the acts that the served systems bring; on channels that tell what nobody led to, it
 * speaks by itself.
 */
export interface Traffic {
  /**
   * Starts a run, in place of one that is running. Everything in it is done by the operations and actions that a client
   * has, on timers of the tenant's clock, so that state and events agree. Refuses with 400 what makes no sense.
   */
  start(work: Work, request: TrafficRequest): TrafficRun;
  /** Ends the run, if there is one. */
  stop(work: Work): void;
  /** How the newest run stands. */
  read(store: Pick<StoreReader, 'get'>): TrafficRun;
  /** Refuses with 400 a clock that runs so fast that the traffic that is running could not be kept up with it. */
  requireKept(store: Pick<StoreReader, 'get'>, clockRate: number): void;
  /** What its timers do, for the registry. */
  readonly timers: Readonly<Record<string, TimerHandler>>;
}

/** What is asked for. */
export interface TrafficRequest {
  /** Events a minute of virtual time, on average. */
  readonly rate: number;
  /** After how many events it ends. */
  readonly count?: number;
  /** After how much virtual time it ends, ISO 8601. */
  readonly duration?: string;
  /** How often each act is done, in proportion to the others; an act that is left out is not done. */
  readonly mix?: Mix;
  /** Evenly, or by the hours and days of the operator's policy. Default: by these, for a day and longer. */
  readonly shape?: Shape;
}

type Shape = 'even' | 'life';

/** How a run of traffic stands. */
export interface TrafficRun extends Partial<TrafficRequest> {
  /** `stopped` by request, `finished` by its count or duration. */
  readonly state: 'idle' | 'running' | 'stopped' | 'finished';
  readonly startedAt?: string;
  /** When its duration is over. */
  readonly until?: string;
  /** How many events it has led to. */
  readonly published: number;
  /** How often each act has been done. */
  readonly acts: Mix;
}

/** Numbers by act. */
type Mix = Readonly<Record<string, number>>;

/**
 * Makes the traffic of these systems. Throws `SYSTEM_INVALID` where two of them bring an act of one name.
 *
 * @example
 * const traffic = createTraffic(systems);
 * traffic.start(work, { rate: 60, duration: 'PT1H' });
 */
export function createTraffic(systems: readonly System[]): Traffic {
  const acts = actsOf(systems);

  return {
    start(work, request) {
      const { rate, count, duration, mix = usualMix(work) } = request;
      const isLong = duration !== undefined && addDuration(0, parseDuration(duration) ?? NO_TIME) >= DAY;
      const { shape = isLong ? 'life' : 'even' } = request;
      const length = duration === undefined ? undefined : parseDuration(duration);
      if (duration !== undefined && length === undefined) {
        throw invalid('/duration', 'must be an ISO 8601 duration, such as PT1H', `"${duration}" is no duration`);
      }
      requirePossible(work, mix);
      requirePace('/rate', rate, work.pace);
      const run: Run = {
        state: 'running',
        rate,
        ...(count !== undefined && { count }),
        ...(duration !== undefined && { duration }),
        ...(length !== undefined && { until: formatInstant(addDuration(work.now, length)) }),
        ...(shape === 'life' && { shape }),
        mix,
        startedAt: work.nowText,
        published: 0,
        acts: {},
        place: work.now,
      };
      work.cancel(ACT_TIMER);
      scheduleNext(work, run, 1);
      return withoutPlace(run);
    },
    stop(work) {
      const run = currentRun(work);
      if (run?.state === 'running') end(work, run, 'stopped');
    },
    read(store) {
      const run = currentRun(store);
      return run === undefined ? { state: 'idle', published: 0, acts: {} } : withoutPlace(run);
    },
    requireKept(store, clockRate) {
      const run = currentRun(store);
      if (run?.state === 'running') requirePace('/rate', run.rate, clockRate);
    },
    timers: {
      [TICK_TIMER]: (work) => {
        const run = currentRun(work);
        if (run?.state !== 'running') return;
        if (run.until !== undefined && work.now >= Date.parse(run.until)) {
          end(work, run, 'finished');
          return;
        }
        work.schedule({ key: ACT_TIMER, due: work.now, kind: ACT_TIMER });
        scheduleNext(work, run, 1);
      },
      [ACT_TIMER]: (work) => {
        const run = currentRun(work);
        if (run?.state !== 'running') return;
        const before = work.published;
        const name = performRandomAct(work, run.mix);
        if (name === undefined) return;
        const events = work.published - before + (acts.get(name)?.laterEvents ?? 0);
        const published = run.published + events;
        const after: Run = { ...run, published, acts: { ...run.acts, [name]: (run.acts[name] ?? 0) + 1 } };
        if (run.count !== undefined && published >= run.count) end(work, after, 'finished');
        else scheduleNext(work, after, events - 1);
      },
    },
  };

  function requirePossible(work: Work, mix: Mix): void {
    const wanted = Object.keys(mix).filter((name) => (mix[name] ?? 0) > 0);
    const { speakers } = work.registry;
    const impossible = wanted.filter((name) => !speakers.has(name) && !isPossible(work, name));
    if (wanted.length > 0 && impossible.length === 0) return;
    const why = wanted.length === 0 ? 'nothing is in the mix' : `no system for ${impossible.join(', ')} is served`;
    const possible = [...[...acts.keys()].filter((name) => isPossible(work, name)), ...speakers.keys()].join(', ');
    throw invalid('/mix', `must weigh some of: ${possible || 'none, as no system for any is served'}`, why);
  }

  function usualMix(work: Work): Mix {
    const possible = [...acts].filter(([name]) => isPossible(work, name));
    const decided = (work.policies.operator?.trafficMix ?? {}) as Mix;
    const told = [...work.registry.speakers.keys()].slice(0, MOST_CHANNELS);
    return Object.fromEntries([
      ...possible.map(([name, { weight }]) => [name, decided[name] ?? weight] as const),
      ...told.map((address) => [address, decided[address] ?? 1] as const),
    ]);
  }

  function isPossible(work: Work, name: string): boolean {
    const act = acts.get(name);
    return act?.operations?.every((id) => findOperation(work, act.system, id) !== undefined) ?? act !== undefined;
  }

  /** Does one act; returns its name, or `undefined` where none was possible. */
  function performRandomAct(work: Work, mix: Mix): string | undefined {
    const number = work.nextNumber(TRAFFIC);
    const random = work.random('traffic', number);
    const { speakers } = work.registry;
    const left = [...acts.keys(), ...speakers.keys()].filter((name) => (mix[name] ?? 0) > 0);
    // What cannot be done just now, because there is nobody to do it, makes room for something else.
    while (left.length > 0) {
      const name = pickWeighted(random, mix, left);
      const speak = acts.has(name) ? undefined : speakers.get(name);
      if (speak !== undefined) {
        speak(work);
        return name;
      }
      const act = acts.get(name);
      if (act?.perform(createActClient(work, { system: act.system, number, random })) === true) return name;
      left.splice(left.indexOf(name), 1);
    }
    return undefined;
  }
}

/** Channels that are in a mix unless it is told otherwise; it is kept with the run, and shown. */
const MOST_CHANNELS = 100;

/** The kinds of timers that traffic runs on. One act that fails costs that act, because the next is set before it. */
const TICK_TIMER = 'operator/traffic';
const ACT_TIMER = 'operator/traffic-act';

/** The collection that holds the newest run. */
const TRAFFIC = '$traffic';
const CURRENT = 'current';

interface Run extends TrafficRun {
  readonly rate: number;
  readonly mix: Mix;
  /** The instant the next act is planned for, in fractions of milliseconds, so that no rounding adds up. */
  readonly place: number;
}

/** The acts of all systems, in their order. */
function actsOf(systems: readonly System[]): ReadonlyMap<string, Act & { readonly system: string }> {
  const acts = new Map<string, Act & { readonly system: string }>();
  for (const { name: system, acts: own = {} } of systems) {
    for (const [name, act] of Object.entries(own)) {
      const other = acts.get(name)?.system;
      if (other !== undefined) {
        throw new SimulatorError(
          'SYSTEM_INVALID',
          `Failed to define the act "${name}": the systems ${other} and ${system} both bring one. Rename one of them.`,
        );
      }
      acts.set(name, { ...act, system });
    }
  }
  return acts;
}

function pickWeighted(random: RandomSource, mix: Mix, names: readonly string[]): string {
  const total = names.reduce((sum, name) => sum + (mix[name] ?? 0), 0);
  let place = random() * total;
  for (const name of names) {
    place -= mix[name] ?? 0;
    if (place < 0) return name;
  }
  return names.at(-1) ?? '';
}

/** Sets the timer of the next act, as far on as so many events take, give or take a half. */
function scheduleNext(work: Work, run: Run, events: number): void {
  const random = work.random('traffic', 'gap', run.place);
  const time = events * (MINUTE / run.rate) * (0.5 + random());
  const place = run.shape === 'life' ? afterBusyTime(work, run.place, time) : run.place + time;
  const due = Math.max(Math.floor(place), work.now + 1);
  work.put(TRAFFIC, CURRENT, { ...run, place });
  const last = run.until === undefined ? due : Math.min(due, Date.parse(run.until));
  work.schedule({ key: TICK_TIMER, due: last, kind: TICK_TIMER });
}

/** The instant by which so much time has passed, each hour as long as it is busy. */
function afterBusyTime({ policies }: Work, from: Instant, time: number): Instant {
  let [place, left] = [from, time];
  while (left > 0) {
    const clock = localClock({ now: place, policies });
    const busy = busyAt(policies, clock);
    const rest = HOUR - (clock % HOUR);
    if (busy * rest >= left) return place + left / busy;
    left -= busy * rest;
    place += rest;
  }
  // What came to nothing gives back the time that was planned for it.
  return place + left;
}

/** How busy the operator is when its clocks show a time, with 1 for the average of a week. */
function busyAt({ operator }: Policies, clock: Instant): number {
  const { trafficHours = [1], trafficDays = [1] } = (operator ?? {}) as Readonly<Record<string, number[]>>;
  const date = new Date(clock);
  const share = (weights: readonly number[], index: number) =>
    ((weights[index % weights.length] ?? 0) * weights.length) / weights.reduce((sum, weight) => sum + weight, 0);
  // Days begin with Monday.
  return share(trafficHours, date.getUTCHours()) * share(trafficDays, (date.getUTCDay() + 6) % 7);
}

const NO_TIME = { months: 0, milliseconds: 0 } as const;

function end(work: Work, run: Run, state: 'stopped' | 'finished'): void {
  work.cancel(TICK_TIMER);
  work.cancel(ACT_TIMER);
  work.put(TRAFFIC, CURRENT, { ...run, state });
}

function currentRun(store: Pick<StoreReader, 'get'>): Run | undefined {
  return store.get(TRAFFIC, CURRENT) as Run | undefined;
}

function withoutPlace({ place: _, ...run }: Run): TrafficRun {
  return run;
}

/**
 * Events a second of wall time that traffic may come to. Chosen with room to spare, not measured: a clock that is behind its
 * timers starves everybody.
 */
const MOST_EVENTS_A_SECOND = 500;

function requirePace(path: string, rate: number, clockRate: number): void {
  const events = (rate / 60) * clockRate;
  if (events <= MOST_EVENTS_A_SECOND) return;
  const message = `must not come to more than ${MOST_EVENTS_A_SECOND} events a second`;
  throw new Refusal(
    400,
    'TOO_FAST',
    `Failed to set the pace: ${rate} events a minute with a clock that runs ${clockRate} times as fast are ${Math.round(events)} a second, and at most ${MOST_EVENTS_A_SECOND} can be kept up. Lower one of the two, or advance the clock by hand.`,
    { violations: [{ in: 'body', path, message }] },
  );
}

function invalid(path: string, message: string, why: string): Refusal {
  return new Refusal(400, 'INVALID_REQUEST', `Failed to start the traffic: ${why}. Fix what is listed.`, {
    violations: [{ in: 'body', path, message }],
  });
}
