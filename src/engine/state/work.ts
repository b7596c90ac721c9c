import type { Command, Outcome } from '../../model/command.ts';
import type { SimulatorEvent } from '../../model/event.ts';
import type { DeliveryRequest } from '../delivery/delivery.ts';
import type { FeedStep } from '../records/feed-step.ts';
import type { TimerRequest } from '../time/timer.ts';
import type { BegunAttempt } from './consequences.ts';
import type { ContractView } from './contract-view.ts';
import type { Subject } from './origin.ts';
import type { Reader } from './reader.ts';
import type { Entity } from './store/store.ts';

/** What a command reads the world through, what the contracts say of it included. */
export interface ReadWork extends Reader {
  /** What the contracts say, for rules that would otherwise repeat it: properties, enums, list shapes. */
  readonly registry: ContractView;
}

/**
 * One command's unit of work: what systems, links, timers and actions change the world through. Everything done through
 * it takes effect together, or not at all if anything in it throws.
 */
export interface Work extends ReadWork {
  /** How many messages this command has published so far. */
  readonly published: number;
  /** How many messages, deliveries and timers this command has led to so far. */
  readonly effects: number;

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
  /** Makes a resource what is given, whole; else as `change`. */
  replace(collection: string, id: string, entity: Entity, context?: Readonly<Record<string, unknown>>): Entity;
  /** Deletes a resource, and with it the resources below it. */
  remove(collection: string, id: string, context?: Readonly<Record<string, unknown>>): void;
  /** Says what a command is about that changes no resource: a thing that its system keeps by itself. */
  concern(subject: Subject): void;

  /** Stores bookkeeping that is no resource of a contract: no rules, no messages. */
  put(collection: string, id: string, entity: Entity): void;
  /** As `put`, of many. */
  putAll(collection: string, entries: Iterable<readonly [id: string, entity: Entity]>): void;
  /** As `put`, but answers `false`, and leaves what is there, where the id is taken. */
  add(collection: string, id: string, entity: Entity): boolean;
  delete(collection: string, id: string): boolean;

  /** The next number of a gap-free series: 1, 2, 3 … */
  nextNumber(series: string): number;

  /** As `uuid`, for an event of a system's own that carries its id; one is made for each that carries none. */
  eventId(...purpose: readonly (string | number)[]): string;

  /** Publishes a message; the envelope is filled in, and links follow in the same transaction. */
  emit(channel: string, payload: unknown): SimulatorEvent;

  /** Publishes a message that came from outside, which the channel's own system may then take note of. */
  receive(channel: string, payload: unknown, headers?: Readonly<Record<string, string>>): SimulatorEvent;

  /** Whether the event log holds a message with this id. */
  isPublished(id: string): boolean;

  /** Lets links follow something that no channel of a contract announces; nothing is published. */
  notify(topic: string, payload: Readonly<Record<string, unknown>>): void;

  /** Says something in the activity that nothing else would show, for example why somebody is not charged. */
  note(text: string): void;

  /** Sets a timer, in place of one with the same key. A due time that has passed fires right after this command. */
  schedule(timer: TimerRequest): void;
  cancel(key: string): boolean;

  /** Sends something to a receiver outside, after the command, with the retries of its kind. */
  deliver(request: DeliveryRequest): void;

  /** Answers an operation as part of this command; its key is as `operationKey` writes it. */
  call(key: string, request: CallRequest): Outcome;

  /** Runs another system's action as part of this command. */
  perform(system: string, action: string, input: Readonly<Record<string, unknown>>): unknown;
}

/** What a client would have sent, already valid. */
export type CallRequest = Partial<Pick<Command, 'path' | 'query' | 'body'>>;

/** What the engine's own timers do besides. */
export interface EngineWork extends Work {
  /** Asks for an attempt of a delivery, after the commit. */
  beginAttempt(attempt: BegunAttempt): void;
  /** Decides what becomes of events on their way to those who listen. */
  carry(steps: readonly FeedStep[]): void;
}
