/** Milliseconds of wall time that a receiver is put off for once it has not answered in time. */
const PUT_OFF = 60_000;

/** Milliseconds that it has then: enough for one that is near and well again. */
const PATIENCE = 50;
const LEAST_PATIENCE = 1;

/** Milliseconds that a tenant waits in vain for receivers put off until they have half as long, and half of that again. */
const HALVED_AFTER = 1_000;

const MOST_KEPT = 10_000;

/** For how long a tenant has waited in vain for receivers put off. */
interface Vain {
  readonly until: number;
  readonly waited: number;
}

/**
 * Remembers which receivers hang, of each tenant by itself: after its first time-out, a receiver is hardly waited for
 * any more, and the less the longer its tenant has waited in vain, so that hundreds of webhooks that nobody answers do
 * not hold up an advance for an hour, and one that does is asked patiently.
 *
 * @example
 * const putOff = new PutOff(5_000, wallNow);
 * putOff.patienceWith('acme', new URL('http://a.example/hook')) // 5000, and 50 once it was late
 */
export class PutOff {
  readonly #timeout: number;
  readonly #wallNow: () => number;
  /** Until when receivers, and the machines they are on, are put off. */
  readonly #late = new Map<string, number>();
  readonly #vain = new Map<string, Vain>();

  constructor(timeout: number, wallNow: () => number) {
    this.#timeout = timeout;
    this.#wallNow = wallNow;
  }

  /** Milliseconds that a receiver has to answer. */
  patienceWith(tenant: string, url: URL): number {
    // Another address of the same machine may be well, but is as likely to hang.
    if (!this.#isLate(addressOf(tenant, url)) && !this.#isLate(hostOf(tenant, url))) return this.#timeout;
    const { waited } = this.#vainOf(tenant);
    return Math.min(this.#timeout, Math.max(LEAST_PATIENCE, PATIENCE / 2 ** Math.floor(waited / HALVED_AFTER)));
  }

  /** Notes whether a receiver was late, and after how many milliseconds it was given up. */
  note(tenant: string, url: URL, isLate: boolean, patience: number): void {
    const address = addressOf(tenant, url);
    if (!isLate) {
      this.#late.delete(address);
      return;
    }
    if (this.#late.size >= MOST_KEPT) this.#late.clear();
    if (this.#vain.size >= MOST_KEPT) this.#vain.clear();
    if (patience < this.#timeout) {
      const { until, waited } = this.#vainOf(tenant);
      this.#vain.set(tenant, { until, waited: waited + patience });
    }
    for (const key of [address, hostOf(tenant, url)]) {
      if (!this.#isLate(key)) this.#late.set(key, this.#wallNow() + PUT_OFF);
    }
  }

  #isLate(key: string): boolean {
    return (this.#late.get(key) ?? Number.NEGATIVE_INFINITY) > this.#wallNow();
  }

  #vainOf(tenant: string): Vain {
    const vain = this.#vain.get(tenant);
    return vain !== undefined && vain.until > this.#wallNow() ? vain : { until: this.#wallNow() + PUT_OFF, waited: 0 };
  }
}

function addressOf(tenant: string, { origin, pathname }: URL): string {
  return `${tenant} ${origin}${pathname}`;
}

function hostOf(tenant: string, { origin }: URL): string {
  return `${tenant} ${origin}`;
}
