import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AppliedInput } from '../../src/engine/tenant.ts';
import { answered } from '../support/attempts.ts';
import { busyShop, step, take } from '../support/shop-steps.ts';

/** How many inputs are tried in all: so many runs of so many steps. */
const RUNS = 125;
const STEPS = 80;

test('the inputs of a tenant, written as JSON and read again, give a fresh tenant the same records and state', async () => {
  let inputs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: STEPS, maxLength: STEPS }),
      fc.infiniteStream(fc.constantFrom(200, 204, 404, 410, 500)),
      async (steps, statuses) => {
        const tenant = busyShop({ transport: { send: async () => answered(Number(statuses.next().value)) } });
        const applied: string[] = [];
        tenant.follow(({ input, at }) => applied.push(JSON.stringify({ input, at })));
        for (const each of steps) await take(tenant, each);
        // Back to whatever was kept, if anything was, and on from there.
        if (tenant.snapshots.length > 0) tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
        await tenant.advance(tenant.now() + 3_600_000);
        inputs += applied.length;

        const copy = busyShop({
          transport: {
            send: () => {
              throw new Error('Nothing is sent.');
            },
          },
        });
        await copy.replay(applied.map((text) => JSON.parse(text) as AppliedInput));

        expect(copy.transcript.toText()).toBe(tenant.transcript.toText());
        expect(copy.journal.entries()).toEqual(tenant.journal.entries());
        expect(copy.activity.read()).toEqual(tenant.activity.read());
        expect(copy.feed.read()).toEqual(tenant.feed.read());
        expect(copy.clock()).toEqual(tenant.clock());
        for (const collection of ['shop/Order', '$timers', '$deliveries', '$faults', '$webhooks', '$counters']) {
          expect(copy.store.query(collection)).toEqual(tenant.store.query(collection));
        }
      },
    ),
    { numRuns: RUNS },
  );
  expect(inputs).toBeGreaterThan(10_000);
}, 60_000);
