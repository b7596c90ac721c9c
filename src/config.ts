import type { StartingWorld } from './engine/system.ts';
import type { KeptClock } from './engine/time/clock.ts';
import { SimulatorError } from './errors.ts';
import { isLoopback } from './lib/loopback.ts';
import { addDuration, type Instant, parseDuration, parseInstant } from './lib/time.ts';
import { checkOptions } from './options/check-options.ts';
import { FORMATS } from './options/formats.ts';
import { type DefaultedOption, ENTRIES, OPTION_NAMES, type OptionValues } from './options/option-table.ts';

/**
 * What a user can set, as `src/options/option-table.ts` lists it; the same names on the command line (kebab-case), in
 * `bss-simulator.yaml` and, upper case with the prefix `BSS_SIMULATOR_`, in the environment.
 */
export interface SimulatorOptions extends Partial<Omit<OptionValues, 'fixture'>> {
  /** Name of a shipped starting world, a file, or (in process only) what fills an empty store. */
  fixture?: string | StartingWorld;
}

type AllOptions = Required<SimulatorOptions>;

/** Options that are more than their value: what is read from them. */
interface ReadOptions {
  readonly clock: KeptClock;
  /** Milliseconds; default: the engine's own. */
  readonly retrySchedule?: readonly number[];
  /** Milliseconds. */
  readonly stallTimeout: number;
  /** Milliseconds. */
  readonly lease: number;
  readonly cache?: string;
}

/** Options with every default filled in and every value read. */
export interface Settings
  extends ReadOptions,
    Readonly<Pick<AllOptions, Exclude<DefaultedOption, keyof ReadOptions>>>,
    Readonly<Partial<Omit<AllOptions, DefaultedOption | keyof ReadOptions>>> {}

/** What settings depend on that is no option. */
export interface SettingsContext {
  /** The wall time, which the clock `real` starts from. */
  readonly now?: Instant;
  /** The folder for the cache where the options name none; no cache without it. */
  readonly cache?: string;
}

/**
 * Fills in the defaults and checks every value; throws `CONFIG_INVALID` for the first that makes no sense.
 *
 * @example resolveSettings({ port: 0, clock: 'real@2026-06-01T00:00:00Z' }).clock.mode // 'real'
 */
export function resolveSettings(options: SimulatorOptions, context: SettingsContext = {}): Settings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  // A world can be filled by code, which no flag, file or variable can hold.
  const { fixture, ...values } = given;
  const [mistake] = checkOptions(typeof fixture === 'function' ? values : given);
  if (mistake !== undefined) throw invalid(mistake.why, mistake.advice);
  const { clock, publicUrl, retrySchedule, stallTimeout, lease, cache, ...plain } = {
    ...defaults(options.host !== undefined && !isLoopback(options.host)),
    ...(given as SimulatorOptions),
  };
  if (plain.replicas && !plain.store.startsWith('postgres'))
    throw invalid(
      `"replicas" is set, and "store" is "${plain.store.split(':')[0]}"`,
      'Replicas share a --store postgres://….',
    );
  const cacheFolder = cache === false ? undefined : (cache ?? context.cache);
  return {
    ...plain,
    clock: parseClock(clock, context.now, plain.rate),
    // Without a slash at its end, so that paths can be put behind it.
    ...(publicUrl !== undefined && { publicUrl: publicUrl.replace(/\/+$/, '') }),
    stallTimeout: toMilliseconds(stallTimeout),
    lease: leaseOf(lease),
    ...(retrySchedule !== undefined && { retrySchedule: retrySchedule.map(toMilliseconds) }),
    ...(cacheFolder !== undefined && { cache: cacheFolder }),
  };
}

/**
 * Reads the option `clock`: a time to stand still at, `real`, or `real@` and a time. `wallTime` is what `real` starts
 * from, and `rate` how many times as fast as that it goes. Throws `CONFIG_INVALID` for anything else.
 *
 * @example parseClock('2026-06-01T00:00:00Z') // { mode: 'manual', now: 1780272000000, rate: 1 }
 */
export function parseClock(text: string, wallTime?: Instant, rate = 1): KeptClock {
  const isReal = text === 'real' || text.startsWith('real@');
  const now = text === 'real' ? wallTime : parseInstant(isReal ? text.slice('real@'.length) : text);
  if (now !== undefined && FORMATS.clock.validate(text)) {
    // What begins later, and what is reset, shows the wall clock's time as well.
    const follows = text === 'real' && rate === 1;
    return { mode: isReal ? 'real' : 'manual', now, rate, ...(follows && { wall: now }) };
  }
  throw invalid(`"clock" is "${text}"`, `Use ${FORMATS.clock.expected}.`);
}

function defaults(isShared: boolean): Pick<AllOptions, DefaultedOption> {
  const values = OPTION_NAMES.map((name) => {
    const { default: alone, sharedDefault: shared = alone } = ENTRIES[name];
    return [name, isShared ? shared : alone] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Pick<AllOptions, DefaultedOption>;
}

function toMilliseconds(duration: string): number {
  const parsed = parseDuration(duration);
  if (parsed === undefined) throw new RangeError(`Failed to read the duration "${duration}": it is none.`);
  return addDuration(0, parsed);
}

/** One that is shorter would pass while its owner is busy. */
const SHORTEST_LEASE = 500;

function leaseOf(text: string): number {
  const lease = toMilliseconds(text);
  if (lease >= SHORTEST_LEASE) return lease;
  throw invalid(`"lease" is "${text}"`, 'Use PT0.5S or more.');
}

function invalid(why: string, advice: string): SimulatorError {
  return new SimulatorError('CONFIG_INVALID', `Failed to read the options: ${why}. ${advice}`);
}
