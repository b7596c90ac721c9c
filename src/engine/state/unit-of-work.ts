import { isDeepStrictEqual } from 'node:util';
import type { Outcome } from '../../model/command.ts';
import { Refusal } from '../../model/command.ts';
import type { SimulatorEvent } from '../../model/event.ts';
import { collectionOf } from '../../model/resource.ts';
import type { DeliveryRequest } from '../delivery/delivery.ts';
import { requestDelivery } from '../delivery/outbox.ts';
import { POLICIES } from '../policies/tenant-policies.ts';
import type { MemoryEventLog } from '../records/event-log.ts';
import { planSteps } from '../records/feed.ts';
import type { FeedStep } from '../records/feed-step.ts';
import type { ResourceEntry } from '../resource-entry.ts';
import { timerHandler } from '../time/handlers.ts';
import type { Timer, TimerRequest } from '../time/timer.ts';
import { scheduleTimer, TIMERS } from '../time/timers.ts';
import { buildMessage } from '../values/messages.ts';
import type { RandomSource } from '../values/random.ts';
import type { Change } from './change.ts';
import {
  type BegunAttempt,
  Collected,
  type Consequences,
  effectsOf,
  NO_CONSEQUENCES,
  type Strike,
} from './consequences.ts';
import type { EventFollower, FollowedEvent } from './event-follower.ts';
import { PartsKeeper, withoutParts } from './keep-parts.ts';
import { mergePatch } from './merge-patch.ts';
import type { Origin, Subject } from './origin.ts';
import { type ReadParts, ReadUnit } from './read-unit.ts';
import { equals } from './store/filter.ts';
import type { Entity, StoreTransaction } from './store/store.ts';
import type { IdFacts } from './stored-resource.ts';
import type { CallRequest, EngineWork } from './work.ts';

/** Where the numbers of all series are kept. */
const COUNTERS = '$counters';
/** Up to so many events are looked through one by one. */
const FEW_EVENTS = 8;

/** What a unit of work is made of. */
export interface WorkParts extends ReadParts {
  readonly store: StoreTransaction;
  /** What its consequences are traced back to. Default: a starting world, which nothing has caused. */
  readonly origin?: Origin;
  /** What hears of its events in the same transaction. */
  readonly followers?: readonly EventFollower[];
  /** What has been published. Default: nothing. */
  readonly log?: Pick<MemoryEventLog, 'has' | 'hasGivenIds'>;
  /** Held back while the starting world is built. */
  readonly isSilent?: boolean;
  /** How many timers led to this one at the same instant. */
  readonly generation?: number;
  /** Virtual milliseconds before the first attempt of a delivery. */
  readonly firstWait?: number;
}

/** A starting world: whatever it sets has no cause. */
const START: Origin = { number: 0, root: undefined, id: undefined, subject: undefined };

/** The `Work` of one command; what follows from it is published only after its transaction has been committed. */
export class UnitOfWork extends ReadUnit implements EngineWork {
  /** Made when there is the first. */
  #collected: Collected | undefined;
  /** The series that it has taken numbers of: a bill run takes thousands of few, which are written once, at its end. */
  readonly #series: string[] = [];
  /** The last number that it has taken of each. */
  readonly #taken: number[] = [];
  /** The id that was made last for an event of a system's own. */
  #ownId: string | undefined;
  /** Ids of its events once there are many, as in a bill run: each event asks whether its id is free. */
  #eventIds: Set<string> | undefined;
  readonly #parts: WorkParts;
  readonly #transaction: StoreTransaction;
  readonly #origin: Origin;
  /** The event that a link or follower is following just now. */
  #followed: string | undefined;
  /** The resource whose change is being followed just now. */
  #concerned: Subject | undefined;
  /** Made when a whole or a part of one is changed. */
  #keeper: PartsKeeper | undefined;
  /** Asked for once, with the first event of the command. */
  #listening: readonly FollowedEvent[] | undefined;

  constructor(parts: WorkParts) {
    super(parts);
    this.#parts = parts;
    this.#transaction = parts.store;
    this.#origin = parts.origin ?? START;
    this.#concerned = parts.origin?.subject;
  }

  get published(): number {
    return this.#collected?.events.length ?? 0;
  }

  get effects(): number {
    return effectsOf(this.#collected ?? NO_CONSEQUENCES);
  }

  /** Ends the work: decides, as part of it, what becomes of its events on their way; answers what it has led to. */
  finish(): Consequences {
    const { events } = this.#collected ?? NO_CONSEQUENCES;
    const plan = planSteps(this, events);
    if (plan !== undefined) this.carry(plan.steps, plan.struck);
    for (let at = 0; at < this.#series.length; at += 1) {
      this.#transaction.put(COUNTERS, this.#series[at] as string, { last: this.#taken[at] });
    }
    return this.#collected ?? NO_CONSEQUENCES;
  }

  get #done(): Collected {
    this.#collected ??= new Collected();
    return this.#collected;
  }

