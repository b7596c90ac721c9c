import type { Awaitable } from '../lib/awaitable.ts';
import type { Instant } from '../lib/time.ts';
import type { Refusal } from '../model/command.ts';
import { type Commit, isNewWorld } from './commit.ts';
import type { Delivery, Transport } from './delivery/delivery.ts';
import type { Lanes } from './delivery/line.ts';
import { DELIVERIES } from './delivery/outbox.ts';
import { Sender } from './delivery/sender.ts';
import type { Follower } from './follower.ts';
import type { Caused, Input, WaitingInput } from './input.ts';
import type { TenantLog } from './keeping/commit-log.ts';
import { Keeper, type Keeping, type Lag } from './keeping/keeper.ts';
import type { Activity } from './records/activity.ts';
import type { MemoryEventLog } from './records/event-log.ts';
import type { Feed } from './records/feed.ts';
import type { Journal } from './records/journal.ts';
import type { Transcript } from './records/transcript.ts';
import { type Dropped, type FormerWorld, hasStrayTimer, RELOADS } from './state/reload.ts';
import type { Snapshot } from './state/snapshots.ts';
import { equals } from './state/store/filter.ts';
import type { StoreReader } from './state/store/store.ts';
import type { TenantSnapshot } from './state/tenant-snapshot.ts';
import type { ReadWork } from './state/work.ts';
import type { ClockState } from './time/clock.ts';
import { type AdvanceOptions, type AdvanceResult, Timekeeper } from './time/timekeeper.ts';
import type { Timer } from './time/timer.ts';
import { pendingTimers } from './time/timers.ts';
import { Turns } from './time/turns.ts';
import { World, type WorldParts } from './world.ts';

/** What a tenant shares with the others of its simulator, and what it starts from. */
export interface TenantParts extends WorldParts {
  readonly transport: Transport;
  /** Shared with the other tenants, whose long runs take turns. Default: turns of its own. */
  readonly turns?: Turns;
  /** How attempts of deliveries may run side by side. Default: one after another. */
  readonly lanes?: Lanes;
  /** Called with every commit, once the records have it. */
  readonly follow?: Follower;
  /** Where its commits are kept, and what all who are kept share. Default: nowhere. */
  readonly kept?: Keeping & { readonly log: TenantLog };
}

/** An input as a commit keeps it, and when it was applied. */
export type AppliedInput = Pick<Commit, 'input' | 'at'>;

/**
 * One world of its own: `apply` is the only way to change it, `read` the only way to look. Around the world it keeps
 * what brings inputs by itself: a clock whose timers fall due, and attempts of deliveries that are answered.
 */
export class Tenant {
  readonly #world: World;
  readonly #sender: Sender;
  readonly #timekeeper: Timekeeper;
  readonly #turns: Turns;
  readonly #keeper: Keeper | undefined;
  readonly #gone = new Set<() => void>();
  #hasChanged = false;
  #isRecovering = false;

