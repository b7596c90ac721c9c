import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FairTurns } from '../../../src/surfaces/http/fair-turns.ts';

/** Turns whose clock goes on with what is worked, and with nothing else. */
function setUp() {
  let now = 0;
  const turns = new FairTurns(
    () => now,
    () => now,
  );
  const done: string[] = [];
  const work = (milliseconds: number) => {
    now += milliseconds;
  };
  /** As a request comes in: only a crowd makes it wait. */
  const ask = (name: string, client: object, kind: object, milliseconds = 0) => {
    const perform = () => {
      done.push(name);
      work(milliseconds);
      return name;
    };
    return turns.isOver() ? turns.wait(client, kind, 0, perform) : perform();
  };
  /** Makes known how long something takes, which shows in a crowd. */
  const learn = async (client: object, kind: object, milliseconds: number) => {
    ask('crowd', {}, {}, 10);
    ask('learnt', client, kind, milliseconds);
    await nextTurn();
    await nextTurn();
    done.length = 0;
  };
  return { turns, done, work, ask, learn };
}

const [LIST, READ] = [{ operation: 'list' }, { operation: 'read' }];

test('without a crowd everything is let in at once', async () => {
  const { turns, work } = setUp();
  expect(turns.isOver()).toBe(false);
  work(9);
  expect(turns.isOver()).toBe(false);
  await nextTurn();
  work(100);
  expect(turns.isOver()).toBe(false);
});

test('what takes long waits for a later turn where this one has worked for long, what is done soon does not', async () => {
  const { done, ask, learn } = setUp();
  const client = {};
  await learn(client, LIST, 20);
  ask('first', client, LIST, 20);
  await nextTurn();

  ask('a', client, LIST, 10);
  const late = ask('b', client, LIST, 20);
  ask('short', client, READ, 1);
  expect(done).toEqual(['first', 'a', 'short']);
  expect(await late).toBe('b');
});

test('a turn does no more of what has waited than it has time for', async () => {
  const { done, ask, learn } = setUp();
  const client = {};
  await learn(client, LIST, 6);
  ask('crowd', {}, {}, 10);
  for (const name of ['a', 'b', 'c']) ask(name, client, LIST, 3);
  expect(done).toEqual(['crowd']);
  await nextTurn();
  expect(done).toEqual(['crowd', 'a', 'b']);
  await nextTurn();
  expect(done).toEqual(['crowd', 'a', 'b', 'c']);
});

test('what has waited long goes on although everything else is done soon', async () => {
  const { done, ask, learn } = setUp();
  const client = {};
  await learn(client, LIST, 20);
  ask('crowd', {}, READ, 10);
  ask('long', client, LIST, 20);
  for (let turn = 0; turn < 200 && !done.includes('long'); turn += 1) {
    for (let each = 0; each < 30; each += 1) ask('short', {}, READ, 1);
    await nextTurn();
  }
  expect(done.at(-1)).toBe('long');
});

test('of what waits, that goes first which takes least, in each tenant', async () => {
  const { done, ask, learn } = setUp();
  const [busy, quiet] = [{}, {}];
  await learn(busy, LIST, 8);
  await learn(busy, READ, 7);
  await learn(quiet, LIST, 6);

  ask('crowd', {}, {}, 10);
  ask('8 ms', busy, LIST);
  ask('7 ms', busy, READ);
  ask('6 ms', quiet, LIST);
  await nextTurn();
  expect(done).toEqual(['crowd', '6 ms', '7 ms', '8 ms']);
});

test('one collection of garbage makes nothing long that was short', async () => {
  const { done, ask, learn } = setUp();
  const unlucky = {};
  for (const took of [1, 1, 1, 200, 1, 1]) await learn(unlucky, READ, took);
  ask('crowd', {}, {}, 10);
  ask('short', unlucky, READ);
  expect(done).toEqual(['crowd', 'short']);
});

test('what is alike stays in its order', async () => {
  const { done, ask, learn } = setUp();
  const client = {};
  await learn(client, LIST, 6);
  const names = Array.from({ length: 20 }, (_, index) => String(index));
  await Promise.all(names.map((name) => ask(name, client, LIST, 4)));
  expect(done).toEqual(names);
});

test('what goes on in promises counts as its work, and what is thrown comes out', async () => {
  const { turns, done, work, ask, learn } = setUp();
  const client = {};
  await learn(client, LIST, 6);
  ask('crowd', {}, {}, 10);
  const long = turns.wait(client, LIST, 0, async () => {
    await undefined;
    work(50);
    throw new Error('broken');
  });
  const next = ask('next', client, LIST);
  await expect(long).rejects.toThrow('broken');
  expect(done).toEqual(['crowd']);
  await next;
  ask('crowd', {}, {}, 10);
  const thrown = turns.wait(client, LIST, 0, () => {
    throw new Error('at once');
  });
  await expect(thrown).rejects.toThrow('at once');
});

test('bodies of those that wait are bounded: what goes beyond is let in', async () => {
  const { turns, ask, learn } = setUp();
  const client = {};
  await learn(client, LIST, 20);
  ask('crowd', {}, {}, 10);
  const large = 40 * 2 ** 20;
  const first = turns.wait(client, LIST, large, () => 'first');
  expect(first).toBeInstanceOf(Promise);
  expect(turns.wait(client, LIST, large, () => 'second')).toBe('second');
  expect(await first).toBe('first');
});
