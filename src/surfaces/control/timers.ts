import type { Tenant } from '../../engine/tenant.ts';
import type { Timer } from '../../engine/time/timer.ts';
import { formatInstant } from '../../lib/time.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { limitOf, pageOf } from './paging.ts';

/**
 * Answers what is due.
 *
 * @example createTimerHandlers().listTimers({ tenant, command, base });
 */
export function createTimerHandlers() {
  return {
    listTimers: ({ tenant, command }: ControlContext) => {
      const timers = timersFor(command, tenant);
      const part = pageOf(timers, idOf, command);
      return {
        status: 200,
        body: { ...part, items: (part.items as readonly Timer[]).map((timer) => present(timer, tenant)) },
      };
    },
  } satisfies Record<string, ControlHandler>;
}

/** So many of the first timers as the part that is asked for needs, and one more: a tenant may have a hundred thousand. */
function timersFor(command: ControlContext['command'], tenant: Tenant): readonly Timer[] {
  const { after } = command.query;
  const needed = limitOf(command) + 1;
  for (let count = needed; ; count *= 4) {
    const timers = tenant.pending(count);
    const from = after === undefined ? 0 : timers.findIndex((timer) => idOf(timer) === after) + 1;
    const isThere = from > 0 || after === undefined;
    if (timers.length < count || (isThere && timers.length - from >= needed)) return timers;
  }
}

function idOf({ id, key }: Timer): string {
  return id ?? key;
}

function present(timer: Timer, tenant: Tenant) {
  const { key, due, kind, cause, root, subject } = timer;
  return {
    id: idOf(timer),
    due: formatInstant(due),
    kind,
    key,
    ...(subject !== undefined && { subject }),
    ...(cause !== undefined && { cause }),
    ...(root !== undefined && { trace: tenant.traceOf({ root }) }),
  };
}
