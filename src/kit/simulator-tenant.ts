import type { AsyncDispose } from './async-dispose.ts';
import type { AnyContracts, MessageOf, NameOrPattern, Part, ShippedContracts } from './contract-shape.ts';
import type { Schemas } from './shipped-contracts.ts';

type Control = Schemas['simulator/control'];

export type JournalEntry = Control['JournalEntry'];
export type Delivery = Control['Delivery'];
export type InboxMessage = Control['InboxMessage'];
export type Webhook = Control['Webhook'];
export type WebhookRequest = Control['WebhookRequest'];
export type Fault = Control['Fault'];
export type FaultEffect = Control['FaultEffect'];
export type AdvanceResult = Control['AdvanceResult'];
export type ClockState = Control['Clock'];
export type ActivityItem = Control['Activity'];
export type Trace = Control['Trace'];

/**
 * One world of a simulator in the hands of a test: what it does to it, and what it looks at. It is the same whether the
 * simulator runs in this process or elsewhere.
 *
 * @example
 * const tenant = simulator.tenant('sync-test');
 * await fetch(`${tenant.url}/v1/customers`, { headers: tenant.headers });
 * await tenant.clock.advance('P1M');
 * const invoice = await tenant.events.next('billing/invoice/created');
 */
export interface SimulatorTenant<C extends AnyContracts = ShippedContracts> extends AsyncDispose {
  readonly name: string;
  /** What the addresses of the contracts follow: the simulator's own, with `/@name` for any tenant but `default`. */
  readonly url: string;
  /** What names the tenant to the simulator's own address: a plain object, to be spread into `fetch`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: TenantClock;
  readonly events: TenantEvents<C>;
  readonly requests: TenantRequests<C>;
  readonly faults: TenantFaults<C>;
  readonly webhooks: TenantWebhooks;
  readonly activity: TenantActivity;
  /**
   * What the contracts offer no operation for, by system and action in camel case. Each resolves to what the action
   * answers.
   *
   * @example await tenant.actions.connectx.recordPayment({ invoiceId, amount: 20, paymentMethod: 'Cash' });
   */
  readonly actions: TenantActions<C>;
  /** Waits until everything that was set off has left and been answered, without moving the clock. */
  settle(): Promise<void>;
  /**
   * How often the simulator was asked for this; awaited by itself, it must have been at least once.
   *
   * @example await tenant.received({ operationId: 'createCustomer', body: { email: 'ada@example.com' } }).times(1);
   */
  received(pattern: RequestPattern<C>): Received;
  /** A receiver for callbacks and webhooks inside the simulator. */
  inbox(name: string): TenantInbox;
  /** What led to something, and what it led to: each cause before its effects. */
  trace(id: string): Promise<Trace>;
  /** Keeps everything as it stands; resolves to the id. */
  snapshot(): Promise<string>;
  /** Goes back to a snapshot; to the newest, where none is named. */
  restore(id?: string): Promise<void>;
  /** A tenant that starts as a copy of this one. */
  fork(name: string): Promise<SimulatorTenant<C>>;
  /** Goes back to the start, or to another one. */
  reset(start?: StartOptions): Promise<void>;
  /** The canonical record, as JSON Lines. */
  transcript(): Promise<string>;
  /** SHA-256 of the canonical record, in hexadecimal digits. */
  digest(): Promise<string>;
  /** What a failed test is best told about: see `docs/testing.md`. */
  report(): Promise<TenantReport>;
}

export interface StartOptions {
  readonly seed?: number;
  /** As the option `clock`. */
  readonly clock?: string;
  /** As the option `fixture`. */
  readonly fixture?: string;
}

export interface TenantClock {
  /** The tenant's time, ISO 8601 in UTC with milliseconds. */
  now(): Promise<string>;
  read(): Promise<ClockState>;
  /** Moves it forward by an ISO 8601 duration, to a time, or to the next timer; resolves once all on the way is done. */
  advance(target: string | { readonly to: string } | 'next'): Promise<AdvanceResult>;
  set(setting: { readonly mode?: 'manual' | 'real'; readonly rate?: number }): Promise<ClockState>;
}

