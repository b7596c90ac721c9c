import { formatInstant } from '../../lib/time.ts';
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
 * @example const effects = new EffectList(); effects.follow(commit); effects.items
 */
export class EffectList {
  readonly items: Effect[] = [];
  count = 0;

  follow(commit: Commit): void {
    const { input, timer, delivery, failure, consequences } = commit;
    if (timer !== undefined && consequences.begun.length === 0) {
      const { kind, key } = timer;
      this.#add(() => ({ at: formatInstant(commit.at), kind: 'timer', timer: kind, key, cause: timer.cause }));
      if (failure !== undefined) {
        const message = messageOf(failure);
        this.#add(() => ({
          at: formatInstant(commit.at),
          kind: 'failure',
          timer: kind,
          key,
          message,
          cause: commit.id,
        }));
      }
    }
    for (const [index, { at, channel, id }] of consequences.events.entries()) {
      const cause = consequences.origins[index]?.cause ?? commit.id;
      this.#add(() => ({ at, kind: 'event', channel, id, cause }));
    }
    if (input.kind === 'attempt' && delivery !== undefined) {
      const { id, target, state, attempts } = delivery;
      const status = attempts.at(-1)?.status;
      const answered = status !== undefined && { status };
      this.#add(() => ({
        at: formatInstant(commit.at),
        kind: 'delivery',
        id,
        target,
        state,
        ...answered,
        cause: delivery.cause,
      }));
    }
  }

  #add(effect: () => Effect): void {
    this.count += 1;
    if (this.items.length < MOST_EFFECTS) this.items.push(effect());
  }
}

/** What went wrong, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
