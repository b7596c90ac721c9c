import type { Awaitable } from '../lib/awaitable.ts';
import type { Instant } from '../lib/time.ts';
import { type Answer, type Command, type Outcome, Refusal, toRefusal } from '../model/command.ts';
import { Commit, type CommitDetails, isInJournal, NO_WRITES, PlannedCommit } from './commit.ts';
import type { Delivery } from './delivery/delivery.ts';
import { DELIVERIES, postponeAttempt, recordAttempt, resumeDeliveries } from './delivery/outbox.ts';
import { RETRY_SCHEDULE } from './delivery/retry-schedule.ts';
import type { Fault, FaultSubject } from './faults/fault.ts';
import { awaitsFault, dueAfter, FAULTS, strengthOf, takeFault } from './faults/faults.ts';
import type { Follower } from './follower.ts';
import {
  type AnswerInput,
  type AttemptInput,
  type FaultInput,
  type ForkInput,
  type Input,
  type NumberInput,
  type OperationInput,
  type ReloadInput,
  type RequestFacts,
  type ResetInput,
  type RestoreInput,
  type TimerInput,
  toCommand,
  type WaitingInput,
} from './input.ts';
import type { WorldContent } from './keeping/checkpoint.ts';
import type { KeptCommit } from './keeping/commit-lines.ts';
import type { ByteBudget } from './records/byte-budget.ts';
import { NO_RECORDS, type RecordCapacity, Records } from './records/records.ts';
import type { OperationEntry, Registry } from './registry.ts';
import type { Renderer } from './renderer.ts';
import { BoundedTransaction, holdsLarge, type StateBound } from './state/bounded-state.ts';
import { type Consequences, NO_CONSEQUENCES } from './state/consequences.ts';
import type { EventFollower } from './state/event-follower.ts';
import type { Origin, Subject, TraceRoot } from './state/origin.ts';
import { ReadUnit } from './state/read-unit.ts';
import { createFitter, type FormerWorld } from './state/reload.ts';
import { revoke } from './state/revoked-tokens.ts';
import { type Room, type Rooms, snapshotsFull, tenantFull } from './state/room.ts';
import { type Snapshot, Snapshots } from './state/snapshots.ts';
import type { Store, StoreReader, StoreTransaction, Write } from './state/store/store.ts';
import type { StartingPoint, TenantSnapshot } from './state/tenant-snapshot.ts';
import { rehearse, repeatWrites, type Transacted, transact } from './state/transact.ts';
import { UnitOfWork } from './state/unit-of-work.ts';
import type { ReadWork } from './state/work.ts';
import type { SampleHandler } from './system.ts';
import { Clock } from './time/clock.ts';
import { timerHandler } from './time/handlers.ts';
import type { Timer } from './time/timer.ts';
import { TIMERS } from './time/timers.ts';
import { type Chance, createChance } from './values/random.ts';

/** What a world shares with those of the other tenants, and what it starts from. */
export interface WorldParts {
  readonly name: string;
  readonly registry: Registry;
  readonly start: StartingPoint;
  readonly renderer: Renderer;
  /** What answers operations that have no state and no code. */
  readonly sample: SampleHandler;
  /** What hears of events inside their transaction, besides the links. */
  readonly eventFollowers?: readonly EventFollower[];
  /** Waits before the attempts of a delivery, in virtual milliseconds. Default: `RETRY_SCHEDULE`. */
  readonly retrySchedule?: readonly number[];
  readonly capacity: RecordCapacity;
  /** How much clients may put into its state. Default: any amount. */
  readonly stateBound?: StateBound;
  /** How many things tenants may hold, one and all of them. Default: any number. */
  readonly rooms?: Rooms;
  /** What the records of all tenants hold together. */
  readonly recordBytes?: ByteBudget;
  /** Makes the state that a reset names; throws where there is none. */
  readonly startingPoint?: (start: NonNullable<ResetInput['start']>) => Promise<StartingPoint>;
  /** Everything another tenant is made of, for one that begins as its copy. */
  readonly snapshotOf?: (tenant: string, snapshot?: string) => TenantSnapshot;
  /** What this tenant was made of before the contracts became others. */
  readonly former?: FormerWorld;
  /** Told of each commit before anybody else, and why nothing can be changed at the moment. */
  readonly keeper?: { readonly follow: Follower; readonly refusal: Refusal | undefined };
  /** Why nothing may grow at the moment. Default: there is always room. */
  readonly memory?: { readonly refusal: Refusal | undefined };
  /** Called with what nobody else learns of: a timer or a follower that failed. */
  readonly reportFailure: (message: string, error: unknown) => void;
}

