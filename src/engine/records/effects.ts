import type { Instant } from '../../lib/time.ts';
import type { SimulatorEvent } from '../../model/event.ts';
import type { Commit } from '../commit.ts';

/** One thing that happened while the clock was advanced. */
export interface Effect {
  readonly at: string;
  readonly kind: 'timer' | 'event' | 'delivery' | 'failure';
  /** The id of what caused it; absent for what the starting world has set. */
  readonly cause?: string;
  readonly [member: string]: unknown;
}

/** Most effects that one advance lists; the count goes on. */
const MOST_EFFECTS = 10_000;

/**
 * Collects what happens during an advance, from its commits.
 *
 * @example const effects = new EffectList(formatInstant); effects.follow(commit); effects.items
 */
export class EffectList {
  readonly items: Effect[] = [];
  count = 0;
  /** How the clock writes a time. */
  readonly #write: (at: Instant) => string;

  constructor(write: (at: Instant) => string) {
    this.#write = write;
  }

  follow(commit: Commit): void {
    const { input, timer, delivery, failure, consequences } = commit;
    if (timer !== undefined && consequences.begun.length === 0) {
      const { kind, key } = timer;
      if (this.#hasPlace()) {
        this.items.push({ at: this.#write(commit.at), kind: 'timer', timer: kind, key, cause: timer.cause });
      }
      if (failure !== undefined && this.#hasPlace()) {
        const message = messageOf(failure);
        const at = this.#write(commit.at);
        this.items.push({ at, kind: 'failure', timer: kind, key, message, cause: commit.id });
      }
    }
    const { events, origins } = consequences;
    for (let index = 0; index < events.length; index += 1) {
      if (!this.#hasPlace()) continue;
      const { at, channel, id } = events[index] as SimulatorEvent;
      this.items.push({ at, kind: 'event', channel, id, cause: origins[index]?.cause ?? commit.id });
    }
    if (input.kind === 'attempt' && delivery !== undefined && this.#hasPlace()) {
      const { id, target, state, attempts } = delivery;
      const status = attempts.at(-1)?.status;
      const answered = status !== undefined && { status };
      const at = this.#write(commit.at);
      this.items.push({ at, kind: 'delivery', id, target, state, ...answered, cause: delivery.cause });
    }
  }

  /** Counts one more, and tells whether it is listed. */
  #hasPlace(): boolean {
    this.count += 1;
    return this.items.length < MOST_EFFECTS;
  }
}

/** What went wrong, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
