import { expect, test } from 'vitest';
import { PutOff } from '../../../src/surfaces/webhooks/put-off.ts';

const TIMEOUT = 5_000;
const hook = (path: string): URL => new URL(`http://a.example/${path}`);

function world() {
  let now = 0;
  const putOff = new PutOff(TIMEOUT, () => now);
  /** Asks a receiver that never answers; says for how long it was waited for. */
  const askInVain = (path: string): number => {
    const patience = putOff.patienceWith('acme', hook(path));
    putOff.note('acme', hook(path), true, patience);
    return patience;
  };
  return { putOff, askInVain, wait: (milliseconds: number) => (now += milliseconds) };
}

test('a receiver has the whole time until it is late once, and so has its machine', () => {
  const { putOff, askInVain } = world();
  expect(askInVain('hook')).toBe(TIMEOUT);
  expect(putOff.patienceWith('acme', hook('hook'))).toBe(50);
  expect(putOff.patienceWith('acme', hook('other'))).toBe(50);
  expect(putOff.patienceWith('acme', new URL('http://b.example/hook'))).toBe(TIMEOUT);
  expect(putOff.patienceWith('other', hook('hook'))).toBe(TIMEOUT);
});

test('one that hangs is asked as patiently each time: it may be well again', () => {
  const { askInVain } = world();
  expect(Array.from({ length: 10 }, () => askInVain('hook')).slice(1)).toEqual(Array(9).fill(50));
});

test('hundreds that hang cost a tenant seconds, whatever they are tried', () => {
  const { askInVain } = world();
  askInVain('0');
  let waited = 0;
  for (let attempt = 0; attempt < 6; attempt += 1) {
    for (let index = 0; index < 500; index += 1) waited += askInVain(String(index));
  }
  expect(waited).toBeLessThan(10_000);
});

test('after a minute it has the whole time again', () => {
  const { putOff, askInVain, wait } = world();
  askInVain('hook');
  wait(60_000);
  expect(putOff.patienceWith('acme', hook('hook'))).toBe(TIMEOUT);
});
