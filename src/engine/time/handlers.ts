import { DELIVERY_TIMER } from '../delivery/outbox.ts';
import { type HeldEvent, RELEASE_TIMER, stepsOf } from '../records/feed.ts';
import type { Registry } from '../registry.ts';
import type { EngineWork } from '../state/work.ts';

type Handler = (work: EngineWork, data: Readonly<Record<string, unknown>>) => void;

/** What the engine's own timers do. */
const OWN: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  [DELIVERY_TIMER, (work, { id, late }) => work.beginAttempt({ delivery: String(id), late: late as never })],
  [RELEASE_TIMER, (work, held) => work.carry(stepsOf(held as unknown as HeldEvent))],
]);

/**
 * What a timer of this kind does: the engine's own, else a system's.
 *
 * @example timerHandler(registry, 'connectx/activate')(work, { subscriptionId: 'SUB-000001' });
 */
export function timerHandler(registry: Pick<Registry, 'timer'>, kind: string): Handler {
  return OWN.get(kind) ?? registry.timer(kind);
}
