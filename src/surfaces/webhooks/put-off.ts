/** Milliseconds of wall time that a receiver is put off for once it has not answered in time. */
const PUT_OFF = 60_000;

/** Milliseconds that it has then: enough for one that is near and well again. Each time it is late again, half of that. */
const FIRST_PATIENCE = 20;
const LEAST_PATIENCE = 1;

const MOST_KEPT = 10_000;

interface Late {
  readonly until: number;
  readonly patience: number;
}

/**
 * Remembers which receivers hang, of each tenant by itself: after its first time-out, a receiver is hardly waited for
 * any more, so that hundreds of webhooks that nobody answers do not hold up an advance for an hour.
 *
 * @example
 * const putOff = new PutOff(5_000, wallNow);
 * putOff.patienceWith('acme', new URL('http://a.example/hook')) // 5000, and 20 once it was late
 */
export class PutOff {
  readonly #timeout: number;
  readonly #wallNow: () => number;
  readonly #late = new Map<string, Late>();

  constructor(timeout: number, wallNow: () => number) {
    this.#timeout = timeout;
    this.#wallNow = wallNow;
  }

  /** Milliseconds that a receiver has to answer. */
  patienceWith(tenant: string, url: URL): number {
    const late = this.#find(addressOf(tenant, url));
    if (late !== undefined) return Math.min(this.#timeout, late.patience);
    // Another address of the same machine may be well.
    const isNear = this.#find(hostOf(tenant, url)) !== undefined;
    return isNear ? Math.min(this.#timeout, FIRST_PATIENCE) : this.#timeout;
  }

  /** Notes whether a receiver was late. */
  note(tenant: string, url: URL, isLate: boolean): void {
    const address = addressOf(tenant, url);
    if (!isLate) {
      this.#late.delete(address);
      return;
    }
    if (this.#late.size >= MOST_KEPT) this.#late.clear();
    const until = this.#wallNow() + PUT_OFF;
    const known = this.#find(address);
    const patience = known === undefined ? FIRST_PATIENCE : Math.max(LEAST_PATIENCE, known.patience / 2);
    this.#late.set(address, { until: known?.until ?? until, patience });
    if (this.#find(hostOf(tenant, url)) === undefined) this.#late.set(hostOf(tenant, url), { until, patience });
  }

  #find(key: string): Late | undefined {
    const late = this.#late.get(key);
    return late !== undefined && late.until > this.#wallNow() ? late : undefined;
  }
}

function addressOf(tenant: string, { origin, pathname }: URL): string {
  return `${tenant} ${origin}${pathname}`;
}

function hostOf(tenant: string, { origin }: URL): string {
  return `${tenant} ${origin}`;
}
