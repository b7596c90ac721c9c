import type { Lifecycle, Move } from '../../model/lifecycle.ts';

/** The channel that every move is announced on. */
export const STATE_CHANGE = 'billingAccount/stateChange';

/** The life of a billing account, after the TM Forum's wiki: the contract itself leaves the state open. */
export const ACCOUNT_LIFECYCLE: Lifecycle = {
  resource: 'BillingAccount',
  property: 'state',
  initial: 'Defined',
  moves: [
    move('Defined', 'Active', 'the account may be billed'),
    move('Defined', 'Closed', 'the account is given up before it was ever billed'),
    move('Active', 'Pending update', 'a change is ordered that takes effect with the next cycle'),
    move('Pending update', 'Active', 'the change takes effect'),
    move('Pending update', 'Suspended', 'bad debt, or the customer asks for it'),
    move('Active', 'Suspended', 'bad debt, or the customer asks for it'),
    move('Suspended', 'Active', 'the debt is paid, or the customer comes back'),
    move('Active', 'Pending closed', 'the customer leaves; a last bill is still to come'),
    move('Pending update', 'Pending closed', 'the customer leaves before the change takes effect'),
    move('Suspended', 'Pending closed', 'the operator ends the contract'),
    move('Pending closed', 'Active', 'the customer stays after all'),
    move('Pending closed', 'Closed', 'the last bill is settled'),
  ],
};

/** All states, in order of appearance. */
export const ACCOUNT_STATES: readonly string[] = [
  ...new Set([ACCOUNT_LIFECYCLE.initial, ...ACCOUNT_LIFECYCLE.moves.flatMap(({ from, to }) => [from, to])]),
];

function move(from: string, to: string, when: string): Move {
  return { from, to, when, by: ['set-state'], announces: STATE_CHANGE };
}
