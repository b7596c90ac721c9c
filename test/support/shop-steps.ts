import fc from 'fast-check';
import { registerWebhook } from '../../src/engine/delivery/webhooks.ts';
import type { FaultEffect } from '../../src/engine/faults/fault.ts';
import { addFault } from '../../src/engine/faults/faults.ts';
import type { Input } from '../../src/engine/input.ts';
import type { Tenant, TenantParts } from '../../src/engine/tenant.ts';
import { toWebhookSecret } from '../../src/lib/webhook-secret.ts';
import { operationInput } from './inputs.ts';
import { perform } from './perform.ts';
import { shopContract, shopTenant } from './shop.ts';

/** What somebody may do to a tenant; ids are few, so that some of it hits what is there. */
export type Step =
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
export const step: fc.Arbitrary<Step> = fc.oneof(
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

/** What clients send with each request, which is held once for all of them. */
const CLIENTS = [{ 'user-agent': 'one' }, { 'user-agent': 'another' }];

/** A shop whose timers and receivers set off more. */
export function busyShop(parts: Partial<TenantParts>): Tenant {
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
    { reportFailure: () => {}, ...parts },
  );
}

export function take(tenant: Tenant, step: Step): unknown {
  switch (step.do) {
    case 'operation': {
      const operation = shopContract.operations.find(({ id }) => id === step.id);
      if (operation === undefined) throw new Error(step.id);
      const path = { orderId: `ORD-00000${step.order}` };
      const headers = CLIENTS[step.order % CLIENTS.length] ?? {};
      return tenant.apply(operationInput(operation, { path, headers, body: step.body, recordedIn: 'both' }));
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
