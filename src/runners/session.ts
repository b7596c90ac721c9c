import type { SimulatorOptions } from '../config.ts';
import { SimulatorError } from '../errors.ts';
import type { AnyContracts, ShippedContracts } from '../kit/contract-shape.ts';
import type { SimulatorTenant, TenantInbox } from '../kit/simulator-tenant.ts';

/** What tests run against: a simulator of their own, or one that runs somewhere. */
export interface RunnerOptions extends SimulatorOptions {
  /** Contracts to serve in place of the shipped ones, files or folders; the same as `specs`. */
  readonly contracts?: readonly string[];
  /** A simulator that runs already; the other options are then its own. */
  readonly url?: string;
  /** Bearer token of the control API of that simulator. */
  readonly adminToken?: string;
  /** Whether requests that break the contract fail no test. Default: false. */
  readonly allowViolations?: boolean;
}

/** What a test is given. */
export interface TenantFixtures<C extends AnyContracts = ShippedContracts> {
  /** A world that no other test has. */
  readonly tenant: SimulatorTenant<C>;
  readonly clock: SimulatorTenant<C>['clock'];
  readonly events: SimulatorTenant<C>['events'];
  readonly faults: SimulatorTenant<C>['faults'];
  /** A receiver of callbacks by this name. */
  readonly inbox: (name: string) => TenantInbox;
  /** Lets requests that break the contract pass in this test, because it is about them. */
  readonly allowViolations: () => void;
}

/** The world of one test, from its beginning to its end. */
export class TestSession<C extends AnyContracts = ShippedContracts> {
  readonly fixtures: TenantFixtures<C>;
  readonly #tenant: SimulatorTenant<C>;
  #areViolationsAllowed: boolean;

  constructor(tenant: SimulatorTenant<C>, { allowViolations = false }: Pick<RunnerOptions, 'allowViolations'> = {}) {
    this.#tenant = tenant;
    this.#areViolationsAllowed = allowViolations;
    this.fixtures = {
      tenant,
      clock: tenant.clock,
      events: tenant.events,
      faults: tenant.faults,
      inbox: (name) => tenant.inbox(name),
      allowViolations: () => {
        this.#areViolationsAllowed = true;
      },
    };
  }

  /** Makes its tenant: one that nobody has made has no journal, where a test looks for requests that missed their path. */
  async begin(): Promise<void> {
    await this.#tenant.clock.read();
  }

  /**
   * What the simulator saw, for the message of a test that has failed; throws `EXPECTATION_FAILED` where a test has not,
   * although its requests break the contract.
   */
  async end(hasFailed: boolean): Promise<string | undefined> {
    const { text, violations } = await this.#tenant.report();
    if (hasFailed) return text;
    const broken = violations.filter((entry) => entry.operationId !== undefined);
    if (this.#areViolationsAllowed || broken.length === 0) return undefined;
    throw new SimulatorError(
      'EXPECTATION_FAILED',
      `Failed to keep the contract: ${broken.length === 1 ? 'a request breaks' : `${broken.length} requests break`} it. Correct the client, or call allowViolations() in a test that is about it.\n${text}`,
    );
  }

  /** Forgets the world. */
  async close(): Promise<void> {
    await this.#tenant[Symbol.asyncDispose]();
  }
}

/**
 * Runs the body of a test in its world: its error says what the simulator saw, and requests that break the contract are
 * an error too.
 *
 * @example await runWithTenant(new TestSession(simulator.tenant('test-1')), async ({ tenant }) => { … });
 */
export async function runWithTenant<C extends AnyContracts>(
  session: TestSession<C>,
  body: (fixtures: TenantFixtures<C>) => void | Promise<void>,
): Promise<void> {
  try {
    await session.begin();
    try {
      await body(session.fixtures);
    } catch (error) {
      extendError(error, (await session.end(true)) ?? '');
      throw error;
    }
    await session.end(false);
  } finally {
    await session.close();
  }
}

/**
 * A name for the tenant of a test: the same in every run, and no other test's.
 *
 * @example tenantName('takes an order', '1234_0_2') // 'takes-an-order-1234_0_2'
 */
export function tenantName(title: string, id: string): string {
  const safe = (text: string) => text.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  const end = safe(id).slice(-30);
  const begin = safe(title).slice(0, 60 - end.length);
  return `${begin || 'test'}-${end}`;
}

/** Where `bss-simulator coverage --run` wants to hear from the simulators of a suite. */
const COVERAGE = process.env.BSS_SIMULATOR_COVERAGE;

/** The options of the simulator itself. */
export function simulatorOptions({
  contracts,
  url: _,
  allowViolations: __,
  ...options
}: RunnerOptions): SimulatorOptions & { readonly unref: true } {
  return { port: 0, coverage: COVERAGE, ...options, ...(contracts !== undefined && { specs: contracts }), unref: true };
}

/** Puts what the simulator saw at the end of an error's message, where every reporter shows it. */
export function extendError(error: unknown, text: string): void {
  if (typeof error !== 'object' || error === null || text === '') return;
  const extended = error as { message?: string; stack?: string };
  const { message = '', stack } = extended;
  const whole = `${message}\n\n${text}`;
  extended.message = whole;
  if (stack === undefined) return;
  const at = stack.indexOf(message);
  extended.stack = at < 0 ? `${whole}\n${stack}` : stack.slice(0, at) + whole + stack.slice(at + message.length);
}
