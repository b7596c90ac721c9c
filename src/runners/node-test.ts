import { after, test as nodeTest, type TestContext } from 'node:test';
import { createSimulator } from '../index.ts';
import { connect } from '../kit/connect.ts';
import type { AnyContracts, ShippedContracts } from '../kit/contract-shape.ts';
import {
  type RunnerOptions,
  runWithTenant,
  simulatorOptions,
  type TenantFixtures,
  TestSession,
  tenantName,
} from './session.ts';

/** What a test is given, and the context of `node:test`. */
export interface NodeTestFixtures<C extends AnyContracts> extends TenantFixtures<C> {
  readonly context: TestContext;
}

/** Declares a test, as `test` of `node:test` does. */
export type SimulatorTest<C extends AnyContracts> = (
  name: string,
  body: (fixtures: NodeTestFixtures<C>) => void | Promise<void>,
) => Promise<void>;

/**
 * Makes a `test` of `node:test` whose tests share a simulator with these options, each with a tenant of its own. A test
 * that fails says what the simulator saw; one whose requests break the contract fails.
 *
 * @example
 * const test = simulatorTest({ seed: 7 });
 * test('a customer is synchronized', async ({ tenant }) => { … });
 */
export function simulatorTest<C extends AnyContracts = ShippedContracts>(
  options: RunnerOptions = {},
): SimulatorTest<C> {
  const { url, adminToken } = options;
  let count = 0;
  const simulator = url === undefined ? createSimulator(simulatorOptions(options)) : undefined;
  let starting: Promise<void> | undefined;
  after(() => simulator?.stop());
  const tenantOf = async (name: string) => {
    if (simulator === undefined) return connect<C>(String(url), { tenant: name, adminToken });
    starting ??= simulator.start();
    await starting;
    return simulator.tenant<C>(name);
  };
  return async (name, body) => {
    count += 1;
    const id = String(count);
    await nodeTest(name, async (context) => {
      await runWithTenant(new TestSession<C>(await tenantOf(tenantName(name, id)), options), (fixtures) =>
        body({ ...fixtures, context }),
      );
    });
  };
}

export type { RunnerOptions, TenantFixtures } from './session.ts';
