import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../lib/json-object.ts';
import { pointerTo } from '../../lib/json-pointer.ts';
import type { Input } from '../input.ts';
import { messageOf } from '../records/effects.ts';
import { World, type WorldParts } from '../world.ts';
import { type KeptLine, keptLine, wholeLine } from './commit-lines.ts';
import { type LogHeader, readLog } from './read-log.ts';
import { Restorer } from './short-lines.ts';

/** The first place where the present code does something else than what is kept. */
export interface Difference {
  /** The number of the commit. */
  readonly number: number;
  readonly at: number;
  readonly input: Input;
  /** What differs in the commit, as a JSON Pointer: `/answer/body/status`, `/writes/0/2/name`; empty where there is none now. */
  readonly where: string;
  readonly kept: unknown;
  readonly now: unknown;
}

/** What came of applying the inputs of a log again. */
export interface Verified {
  readonly header: LogHeader;
  /** Commits that came to the same. */
  readonly commits: number;
  readonly difference?: Difference;
}

/**
 * Applies the inputs that are kept again, one after another, from the checkpoint on, and compares what each comes to with
 * what is kept of it. Ends at the first difference: what follows would follow from that. Throws where the log cannot be
 * read. `later` names places that a surface fills in once an answer leaves, which it does not here.
 *
 * @example const { difference } = await verifyLog(reading.lines(), parts, new Set(['/answer/headers/content-length']));
 */
export async function verifyLog(
  lines: AsyncIterable<string>,
  parts: WorldParts,
  later: ReadonlySet<string>,
): Promise<Verified> {
  const world = new World(parts);
  let made: KeptLine | undefined;
  let commits = 0;
  let difference: Difference | undefined;
  world.follow((commit) => {
    const line = keptLine({ commit, writes: commit.writes, clock: world.clock.kept() });
    made = wholeLine(JSON.parse(line), new Restorer());
  });
  const header = await readLog(lines, {
    recover: (content) => world.recover(content),
    async repeat({ commit: { number, at, input } }, line) {
      if (difference !== undefined) return;
      made = undefined;
      world.clock.moveTo(at);
      const failure = await applied(world, input, at);
      const found = failure ?? differenceOf(line, made, later);
      if (found === undefined) commits += 1;
      else difference = { number, at, input, ...found };
    },
  });
  return { header, commits, ...(difference !== undefined && { difference }) };
}

/** Two values that differ, and where. */
type Found = Pick<Difference, 'where' | 'kept' | 'now'>;

/** Applies an input; answers why, where it cannot be applied. */
async function applied(world: World, input: Input, at: number): Promise<Found | undefined> {
  try {
    (await world.apply(input, at)).takeAnswer();
    return undefined;
  } catch (error) {
    return { where: '/failure', kept: undefined, now: messageOf(error) };
  }
}

function differenceOf(kept: KeptLine, now: KeptLine | undefined, later: ReadonlySet<string>): Found | undefined {
  if (now === undefined) return { where: '', kept: kept[1], now: undefined };
  const found = firstDifference(kept[1], now[1], '', later) ?? firstDifference(kept[2], now[2], '/writes', later);
  // Where a running clock stands depends on when it was asked.
  if (found !== undefined || kept[3].wall !== undefined) return found;
  return firstDifference(kept[3], now[3], '/clock', later);
}

function firstDifference(kept: unknown, now: unknown, where: string, later: ReadonlySet<string>): Found | undefined {
  if (isDeepStrictEqual(kept, now) || later.has(where)) return undefined;
  const isList = Array.isArray(kept) && Array.isArray(now);
  if (!isList && !(isObject(kept) && isObject(now))) return { where, kept, now };
  const [before, after] = [{ ...(kept as object) }, { ...(now as object) }] as Readonly<Record<string, unknown>>[];
  for (const key of new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])) {
    const found = firstDifference(before?.[key], after?.[key], pointerTo(where, key), later);
    if (found !== undefined) return found;
  }
  return undefined;
}
