import type { Instant } from '../lib/time.ts';
import type { SimulatorEvent } from '../model/event.ts';
import type { FeedStep } from './feed.ts';
import type { RandomSource } from './random.ts';
import type { Registry } from './registry.ts';
import type { BegunAttempt } from './state/consequences.ts';
import type { Entity, Page, Query } from './store/store.ts';

/**
 * What a command reads the world through. Collections of resources are named `<system>/<Resource>`, for example
 * `connectx/Customer`; a system may keep others of its own under the same prefix.
 */
export interface ReadWork {
  readonly tenant: string;
  /** The virtual time, milliseconds since 1970. */
  readonly now: Instant;
  /** The same as ISO 8601 UTC with milliseconds. */
  readonly nowText: string;
  /** The configuration's `policies`, as merged from defaults and fixture; each system reads its own part. */
  readonly policies: Readonly<Record<string, unknown>>;
  /** What the contracts say, for rules that would otherwise repeat it: properties, enums, list shapes. */
  readonly registry: Registry;

  get(collection: string, id: string): Entity | undefined;
  /** As `get`, but refuses with 404 in words that fit the resource. */
  need(collection: string, id: string): Entity;
  query(collection: string, query?: Query): Page;

  /** A reproducible source of chance for one purpose. */
  random(...purpose: readonly (string | number)[]): RandomSource;
  uuid(...purpose: readonly (string | number)[]): string;
  hex(length: number, ...purpose: readonly (string | number)[]): string;
}

/**
 * One command's unit of work: what systems, links, timers and actions change the world through. Everything done through
 * it takes effect together, or not at all if anything in it throws.
 */
export interface Work extends ReadWork {
  /** How many messages this command has published so far. */
  readonly published: number;

  /**
   * Creates a resource: defaults, id, times and parent are filled in, rules applied, messages sent.
   *
   * `draft` may hold server-owned values (an id, a state): whoever calls this is the server.
   */
  create(collection: string, draft: Entity, context?: Readonly<Record<string, unknown>>): Entity;
  /**
   * Changes a resource by an RFC 7386 merge patch; refuses moves that its life cycle does not have. A patch that
   * changes nothing announces nothing and leaves the update time.
   */
  change(collection: string, id: string, patch: Entity, context?: Readonly<Record<string, unknown>>): Entity;
  /** Deletes a resource, and with it the resources below it. */
  remove(collection: string, id: string, context?: Readonly<Record<string, unknown>>): void;

  /** Stores bookkeeping that is no resource of a contract: no rules, no messages. */
  put(collection: string, id: string, entity: Entity): void;
  delete(collection: string, id: string): boolean;

  /** The next number of a gap-free series: 1, 2, 3 … */
  nextNumber(series: string): number;

  /** Publishes a message; the envelope is filled in, and links follow in the same transaction. */
  emit(channel: string, payload: Readonly<Record<string, unknown>>): SimulatorEvent;

  /** Whether the event log holds a message with this id. */
  isPublished(id: string): boolean;

  /** Lets links follow something that no channel of a contract announces; nothing is published. */
  tell(topic: string, payload: Readonly<Record<string, unknown>>): void;

  /** Sets a timer, in place of one with the same key. A due time that has passed fires right after this command. */
  schedule(timer: TimerRequest): void;
  cancel(key: string): boolean;

  /** Sends something to a receiver outside, after the command, with the retries of its kind. */
  deliver(request: DeliveryRequest): void;

  /** Runs another system's action as part of this command. */
  perform(system: string, action: string, input: Readonly<Record<string, unknown>>): unknown;
}

/** What the engine's own timers do besides. */
export interface EngineWork extends Work {
  /** Asks for an attempt of a delivery, after the commit. */
  beginAttempt(attempt: BegunAttempt): void;
  /** Decides what becomes of events on their way to those who listen. */
  carry(steps: readonly FeedStep[]): void;
}

export interface TimerRequest {
  /** Unique among waiting timers, for example `connectx/activate/SUB-000001`. */
  readonly key: string;
  readonly due: Instant;
  /** `<system>/<timer>`, naming a handler of the system's `timers`. */
  readonly kind: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface DeliveryRequest {
  /** For example `callback`, `webhook`, `hub`. */
  readonly kind: string;
  /** Where it is posted; `http://simulator/…` means this simulator and tenant. */
  readonly url: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly eventId?: string;
  /** The media type of the body. Default `application/json`. */
  readonly contentType?: string;
  /** The earliest time of the first attempt. Default: now. */
  readonly due?: Instant;
  /** Deliveries of one lane go out one after another, in order. Default: the URL. */
  readonly lane?: string;
  /** The webhook whose secrets sign it. */
  readonly webhook?: string;
}
