import type { Lifecycle, Move } from '../../model/lifecycle.ts';

/** The state that no subscription comes back from. */
export const TERMINATED = 'TERMINATED';

const HOLDS = ['ADMINISTRATIVE_HOLD', 'CREDIT_HOLD', 'FULL_HOLD'] as const;
const WHY = { ADMINISTRATIVE_HOLD: 'asked for', CREDIT_HOLD: 'a debt is overdue', FULL_HOLD: 'both' } as const;

/** The life of a subscription in the marketplace; the contract names the states, the moves are this project's. */
export const SUBSCRIPTION_LIFECYCLE: Lifecycle = {
  resource: 'BSSSubscription',
  property: 'status',
  initial: 'NEW',
  moves: [
    move('NEW', 'ACTIVE', 'the service begins where it was sold'),
    ...['ACTIVE', 'GRACE'].flatMap((from) => HOLDS.map((hold) => move(from, hold, WHY[hold]))),
    ...HOLDS.flatMap((from) => [
      move(from, 'ACTIVE', 'what it was on hold for is over'),
      ...HOLDS.filter((hold) => hold !== from).map((hold) => move(from, hold, WHY[hold])),
      move(from, 'EXPIRED', 'a term that is not renewed ends; on hold there is no grace'),
    ]),
    move('ACTIVE', 'GRACE', 'a term that is not renewed ends'),
    move('GRACE', 'ACTIVE', 'it is renewed'),
    move('ACTIVE', 'EXPIRED', 'it is asked for'),
    move('GRACE', 'EXPIRED', 'the days of grace are over'),
    move('EXPIRED', 'ACTIVE', 'it is renewed'),
    ...['NEW', 'ACTIVE', 'GRACE', ...HOLDS, 'EXPIRED'].map((from) =>
      move(from, TERMINATED, from === 'EXPIRED' ? 'it was not renewed in time, or is cancelled' : 'it is cancelled'),
    ),
  ],
};

function move(from: string, to: string, when: string): Move {
  return { from, to, when };
}