  create(collection: string, draft: Entity, context: Readonly<Record<string, unknown>> = {}): Entity {
    const entry = this.registry.resource(collection);
    const { resource, rules } = entry;
    const number = this.nextNumber(collection);
    const id = entry.idOf(draft) ?? this.#newId(entry, draft, number);
    const hasParts = entry.parts.length > 0;
    const bare = hasParts ? withoutParts(entry, draft) : draft;
    const owned = {
      id,
      created: givenIn(draft, resource.createdProperty) ?? this.nowText,
      updated: givenIn(draft, resource.updatedProperty) ?? this.nowText,
      href: entry.hrefOf(draft, id),
    };
    const filled = entry.compose(owned, bare);
    const completed = rules.complete?.(this, filled) ?? filled;
    const after = completed === filled ? filled : entry.inOrder(completed);
    rules.check?.(this, after, undefined);
    const key = entry.keyOf(after);
    if (!this.#transaction.add(collection, key, after)) {
      throw new Refusal(
        409,
        'ALREADY_EXISTS',
        `Failed to create the ${resource.name}: the id "${key}" is taken. Choose another id or leave it out.`,
      );
    }
    const whole = hasParts ? this.#joins.keep(this, entry, after, draft) : after;
    this.#changed(entry, key, { after: whole, context });
    return this.#present(entry, key, whole);
  }

  change(collection: string, id: string, patch: Entity, context: Readonly<Record<string, unknown>> = {}): Entity {
    const before = this.need(collection, id);
    return this.#become(collection, id, { before, becoming: mergePatch(before, patch), context });
  }

