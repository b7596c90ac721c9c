import { expect, test } from 'vitest';
import { Turns } from '../../src/engine/time/turns.ts';

/** Turns by a clock that is set by hand. */
function turnsByHand() {
  const clock = { now: 0 };
  return { clock, turns: new Turns(() => clock.now) };
}

const loopTurn = () => new Promise((resolve) => setImmediate(resolve));

test('runs that begin in one turn of the event loop share one slice', async () => {
  const { clock, turns } = turnsByHand();
  const first = turns.begin();
  clock.now = 3;
  expect(first.isOver()).toBe(false);
  const second = turns.begin();
  clock.now = 5;
  expect(second.isOver()).toBe(true);
  expect(turns.begin().isOver()).toBe(true);

  await loopTurn();
  expect(turns.begin().isOver()).toBe(false);
});

test('in each turn of the event loop one of those that wait works, and who begins then waits behind them', async () => {
  const { clock, turns } = turnsByHand();
  const order: string[] = [];
  const run = async (name: string) => {
    const numbers = [1, 2, 3];
    for await (const number of turns.through(numbers)) {
      order.push(`${name}${number}`);
      clock.now += 5;
    }
  };
  await Promise.all([run('a'), run('b'), run('c')]);

  expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3', 'b3', 'c3']);
});
