import {
  type BrowserContext,
  test as base,
  expect as baseExpect,
  type Fixtures as PlaywrightFixtures,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestInfo,
  type TestType,
} from '@playwright/test';
import type { SimulatorTenant } from '../kit/simulator-tenant.ts';
import { toHar } from '../lib/har.ts';
import { type TenantMatchers, tenantMatchers } from './matchers.ts';
import { extendError, type RunnerOptions, type TenantFixtures, TestSession, tenantName } from './session.ts';
import { type SharedSimulator, withSimulator } from './shared-simulator.ts';

declare global {
  namespace PlaywrightTest {
    interface Matchers<R> extends TenantMatchers<R> {}
  }
}

/** Options of a project, in `use`. */
export interface SimulatorProjectOptions {
  /** Of the simulator that the tests of a worker share. */
  readonly simulatorOptions: RunnerOptions;
  /**
   * Origins that the page takes for the back end, such as `https://api.shop.example`: requests to them go to the tenant
   * of the test. Those to the simulator's own address do so anyway.
   */
  readonly apiOrigins: readonly string[];
}

interface WorkerFixtures extends Pick<SimulatorProjectOptions, 'simulatorOptions'> {
  readonly simulator: SharedSimulator;
}

interface TestFixtures extends TenantFixtures, Pick<SimulatorProjectOptions, 'apiOrigins'> {
  readonly session: TestSession;
}

/**
 * The `test` of Playwright with a simulator a worker and a tenant of its own for every test, to which the requests of the
 * page go. What the tenant saw is attached to a test that fails, and ends its message.
 *
 * @example
 * test('a customer signs up', async ({ page, tenant }) => {
 *   await page.goto('http://localhost:3000');
 *   await expect(tenant).toHaveReceived({ operationId: 'createCustomer' }, 1);
 * });
 */
export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & TestFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & WorkerFixtures
> = base.extend<TestFixtures, WorkerFixtures>({
  simulatorOptions: [{}, { option: true, scope: 'worker' }],
  apiOrigins: [[], { option: true }],
  simulator: [async ({ simulatorOptions: options }, use) => withSimulator(options, use), { scope: 'worker' }],
  session: async ({ simulator, simulatorOptions: options }, use, testInfo) => {
    const session = new TestSession(simulator.tenant(tenantName(testInfo.title, testInfo.testId)), options);
    await session.begin();
    await use(session);
    const hasFailed = testInfo.status !== testInfo.expectedStatus;
    try {
      if (hasFailed) await attach(session.fixtures.tenant, testInfo);
      const text = await session.end(hasFailed);
      if (text !== undefined) extendError(testInfo.errors[0], text);
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
  context: async ({ context, tenant, simulator, apiOrigins }, use) => {
    await routeToTenant(context, tenant, [simulator.url, ...apiOrigins]);
    await use(context);
  },
} as PlaywrightFixtures<
  TestFixtures,
  WorkerFixtures,
  PlaywrightTestArgs & PlaywrightTestOptions,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
>);

/** The matchers of this package beside those of Playwright. */
export const expect = baseExpect.extend(tenantMatchers);

/** Names the tenant to the simulator; where the page believes it speaks to somebody else, the request goes elsewhere. */
async function routeToTenant(
  context: BrowserContext,
  tenant: SimulatorTenant,
  origins: readonly string[],
): Promise<void> {
  const own = new URL(tenant.url).origin;
  await context.route(
    (url) => origins.includes(url.origin),
    async (route) => {
      const request = route.request();
      const url = new URL(request.url());
      const { host: _, ...headers } = { ...(await request.allHeaders()), ...tenant.headers };
      if (url.origin === own) return route.continue({ headers });
      // A request cannot go on to somewhere else, so that it is made from here; what it meets, the page meets.
      try {
        return await route.fulfill({
          response: await route.fetch({ url: `${own}${url.pathname}${url.search}`, headers }),
        });
      } catch {
        return route.abort('connectionreset');
      }
    },
  );
}

/** What somebody looks at first when a test has failed. */
async function attach(tenant: SimulatorTenant, testInfo: TestInfo): Promise<void> {
  const [requests, activity, transcript] = await Promise.all([
    tenant.requests.list(),
    tenant.activity.list(),
    tenant.transcript(),
  ]);
  const json = (value: unknown) => ({ body: JSON.stringify(value, null, 2), contentType: 'application/json' });
  await testInfo.attach('tenant.har', json(toHar(requests, tenant.url)));
  await testInfo.attach('tenant-activity.json', json(activity));
  await testInfo.attach('tenant-transcript.jsonl', { body: transcript, contentType: 'text/plain' });
}

export { tenantMatchers } from './matchers.ts';
export type { RunnerOptions, TenantFixtures } from './session.ts';
