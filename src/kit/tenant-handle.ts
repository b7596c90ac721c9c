import { createActions } from './actions.ts';
import type { AnyContracts } from './contract-shape.ts';
import { ControlClient, type ControlPort } from './control-client.ts';
import { createEvents } from './events.ts';
import { createFaults } from './faults.ts';
import { createReceived } from './received.ts';
import { createReport } from './report.ts';
import type {
  ActivityItem,
  AdvanceResult,
  ClockState,
  Delivery,
  InboxMessage,
  JournalEntry,
  SimulatorTenant,
  TenantClock,
  Trace,
  Webhook,
} from './simulator-tenant.ts';

export interface TenantHandleParts {
  readonly port: ControlPort;
  readonly name: string;
  /** Bearer token of the control API, once that is known. */
  readonly adminToken?: () => string | undefined;
  /** Waits so many milliseconds of wall time. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds of wall time since 1970. */
  readonly wallNow: () => number;
}

/**
 * Makes the handle of a tenant. Everything in it is a request of the control API, so that what it does can be told,
 * recorded and replayed like what any client does.
 *
 * @example createTenantHandle({ port, name: 'team-a', sleep, wallNow });
 */
export function createTenantHandle<C extends AnyContracts>(parts: TenantHandleParts): SimulatorTenant<C> {
  const { port, name, adminToken, sleep, wallNow } = parts;
  const client = new ControlClient(port, name, adminToken);
  const clock = createClock(client);
  const urlOf = () => (name === DEFAULT ? client.url : `${client.url}/@${name}`);
  const snapshots: string[] = [];
  const reset: SimulatorTenant<C>['reset'] = async (start = {}) => {
    await client.json('POST', '/reset', { body: start });
    events.rewind();
  };
  const events = createEvents<C>({ client, clock, sleep, wallNow });
  const handle = {
    name,
    get url() {
      return urlOf();
    },
    headers: { 'x-simulator-tenant': name },
    clock,
    events: events.events,
    requests: {
      list: (filter = {}) => client.list<JournalEntry>('/requests', { ...filter }),
      clear: () => client.json('DELETE', '/requests'),
    },
    faults: createFaults<C>(client),
    webhooks: {
      create: (request) => client.json<Webhook>('POST', '/webhooks', { body: request }),
      list: () => client.list<Webhook>('/webhooks'),
      remove: (id) => client.json('DELETE', `/webhooks/${encodeURIComponent(id)}`),
      deliveries: (filter = {}) => client.list<Delivery>('/deliveries', { ...filter }),
      redeliver: async (id) => {
        await client.text('POST', `/deliveries/${encodeURIComponent(id)}/redeliver`);
      },
    },
    activity: { list: (filter = {}) => client.list<ActivityItem>('/activity', { ...filter }) },
    actions: createActions<C>(client),
    settle: async () => {
      await client.json('POST', '/clock/advance', { body: { by: 'PT0S' } });
    },
    received: (pattern) => createReceived<C>(client, pattern),
    inbox: (inbox) => ({
      get url() {
        return `${urlOf()}/_simulator/inbox/${encodeURIComponent(inbox)}`;
      },
      messages: () => client.list<InboxMessage>(`/inbox/${encodeURIComponent(inbox)}/messages`),
    }),
    trace: (id) => client.json<Trace>('GET', `/activity/${encodeURIComponent(id)}/trace`),
    async snapshot() {
      const { id } = await client.json<{ id: string }>('POST', '/snapshots');
      snapshots.push(id);
      return id;
    },
    async restore(id) {
      const kept = id ?? snapshots.at(-1) ?? (await client.list<{ id: string }>('/snapshots')).at(-1)?.id ?? 'newest';
      await client.json('POST', `/snapshots/${encodeURIComponent(kept)}/restore`);
      events.rewind();
    },
    async fork(other) {
      await client.json('POST', `/tenants/${encodeURIComponent(other)}/fork`, { body: {} });
      return createTenantHandle<C>({ ...parts, name: other });
    },
    reset,
    transcript: () => client.text('GET', '/transcript'),
    digest: async () => (await client.json<{ digest: string }>('GET', '/transcript/digest')).digest,
    report: () => createReport(client, name),
    // What everybody meets without a name stays; it is as it was at the start.
    [ASYNC_DISPOSE]: () => (name === DEFAULT ? reset() : client.deleteTenant()),
  } satisfies SimulatorTenant<C> & { readonly [ASYNC_DISPOSE]: () => Promise<void> };
  return handle;
}

const DEFAULT = 'default';

/** Node has had it since before the oldest version that is supported. */
const ASYNC_DISPOSE: typeof Symbol.asyncDispose = Symbol.asyncDispose;

function createClock(client: ControlClient): TenantClock {
  const read = () => client.json<ClockState>('GET', '/clock');
  return {
    read,
    now: async () => (await read()).now,
    advance: (target) => client.json<AdvanceResult>('POST', '/clock/advance', { body: targetOf(target) }),
    set: (setting) => client.json<ClockState>('PUT', '/clock', { body: setting }),
  };
}

function targetOf(target: string | { readonly to: string }): Readonly<Record<string, unknown>> {
  if (target === 'next') return { next: true };
  return typeof target === 'string' ? { by: target } : target;
}
