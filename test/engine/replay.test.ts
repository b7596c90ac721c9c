import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttemptResult } from '../../src/engine/delivery/delivery.ts';
import { registerWebhook } from '../../src/engine/delivery/webhooks.ts';
import type { FaultEffect } from '../../src/engine/faults/fault.ts';
import { addFault } from '../../src/engine/faults/faults.ts';
import type { Input } from '../../src/engine/input.ts';
import type { AppliedInput, Tenant } from '../../src/engine/tenant.ts';
import { toWebhookSecret } from '../../src/lib/webhook-secret.ts';
import { answered } from '../support/attempts.ts';
import { operationInput } from '../support/inputs.ts';
import { perform } from '../support/perform.ts';
import { shopContract, shopTenant } from '../support/shop.ts';

/** How many inputs are tried in all: so many runs of so many steps. */
const RUNS = 125;
const STEPS = 80;

/** What somebody may do to a tenant; ids are few, so that some of it hits what is there. */
type Step =
  | {
      readonly do: 'operation';
      readonly id: string;
      readonly order: number;
      readonly body: Readonly<Record<string, unknown>>;
    }
  | { readonly do: 'input'; readonly input: Exclude<Input, { kind: 'operation' | 'reset' }> }
  | { readonly do: 'reset' }
  | { readonly do: 'advance'; readonly by: number }
  | { readonly do: 'ring'; readonly after: number }
  | { readonly do: 'hook'; readonly channel: string }
  | { readonly do: 'fault'; readonly match: Readonly<Record<string, string>>; readonly fault: FaultEffect };

const body = fc.record(
  { note: fc.string(), amount: fc.integer({ min: -5, max: 5 }), state: fc.constantFrom('Open', 'Paid', 'Shipped') },
  { requiredKeys: [] },
);
const operations = shopContract.operations.map(({ id }) => id);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('operation' as const),
      id: fc.constantFrom(...operations),
      order: fc.integer({ min: 1, max: 6 }),
      body,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('input' as const),
      input: fc.oneof(
        fc.record({
          kind: fc.constant('message' as const),
          channel: fc.constantFrom('order/created', 'order/paid'),
          payload: fc.record({ orderId: fc.string(), state: fc.constantFrom('Open', 'Paid') }),
        }),
        fc.constant({ kind: 'snapshot' as const }),
        fc.constant({ kind: 'forget' as const, record: 'journal' as const }),
        fc.record({ kind: fc.constant('number' as const), series: fc.constantFrom('a', 'b') }),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('advance' as const), by: fc.integer({ min: 0, max: 600_000 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('ring' as const), after: fc.integer({ min: 0, max: 300_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hook' as const), channel: fc.constantFrom('order/*', '*') }) },
  {
    weight: 2,
    arbitrary: fc.oneof(
      fc.record({
        do: fc.constant('fault' as const),
        match: fc.constant({ operationId: 'createOrder' }),
        fault: fc.constantFrom<FaultEffect>({ status: 503 }, { truncate: true }, { headers: { 'x-a': 'b' } }),
      }),
      fc.record({
        do: fc.constant('fault' as const),
        match: fc.constant({ channel: '*' }),
        fault: fc.constantFrom<FaultEffect>(
          { drop: true },
          { reorder: true },
          { duplicate: true },
          { latency: 'PT1M' },
        ),
      }),
      fc.record({
        do: fc.constant('fault' as const),
        match: fc.constant({ target: '*' }),
        fault: fc.constantFrom<FaultEffect>({ status: 500 }, { latency: 'PT30S' }),
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'reset' as const }) },
);

/** A shop whose timers and receivers set off more. */
function shop(results: () => AttemptResult): Tenant {
  return shopTenant(
    {
      timers: {
        ring: (work, { after }) => {
          work.create('shop/Order', { note: `at ${work.nowText}` });
          if (Number(after) > 200_000) throw new Error('too late');
          if (Number(after) > 100_000) work.schedule({ key: 'again', due: work.now + 1_000, kind: 'shop/ring' });
        },
      },
    },
    { transport: { send: async () => results() }, reportFailure: () => {} },
  );
}

function take(tenant: Tenant, step: Step): unknown {
  switch (step.do) {
    case 'operation': {
      const operation = shopContract.operations.find(({ id }) => id === step.id);
      if (operation === undefined) throw new Error(step.id);
      const path = { orderId: `ORD-00000${step.order}` };
      return tenant.apply(operationInput(operation, { path, body: step.body, recordedIn: 'both' }));
    }
    case 'advance':
      return tenant.advance(tenant.now() + step.by);
    case 'ring':
      return perform(tenant, (work) =>
        work.schedule({ key: `ring ${step.after}`, due: work.now + step.after, kind: 'shop/ring', data: { ...step } }),
      );
    case 'hook':
      return perform(tenant, (work) =>
        registerWebhook(work, { url: 'http://receiver.test/', channels: [step.channel] }, toWebhookSecret),
      );
    case 'fault':
      return perform(tenant, (work) => addFault(work, { match: step.match, fault: step.fault, times: 3 }));
    case 'reset':
      return tenant.apply({ kind: 'reset' });
    default:
      return tenant.apply(step.input);
  }
}

test('the inputs of a tenant, written as JSON and read again, give a fresh tenant the same records and state', async () => {
  let inputs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: STEPS, maxLength: STEPS }),
      fc.infiniteStream(fc.constantFrom(200, 204, 404, 410, 500)),
      async (steps, statuses) => {
        const tenant = shop(() => answered(Number(statuses.next().value)));
        const applied: string[] = [];
        tenant.follow(({ input, at }) => applied.push(JSON.stringify({ input, at })));
        for (const each of steps) await take(tenant, each);
        // Back to whatever was kept, if anything was, and on from there.
        if (tenant.snapshots.length > 0) tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
        await tenant.advance(tenant.now() + 3_600_000);
        inputs += applied.length;

        const copy = shop(() => {
          throw new Error('Nothing is sent.');
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
