import { DEFAULT_TENANT, invalidTenantName, isTenantName, type Tenants } from '../../engine/tenants.ts';
import { didYouMean } from '../../lib/nearest-word.ts';
import type { Instant } from '../../lib/time.ts';
import { Refusal } from '../../model/command.ts';
import type { DeliveryGuard } from '../own-deliveries.ts';
import type {
  Address,
  AuthenticationRequest,
  Authenticator,
  Entrance,
  Goal,
  PageGuard,
  QueryLookup,
  RequestHeaders,
  TenantLocator,
  TenantNeed,
} from '../surface.ts';
import { allowOrigin } from './cors.ts';
import { problemBody } from './error-body.ts';
import { renderProblem } from './render-response.ts';
import { readTarget } from './request-target.ts';
import { splitPrefix } from './tenant-locator.ts';
import { writeResponse } from './write-response.ts';

export interface EntranceOptions {
  readonly tenants: Pick<Tenants, 'get' | 'find' | 'names'> & Partial<Pick<Tenants, 'opening' | 'standIn'>>;
  readonly locator: TenantLocator;
  readonly authenticator: Authenticator;
  readonly pageGuard: PageGuard;
  readonly deliveryGuard: DeliveryGuard;
  /** When the clock of a new tenant begins. */
  readonly start: Instant;
}

/**
 * Makes what every request comes in by, over HTTP and WebSocket alike: its address is read, its tenant located, who asks
 * is found out, and what may not come in is refused.
 *
 * @example
 * const entrance = createEntrance({ tenants, locator, authenticator, pageGuard, deliveryGuard, start });
 * const address = entrance.readAddress('/@acme/v1/customers?page=2');
 */
export function createEntrance(options: EntranceOptions): Entrance {
  const { tenants, locator, authenticator, pageGuard, deliveryGuard } = options;
  const share: Entrance['share'] = (request, response, isControl) => {
    if (request.origin === undefined) return;
    if (!isControl || pageGuard.isAllowed(request.origin)) allowOrigin(request, response);
  };
  return {
    readAddress(url) {
      const target = readTarget(url);
      if (target instanceof Refusal) return target;
      const { path, prefix } = splitPrefix(target.path);
      const { rawQuery } = target;
      return { path, prefix, rawQuery, query: rawQuery === '' ? NO_QUERY : new UnreadQuery(rawQuery) };
    },
    locate({ path, prefix, query }, { headers, socket }, goal, need = 'made') {
      // Before the tenant is looked for: a page that is refused makes none.
      const refusal = goal.isControl ? pageGuard.refusePage(headers) : undefined;
      if (refusal !== undefined) return refusal;
      const name = locator.nameOf({ prefix, headers, query });
      return (
        deliveryGuard(headers, { tenant: name, path, isControl: goal.isControl }) ??
        tenants.find(name) ??
        makeTenant(name, { path, headers, query, socket }, goal, need)
      );
    },
    // Where tenants are in memory alone, no request asks.
    ...(tenants.opening && {
      opening: ({ prefix, query }: Address, headers: RequestHeaders) =>
        tenants.opening?.(locator.nameOf({ prefix, headers, query })),
    }),
    find: ({ prefix, query }, headers) => tenants.find(locator.nameOf({ prefix, headers, query })),
    nameOf: ({ prefix, query }, headers) => locator.nameOf({ prefix, headers, query }),
    authenticate: (request) => authenticator.authenticate(request),
    refusePage: (headers) => pageGuard.refusePage(headers),
    share,
    refuse(request, response, refusal, isControl) {
      const rendered = renderProblem(refusal.status, problemBody(refusal), refusal.headers);
      share(request.headers, rendered.headers, isControl);
      writeResponse(request, response, rendered);
    },
  };

  /** The tenant of a name that is not there yet, where what is asked for brings it into being, and who asks may. */
  function makeTenant(name: string, asked: Asked, { isControl, hasCredential, ...demanded }: Goal, need: TenantNeed) {
    if (!isTenantName(name)) return invalidTenantName(name);
    if (need === 'none') return tenants.standIn?.() ?? tenants.get(DEFAULT_TENANT);
    if (name === DEFAULT_TENANT) return tenants.get(DEFAULT_TENANT);
    const tenant = { name, now: () => options.start, store: { get: () => undefined } };
    const request = { ...asked, ...demanded, tenant };
    // Before it is told which names there are.
    const refusal = isControl ? authenticator.authenticate(request) : undefined;
    if (refusal instanceof Refusal) return refusal;
    if (need === 'there') return tenantUnknown(name, tenants.names());
    return (hasCredential === true ? undefined : authenticator.refuseNewTenant(request)) ?? tenants.get(name);
  }
}

type Asked = Pick<AuthenticationRequest, 'path' | 'headers' | 'query' | 'socket'>;

function tenantUnknown(name: string, known: readonly string[]): Refusal {
  const advice = didYouMean(name, known, 'A request for a contract or a change makes it; looking does not.');
  return new Refusal(
    404,
    'TENANT_UNKNOWN',
    `Failed to find the tenant "${name.slice(0, 80)}": there is none. ${advice}`,
  );
}

/** Shared, because nobody writes to it and most requests have none. */
const NO_QUERY = new URLSearchParams();

/** Takes a query apart once it is asked for anything: most requests have their credential elsewhere. */
class UnreadQuery implements QueryLookup {
  readonly #raw: string;
  #read: URLSearchParams | undefined;

  constructor(raw: string) {
    this.#raw = raw;
  }

  get(name: string): string | null {
    this.#read ??= new URLSearchParams(this.#raw);
    return this.#read.get(name);
  }
}
