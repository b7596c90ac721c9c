import { type Commit, isNewWorld } from '../commit.ts';
import type { Fault } from '../faults/fault.ts';
import { awaitsFault } from '../faults/faults.ts';
import type { AttemptInput, FaultInput } from '../input.ts';
import type { OpenAttempt } from '../keeping/checkpoint.ts';
import type { BegunAttempt } from '../state/consequences.ts';
import type { World } from '../world.ts';
import { findCredentials } from './credentials.ts';
import type { Delivery, Dispatch, Transport } from './delivery.ts';
import { type InPlace, type Lanes, Line } from './line.ts';
import { OpenAttempts } from './open-attempts.ts';
import { DELIVERIES, isHeadOfLane } from './outbox.ts';
import { signingSecrets } from './webhooks.ts';

/** What a sender shares with those of the other tenants. */
export interface SenderParts {
  readonly transport: Transport;
  readonly reportFailure: (message: string, error: unknown) => void;
  /** Brings what came of an attempt into the world, and what is due then. */
  readonly apply: (input: AttemptInput | FaultInput) => Commit;
  /** How attempts may run side by side. Default: one after another. */
  readonly lanes?: Lanes;
  /** What reaches attempts just now, an advance for example. */
  readonly firedBy: () => string | undefined;
  /** Waits until what has been committed lasts; nothing where it does. */
  readonly kept?: () => Promise<void> | undefined;
}

/** Makes the attempts of one tenant's deliveries; the only part of a tenant that waits for anybody. */
export class Sender {
  readonly #parts: SenderParts;
  readonly #world: World;
  #line: Line;
  readonly #open = new OpenAttempts();
  /** Of attempts under way behind others, by their spans: waits until it is their turn to happen. */
  readonly #places = new Map<string, () => Promise<void>>();
  /** Rises when another state takes the place of the world's: what left before then is no news to it. */
  #epoch = 0;
  #isClosed = false;
  #isPaused = false;

  constructor(parts: SenderParts, world: World) {
    this.#parts = parts;
    this.#world = world;
    this.#line = new Line(parts.lanes);
  }

  /**
   * Waits until it is the turn of the attempt with this span: what its receiver asks for meanwhile happens in its place,
   * however long receivers before it take. Nothing where there is nothing to wait for.
   */
  inPlaceOf(span: string): Promise<void> | undefined {
    return this.#places.get(span)?.();
  }

  /** How many deliveries are under way. */
  get count(): number {
    return this.#line.count;
  }

