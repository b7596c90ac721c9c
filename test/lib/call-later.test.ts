import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { callLater } from '../../src/lib/call-later.ts';

test('it calls back once, unless it is called off', async () => {
  const called: string[] = [];
  const callOff = callLater(0, () => called.push('called off'));
  callOff();
  await new Promise<void>((resolve) => callLater(0, resolve));
  callLater(0, () => called.push('called'));
  await new Promise<void>((resolve) => callLater(1, resolve));
  expect(called).toEqual(['called']);
});

test('what is called off leaves nothing behind, however many lengths of time there are', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const setAndCallOff = (from: number): number => {
    for (let wait = from; wait < from + MANY; wait += 1) callLater(wait, () => {})();
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = setAndCallOff(MANY);
  expect(setAndCallOff(2 * MANY) - before).toBeLessThan(MANY * BYTES_OF_A_LIST);
});

const MANY = 50_000;
/** Node's own, of timers of one length, has three times as many. */
const BYTES_OF_A_LIST = 50;