/** What makes a world larger without a request that could be refused before. */
const GROWING: ReadonlySet<Input['kind']> = new Set(['timer', 'message', 'snapshot', 'fork']);

const NO_BOUND: StateBound = { bytes: Number.POSITIVE_INFINITY };

/** What is refused where it would make a world larger than it may be. What ends an attempt, or takes away, is not. */
const BOUNDED: ReadonlySet<Input['kind']> = new Set(['operation', 'timer', 'message']);

/**
 * The state of one tenant, and the only way to change it: an input becomes one commit, whole or not at all, and everyone
 * who follows commits gets it. It runs from its first read to its commit without a turn for anybody else. What falls due
 * afterwards, and what is sent, are inputs of their own: to bring them is the business of the tenant around it.
 *
 * @example const commit = world.apply({ kind: 'timer', key }, due);
 */
export class World {
  readonly clock: Clock;
  readonly records: Records;
  readonly retrySchedule: readonly number[];
  readonly #parts: WorldParts;
  readonly #followers: Follower[] = [];
  readonly #snapshots: Snapshots;
  readonly #room: Room | undefined;
  #store: Store;
  /** What readers see in its place, while more was committed than lasts. */
  #shown: StoreReader | undefined;
  #chance: Chance;
  #start: StartingPoint;
  /** Of the last commit. */
  #number = 0;
  /** How many things have been written that no snapshot holds yet. */
  #unshared = 0;

  constructor(parts: WorldParts) {
    this.#parts = parts;
    this.#start = parts.start;
    this.#store = parts.start.store.fork();
    this.#room = parts.rooms?.take();
    this.#snapshots = new Snapshots(parts.rooms);
    this.#chance = createChance(parts.start.seed);
    this.clock = new Clock(parts.start.clock);
    this.retrySchedule = parts.retrySchedule ?? RETRY_SCHEDULE;
    const facts = {
      traceOf: (root: TraceRoot) => this.traceOf(root),
      subjectOf: (request: RequestFacts) => this.#subjectOf(request),
    };
    this.records = new Records(parts.capacity, parts.renderer, facts, parts.recordBytes);
    if (parts.keeper !== undefined) this.follow(parts.keeper.follow);
    this.follow((commit, become) => this.records.follow(commit, become?.records));
  }

  get name(): string {
    return this.#parts.name;
  }

  get seed(): number {
    return this.#chance.seed;
  }

  get registry(): Registry {
    return this.#parts.registry;
  }

  /** The last committed state. */
  get store(): StoreReader {
    return this.#store;
  }

  /** The state as readers see it: all that was committed, and lasts where worlds are kept. */
  get shown(): StoreReader {
    return this.#shown ?? this.#store;
  }

  /** Shows readers the state of before these writes, the last that were made. */
  showBefore(writes: readonly Write[]): void {
    this.#shown = this.#store.before(writes);
  }

  get snapshots(): readonly Snapshot[] {
    return this.#snapshots.items;
  }

  needSnapshot(id: string): Snapshot {
    return this.#snapshots.need(id, this.name);
  }

  /** Calls back with every commit from now on, in the order in which followers came; answers what ends it. */
  follow(follower: Follower): () => void {
    this.#followers.push(follower);
    return () => void this.#followers.splice(this.#followers.indexOf(follower), 1);
  }

