import { Refusal } from '../../model/command.ts';
import type { Authenticator, Entrance, PageGuard, TenantLocator } from '../surface.ts';
import { allowOrigin } from './cors.ts';
import { problemBody } from './error-body.ts';
import { renderProblem } from './render-response.ts';
import { readTarget } from './request-target.ts';
import { splitPrefix } from './tenant-locator.ts';
import { writeResponse } from './write-response.ts';

export interface EntranceOptions {
  readonly locator: TenantLocator;
  readonly authenticator: Authenticator;
  readonly pageGuard: PageGuard;
}

/**
 * Makes what every request comes in by, over HTTP and WebSocket alike: its address is read, its tenant located, who asks
 * is found out, and what may not come in is refused.
 *
 * @example
 * const entrance = createEntrance({ locator, authenticator, pageGuard });
 * const address = entrance.readAddress('/@acme/v1/customers?page=2');
 */
export function createEntrance({ locator, authenticator, pageGuard }: EntranceOptions): Entrance {
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
      return { path, prefix, rawQuery, query: rawQuery === '' ? NO_QUERY : new URLSearchParams(rawQuery) };
    },
    locate({ prefix, query }, headers, isControl, need) {
      // Before the tenant is looked for: a page that is refused makes none.
      const refusal = isControl ? pageGuard.refusePage(headers) : undefined;
      return refusal ?? locator.locate({ prefix, headers, query }, need);
    },
    authenticate: (request) => authenticator.authenticate(request),
    refusePage: (headers) => pageGuard.refusePage(headers),
    share,
    refuse(request, response, refusal, isControl) {
      const rendered = renderProblem(refusal.status, problemBody(refusal), refusal.headers);
      share(request.headers, rendered.headers, isControl);
      writeResponse(request, response, rendered);
    },
  };
}

/** Shared, because it is never written to and most requests have none. */
const NO_QUERY = new URLSearchParams();
