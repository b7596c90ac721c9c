import { formatInstant, type Instant } from '../lib/time.ts';
import { Refusal } from '../model/command.ts';
import type { SimulatorEvent } from '../model/event.ts';
import { collectionOf } from '../model/resource.ts';
import { mergePatch } from './merge-patch.ts';
import { buildMessage } from './messages.ts';
import { requestDelivery } from './outbox.ts';
import type { Chance, RandomSource } from './random.ts';
import type { Registry, ResourceEntry } from './registry.ts';
import { scheduleTimer, TIMERS } from './scheduler.ts';
import { equals } from './store/filter.ts';
import type { Entity, Page, Query, StoreReader, StoreTransaction } from './store/store.ts';
import type { Change } from './system.ts';
import { type ListeningWebhook, listeningWebhooks, toDelivery } from './webhooks.ts';
import type { DeliveryRequest, TimerRequest, Work } from './work.ts';

/** Where the numbers of all series are kept. */
const COUNTERS = '$counters';

/** What a unit of work is made of. */
export interface WorkParts {
  readonly registry: Registry;
  readonly tenant: string;
  readonly now: Instant;
  /** The same as text, where it has been written already. */
  readonly nowText?: string;
  readonly chance: Chance;
  readonly policies: Readonly<Record<string, unknown>>;
  /** A reader for a command that only reads: whatever it tries to change is then a mistake in its code. */
  readonly store: StoreTransaction | StoreReader;
  /** Held back while the starting world is built. */
  readonly isSilent?: boolean;
  /** How many timers led to this one at the same instant. */
  readonly generation?: number;
  /** Virtual milliseconds before the first attempt of a delivery. */
  readonly firstWait?: number;
}

/** The `Work` of one command; its events are published only after its transaction has been committed. */
export class UnitOfWork implements Work {
  readonly events: SimulatorEvent[] = [];
  /** Moves of life cycles made, as `<system>/<Resource> <from> -> <to>`. */
  readonly moves: string[] = [];
  readonly #parts: WorkParts;
  readonly #transaction: StoreTransaction;
  #nowText: string | undefined;
  /** Asked for once, with the first event of the command. */
  #webhooks: readonly ListeningWebhook[] | undefined;

  constructor(parts: WorkParts) {
    this.#parts = parts;
    this.#nowText = parts.nowText;
    this.#transaction = parts.store as StoreTransaction;
  }

  get tenant(): string {
    return this.#parts.tenant;
  }

  get now(): Instant {
    return this.#parts.now;
  }

  get nowText(): string {
    this.#nowText ??= formatInstant(this.#parts.now);
    return this.#nowText;
  }

  get policies(): Readonly<Record<string, unknown>> {
    return this.#parts.policies;
  }

  get published(): number {
    return this.events.length;
  }

  get registry(): Registry {
    return this.#parts.registry;
  }

  get(collection: string, id: string): Entity | undefined {
    return this.#parts.store.get(collection, id);
  }

  need(collection: string, id: string): Entity {
    const entity = this.get(collection, id);
    if (entity !== undefined) return entity;
    const name = collection.slice(collection.indexOf('/') + 1);
    throw new Refusal(404, 'NOT_FOUND', `Failed to find the ${name}: there is none with the id "${id}". Check the id.`);
  }

  query(collection: string, query?: Query): Page {
    return this.#parts.store.query(collection, query);
  }

  create(collection: string, draft: Entity, context: Readonly<Record<string, unknown>> = {}): Entity {
    const entry = this.#parts.registry.resource(collection);
    const { resource, rules } = entry;
    const number = this.nextNumber(collection);
    const id = entry.idOf(draft) ?? this.#newId(entry, draft, number);
    const owned = {
      id,
      created: givenIn(draft, resource.createdProperty) ?? this.nowText,
      updated: givenIn(draft, resource.updatedProperty) ?? this.nowText,
      href: entry.hrefOf(draft, id),
    };
    const filled = entry.compose(owned, draft);
    const completed = rules.complete?.(this, filled) ?? filled;
    const after = completed === filled ? filled : entry.inOrder(completed);
    rules.check?.(this, after, undefined);
    const key = entry.keyOf(after);
    if (this.get(collection, key) !== undefined) {
      throw new Refusal(
        409,
        'ALREADY_EXISTS',
        `Failed to create the ${resource.name}: the id "${key}" is taken. Choose another id or leave it out.`,
      );
    }
    this.#transaction.put(collection, key, after);
    this.#changed(entry, { after, context });
    return after;
  }

  change(collection: string, id: string, patch: Entity, context: Readonly<Record<string, unknown>> = {}): Entity {
    const entry = this.#parts.registry.resource(collection);
    const before = this.need(collection, id);
    const patched = mergePatch(before, patch);
    if (patched === before) return before;
    const move = entry.checkMove(before, patched);
    if (move !== undefined) this.moves.push(`${collection} ${move.from} -> ${move.to}`);
    const after = entry.inOrder(patched, { updated: this.nowText });
    entry.rules.check?.(this, after, before);
    this.#transaction.put(collection, id, after);
    this.#changed(entry, { before, after, context });
    return after;
  }