/** An item of the event log. */
export interface LogItem<Channel extends string = string, Payload = unknown> {
  readonly id: string;
  readonly channel: Channel;
  readonly at: string;
  readonly payload: Payload;
}

export interface TenantEvents<C extends AnyContracts> {
  /**
   * The oldest event on the channel that is newer than the mark and was not taken before; where there is none yet, the
   * clock goes from timer to timer until there is. Throws `EXPECTATION_FAILED` where there is none within `within`, and
   * says what there was.
   */
  next<Channel extends NameOrPattern<C['events']>>(
    channel: Channel,
    options?: NextOptions<MessageOf<C, Channel>>,
  ): Promise<LogItem<Channel, MessageOf<C, Channel>>>;
  /** Those in the log, oldest first. */
  list<Channel extends NameOrPattern<C['events']>>(filter?: {
    readonly channel?: Channel;
    readonly after?: string;
    readonly limit?: number;
  }): Promise<LogItem<Channel, MessageOf<C, Channel>>[]>;
  /** From here on: `next` passes over everything that is in the log now. */
  mark(): Promise<void>;
  /** Publishes one by hand; what the payload lacks is generated. */
  publish<Channel extends keyof C['events'] & string>(
    channel: Channel,
    payload?: Part<C['events'][Channel]>,
  ): Promise<LogItem<Channel, C['events'][Channel]>>;
}

export interface NextOptions<Payload> {
  /** What it has to hold: a part of the payload, or a condition. */
  readonly where?: Part<Payload> | ((payload: Payload) => boolean);
  /** How much of the tenant's time to wait, ISO 8601. Default: 31 days; 30 seconds where the clock runs by itself. */
  readonly within?: string;
}

export interface RequestFilter<C extends AnyContracts> {
  readonly operationId?: NameOrPattern<C['operations']>;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly after?: string;
  readonly limit?: number;
}

export interface TenantRequests<C extends AnyContracts> {
  /** What clients have asked and been answered, oldest first. */
  list(filter?: RequestFilter<C>): Promise<JournalEntry[]>;
  clear(): Promise<void>;
}

/** What requests are compared with; what is left out does not matter. */
export interface RequestPattern<C extends AnyContracts> {
  readonly operationId?: NameOrPattern<C['operations']>;
  readonly method?: string;
  /** `*` stands for any text. */
  readonly path?: string;
  readonly status?: number;
  /** Part of the body. */
  readonly body?: unknown;
  /** Headers of the request, by name in any case; `*` stands for any text. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A JSONPath that must find something in the body, or a list of them. */
  readonly jsonPath?: string | readonly string[];
  /** A JSON Schema that the body has to fit. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Only what came before the first request that meets this counts. */
  readonly before?: Omit<RequestPattern<C>, 'before'>;
}

/** An expectation that is about to be told; each throws `EXPECTATION_FAILED` with the nearest misses. */
export interface Received extends PromiseLike<void> {
  times(count: number): Promise<void>;
  once(): Promise<void>;
  never(): Promise<void>;
  atLeast(count: number): Promise<void>;
}

export interface FaultMatch<C extends AnyContracts> {
  readonly operationId?: NameOrPattern<C['operations']>;
  readonly system?: string;
  readonly method?: string;
  readonly path?: string;
  readonly channel?: NameOrPattern<C['events']>;
  readonly target?: string;
}

export interface FaultRequest<C extends AnyContracts> extends FaultLimits {
  readonly match: FaultMatch<C>;
  readonly fault: FaultEffect;
}

type FaultLimits = Omit<Control['FaultRequest'], 'match' | 'fault'>;

/** Which requests, and how often. */
export type RequestFault<C extends AnyContracts> = Omit<FaultMatch<C>, 'channel' | 'target'> & FaultLimits;
/** Which events, and how often. */
export type EventFault<C extends AnyContracts> = Pick<FaultMatch<C>, 'channel' | 'system'> & FaultLimits;