  /** Answers a question about the world. */
  read<T>(body: (work: ReadWork) => T): T {
    return body(this.#reader(this.clock.now()));
  }

  /** Everything as it stands, cheap however much it is. */
  snapshot(): TenantSnapshot {
    return {
      start: { seed: this.seed, clock: this.clock.state(), store: this.#store.fork() },
      number: this.#number,
      records: this.records.snapshot(),
    };
  }

  /** Everything that another process can go on from, but for what is under way. */
  content(): Omit<WorldContent, 'attempts'> {
    const { records } = this;
    const { items } = this.#snapshots;
    const [clock, base] = [this.clock.kept(), this.#start];
    return { now: this.snapshot(), clock, base, snapshots: [...items], slots: records.transcript.slots() };
  }

  /** Goes on from what another process has left behind. */
  recover({ now, clock, base, snapshots, slots }: WorldContent): void {
    this.#start = base;
    this.#store = now.start.store;
    this.#chance = createChance(now.start.seed);
    this.#number = now.number;
    this.clock.restore(clock);
    this.#snapshots.takeOver(snapshots);
    this.records.recover(now.records, slots);
    this.#room?.hold(this.#grown);
  }

  /** Makes a commit again that another process has made, from what it wrote: no code of any system runs. */
  repeat({ commit, writes, clock }: KeptCommit): void {
    const { input, at } = commit;
    if (input.kind === 'restore') {
      this.#become(input, at, this.needSnapshot(input.snapshot).content);
    } else if (input.kind === 'reset') {
      this.#become(input, at, { start: this.#start, number: 0, records: NO_RECORDS });
    } else {
      if (input.kind === 'snapshot') this.#takeSnapshot();
      repeatWrites(this.#store, writes);
      this.#number = commit.number;
      this.#notify(commit);
    }
    this.clock.restore(clock);
  }

  /** Answers the refusal where there is no room for it. */
  #takeSnapshot(): Refusal | undefined {
    const things = Math.min(this.#unshared, Math.max(0, this.#grown));
    if (!this.#snapshots.add(this.snapshot(), things)) return snapshotsFull(this.name, things);
    this.#unshared = 0;
    return undefined;
  }

  /** Why nothing can be changed at the moment; nothing where all is well. */
  get refusal(): Refusal | undefined {
    return this.#parts.keeper?.refusal;
  }

  /** Why nothing may grow at the moment; nothing where there is room. */
  get fullness(): Refusal | undefined {
    return this.#parts.memory?.refusal ?? this.#room?.refusal();
  }

  /** Nobody will look any more: what it holds no longer counts. */
  close(): void {
    this.records.close();
    this.#room?.hold(0);
    this.#snapshots.close();
  }

  /** How many things it holds beyond those that it shares with all that start as it does. */
  get #grown(): number {
    const { start } = this.#parts;
    return this.#store.size - (this.#start.store === start.store ? start.store.size : 0);
  }

  /** The W3C trace id of what began with this. */
  traceOf(root: TraceRoot): string {
    return typeof root === 'string' ? root : this.#chance.hex(32, 'trace', root);
  }

  /** The place of a thing in its trace, a W3C span id. */
  spanOf(id: string): string {
    return this.#chance.hex(16, 'span', id);
  }

  /** Makes one commit of an input; at once, unless it has to wait for a sample or a starting world. */
  apply(input: Exclude<Input, WaitingInput>, at?: Instant): Commit;
  apply(input: Input, at?: Instant): Awaitable<Commit>;
  apply(input: Input, at: Instant = this.clock.now()): Awaitable<Commit> {
    const { refusal } = this;
    if (refusal !== undefined && isOfItself(input)) throw refusal;
    if (GROWING.has(input.kind) && this.fullness !== undefined) throw this.fullness;
    switch (input.kind) {
      case 'operation':
        return this.#operate(input, at);
      case 'answer':
        return this.#answer(input.request, input, at);
      case 'message':
        return this.#run(input, at, (work) => void work.receive(input.channel, input.payload, input.headers));
      case 'timer':
        return this.#fire(input, at);
      case 'fault':
        return this.#takeFault(input, at);
      case 'attempt':
        return this.#recordAttempt(input, at);
      case 'clock':
        this.clock.set(input.mode, input.rate);
        return this.#record(input, at);
      case 'number':
        return this.#takeNumber(input, at);
      case 'revoke':
        return this.#run(input, at, (work) => revoke(work, input));
      case 'snapshot': {
        const refusal = this.#takeSnapshot();
        if (refusal !== undefined) {
          this.#snapshots.giveBack();
          throw refusal;
        }
        return this.#record(input, at);
      }
      case 'restore':
        return this.#become(input, at, this.#snapshots.need(input.snapshot, this.name).content);
      case 'fork':
        return this.#become(input, at, this.#snapshotOf(input));
      case 'reload':
        return this.#reload(input, at);
      case 'reset':
        return this.#reset(input, at);
      default:
        // What these do, records do: they follow the commit.
        return this.#record(input, at);
    }
  }

  #operate(input: OperationInput, at: Instant): Awaitable<Commit> {
    const { registry } = this.#parts;
    if (input.refusal !== undefined) return this.#refuseUnread(input, at, toRefusal(input.refusal));
    const entry = registry.operation(input.operation);
    if (entry.prepare === undefined) return this.#perform(input, at, entry);
    return entry.prepare().then(() => this.#perform(input, at, entry));
  }

  /** What a request that breaks the contract is answered with: its refusal, unless its system takes it all the same. */
  #refuseUnread(input: OperationInput, at: Instant, refusal: Refusal): Commit {
    const { renderer, registry } = this.#parts;
    const refused = () => this.#record(input, at, undefined, renderer.refuse(input, refusal, at), { refusal });
    const { violations } = refusal;
    if (violations.length === 0 || violations.some((violation) => violation.in !== 'body')) return refused();
    const { operation, invalid } = registry.operation(input.operation);
    if (invalid === undefined) return refused();
    try {
      const { result, writes } = this.#transact(input, (transaction) => {
        const work = this.#workOn(transaction, at, input);
        const outcome = invalid(work, toCommand(input, operation), violations);
        if (outcome === undefined) return undefined;
        const answer = renderer.render(input, outcome, at);
        return { outcome, answer, consequences: work.finish() };
      });
      if (result === undefined) return refused();
      return this.#record(input, at, result.outcome, result.answer, undefined, result.consequences, writes);
    } catch (error) {
      return this.#refuse(input, at, error);
    }
  }

  #perform(input: OperationInput, at: Instant, entry: OperationEntry): Awaitable<Commit> {
    const { renderer } = this.#parts;
    const struck = this.#strike(input, at, entry);
    const fault = struck?.fault;
    const strength = fault === undefined || entry.isReceiver ? 'done' : strengthOf(fault.fault);
    if (fault !== undefined && strength === 'answered') {
      return this.#record(input, at, undefined, renderer.strike(input, fault, at), struck, undefined, struck?.writes);
    }
    try {
      const command = toCommand(input, entry.operation);
      if (input.isSample === true || (entry.read === undefined && entry.write === undefined)) {
        // Who prefers a sample gets one; anybody else asks about things below others that may not be there.
        if (input.isSample !== true) this.#parts.registry.requireAncestors(this.#reader(at), command);
        return this.#sample(
          input,
          at,
          this.#parts.sample(this.#reader(at), command),
          struck,
          callBackOf(entry, command),
        );
      }
      if (entry.read !== undefined) {
        const outcome = entry.read(this.#reader(at), command);
        const answer = renderer.render(input, outcome, at, fault);
        return this.#record(input, at, outcome, answer, struck, undefined, struck?.writes);
      }
      return this.#change(input, at, entry, command, strength === 'undone', struck);
    } catch (error) {
      return this.#refuse(input, at, error, struck);
    }
  }

