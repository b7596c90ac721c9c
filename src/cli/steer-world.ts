import type { AdvanceResult, ClockState } from '../kit/simulator-tenant.ts';
import { badUsage, clientOf, type SteeringContext, type SteeringFlags, tell } from './steering.ts';

/** The flags of `advance`. */
export interface AdvanceFlags extends SteeringFlags {
  readonly to?: string;
  readonly next?: boolean;
}

/**
 * The command `advance`: lets time pass in a world, and tells what happened on the way.
 *
 * @example await runAdvance('P31D', { url: 'http://127.0.0.1:4010' }, context);
 */
export async function runAdvance(
  by: string | undefined,
  flags: AdvanceFlags,
  context: SteeringContext,
): Promise<number> {
  const { to, next } = flags;
  if ([by, to, next].filter((each) => each !== undefined).length !== 1) {
    throw badUsage('no single distance was given', 'Give a duration such as P31D, --to and a time, or --next.');
  }
  const body = { ...(by !== undefined && { by }), ...(to !== undefined && { to }), ...(next === true && { next }) };
  const result = await clientOf(flags, context).json<AdvanceResult>('POST', '/clock/advance', { body });
  tell(flags, context, result, wordsOf(result));
  return 0;
}

function wordsOf({ from, to, count, effects, next }: AdvanceResult): string {
  const kinds = new Map<string, number>();
  for (const { kind, timer, channel } of effects) {
    const name = channel ?? timer ?? kind;
    kinds.set(name, (kinds.get(name) ?? 0) + 1);
  }
  const lines = [...kinds]
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => `  ${String(times).padStart(6)}  ${name}`);
  const shown = lines.slice(0, MOST_KINDS);
  const left = lines.length - shown.length;
  return [
    `${from} → ${to}: ${count === 1 ? '1 thing' : `${count} things`} happened.`,
    ...shown,
    ...(left > 0 ? [`  and ${left} more kinds`] : []),
    ...(count > effects.length ? [`  (of the first ${effects.length})`] : []),
    ...(next === undefined ? [] : [`Due next: ${next}`]),
  ].join('\n');
}

/** So many kinds of things are listed; `--json` has all. */
const MOST_KINDS = 20;

/** The flags of `reset`. */
export interface ResetFlags extends SteeringFlags {
  readonly seed?: number;
  readonly clock?: string;
  readonly fixture?: string;
  readonly policies?: Readonly<Record<string, unknown>>;
}

/**
 * The command `reset`: brings a world back to its start, or to another start.
 *
 * @example await runReset({ url: 'http://127.0.0.1:4010', seed: 7 }, context);
 */
export async function runReset(flags: ResetFlags, context: SteeringContext): Promise<number> {
  const { seed, clock, fixture, policies } = flags;
  const body = JSON.parse(JSON.stringify({ seed, clock, fixture, policies })) as object;
  const start = await clientOf(flags, context).json<ClockState & { readonly seed: number }>('POST', '/reset', { body });
  const pace = start.mode === 'manual' ? 'and stands still' : `and goes ${start.rate} times as fast as the wall clock`;
  tell(flags, context, start, `Back to the start, with the seed ${start.seed}: it is ${start.now}, ${pace}.`);
  return 0;
}

/** The flags of `snapshot`. */
export interface SnapshotFlags extends SteeringFlags {
  readonly list?: boolean;
  /** An id, or `true` for the newest. */
  readonly restore?: string | true;
}

interface Snapshot {
  readonly id: string;
  readonly at: string;
}

/**
 * The command `snapshot`: keeps a world as it stands, lists what is kept, or goes back to it. What it keeps has an id,
 * which is all that it prints.
 *
 * @example await runSnapshot({ url: 'http://127.0.0.1:4010', restore: 'SNAP-000001' }, context);
 */
export async function runSnapshot(flags: SnapshotFlags, context: SteeringContext): Promise<number> {
  const { list, restore } = flags;
  if (list === true && restore !== undefined) throw badUsage('--list and --restore exclude each other', 'Give one.');
  const client = clientOf(flags, context);
  if (list === true) {
    const items = await client.list<Snapshot>('/snapshots');
    if (flags.json === true) context.output.stdout.write(`${JSON.stringify({ items })}\n`);
    else for (const { id, at } of items) context.output.stdout.write(`${id}  ${at}\n`);
    return 0;
  }
  if (restore !== undefined) {
    const id = restore === true ? (await client.list<Snapshot>('/snapshots')).at(-1)?.id : restore;
    if (id === undefined)
      throw badUsage('there is no snapshot to go back to', 'Take one first: bss-simulator snapshot.');
    const kept = await client.json<Snapshot>('POST', `/snapshots/${encodeURIComponent(id)}/restore`);
    tell(flags, context, kept, `Back to ${kept.id}: it is ${kept.at}.`);
    return 0;
  }
  const taken = await client.json<Snapshot>('POST', '/snapshots');
  tell(flags, context, taken, taken.id);
  return 0;
}

/** The flags of `traffic`. */
export interface TrafficFlags extends SteeringFlags {
  readonly rate?: number;
  readonly count?: number;
  readonly duration?: string;
  readonly mix?: Readonly<Record<string, number>>;
  readonly shape?: string;
  readonly stop?: boolean;
}

interface TrafficRun {
  readonly state: string;
  readonly rate?: number;
  readonly until?: string;
  readonly published: number;
  readonly acts: Readonly<Record<string, number>>;
}

/**
 * The command `traffic`: starts a synthetic operator's day, ends it, or tells how it stands.
 *
 * @example await runTraffic({ url: 'http://127.0.0.1:4010', rate: 60, duration: 'PT10M' }, context);
 */
export async function runTraffic(flags: TrafficFlags, context: SteeringContext): Promise<number> {
  const { rate, count, duration, mix, shape, stop } = flags;
  const about = { rate, count, duration, mix, shape };
  const isNamed = Object.values(about).some((each) => each !== undefined);
  const client = clientOf(flags, context);
  if (stop === true) {
    if (isNamed) throw badUsage('--stop ends the traffic, and the others say what to start', 'Give one or the other.');
    await client.text('DELETE', '/traffic');
  } else if (isNamed) {
    if (rate === undefined) throw badUsage('it is not said how much traffic', 'Give --rate, in events a minute.');
    await client.text('POST', '/traffic', { body: about });
  }
  const run = await client.json<TrafficRun>('GET', '/traffic');
  const acts = Object.entries(run.acts).map(([name, times]) => `${times} ${name}`);
  tell(
    flags,
    context,
    run,
    [
      `Traffic is ${run.state}${run.rate === undefined ? '' : `, ${run.rate} events a minute`}${run.until === undefined ? '' : `, until ${run.until}`}.`,
      ...(run.published > 0 ? [`${run.published} events: ${acts.join(', ')}.`] : []),
      ...(isNamed
        ? ["It goes by the world's clock: bss-simulator advance lets time pass, --clock real lets it run."]
        : []),
    ].join('\n'),
  );
  return 0;
}
