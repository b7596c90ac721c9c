import { addDuration, parseDuration } from '../../lib/time.ts';
import type { Lifecycle } from '../../model/lifecycle.ts';
import type { Change } from '../state/change.ts';
import type { Work } from '../state/work.ts';
import type { TimerHandler } from '../system.ts';

/** The kind of the timers that make moves of life cycles by themselves. */
export const MOVE_TIMER = 'engine/move';

/**
 * Sets the timer of the next move that happens by itself, as a thing comes into a state, and calls off that of the state
 * before.
 *
 * @example setMoveTimer(work, 'shop/Order', lifecycle, 'ORD-000001', { before, after, context });
 */
export function setMoveTimer(
  work: Work,
  collection: string,
  { property, moves }: Lifecycle,
  id: string,
  { before, after }: Change,
): void {
  const state = after?.[property];
  if (before !== undefined && before[property] === state) return;
  const key = `${MOVE_TIMER}/${collection}/${id}`;
  if (before !== undefined) work.cancel(key);
  const move = moves.find((each) => each.from === state && each.after !== undefined);
  const duration = move?.after === undefined ? undefined : parseDuration(move.after);
  if (move === undefined || duration === undefined) return;
  const data = { collection, id, property, from: move.from, to: move.to };
  work.schedule({ key, due: addDuration(work.now, duration), kind: MOVE_TIMER, data });
}

/** Makes the move, unless the thing has gone another way meanwhile. */
export const makeTimedMove: TimerHandler = (work, data) => {
  const { collection, id, property, from, to } = data as Readonly<Record<string, string>>;
  if (collection === undefined || id === undefined || property === undefined) return;
  if (work.get(collection, id)?.[property] === from) work.change(collection, id, { [property]: to });
};