  #change(
    input: OperationInput,
    at: Instant,
    { write }: OperationEntry,
    command: Command,
    isUndone: boolean,
    struck: Struck | undefined,
  ): Commit {
    if (write === undefined) throw new Error(`Failed to answer ${input.operation}: it has no handler.`);
    if (this.refusal !== undefined) throw this.refusal;
    const { renderer } = this.#parts;
    let outcome: Outcome | undefined;
    let answer: Answer | undefined;
    const run = (transaction: StoreTransaction): Consequences => {
      const work = this.#workOn(transaction, at, input);
      outcome = write(work, command);
      // Rendered before the commit, so that an answer that must not leave undoes its command.
      answer = renderer.render(input, outcome, at, struck?.fault);
      return work.finish();
    };
    if (isUndone) {
      rehearse(this.#store, run);
      return this.#record(input, at, outcome, answer, struck, undefined, struck?.writes);
    }
    const { result, writes } = this.#transact(input, run);
    const all = struck === undefined ? writes : [...struck.writes, ...writes];
    return this.#record(input, at, outcome, answer, struck, result, all);
  }

  #refuse(input: OperationInput, at: Instant, error: unknown, struck?: Struck): Commit {
    const { renderer } = this.#parts;
    if (!(error instanceof Refusal)) {
      return this.#record(input, at, undefined, renderer.fail(input, error, at), struck, undefined, struck?.writes);
    }
    const answer = renderer.refuse(input, error, at, struck?.fault);
    const details = { fault: struck?.fault, refusal: error };
    return this.#record(input, at, undefined, answer, details, undefined, struck?.writes);
  }

  /** A sample changes nothing, so it needs no transaction, and may take its time. */
  #sample(
    input: OperationInput,
    at: Instant,
    sample: Awaitable<Outcome>,
    struck: Struck | undefined,
    callBack: ((work: UnitOfWork, outcome: Outcome) => void) | undefined,
  ): Awaitable<Commit> {
    const settle = (outcome: Outcome): Commit => {
      try {
        const answer = this.#parts.renderer.render(input, outcome, at, struck?.fault);
        if (callBack === undefined) return this.#record(input, at, outcome, answer, struck, undefined, struck?.writes);
        const { result, writes } = this.#transact(input, (transaction) => {
          const work = this.#workOn(transaction, at, input);
          callBack(work, outcome);
          return work.finish();
        });
        return this.#record(input, at, outcome, answer, struck, result, [...(struck?.writes ?? []), ...writes]);
      } catch (error) {
        return this.#refuse(input, at, error, struck);
      }
    };
    if (!(sample instanceof Promise)) return settle(sample);
    return sample.then(settle, (error: unknown) => this.#refuse(input, at, error, struck));
  }

  /** The fault that a request runs into, if any; it counts as used however the request ends. */
  #strike(
    input: OperationInput,
    at: Instant,
    { operation, isReceiver, isSteering }: OperationEntry,
  ): Struck | undefined {
    // Where none waits, a request costs no more than this; what steers the simulator is never struck.
    if (isSteering || this.#store.query(FAULTS, ONE).total === 0) return undefined;
    const { system, id: operationId, method, path: template } = operation;
    const request = { operationId, system, method, path: input.url, template, isReceiver };
    const subject: FaultSubject = { kind: 'request', ...request };
    if (!awaitsFault(this.#store, subject, at)) return undefined;
    const { result: fault, writes } = transact(this.#store, (transaction) =>
      takeFault(this.#workOn(transaction, at, input), subject),
    );
    return { fault, writes };
  }

  /** Writes down what something that took inputs of its own was answered with. */
  #answer(request: RequestFacts, input: AnswerInput, at: Instant): Commit {
    const { renderer } = this.#parts;
    const refuse = (refusal: Refusal): Commit =>
      this.#record(input, at, undefined, renderer.refuse(request, refusal, at), { refusal });
    const { outcome } = input;
    if (input.refusal !== undefined) return refuse(toRefusal(input.refusal));
    if (outcome === undefined) return this.#record(input, at);
    try {
      return this.#record(input, at, outcome, renderer.render(request, outcome, at));
    } catch (error) {
      if (error instanceof Refusal) return refuse(error);
      throw error;
    }
  }

  /** Runs changes, and undoes those that would make the world larger than it may be. */
  #transact<T>(input: Input, body: (transaction: StoreTransaction) => T): Transacted<T> {
    const { rooms, name } = this.#parts;
    if (rooms === undefined || !BOUNDED.has(input.kind)) return transact(this.#store, body);
    const most = rooms.bound.each;
    const before = this.#store.size;
    return transact(this.#store, (transaction) => {
      const result = body(transaction);
      if (this.#store.size > before && this.#grown > most) throw tenantFull(name, most);
      return result;
    });
  }

  /** Changes without an answer; what they throw undoes them, and is the caller's. */
  #run(input: Input, at: Instant, body: (work: UnitOfWork) => void, details?: CommitDetails): Commit {
    const { result: consequences, writes } = this.#transact(input, (transaction) => {
      const work = this.#workOn(transaction, at, input, details);
      body(work);
      return work.finish();
    });
    return this.#record(input, at, undefined, undefined, details, consequences, writes);
  }

  /** Fires a timer. What it throws costs its own effects, and it is set no more. */
  #fire(input: TimerInput, at: Instant): Commit {
    const timer = this.#store.get(TIMERS, input.key) as Timer | undefined;
    if (timer === undefined) {
      throw new Error(`Failed to fire the timer "${input.key}": none waits under this key. Fire the timers that wait.`);
    }
    const handle = timerHandler(this.#parts.registry, timer.kind);
    try {
      return this.#run(
        input,
        at,
        (work) => {
          work.delete(TIMERS, timer.key);
          handle(work, timer.data);
        },
        { timer },
      );
    } catch (failure) {
      // It waits until there is room.
      if (isFull(failure)) throw failure;
      const { writes } = transact(this.#store, (transaction) => transaction.delete(TIMERS, timer.key));
      const commit = this.#record(input, at, undefined, undefined, { timer, failure }, undefined, writes);
      this.#parts.reportFailure(`timer ${timer.key} failed`, failure);
      return commit;
    }
  }

  /** The fault that an attempt runs into, if any; one with a latency puts the attempt off until that has passed. */
  #takeFault(input: FaultInput, at: Instant): Commit {
    const delivery = this.#store.get(DELIVERIES, input.delivery) as Delivery | undefined;
    if (delivery === undefined) return this.#record(input, at);
    const { result, writes } = transact(this.#store, (transaction) => {
      const work = this.#workOn(transaction, at, input, { delivery });
      const fault = takeFault(work, { kind: 'delivery', target: delivery.target });
      if (fault?.fault.latency !== undefined) {
        postponeAttempt(transaction, delivery, dueAfter(fault.fault, at), at, fault);
      }
      return { fault, consequences: work.finish() };
    });
    const { fault, consequences } = result;
    return this.#record(input, at, undefined, undefined, { delivery, fault }, consequences, writes);
  }

  #recordAttempt(input: AttemptInput, at: Instant): Commit {
    const { delivery: id, redeliveries, result: came } = input;
    const sent = this.#store.get(DELIVERIES, id) as Delivery | undefined;
    const { result, writes } = transact(this.#store, (transaction) => {
      const work = this.#workOn(transaction, at, input, { delivery: sent });
      const delivery = recordAttempt(transaction, { id, redeliveries }, came, {
        now: at,
        jitter: (attempts) => work.random('retry', id, attempts),
        schedule: this.retrySchedule,
      });
      if (came.outcome === 'gone' && delivery !== undefined) {
        for (const follower of this.#parts.eventFollowers ?? []) follower.gone?.(work, delivery);
      }
      return { delivery, consequences: work.finish() };
    });
    const { delivery, consequences } = result;
    return this.#record(input, at, undefined, undefined, { delivery }, consequences, writes);
  }

  #takeNumber(input: NumberInput, at: Instant): Commit {
    const { result, writes } = transact(this.#store, (transaction) => {
      const work = this.#workOn(transaction, at, input);
      const number = work.nextNumber(input.series);
      work.finish();
      return number;
    });
    const outcome = { status: 200, body: result };
    return this.#record(input, at, outcome, undefined, undefined, undefined, writes);
  }

  #reset(input: ResetInput, at: Instant): Awaitable<Commit> {
    const { startingPoint } = this.#parts;
    const become = (start: StartingPoint): Commit => {
      this.#start = start;
      return this.#become(input, at, { start, number: 0, records: NO_RECORDS });
    };
    if (input.start === undefined) return become(this.#start);
    if (startingPoint === undefined)
      throw new Error('Failed to reset the tenant: it knows no other start. Leave it out.');
    return startingPoint(input.start).then(become);
  }

  #reload(input: ReloadInput, at: Instant): Commit {
    const { registry } = this.#parts;
    // What was kept under other contracts does not say what these were.
    const own = { now: this.snapshot(), snapshots: [...this.#snapshots.items], registry };
    const { former = own } = this.#parts;
    const fitted = createFitter(former.registry, registry);
    this.#snapshots.takeOver(former.snapshots.map((each) => ({ ...each, content: fitted(each.content) })));
    return this.#become(input, at, fitted(former.now));
  }

  #snapshotOf({ from, snapshot }: ForkInput): TenantSnapshot {
    const { snapshotOf } = this.#parts;
    if (snapshotOf === undefined) throw new Error(`Failed to copy the tenant "${from}": it is out of reach.`);
    return snapshotOf(from, snapshot);
  }

  #become(input: ResetInput | RestoreInput | ForkInput | ReloadInput, at: Instant, restored: TenantSnapshot): Commit {
    this.#store = restored.start.store.fork();
    this.#chance = createChance(restored.start.seed);
    this.clock.restore(restored.start.clock);
    this.#number = restored.number;
    this.#unshared = 0;
    if (input.kind !== 'reset') {
      transact(this.#store, (transaction) => resumeDeliveries(transaction, this.clock.now()));
    }
    const { number } = restored;
    const commit = new Commit(number, at, input, 0, undefined, undefined, NO_CONSEQUENCES, NO_WRITES, undefined);
    this.#notify(commit, restored);
    return commit;
  }

  #record(
    input: Input,
    at: Instant,
    outcome?: Outcome,
    answer?: Answer,
    details?: CommitDetails,
    consequences: Consequences = NO_CONSEQUENCES,
    writes: readonly Write[] = NO_WRITES,
  ): Commit {
    this.#number += 1;
    const place = this.#placeOf(input);
    const commit = new Commit(this.#number, at, input, place, outcome, answer, consequences, writes, details);
    this.#notify(commit);
    return commit;
  }

  /** A commit has happened, whatever a follower makes of it. */
  #notify(commit: Commit, become?: TenantSnapshot): void {
    this.#unshared += commit.writes.length;
    if (commit.hasChanged || become !== undefined) this.#room?.hold(this.#grown);
    for (const follow of this.#followers) {
      try {
        follow(commit, become);
      } catch (error) {
        this.#parts.reportFailure('what followed a commit failed', error);
      }
    }
    commit.release();
  }

  #reader(at: Instant): ReadUnit {
    const { registry, name: tenant } = this.#parts;
    const nowText = this.clock.write(at);
    const { pace } = this.clock;
    return new ReadUnit({ registry, tenant, now: at, nowText, pace, chance: this.#chance, store: this.shown });
  }

  /** Timers take away what large requests have brought, and may make it larger: only requests are refused. */
  #bounded(store: StoreTransaction, input: Input): StoreTransaction {
    const { stateBound, name: tenant } = this.#parts;
    if (stateBound === undefined) return store;
    const isRequest = input.kind === 'operation';
    if (!isRequest && !holdsLarge(store)) return store;
    return new BoundedTransaction(store, isRequest ? stateBound : NO_BOUND, {
      tenant,
      requested: isRequest ? input.size : undefined,
    });
  }

  #workOn(store: StoreTransaction, at: Instant, input: Input, details?: CommitDetails): UnitOfWork {
    const { registry, name: tenant, eventFollowers } = this.#parts;
    return new UnitOfWork({
      registry,
      tenant,
      now: at,
      nowText: this.clock.write(at),
      pace: this.clock.pace,
      chance: this.#chance,
      store: this.#bounded(store, input),
      origin: this.#originOf(input, details),
      followers: eventFollowers,
      log: this.records.log,
      generation: details?.timer?.generation,
      firstWait: this.retrySchedule[0],
      isSilent: false,
    });
  }

  #originOf(input: Input, details?: CommitDetails): Origin {
    return new PlannedCommit(input, this.#number + 1, this.#placeOf(input), details);
  }

  #placeOf(input: Input): number {
    return isInJournal(input) ? this.records.journal.count + 1 : 0;
  }

  #subjectOf(request: RequestFacts): Subject | undefined {
    // The contracts may have become others since.
    if (!this.#parts.registry.hasHandler(request.operation)) return undefined;
    const { item } = this.#parts.registry.operation(request.operation);
    const id = item === undefined ? undefined : request.path[item.parameter];
    return item === undefined || id === undefined ? undefined : { collection: item.collection, id };
  }
}

/** What sends what an operation promises, where it promises anything. */
function callBackOf({ callBack }: OperationEntry, command: Command) {
  return callBack && ((work: UnitOfWork, outcome: Outcome) => callBack(work, command, outcome));
}

/** Whether it changes the world whatever it says; of requests that is known once it is known what answers them. */
function isOfItself({ kind }: Input): boolean {
  return !(
    kind === 'operation' ||
    kind === 'answer' ||
    kind === 'exchange' ||
    kind === 'control' ||
    kind === 'attempt'
  );
}

/** Whether something was not done because there is no room for it. */
export function isFull(error: unknown): error is Refusal {
  return error instanceof Refusal && (error.code === 'STATE_FULL' || error.code === 'MEMORY_FULL');
}

const ONE = { limit: 1 } as const;

/** What a fault has left behind before the request itself is done. */
interface Struck {
  readonly fault: Fault | undefined;
  readonly writes: readonly Write[];
}
