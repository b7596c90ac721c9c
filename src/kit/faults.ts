import type { AnyContracts } from './contract-shape.ts';
import type { ControlClient } from './control-client.ts';
import type { EventFault, Fault, FaultEffect, RequestFault, TenantFaults } from './simulator-tenant.ts';

/**
 * What can go wrong, by names that say what a client meets.
 *
 * @example await createFaults(client).rateLimited({ operationId: 'createCustomer', times: 1 });
 */
export function createFaults<C extends AnyContracts>(client: ControlClient): TenantFaults<C> {
  const strike = (which: Which<C>, fault: FaultEffect): Promise<Fault> =>
    client.json<Fault>('POST', '/faults', { body: { ...placed(which), fault } });
  return {
    add: (request) => client.json<Fault>('POST', '/faults', { body: request }),
    list: () => client.list<Fault>('/faults'),
    remove: (id) => client.json('DELETE', `/faults/${encodeURIComponent(id)}`),
    clear: () => client.json('DELETE', '/faults'),
    timeout: (which = {}) => strike(which, { status: 504, ...ENDLESS }),
    rateLimited: ({ retryAfter = 1, ...which } = {}) =>
      strike(which, { status: 429, headers: { 'retry-after': String(retryAfter) } }),
    unavailable: ({ retryAfter = 1, ...which } = {}) =>
      strike(which, { status: 503, headers: { 'retry-after': String(retryAfter) } }),
    lostAnswer: (which = {}) => strike(which, { lostAnswer: true }),
    reset: (which = {}) => strike(which, { reset: true }),
    slow: ({ latency = 'PT1S', ...which } = {}) => strike(which, { latency, real: true }),
    slowBody: ({ over = 'PT1S', ...which } = {}) => strike(which, { slowBody: over }),
    closedMidBody: (which = {}) => strike(which, { truncate: true }),
    malformed: (which = {}) => strike(which, { malformed: true }),
    wrongContentType: ({ contentType = 'text/html', ...which } = {}) =>
      strike(which, { headers: { 'content-type': contentType } }),
    expiredToken: (which = {}) => strike(which, { status: 401, headers: { 'www-authenticate': EXPIRED } }),
    droppedEvent: (which) => strike(which, { drop: true }),
    duplicatedEvent: (which) => strike(which, { duplicate: true }),
    disconnected: ({ code = 1012, ...which }) => strike(which, { disconnect: true, closeCode: code }),
  };
}

/** Longer than any client waits. Nothing is done, as its answer is never seen. */
const ENDLESS = { latency: 'P1D', real: true } as const;

/** RFC 6750. */
const EXPIRED = 'Bearer error="invalid_token", error_description="The access token expired"';

type Which<C extends AnyContracts> = RequestFault<C> & Omit<EventFault<C>, 'system'>;

const OF_MATCH = ['operationId', 'system', 'method', 'path', 'channel'];

/** What it waits for, apart from how often. */
function placed(which: object): Readonly<Record<string, unknown>> {
  const entries = Object.entries(which);
  return {
    match: Object.fromEntries(entries.filter(([name]) => OF_MATCH.includes(name))),
    ...Object.fromEntries(entries.filter(([name]) => !OF_MATCH.includes(name))),
  };
}
