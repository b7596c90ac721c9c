import { expect, test } from 'vitest';
import { createWorld } from '../test-world.ts';

const LATER = { path: { system: 'connectx', action: 'send-later' }, body: { name: 'a' } };

test('the clock tells the time and the timers that wait', async () => {
  const { ask } = await createWorld();
  await ask('runAction', LATER);

  expect((await ask('readClock')).body).toEqual({
    now: '2026-01-01T00:00:00.000Z',
    mode: 'manual',
    rate: 1,
    pending: [{ due: '2026-01-01T00:01:00.000Z', kind: 'connectx/tick', key: 'connectx/tick/a' }],
  });
});

test.each([
  [{ by: 'PT1M' }, '2026-01-01T00:01:00.000Z'],
  [{ to: '2026-01-01T02:00:00+01:00' }, '2026-01-01T01:00:00.000Z'],
  [{ next: true }, '2026-01-01T00:01:00.000Z'],
])('advancing by %j runs the timers on the way', async (body, to) => {
  const { ask } = await createWorld();
  await ask('runAction', LATER);

  const { body: result } = await ask('advanceClock', { body });

  expect(result).toMatchObject({
    from: '2026-01-01T00:00:00.000Z',
    to,
    count: 2,
    effects: [{ kind: 'timer' }, { kind: 'event' }],
  });
});

test.each([
  [{}],
  [{ by: 'P1D', next: true }],
  [{ by: 'soon' }],
  [{ to: '2026-02-30T00:00:00Z' }],
  [{ to: '2025-01-01T00:00:00Z' }],
  [{ by: 'P99999Y' }],
  [{ by: 'P999999999999999999999Y' }],
])('advancing by %j is refused', async (body) => {
  const { ask, tenant } = await createWorld();

  await expect(ask('advanceClock', { body })).rejects.toMatchObject({ name: 'Refusal', status: 400 });
  expect(tenant.now()).toBe(Date.UTC(2026, 0, 1));
});

test('a setting that is left out stays as it is', async () => {
  const { ask } = await createWorld();

  expect((await ask('setClock', { body: { rate: 60 } })).body).toMatchObject({ mode: 'manual', rate: 60 });
  expect((await ask('setClock', { body: { mode: 'real' } })).body).toMatchObject({ mode: 'real', rate: 60 });
  expect((await ask('setClock', { body: { mode: 'manual' } })).body).toMatchObject({ mode: 'manual', rate: 60 });
});
