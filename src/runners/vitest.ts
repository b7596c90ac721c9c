import { test as base, expect, type TestAPI } from 'vitest';
import type { AnyContracts, ShippedContracts } from '../kit/contract-shape.ts';
import { type TenantMatchers, tenantMatchers } from './matchers.ts';
import { extendError, type RunnerOptions, type TenantFixtures, TestSession, tenantName } from './session.ts';
import { type SharedSimulator, withSimulator } from './shared-simulator.ts';

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: the declaration that this one adds to says so
  interface Assertion<T = any> extends TenantMatchers<T> {}
}

expect.extend(tenantMatchers);

interface Fixtures<C extends AnyContracts> extends TenantFixtures<C> {
  readonly simulator: SharedSimulator;
  readonly session: TestSession<C>;
}

/**
 * Makes a `test` of Vitest whose fixtures come from a simulator with these options: one a worker, and a tenant of its own
 * for every test. A test that fails says what the simulator saw; one whose requests break the contract fails.
 *
 * @example
 * const test = simulatorTest({ seed: 7 });
 * test('a customer is synchronized', async ({ tenant, clock }) => { … });
 */
export function simulatorTest<C extends AnyContracts = ShippedContracts>(
  options: RunnerOptions = {},
): TestAPI<Omit<Fixtures<C>, 'session'>> {
  const extended = base.extend<Fixtures<C>>({
    simulator: [
      // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern what a fixture needs
      async ({}, use: (value: SharedSimulator) => Promise<void>) => withSimulator(options, use),
      { scope: 'worker' },
    ],
    session: async ({ simulator, task }, use) => {
      const session = new TestSession<C>(simulator.tenant<C>(tenantName(task.name, task.id)), options);
      await session.begin();
      await use(session);
      const { result } = task;
      try {
        const text = await session.end(result?.state === 'fail');
        if (text !== undefined) extendError(result?.errors?.[0], text);
      } finally {
        await session.close();
      }
    },
    tenant: async ({ session }, use) => use(session.fixtures.tenant),
    clock: async ({ session }, use) => use(session.fixtures.clock),
    events: async ({ session }, use) => use(session.fixtures.events),
    faults: async ({ session }, use) => use(session.fixtures.faults),
    inbox: async ({ session }, use) => use(session.fixtures.inbox),
    allowViolations: async ({ session }, use) => use(session.fixtures.allowViolations),
  });
  return extended as TestAPI<Omit<Fixtures<C>, 'session'>>;
}

/** The same with the usual options. */
export const test = simulatorTest();

export { tenantMatchers } from './matchers.ts';
export type { RunnerOptions, TenantFixtures } from './session.ts';
export { expect };
