import { type Commit, isNewWorld } from '../commit.ts';
import type { Fault } from '../faults/fault.ts';
import { awaitsFault } from '../faults/faults.ts';
import type { AttemptInput, FaultInput } from '../input.ts';
import type { BegunAttempt } from '../state/consequences.ts';
import type { World } from '../world.ts';
import type { Delivery, Dispatch, Transport } from './delivery.ts';
import { DELIVERIES, isHeadOfLane } from './outbox.ts';
import { signingSecrets } from './webhooks.ts';

/** What a sender shares with those of the other tenants. */
export interface SenderParts {
  readonly transport: Transport;
  readonly reportFailure: (message: string, error: unknown) => void;
  /** Brings what came of an attempt into the world, and what is due then. */
  readonly apply: (input: AttemptInput | FaultInput) => Commit;
  /** What reaches attempts just now, an advance for example. */
  readonly firedBy: () => string | undefined;
}

/** Makes the attempts of one tenant's deliveries, one after another; the only part of a tenant that waits for anybody. */
export class Sender {
  readonly #parts: SenderParts;
  readonly #world: World;
  #sending: Promise<void> = Promise.resolve();
  #count = 0;
  /** Rises when another state takes the place of the world's: what left before then is no news to it. */
  #epoch = 0;
  #isClosed = false;
  #isPaused = false;

  constructor(parts: SenderParts, world: World) {
    this.#parts = parts;
    this.#world = world;
  }

  /** How many deliveries are under way. */
  get count(): number {
    return this.#count;
  }

  /** Begins the attempts that a commit asks for. */
  follow(commit: Commit): void {
    if (isNewWorld(commit.input)) this.#epoch += 1;
    if (this.#isPaused) return;
    for (const attempt of commit.consequences.begun) this.#send(attempt, commit);
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
    while (this.#count > 0) await this.#sending;
  }

  /** Waits for the attempt under way, and makes no further one. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#sending;
  }

  /** Makes the next attempt of a delivery, after those under way. */
  #send(attempt: BegunAttempt, { number, firedBy }: Commit): void {
    const epoch = this.#epoch;
    this.#count += 1;
    this.#sending = this.#sending
      .then(() => this.#attempt(attempt, epoch, { begun: number, firedBy: this.#parts.firedBy() ?? firedBy }))
      .catch((error: unknown) => this.#parts.reportFailure(`delivery ${attempt.delivery} failed`, error))
      .finally(() => {
        this.#count -= 1;
      });
  }

  async #attempt(
    { delivery: id, late }: BegunAttempt,
    epoch: number,
    begin: { readonly begun: number; readonly firedBy: string | undefined },
  ): Promise<void> {
    // Ids repeat after a reset: without the epoch, a delivery of the new world could leave before it is due.
    if (this.#isClosed || epoch !== this.#epoch) return;
    const { store, clock, name } = this.#world;
    const delivery = store.get(DELIVERIES, id) as Delivery | undefined;
    if (delivery?.state !== 'pending' || !isHeadOfLane(store, delivery)) return;
    // It may have been tried, and put off, since it was taken up.
    if (delivery.nextAt !== undefined && Date.parse(delivery.nextAt) > clock.now()) return;
    const fault = late ?? this.#takeFault(delivery);
    if (fault?.fault.latency !== undefined && late === undefined) return;
    const result = await this.#parts.transport.send(this.#dispatchOf(delivery, fault), name);
    // A reset or restore while it was under way has replaced the state that it belonged to.
    if (epoch !== this.#epoch) return;
    const { redeliveries } = delivery;
    this.#parts.apply({ kind: 'attempt', delivery: id, redeliveries, result, ...begin });
  }

  /** The fault that an attempt runs into, if any; one with a latency puts the attempt off. */
  #takeFault({ id, target }: Delivery): Fault | undefined {
    if (!awaitsFault(this.#world.store, { kind: 'delivery', target }, this.#world.clock.now())) return undefined;
    return this.#parts.apply({ kind: 'fault', delivery: id }).fault;
  }

  #dispatchOf(delivery: Delivery, fault: Fault | undefined): Dispatch {
    const { store, clock } = this.#world;
    const now = clock.now();
    const { id, root, webhook, attempts } = delivery;
    return {
      ...delivery,
      ...(root !== undefined && {
        trace: { id: this.#world.traceOf(root), span: this.#world.spanOf(`${id}/${attempts.length + 1}`) },
      }),
      ...(fault !== undefined && { fault: { id: fault.id, effect: fault.fault } }),
      ...(webhook !== undefined && { signing: { secrets: signingSecrets(store, webhook, now), now } }),
    };
  }
}