  remove(collection: string, id: string, context: Readonly<Record<string, unknown>> = {}): void {
    const entry = this.#parts.registry.resource(collection);
    const before = this.need(collection, id);
    entry.rules.removing?.(this, before);
    for (const child of entry.children) {
      const filter = equals(child.parentProperty, entry.idOf(before));
      const { items } = this.query(collectionOf(child.resource), { filter });
      for (const item of items) this.remove(collectionOf(child.resource), child.keyOf(item), context);
    }
    this.#transaction.delete(collection, id);
    this.#changed(entry, { before, context });
  }

  put(collection: string, id: string, entity: Entity): void {
    this.#transaction.put(collection, id, entity);
  }

  delete(collection: string, id: string): boolean {
    return this.#transaction.delete(collection, id);
  }

  nextNumber(series: string): number {
    const number = Number(this.get(COUNTERS, series)?.last ?? 0) + 1;
    this.#transaction.put(COUNTERS, series, { last: number });
    return number;
  }

  random(...purpose: readonly (string | number)[]): RandomSource {
    return this.#parts.chance.source(...purpose);
  }

  uuid(...purpose: readonly (string | number)[]): string {
    return this.#parts.chance.uuid(...purpose);
  }

  hex(length: number, ...purpose: readonly (string | number)[]): string {
    return this.#parts.chance.hex(length, ...purpose);
  }

  emit(channel: string, payload: Readonly<Record<string, unknown>>): SimulatorEvent {
    const { registry } = this.#parts;
    const entry = registry.channel(channel);
    const number = this.#parts.isSilent === true ? 0 : this.nextNumber(entry.series);
    const id = entry.idOf(payload) ?? this.uuid('event', channel, number);
    const { message, violations } = buildMessage(entry, payload, {
      id,
      channel,
      at: this.nowText,
      tenant: this.tenant,
    });
    if (violations.length > 0) registry.reportBrokenEvent(channel, violations);
    const event: SimulatorEvent = { id: entry.idOf(message) ?? id, channel, at: this.nowText, payload: message };
    if (this.#parts.isSilent === true) return event;
    this.events.push(event);
    this.#webhooks ??= listeningWebhooks(this.#parts.store);
    for (const { webhook, wants } of this.#webhooks) {
      if (!wants(channel)) continue;
      this.deliver(toDelivery(webhook, event, entry.channel.messages[0]?.contentType ?? 'application/json'));
    }
    for (const link of registry.linksOf(channel)) link.follow(this, event);
    return event;
  }

  tell(topic: string, payload: Readonly<Record<string, unknown>>): void {
    if (this.#parts.isSilent === true) return;
    const event: SimulatorEvent = { id: '', channel: topic, at: this.nowText, payload };
    for (const link of this.#parts.registry.linksOf(topic)) link.follow(this, event);
  }

  schedule(timer: TimerRequest): void {
    this.#parts.registry.timer(timer.kind);
    scheduleTimer(this.#transaction, timer, this.now, this.#parts.generation ?? 0);
  }

  cancel(key: string): boolean {
    return this.#transaction.delete(TIMERS, key);
  }

  deliver(request: DeliveryRequest): void {
    if (this.#parts.isSilent === true) return;
    requestDelivery(this, this.#transaction, request, this.#parts.firstWait);
  }

  perform(system: string, action: string, input: Readonly<Record<string, unknown>>): unknown {
    return this.#parts.registry.action(system, action)(this, input);
  }

  #newId(entry: ResourceEntry, draft: Entity, number: number): string | number {
    const { resource, rules } = entry;
    const collection = collectionOf(resource);
    const uuid = () => this.uuid(collection, number);
    const hex = (length: number) => this.hex(length, collection, number);
    if (rules.id !== undefined) return rules.id({ number, uuid, hex, draft, now: this.now });
    const random = (attempt: number) => this.random(collection, number, attempt);
    const isTaken = (id: string) => this.get(collection, entry.keyFor(id, draft)) !== undefined;
    return entry.newId({ number, uuid, hex, random, isTaken });
  }

  /** Tells of a stored change: first by message, then to the rules that follow from it. */
  #changed(entry: ResourceEntry, change: Change): void {
    if (this.#parts.isSilent !== true) {
      for (const channel of entry.channelsFor(change)) {
        const extra = entry.rules.announce?.(this, change, channel);
        const described = this.#parts.registry.channel(channel).describe(change);
        this.emit(channel, extra === undefined ? described : Object.assign(described, extra));
      }
    }
    entry.rules.changed?.(this, change);
  }
}

function givenIn(draft: Entity, property: string | undefined): unknown {
  return property === undefined ? undefined : draft[property];
}
