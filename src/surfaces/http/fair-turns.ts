import { monotonicNow } from '../../engine/time/clock.ts';
import type { Awaitable } from '../../lib/awaitable.ts';

/** Milliseconds of one turn of the event loop after which what takes long has to wait. */
const TURN = 10;
/** Milliseconds; what takes less as a rule is done soon. */
const SOON = 5;
/** Milliseconds in each turn for what has waited. */
const LATER = 5;
/** For each millisecond that something takes as a rule, so many later does it come to be its turn. */
const WEIGHT = 20;
/** How much the last time counts in what something takes as a rule. */
const LAST = 0.2;
/** Bytes of the bodies of all that wait. */
const MOST_BYTES = 64 * 2 ** 20;

interface Waiting {
  /** When it comes before all that has not come yet. */
  readonly due: number;
  readonly size: number;
  readonly begin: () => void;
}

/**
 * Lets requests in so that what is done soon does not stand behind all that has come at the same moment: in a turn that has
 * worked for long, what takes long as a rule waits for a later one, the shortest first, but none for good. As long as there
 * is no crowd, each is let in at once.
 *
 * @example
 * return turns.isOver() ? turns.wait(tenant, plan, body.length, answer) : answer();
 */
export class FairTurns {
  readonly #now: () => number;
  readonly #worked: () => number;
  /** Milliseconds that each kind of work takes as a rule, for each client. */
  readonly #usual = new WeakMap<object, Map<object, number>>();
  /** Whoever is due first stands last. */
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #isSet = false;
  /** When this turn began to work. */
  #began: number | undefined;

  /** `now` tells wall time in milliseconds, `worked` what this process has worked: others of the machine take from it, too. */
  constructor(now = monotonicNow, worked = processorTime) {
    this.#now = now;
    this.#worked = worked;
  }

  /** Whether there is a crowd, so that what takes long has to wait. */
  isOver(): boolean {
    const now = this.#now();
    if (this.#began === undefined) {
      this.#began = now;
      this.#set();
    }
    return this.#waiting.length > 0 || now - this.#began >= TURN;
  }

  /** Does something of this kind for a client in a crowd: at once or in a later turn; so many bytes are kept until then. */
  wait<T>(client: object, kind: object, size: number, work: () => Awaitable<T>): Awaitable<T> {
    let times = this.#usual.get(client);
    if (times === undefined) {
      times = new Map();
      this.#usual.set(client, times);
    }
    const all = times;
    const usual = times.get(kind) ?? SOON;
    const measured = (): Awaitable<T> => {
      const before = this.#worked();
      // What goes on in promises that are kept already belongs to it.
      afterThis(() => {
        // A collection of garbage is nobody's fault.
        const worked = Math.min(this.#worked() - before, 2 * usual + 1);
        all.set(kind, all.has(kind) ? usual + LAST * (worked - usual) : worked);
      });
      return work();
    };
    if (usual <= SOON || this.#bytes + size > MOST_BYTES) return measured();
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        try {
          resolve(measured());
        } catch (error) {
          reject(error);
        }
      };
      const due = this.#now() + WEIGHT * usual;
      const after = this.#waiting.findLastIndex((other) => other.due > due);
      this.#waiting.splice(after + 1, 0, { due, size, begin });
      this.#bytes += size;
      this.#set();
    });
  }

  #set(): void {
    if (this.#isSet) return;
    this.#isSet = true;
    setImmediate(this.#next);
  }

  readonly #next = (): void => {
    this.#isSet = false;
    this.#began = undefined;
    if (this.#waiting.length > 0) this.#step(this.#worked() + LATER);
  };

  #step(until: number): void {
    const next = this.#waiting.pop();
    if (next === undefined) return;
    this.#bytes -= next.size;
    next.begin();
    afterThis(() => {
      if (this.#worked() < until) this.#step(until);
      else if (this.#waiting.length > 0) this.#set();
    });
  }
}

function afterThis(then: () => void): void {
  queueMicrotask(() => process.nextTick(then));
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