  /** Begins the attempts that a commit asks for. */
  follow(commit: Commit): void {
    const { input } = commit;
    if (isNewWorld(input)) {
      this.#places.clear();
      this.#epoch += 1;
      this.#line.replace();
      this.#line = new Line(this.#parts.lanes);
    }
    this.#open.follow(commit);
    if (this.#isPaused) return;
    for (const attempt of commit.consequences.begun)
      this.#send(attempt, { begun: commit.number, firedBy: commit.firedBy });
  }

  /** What is under way, oldest first. */
  open(): readonly OpenAttempt[] {
    return this.#open.all();
  }

  /** Makes the attempts that were under way in another process: nobody knows what came of them. */
  takeOver(attempts: readonly OpenAttempt[] = this.open()): void {
    for (const attempt of attempts) this.#send({ late: undefined, ...attempt }, attempt);
  }

  /** Knows of attempts that were under way in another process. */
  recover(attempts: readonly OpenAttempt[]): void {
    this.#open.recover(attempts);
  }

  /** Begins no attempt until `resume`: what came of them is known already. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  /** Waits until none is under way any more. */
  async idle(): Promise<void> {
    while (this.count > 0) await this.#line.idle();
  }

  /** As `idle`, but does not wait for a receiver that takes long, nor for what comes while there is no end of it. */
  idleSoon(isEndless: () => boolean): Promise<void> {
    return this.#line.idleSoon(isEndless);
  }

  /** Waits until an attempt that falls due now could be made. */
  turn(): Promise<void> {
    return this.#line.turn();
  }

  /** Waits for the attempts under way, and makes no further one. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#line.idle();
  }

  /** Makes the next attempt of a delivery, when it is its turn. */
  #send(
    attempt: BegunAttempt,
    { begun, firedBy }: { readonly begun: number; readonly firedBy?: string | undefined },
  ): void {
    const epoch = this.#epoch;
    const begin = { begun, firedBy: this.#parts.firedBy() ?? firedBy };
    const fail = (error: unknown): undefined => {
      this.#parts.reportFailure(`delivery ${attempt.delivery} failed`, error);
    };
    const delivery = this.#world.store.get(DELIVERIES, attempt.delivery) as Delivery | undefined;
    this.#line.add(delivery?.target ?? '', async (inPlace) => {
      const input = await this.#attempt(attempt, epoch, begin, inPlace).catch(fail);
      // A reset or restore while it was under way has replaced the state that it belonged to.
      if (input === undefined || epoch !== this.#epoch) return undefined;
      return () => {
        try {
          if (epoch === this.#epoch) this.#parts.apply(input);
        } catch (error) {
          fail(error);
        }
      };
    });
  }

  async #attempt(
    { delivery: id, late }: BegunAttempt,
    epoch: number,
    begin: { readonly begun: number; readonly firedBy: string | undefined },
    inPlace: InPlace,
  ): Promise<AttemptInput | undefined> {
    // Ids repeat after a reset: without the epoch, a delivery of the new world could leave before it is due.
    if (this.#isClosed || epoch !== this.#epoch) return undefined;
    const { store, clock, name } = this.#world;
    const delivery = store.get(DELIVERIES, id) as Delivery | undefined;
    if (delivery?.state !== 'pending' || !isHeadOfLane(store, delivery)) return undefined;
    // It may have been tried, and put off, since it was taken up.
    if (delivery.nextAt !== undefined && Date.parse(delivery.nextAt) > clock.now()) return undefined;
    const fault = late ?? this.#takeFault(delivery);
    if (fault?.fault.latency !== undefined && late === undefined) return undefined;
    // Nobody outside may hear of what a crash would take back.
    const kept = this.#parts.kept?.();
    if (kept !== undefined) {
      await kept;
      if (this.#isClosed || epoch !== this.#epoch) return undefined;
    }
    const dispatch = this.#dispatchOf(delivery, fault);
    const { span } = dispatch.trace ?? {};
    if (span !== undefined && inPlace !== undefined) this.#places.set(span, inPlace);
    const result = await this.#parts.transport.send(dispatch, name);
    if (span !== undefined) this.#places.delete(span);
    // What fails at once could be due again at once: nobody else would ever have a turn.
    await new Promise(setImmediate);
    const { redeliveries } = delivery;
    return { kind: 'attempt', delivery: id, redeliveries, result, ...begin };
  }

  /** The fault that an attempt runs into, if any; one with a latency puts the attempt off. */
  #takeFault({ id, target }: Delivery): Fault | undefined {
    if (!awaitsFault(this.#world.store, { kind: 'delivery', target }, this.#world.clock.now())) return undefined;
    return this.#parts.apply({ kind: 'fault', delivery: id }).fault;
  }

  #dispatchOf(delivery: Delivery, fault: Fault | undefined): Dispatch {
    const { store, clock } = this.#world;
    const now = clock.now();
    const { id, root, webhook, attempts, credentials } = delivery;
    const authorization = credentials === undefined ? undefined : findCredentials(store, credentials);
    return {
      ...delivery,
      ...(root !== undefined && {
        trace: { id: this.#world.traceOf(root), span: this.#world.spanOf(`${id}/${attempts.length + 1}`) },
      }),
      ...(fault !== undefined && { fault: { id: fault.id, effect: fault.fault } }),
      ...(webhook !== undefined && { signing: { secrets: signingSecrets(store, webhook, now), now } }),
      ...(authorization !== undefined && { authorization }),
    };
  }
}