export interface TenantFaults<C extends AnyContracts> {
  add(request: FaultRequest<C>): Promise<Fault>;
  list(): Promise<Fault[]>;
  remove(id: string): Promise<void>;
  clear(): Promise<void>;
  /** No answer: the connection stays open and silent until the client gives up. */
  timeout(which?: RequestFault<C>): Promise<Fault>;
  /** 429 with `Retry-After`, in seconds; 1 unless told. */
  rateLimited(which?: RequestFault<C> & { readonly retryAfter?: number }): Promise<Fault>;
  /** 503 with `Retry-After`, in seconds; 1 unless told. */
  unavailable(which?: RequestFault<C> & { readonly retryAfter?: number }): Promise<Fault>;
  /** The change is made, and the connection reset in place of the answer. */
  lostAnswer(which?: RequestFault<C>): Promise<Fault>;
  /** The connection is reset before anything is done. */
  reset(which?: RequestFault<C>): Promise<Fault>;
  /** The answer comes after this much wall time, an ISO 8601 duration; PT1S unless told. */
  slow(which?: RequestFault<C> & { readonly latency?: string }): Promise<Fault>;
  /** The body comes in pieces over this much wall time, an ISO 8601 duration; PT1S unless told. */
  slowBody(which?: RequestFault<C> & { readonly over?: string }): Promise<Fault>;
  /** The connection closes in the middle of the body. */
  closedMidBody(which?: RequestFault<C>): Promise<Fault>;
  /** A body that is no JSON. */
  malformed(which?: RequestFault<C>): Promise<Fault>;
  /** The body as it is, called something else; `text/html` unless told. */
  wrongContentType(which?: RequestFault<C> & { readonly contentType?: string }): Promise<Fault>;
  /** 401 as for a token whose time is over. */
  expiredToken(which?: RequestFault<C>): Promise<Fault>;
  droppedEvent(which: EventFault<C>): Promise<Fault>;
  duplicatedEvent(which: EventFault<C>): Promise<Fault>;
  /** Closes WebSockets and streams in front of an event, with this code; 1012 unless told. */
  disconnected(which: EventFault<C> & { readonly code?: number }): Promise<Fault>;
}

export interface TenantWebhooks {
  /** `http://simulator/…` in a URL means this simulator and tenant. */
  create(request: WebhookRequest): Promise<Webhook>;
  list(): Promise<Webhook[]>;
  remove(id: string): Promise<void>;
  deliveries(filter?: {
    readonly state?: 'pending' | 'delivered' | 'failed';
    readonly kind?: string;
    readonly target?: string;
  }): Promise<Delivery[]>;
  redeliver(deliveryId: string): Promise<void>;
}

export interface TenantInbox {
  /** Where to send callbacks, from inside or outside of the simulator. */
  readonly url: string;
  /** What has arrived, oldest first. */
  messages(): Promise<InboxMessage[]>;
}

export interface TenantActivity {
  /** Everything that has happened, in order. */
  list(filter?: {
    readonly kind?: ActivityItem['kind'];
    readonly subject?: string;
    readonly trace?: string;
    readonly after?: string;
    readonly limit?: number;
  }): Promise<ActivityItem[]>;
}

export type TenantActions<C extends AnyContracts> = {
  readonly [System in keyof C['actions']]: {
    readonly [Action in keyof C['actions'][System]]: ActionCall<C['actions'][System][Action]>;
  };
};

/** An input of which nothing is demanded may be left out. */
export type ActionCall<Input> =
  Record<never, never> extends Input ? (input?: Input) => Promise<unknown> : (input: Input) => Promise<unknown>;

/** What the simulator saw, for whoever reads a failed test. */
export interface TenantReport {
  /** Requests that no operation of a contract answers. */
  readonly unmatched: readonly JournalEntry[];
  /** Requests and answers that break their contract. */
  readonly violations: readonly JournalEntry[];
  readonly faults: readonly Fault[];
  readonly failedDeliveries: readonly Delivery[];
  readonly digest: string;
  /** All of it in lines to be read; empty where there is nothing to tell. */
  readonly text: string;
}
