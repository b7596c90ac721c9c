/** How attempts of one tenant may run side by side. */
export interface Lanes {
  /** The most that are under way at a time. */
  readonly most: number;
  /** Whether a target is this simulator: what it does meanwhile belongs to its place, so nothing runs beside it. */
  isOwn(target: string): boolean;
  /**
   * Resolves once somebody who was asked just now has taken so long that others need not wait for the answer: the
   * sooner, the more have taken so long already.
   */
  slow(already: number): Promise<void>;
}

/** What an attempt came to, to be brought into the world once it is its turn; nothing, where it was not made. */
export type Outcome = (() => void) | undefined;

/** Waits until all before an attempt has happened; nothing, where it is the first. */
export type InPlace = (() => Promise<void>) | undefined;

interface Place {
  readonly isOwn: boolean;
  /** Resolves once its outcome is in the world, and with it all before it. */
  readonly done: Promise<void>;
  /** Resolves once the next one need not wait for it any more. */
  passed(): Promise<void>;
}

/**
 * The attempts of one tenant that are under way, in the order in which they fell due. One begins when the one before it
 * is done, or takes long; those of one target never run side by side; and what they come to happens in their order,
 * however fast their receivers are.
 *
 * @example line.add('http://a.example/', async () => { const result = await send(); return () => apply(result); });
 */
export class Line {
  readonly #lanes: Lanes | undefined;
  readonly #places: Place[] = [];
  readonly #lastOf = new Map<string, Promise<void>>();
  /** Lets go of each who waits. */
  readonly #waiting = new Set<() => void>();
  #isReplaced = false;

  constructor(lanes: Lanes | undefined) {
    this.#lanes = lanes;
  }

  /** How many are under way. */
  get count(): number {
    return this.#isReplaced ? 0 : this.#places.length;
  }

  /** Puts an attempt at the end. Neither `make` nor what it answers may throw. */
  add(target: string, make: (inPlace: InPlace) => Promise<Outcome>): void {
    const isOwn = this.#lanes === undefined || this.#lanes.isOwn(target);
    const before = this.#places.at(-1);
    const turn = this.#turnOf(target, isOwn, before);
    const outcome = turn.then(() => make(before === undefined ? undefined : () => this.#unlessReplaced(before.done)));
    const inOrder = before === undefined ? outcome : before.done.then(() => outcome);
    const done = inOrder.then((apply) => {
      apply?.();
      this.#places.shift();
      if (this.#lastOf.get(target) === done) this.#lastOf.delete(target);
    });
    let passed: Promise<void> | undefined;
    const place: Place = {
      isOwn,
      done,
      passed: () => {
        passed ??= isOwn ? done : turn.then(() => Promise.race([done, this.#lanes?.slow(this.#places.indexOf(place))]));
        return passed;
      },
    };
    this.#places.push(place);
    this.#lastOf.set(target, done);
  }

  /** Waits until the next one could begin. */
  async turn(): Promise<void> {
    await this.#unlessReplaced(this.#places.at(-1)?.passed());
  }

  /** Waits until none is under way. */
  async idle(): Promise<void> {
    while (this.count > 0) await this.#unlessReplaced(this.#places.at(-1)?.done);
  }

  /**
   * As `idle`, but no longer than for as long as receivers answer soon; and where there is no end of new ones, only for
   * those that are under way now.
   */
  async idleSoon(isEndless: () => boolean = () => false): Promise<void> {
    const lanes = this.#lanes;
    if (lanes === undefined) return this.idle();
    const last = this.#places.at(-1);
    for (let first = this.#places[0]; this.count > 0; first = this.#places[0]) {
      // Asked anew each time: once it was idle another may have begun, and what is past would let this go round for ever.
      await Promise.race([this.idle(), lanes.slow(0)]);
      if (first === this.#places[0] && first?.isOwn !== true) return;
      if (isEndless() && (last === undefined || !this.#places.includes(last))) return;
    }
  }

  /** Lets go of all who wait: what is under way is no news to anybody. */
  replace(): void {
    this.#isReplaced = true;
    for (const letGo of this.#waiting) letGo();
    this.#waiting.clear();
  }

  /** Waits for something, or until all are let go of. No race with one promise that stays: it would remember every one. */
  #unlessReplaced(wait: Promise<void> | undefined): Promise<void> {
    if (wait === undefined || this.#isReplaced) return Promise.resolve();
    return new Promise((resolve) => {
      const letGo = (): void => {
        this.#waiting.delete(letGo);
        resolve();
      };
      this.#waiting.add(letGo);
      void wait.then(letGo);
    });
  }

  #turnOf(target: string, isOwn: boolean, before: Place | undefined): Promise<unknown> {
    // As many may be under way as there are lanes: what happens in order also ends in order.
    const ahead = this.#places.at(-(this.#lanes?.most ?? 1));
    const waits = [
      isOwn || before?.isOwn === true ? before?.done : before?.passed(),
      this.#lastOf.get(target),
      ahead?.done,
    ].filter((wait) => wait !== undefined);
    return waits.length === 0 ? Promise.resolve() : Promise.all(waits);
  }
}