  replace(collection: string, id: string, entity: Entity, context: Readonly<Record<string, unknown>> = {}): Entity {
    const before = this.need(collection, id);
    return this.#become(collection, id, {
      before,
      becoming: isDeepStrictEqual(before, entity) ? before : entity,
      context,
    });
  }

  #become(collection: string, id: string, { before, becoming: patched, context }: Becoming): Entity {
    if (patched === before) return before;
    const entry = this.registry.resource(collection);
    const move = entry.checkMove(before, patched);
    if (move !== undefined) this.#done.addMove(entry.nameOfMove(move));
    const after = entry.inOrder(patched, { updated: this.nowText });
    entry.rules.check?.(this, after, before);
    this.#transaction.put(collection, id, after);
    const isOther = entry.parts.some(({ list }) => !isDeepStrictEqual(before[list], after[list]));
    const whole = isOther ? this.#joins.keep(this, entry, after, after) : after;
    this.#changed(entry, id, { before, after: whole, context });
    return this.#present(entry, id, whole);
  }

  remove(collection: string, id: string, context: Readonly<Record<string, unknown>> = {}): void {
    const entry = this.registry.resource(collection);
    const before = this.need(collection, id);
    entry.rules.removing?.(this, before);
    if (entry.parts.length > 0) this.#joins.removeAll(this, entry, before);
    for (const child of entry.children) {
      const filter = equals(child.parentProperty, entry.idOf(before));
      const { items } = this.query(collectionOf(child.resource), { filter });
      for (const item of items) this.remove(collectionOf(child.resource), child.keyOf(item), context);
    }
    this.#transaction.delete(collection, id);
    this.#changed(entry, id, { before, context });
  }

  put(collection: string, id: string, entity: Entity): void {
    if (collection === POLICIES) this.forgetPolicies();
    this.#transaction.put(collection, id, entity);
  }

  putAll(collection: string, entries: Iterable<readonly [id: string, entity: Entity]>): void {
    if (collection === POLICIES) this.forgetPolicies();
    this.#transaction.putAll(collection, entries);
  }

  add(collection: string, id: string, entity: Entity): boolean {
    if (collection === POLICIES) this.forgetPolicies();
    return this.#transaction.add(collection, id, entity);
  }

  delete(collection: string, id: string): boolean {
    return this.#transaction.delete(collection, id);
  }

  concern(subject: Subject): void {
    if (this.#parts.isSilent !== true) this.#done.subject ??= subject;
  }

  nextNumber(series: string): number {
    const at = this.#series.indexOf(series);
    if (at >= 0) {
      const number = (this.#taken[at] as number) + 1;
      this.#taken[at] = number;
      return number;
    }
    const number = Number(this.get(COUNTERS, series)?.last ?? 0) + 1;
    // What makes a starting world is not finished: it hands over its transaction.
    if (this.#parts.isSilent === true) {
      this.#transaction.put(COUNTERS, series, { last: number });
    } else {
      this.#series.push(series);
      this.#taken.push(number);
    }
    return number;
  }

  emit(channel: string, payload: unknown): SimulatorEvent {
    const { registry } = this;
    const entry = registry.channel(channel);
    const number = this.#parts.isSilent === true ? 0 : this.nextNumber(entry.series);
    const given = entry.idOf(payload);
    const isOwn = given === undefined || given === this.#ownId;
    // An id that the log holds already would hide one of the two from who goes on after it.
    const isFree = given !== undefined && !this.#isTaken(given, isOwn);
    const id = isFree ? given : this.#newEventId(channel, number);
    const named = given === undefined || isFree ? payload : entry.withId(payload, id);
    const { message, violations } = buildMessage(entry, named, {
      id,
      channel,
      at: this.nowText,
      tenant: this.tenant,
    });
    if (violations.length > 0) registry.reportBrokenEvent(channel, violations);
    const event: SimulatorEvent = { id: entry.idOf(message) ?? id, channel, at: this.nowText, payload: message };
    if (this.#parts.isSilent === true) return event;
    this.#done.addEvent(event, this.#followed, this.#concerned);
    if (isFree && !isOwn) this.#done.hasGivenIds = true;
    this.#eventIds?.add(event.id);
    this.#follow(entry.channel.messages[0]?.contentType, event);
    return event;
  }

  receive(channel: string, payload: unknown, headers?: Readonly<Record<string, string>>): SimulatorEvent {
    const event = this.emit(channel, payload);
    this.registry.receiverOf(channel)?.(this, event, headers);
    return event;
  }

  eventId(...purpose: readonly (string | number)[]): string {
    this.#ownId = this.uuid(...purpose);
    return this.#ownId;
  }

  #newEventId(channel: string, number: number): string {
    let id = this.uuid('event', channel, number);
    for (let attempt = 2; this.#isTaken(id, true); attempt += 1) id = this.uuid('event', channel, number, attempt);
    return id;
  }

  /** Whether an event has this id. Those that the tenant makes differ from one another: only given ones can be the same. */
  #isTaken(id: string, isOwn: boolean): boolean {
    const { log } = this.#parts;
    const { events, hasGivenIds } = this.#collected ?? NO_CONSEQUENCES;
    if (isOwn && hasGivenIds !== true && log?.hasGivenIds !== true) return false;
    if (this.isPublished(id)) return true;
    if (events.length <= FEW_EVENTS) return events.some((event) => event.id === id);
    this.#eventIds ??= new Set(events.map((event) => event.id));
    return this.#eventIds.has(id);
  }

  isPublished(id: string): boolean {
    return this.#parts.log?.has(id) ?? false;
  }

  note(text: string): void {
    if (this.#parts.isSilent === true) return;
    this.#done.addNote({ text, cause: this.#cause(), subject: this.#concerned });
  }

  notify(topic: string, payload: Readonly<Record<string, unknown>>): void {
    const event: SimulatorEvent = { id: '', channel: topic, at: this.nowText, payload };
    for (const link of this.registry.linksOf(topic)) {
      // A starting world is made by the systems themselves: only what each of them tells once is followed there.
      if (this.#parts.isSilent !== true || link.followsStart === true) link.follow(this, event);
    }
  }

  schedule(timer: TimerRequest): void {
    // Throws where nothing handles it, as long as somebody knows who has set it.
    timerHandler(this.registry, timer.kind);
    const { number, root } = this.#origin;
    const set = scheduleTimer(this.#transaction, timer, {
      id: `TMR-${String(number).padStart(6, '0')}-${this.#done.timersSet.length + 1}`,
      now: this.now,
      generation: this.#parts.generation ?? 0,
      cause: this.#cause(),
      root,
      subject: timer.subject ?? this.#concerned,
    });
    this.#done.addTimerSet(set);
  }

  cancel(key: string): boolean {
    const timer = this.get(TIMERS, key) as Timer | undefined;
    if (timer === undefined) return false;
    this.#done.addTimerCancelled(timer);
    return this.#transaction.delete(TIMERS, key);
  }

  deliver(request: DeliveryRequest): void {
    if (this.#parts.isSilent === true) return;
    const { root } = this.#origin;
    const cause = request.eventId ?? this.#cause();
    const subject = this.#concerned;
    const { firstWait } = this.#parts;
    this.#done.addDelivery(requestDelivery(this, this.#transaction, request, { firstWait, cause, root, subject }));
  }

  call(key: string, { path = {}, query = {}, body }: CallRequest): Outcome {
    const { operation, read, write } = this.registry.operation(key);
    const command = { operation, path, query, rawQuery: '', headers: {}, body };
    const outcome = write === undefined ? read?.(this, command) : write(this, command);
    if (outcome !== undefined) return outcome;
    throw new Refusal(404, 'NOT_FOUND', `Failed to call ${key}: nothing answers it. Serve a contract that has it.`);
  }

  perform(system: string, action: string, input: Readonly<Record<string, unknown>>): unknown {
    return this.registry.action(system, action)(this, input);
  }

  /** Asks for an attempt of a delivery, after the commit. */
  beginAttempt(attempt: BegunAttempt): void {
    this.#done.addAttempt(attempt);
  }

  /** Decides what becomes of events on their way to those who listen. */
  carry(steps: readonly FeedStep[] | undefined, struck: readonly Strike[] = []): void {
    this.#done.steps = steps;
    this.#done.struck = struck;
  }

  get #joins(): PartsKeeper {
    this.#keeper ??= new PartsKeeper();
    return this.#keeper;
  }

  /** What caused what is set or asked for just now. */
  #cause(): string | undefined {
    return this.#followed ?? this.#origin.id;
  }

  #follow(contentType: string | undefined, event: SimulatorEvent): void {
    const outer = this.#followed;
    this.#followed = event.id;
    this.#listening ??= this.#listen();
    for (const follow of this.#listening) follow(this, event, contentType ?? 'application/json');
    for (const link of this.registry.linksOf(event.channel)) link.follow(this, event);
    this.#followed = outer;
  }

  #listen(): readonly FollowedEvent[] {
    const listening: FollowedEvent[] = [];
    for (const follower of this.#parts.followers ?? []) {
      const follow = follower.listen(this.#transaction);
      if (follow !== undefined) listening.push(follow);
    }
    return listening;
  }

  #newId(entry: ResourceEntry, draft: Entity, number: number): string | number {
    const facts = new NewIdFacts(this, entry, draft, number);
    const { id } = entry.rules;
    if (id === undefined) return entry.newId(facts);
    const uuid = () => facts.uuid();
    return id({ number, uuid, hex: (length) => facts.hex(length), draft, now: this.now });
  }

  /** What has been stored, and what a rule has made of it in turn. */
  #present(entry: ResourceEntry, id: string, after: Entity): Entity {
    return entry.rules.changed === undefined ? after : (this.get(entry.collection, id) ?? after);
  }

  /** Announces a stored change: first by message, then to the rules that follow from it. */
  #changed(entry: ResourceEntry, id: string, change: Change): void {
    const outer = this.#concerned;
    this.#concerned = { collection: entry.collection, id };
    this.#done.subject ??= this.#concerned;
    if (this.#parts.isSilent !== true) {
      for (const channel of entry.channelsFor(change)) {
        const extra = entry.rules.announce?.(this, change, channel);
        const described = this.registry.channel(channel).describe(change, entry);
        this.emit(channel, extra === undefined ? described : Object.assign(described, extra));
      }
    }
    entry.rules.changed?.(this, change);
    if (entry.whole !== undefined) this.#joins.show(this, entry.whole, change);
    this.#concerned = outer;
  }
}

