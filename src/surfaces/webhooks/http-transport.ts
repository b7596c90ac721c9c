import type { AttemptResult, Delivery, Transport } from '../../engine/outbox.ts';

/** What the transport is made of. */
export interface HttpTransportOptions {
  /** The address of this simulator and tenant, which `http://simulator` in a target stands for. */
  readonly baseOf: (tenant: string) => string;
  /** Hosts that may be sent to; `undefined` where any may, because the simulator listens on loopback only. */
  readonly allowedHosts: readonly string[] | undefined;
  /** Wall time that a receiver has to answer, in milliseconds. */
  readonly timeout: number;
}

/** The host that means this simulator and tenant, so that a scenario needs no port. */
const SELF = 'http://simulator';

/**
 * Sends deliveries as JSON by HTTP POST. Redirects are not followed: a receiver that moved has to say so to whoever
 * registered it.
 *
 * @example
 * const transport = createHttpTransport({ baseOf: () => 'http://127.0.0.1:4010', allowedHosts: undefined, timeout: 5000 });
 */
export function createHttpTransport(options: HttpTransportOptions): Transport {
  return {
    async send(delivery: Delivery, tenant: string): Promise<AttemptResult> {
      const isSelf = delivery.target === SELF || delivery.target.startsWith(`${SELF}/`);
      const target = isSelf ? options.baseOf(tenant) + delivery.target.slice(SELF.length) : delivery.target;
      if (!isSelf && !isAllowed(target, options.allowedHosts)) {
        return { error: 'the target is not on the list of allowed callbacks (--allow-callbacks)' };
      }
      try {
        const response = await fetch(target, {
          method: 'POST',
          redirect: 'manual',
          headers: { 'content-type': 'application/json', ...delivery.headers },
          body: JSON.stringify(delivery.body),
          signal: AbortSignal.timeout(options.timeout),
        });
        await response.body?.cancel();
        const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
        return { status: response.status, ...(retryAfter > 0 && { retryAfter }) };
      } catch (error) {
        return { error: describe(error) };
      }
    },
  };
}

function isAllowed(target: string, allowed: readonly string[] | undefined): boolean {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) return false;
  if (allowed === undefined) return true;
  return allowed.some((host) => host === url.hostname || host === url.host || (host.startsWith('*.') && url.hostname.endsWith(host.slice(1))));
}

/** The cause in a word or two: Node hides it behind "fetch failed". */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'the receiver did not answer in time';
  const cause = error.cause;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}
