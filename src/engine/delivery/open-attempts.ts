import { type Commit, isNewWorld } from '../commit.ts';
import type { OpenAttempt } from '../keeping/checkpoint.ts';

/** Attempts of one tenant that are under way, worked out from its commits: another process would have to make them again. */
export class OpenAttempts {
  readonly #byDelivery = new Map<string, OpenAttempt>();

  follow({ input, number, fault, consequences: { begun } }: Commit): void {
    if (isNewWorld(input)) this.#byDelivery.clear();
    for (const { delivery, late } of begun) this.#byDelivery.set(delivery, { delivery, begun: number, late });
    if (input.kind === 'attempt') this.#byDelivery.delete(input.delivery);
    else if (input.kind === 'fault') {
      const open = this.#byDelivery.get(input.delivery);
      if (open !== undefined && fault?.fault.latency === undefined)
        this.#byDelivery.set(input.delivery, { ...open, late: fault });
    }
  }

  /** Knows of attempts that were under way in another process. */
  recover(attempts: readonly OpenAttempt[]): void {
    for (const attempt of attempts) this.#byDelivery.set(attempt.delivery, attempt);
  }

  /** Oldest first. */
  all(): readonly OpenAttempt[] {
    return [...this.#byDelivery.values()];
  }
}
