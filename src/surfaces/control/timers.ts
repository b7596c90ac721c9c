import type { Tenant } from '../../engine/tenant.ts';
import type { Timer } from '../../engine/time/timer.ts';
import { formatInstant } from '../../lib/time.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { pageOf } from './paging.ts';

/**
 * Answers what is due.
 *
 * @example createTimerHandlers().listTimers({ tenant, command, base });
 */
export function createTimerHandlers() {
  return {
    listTimers: ({ tenant, command }: ControlContext) => {
      const timers = tenant.pending(Number.POSITIVE_INFINITY);
      const part = pageOf(timers, ({ id, key }) => id ?? key, command);
      return {
        status: 200,
        body: { ...part, items: (part.items as readonly Timer[]).map((timer) => present(timer, tenant)) },
      };
    },
  } satisfies Record<string, ControlHandler>;
}

function present({ id, key, due, kind, cause, root, subject }: Timer, tenant: Tenant) {
  return {
    id: id ?? key,
    due: formatInstant(due),
    kind,
    key,
    ...(subject !== undefined && { subject }),
    ...(cause !== undefined && { cause }),
    ...(root !== undefined && { trace: tenant.traceOf({ root }) }),
  };
}
