import { SimulatorError } from '../errors.ts';
import type { NameOrPattern, ShippedContracts } from '../kit/contract-shape.ts';
import type { RequestPattern, SimulatorTenant } from '../kit/simulator-tenant.ts';
import { isPart } from '../lib/is-part.ts';

/** What a matcher tells the runner. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** Matchers for `expect(tenant)`; each returns a promise, which has to be awaited. */
export interface TenantMatchers<R = unknown> {
  /** It was asked for this, as often as `times` says, or at least once. */
  toHaveReceived(pattern: RequestPattern<ShippedContracts>, times?: number): Promise<R>;
  /** There was an event on this channel with this in its payload. */
  toHavePublished(channel: NameOrPattern<ShippedContracts['events']>, payload?: object): Promise<R>;
  /** No request and no answer broke its contract. */
  toHaveNoViolations(): Promise<R>;
}

/**
 * The matchers as `expect.extend` takes them.
 *
 * @example expect.extend(tenantMatchers);
 */
export const tenantMatchers = {
  async toHaveReceived(tenant: SimulatorTenant, pattern: RequestPattern<ShippedContracts>, times?: number) {
    const received = tenant.received(pattern);
    return judged(
      () => (times === undefined ? received.atLeast(1) : received.times(times)),
      () => `Failed to find no such request: ${JSON.stringify(pattern)} was received. Expect it, or do not send it.`,
    );
  },
  async toHavePublished(tenant: SimulatorTenant, channel: string, payload: object = {}) {
    const events = await tenant.events.list({ channel: channel as '*' });
    const pass = events.some((event) => isPart(payload, event.payload));
    const shown = events.slice(-5).map(({ id, payload: each }) => `  ${id} ${JSON.stringify(each)}`);
    const wanted = `an event on ${channel} that has ${JSON.stringify(payload)}`;
    return {
      pass,
      message: () =>
        pass
          ? `Failed to find no event: there is ${wanted}. Expect it, or do not cause it.`
          : [
              `Failed to find ${wanted}: there is none. Advance the clock, or wait with events.next().`,
              shown.length === 0 ? `Nothing was published on ${channel}.` : `On ${channel} came:`,
              ...shown,
            ].join('\n'),
    };
  },
  async toHaveNoViolations(tenant: SimulatorTenant) {
    const { violations, text } = await tenant.report();
    const pass = violations.length === 0;
    return {
      pass,
      message: () =>
        pass
          ? 'Failed to find violations: every request and answer keeps its contract. Expect none.'
          : `Failed to keep the contract: ${violations.length} of the requests break it. Correct the client.\n${text}`,
    };
  },
} satisfies Record<string, (tenant: SimulatorTenant, ...rest: never[]) => Promise<MatcherResult>>;

async function judged(body: () => Promise<void>, otherwise: () => string): Promise<MatcherResult> {
  try {
    await body();
    return { pass: true, message: otherwise };
  } catch (error) {
    if (!(error instanceof SimulatorError) || error.code !== 'EXPECTATION_FAILED') throw error;
    return { pass: false, message: () => error.message };
  }
}