  constructor(parts: TenantParts) {
    const { transport, lanes, turns = new Turns(), reportFailure, follow, kept } = parts;
    const keeper =
      kept &&
      new Keeper({
        ...kept,
        tenant: parts.name,
        content: () => ({ ...world.content(), attempts: this.#sender.open() }),
        clock: () => world.clock.kept(),
        showBefore: (writes) => world.showBefore(writes),
      });
    this.#keeper = keeper;
    const world = new World({ ...parts, keeper });
    this.#world = world;
    this.#sender = new Sender(
      {
        transport,
        lanes,
        reportFailure,
        firedBy: () => this.#timekeeper.advancing,
        kept: keeper && (() => keeper.kept()),
        apply: (input) => {
          const commit = world.apply(input);
          // An advance comes to what is due by itself, one after another.
          if (!this.#timekeeper.isAdvancing) this.#timekeeper.runDue(commit);
          return commit;
        },
      },
      world,
    );
    this.#turns = turns;
    this.#timekeeper = new Timekeeper(world, this.#sender, turns, reportFailure);
    world.follow((commit) => {
      this.#hasChanged ||= commit.hasChanged || isNewWorld(commit.input);
      this.#sender.follow(commit);
    });
    // What another process has committed was told there.
    if (follow !== undefined) {
      world.follow((...told) => {
        if (!this.#isRecovering) follow(...told);
      });
    }
    this.#timekeeper.rearm();
  }

  get name(): string {
    return this.#world.name;
  }

  /** Whether anything has ever been changed in it. */
  get hasChanged(): boolean {
    return this.#hasChanged;
  }

  get seed(): number {
    return this.#world.seed;
  }

  /** The last committed state. */
  get store(): StoreReader {
    return this.#world.shown;
  }

  /** Everything that has been published. */
  get log(): MemoryEventLog {
    return this.#world.records.log;
  }

  /** What those who listen hear of it: faults on events stand between the two. */
  get feed(): Feed {
    return this.#world.records.feed;
  }

  get journal(): Journal {
    return this.#world.records.journal;
  }

  get transcript(): Transcript {
    return this.#world.records.transcript;
  }

  /** Everything that has happened, and why. */
  get activity(): Activity {
    return this.#world.records.activity;
  }

  get snapshots(): readonly Snapshot[] {
    return this.#world.snapshots;
  }

  /** The snapshot of this id; refuses with 404 where there is none. */
  needSnapshot(id: string): Snapshot {
    return this.#world.needSnapshot(id);
  }

  now(): Instant {
    return this.#world.clock.now();
  }

  clock(): ClockState {
    return this.#world.clock.state();
  }

  /** Timers that wait, soonest first. */
  pending(limit: number): readonly Timer[] {
    return pendingTimers(this.store, limit);
  }

  /**
   * Changes the tenant, and then fires what is due: the one door. Answers the commit that the input has become; at once,
   * unless a sample or a starting world is waited for.
   *
   * @example const { answer } = tenant.apply({ kind: 'operation', operation: 'shop/api/createOrder', … });
   */
  apply(input: Exclude<Input, WaitingInput>): Commit;
  apply(input: Input): Awaitable<Commit>;
  apply(input: Input): Awaitable<Commit> {
    if (this.#world.clock.mode === 'real') this.#timekeeper.runDue('tick');
    const commit = this.#world.apply(input);
    return commit instanceof Promise ? commit.then((each) => this.#fireDue(each)) : this.#fireDue(commit);
  }

  #fireDue(commit: Commit): Commit {
    const { input } = commit;
    if (commit.hasChanged || input.kind === 'clock') this.#timekeeper.runDue(commit);
    else if (isNewWorld(input)) this.#timekeeper.rearm();
    return commit;
  }

  /** Answers a question about the world. */
  read<T>(body: (work: ReadWork) => T): T {
    return this.#world.read(body);
  }

  /** Moves the clock forward, each timer on the way an input of its own; see `Timekeeper.advance`. */
  advance(target: Instant | 'next', caused?: Caused, options?: AdvanceOptions): Promise<AdvanceResult> {
    return this.#timekeeper.advance(target, caused, options);
  }

  /**
   * Applies inputs again that another tenant of the same start has applied, and nothing else: no timer fires and nothing
   * is sent but what they say. The records are then those of the other tenant.
   *
   * @example await copy.replay(commits.map(({ input, at }) => JSON.parse(JSON.stringify({ input, at }))));
   */
  async replay(inputs: Iterable<AppliedInput>): Promise<void> {
    this.#sender.pause();
    let slice = this.#turns.begin();
    for (const { input, at } of inputs) {
      if (slice.isOver()) slice = await this.#turns.next();
      this.#world.clock.moveTo(at);
      (await this.#world.apply(input, at)).takeAnswer();
    }
    this.#sender.resume();
    this.#timekeeper.rearm();
  }

  /** Goes through values of its records one by one, in as many turns as that takes: there may be many, and large ones. */
  inTurns<T>(values: Iterable<T>): AsyncIterable<T> {
    return this.#turns.through(values);
  }

  /**
   * Goes on from what is kept of it; to be called before anything else. Throws where that cannot be read.
   *
   * @example await tenant.recover();
   */
  async recover(): Promise<void> {
    const keeper = this.#keeper;
    if (keeper === undefined) return;
    this.#sender.pause();
    this.#isRecovering = true;
    const world = this.#world;
    const isSame = await keeper
      .recover(
        (content) => {
          world.recover(content);
          this.#sender.recover(content.attempts);
        },
        (kept) => world.repeat(kept),
      )
      .finally(() => {
        this.#isRecovering = false;
      });
    this.#hasChanged = true;
    this.#sender.resume();
    if (isSame && !hasStrayTimer(world.store, world.registry)) {
      this.#sender.takeOver();
    } else {
      world.apply({ kind: 'reload' });
      keeper.tellAside(this.dropped());
    }
    this.#timekeeper.runDue('tick');
  }

  /** See `TenantLog.holding`; nothing where it is kept nowhere. */
  holding(): Promise<void> | undefined {
    return this.#keeper?.holding();
  }

  /** Resolves once all that was changed until now lasts, and is refused where it cannot; nothing where there is nothing to wait for. */
  lasting(): Promise<void> | undefined {
    return this.#keeper?.pending();
  }

  /** As `lasting`, but waits for as long as it takes: nobody outside may hear of what a crash would take back. */
  kept(): Promise<void> | undefined {
    return this.#keeper?.kept();
  }

  /** What does not last yet of it; nothing where it is kept nowhere. */
  get lag(): Lag | undefined {
    return this.#keeper?.lag;
  }

  /** Why nothing can be changed at the moment; nothing where all is well. */
  get refusal(): Refusal | undefined {
    return this.#keeper?.refusal;
  }

  /** Why nothing in it may grow at the moment; nothing where there is room. */
  get fullness(): Refusal | undefined {
    return this.#world.fullness;
  }

  /** Why its clock stands still although it was to run; nothing where nobody has stopped it but who asked for that. */
  get stoppedBy(): string | undefined {
    return this.#timekeeper.stoppedBy;
  }

  /** Why it cannot be looked at, either; nothing where what readers see lasts. */
  get readRefusal(): Refusal | undefined {
    return this.#keeper?.readRefusal;
  }

  /** Why nobody can be told of all that has happened in it: some of it does not last. */
  get recordsRefusal(): Refusal | undefined {
    return this.#keeper?.recordsRefusal;
  }

  /** Calls back with every commit from now on; answers what ends it. */
  follow(follower: Follower): () => void {
    return this.#world.follow(follower);
  }

  /** What the last change of the contracts has set aside; nothing where there was none. */
  dropped(): readonly Dropped[] {
    return (this.store.get(RELOADS, 'last')?.items ?? []) as readonly Dropped[];
  }

  /** Everything that a tenant of the same name can go on from under other contracts. */
  former(): FormerWorld {
    return { now: this.snapshot(), snapshots: this.snapshots, registry: this.#world.registry };
  }

  /** Everything as it stands, cheap however much it is. */
  snapshot(): TenantSnapshot {
    return this.#world.snapshot();
  }

  /** The W3C trace id that belongs to a commit. */
  traceOf({ root }: Pick<Commit, 'root'>): string {
    return this.#world.traceOf(root);
  }

  /** The W3C span id of a thing that has happened, by its id in the activity. */
  spanOf(id: string): string {
    return this.#world.spanOf(id);
  }

  /** Waits until no delivery is under way any more. */
  settled(): Promise<void> {
    return this.#sender.idle();
  }

  /** As `settled`, but does not wait for a receiver that takes long, nor until an advance or a clock that runs has ended. */
  settledSoon(): Promise<void> {
    return this.#sender.idleSoon(() => this.#timekeeper.isAdvancing || this.#world.clock.pace > 0);
  }

  /** Waits until what the receiver of an attempt asks for may happen; see `Sender.inPlaceOf`. */
  inPlaceOf(span: string): Promise<void> | undefined {
    return this.#sender.inPlaceOf(span);
  }

  /** How many deliveries are under way. */
  get sending(): number {
    return this.#sender.count;
  }

  /** Closes it as it is, because another process has it; what is under way here is no concern of that one. */
  async abandon(): Promise<void> {
    this.#timekeeper.close();
    void this.#sender.close();
    await this.#keeper?.abandon();
    this.#world.close();
    this.#tellGone();
  }

  /** Calls back once it has been let go of, here but not for good: who listens can listen where it is next. */
  onGone(listener: () => void): () => void {
    this.#gone.add(listener);
    return () => this.#gone.delete(listener);
  }

  #tellGone(): void {
    for (const listener of [...this.#gone]) listener();
  }

  /** Closes it, and lets nothing remain of what is kept of it. */
  async delete(): Promise<void> {
    this.#timekeeper.close();
    await this.#keeper?.delete();
    await this.close();
  }

  /** Stops its clock; the attempt under way ends, deliveries that wait stay pending and are answered. */
  async close(): Promise<readonly Delivery[]> {
    this.#timekeeper.close();
    await this.#sender.close();
    await this.#keeper?.close(this.clock().mode !== 'manual' || this.#sender.open().length > 0);
    this.#world.close();
    if (this.#keeper !== undefined) this.#tellGone();
    const { items } = this.store.query(DELIVERIES, { filter: equals('state', 'pending') });
    return items as unknown as readonly Delivery[];
  }
}