/** What a starting world is filled through: silent, and without a cause. Its parts have the shape of a command's. */
export function startingWork({
  registry,
  now,
  chance,
  store,
}: Pick<WorkParts, 'registry' | 'now' | 'chance' | 'store'>): UnitOfWork {
  const none = undefined;
  return new UnitOfWork({
    registry,
    tenant: '',
    now,
    nowText: none,
    pace: 0,
    chance,
    store,
    origin: none,
    followers: none,
    log: none,
    generation: none,
    firstWait: none,
    isSilent: true,
  });
}

/** What a new id can be made of: most are made of the number alone, and pay for nothing else. */
class NewIdFacts implements IdFacts {
  readonly number: number;
  readonly #work: ReadUnit;
  readonly #entry: ResourceEntry;
  readonly #draft: Entity;

  constructor(work: ReadUnit, entry: ResourceEntry, draft: Entity, number: number) {
    this.number = number;
    this.#work = work;
    this.#entry = entry;
    this.#draft = draft;
  }

  uuid(): string {
    return this.#work.uuid(this.#entry.collection, this.number);
  }

  hex(length: number): string {
    return this.#work.hex(length, this.#entry.collection, this.number);
  }

  random(attempt: number): RandomSource {
    return this.#work.random(this.#entry.collection, this.number, attempt);
  }

  isTaken(id: string): boolean {
    const { collection } = this.#entry;
    return this.#work.get(collection, this.#entry.keyFor(id, this.#draft)) !== undefined;
  }
}

function givenIn(draft: Entity, property: string | undefined): unknown {
  return property === undefined ? undefined : draft[property];
}

/** What a resource was and is to be. */
interface Becoming {
  readonly before: Entity;
  readonly becoming: Entity;
  readonly context: Readonly<Record<string, unknown>>;
}
