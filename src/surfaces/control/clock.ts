import type { Tenant } from '../../engine/tenant.ts';
import type { ClockState } from '../../engine/time/clock.ts';
import { addDuration, END_OF_TIME, formatInstant, type Instant, parseDuration, parseInstant } from '../../lib/time.ts';
import type { Outcome } from '../../model/command.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { bodyOf, invalidMember } from './input.ts';
import { limitOf } from './paging.ts';
import type { TrafficHandlersOptions } from './traffic.ts';

/**
 * Answers what concerns the clock.
 *
 * @example createClockHandlers({ traffic }).readClock({ tenant, command, base });
 */
export function createClockHandlers({ traffic }: Pick<TrafficHandlersOptions, 'traffic'>) {
  return {
    readClock: ({ tenant, command }: ControlContext) => clockOf(tenant, limitOf(command)),
    setClock: ({ tenant, command, caused }: ControlContext) => {
      const present = tenant.clock();
      const { mode = present.mode, rate = present.rate } = bodyOf(command) as Partial<
        Pick<ClockState, 'mode' | 'rate'>
      >;
      if (mode === 'real') traffic.requireKept(tenant.store, rate);
      tenant.apply({ kind: 'clock', mode, rate, ...caused });
      return clockOf(tenant, limitOf(command));
    },
    advanceClock: async ({ tenant, command, caused, isAwaited }: ControlContext) => {
      const body = bodyOf(command);
      const isWanted = body.goOn === true ? () => true : isAwaited;
      return { status: 200, body: await tenant.advance(targetOf(body, tenant.now()), caused, { isWanted }) };
    },
  } satisfies Record<string, ControlHandler>;
}

async function clockOf(tenant: Tenant, limit: number): Promise<Outcome> {
  const { now, mode, rate } = tenant.clock();
  const timers = tenant.pending(limit);
  const pending = timers.map(({ due, kind, key }) => ({ due: formatInstant(due), kind, key }));
  const { stoppedBy } = tenant;
  return {
    status: 200,
    body: { now: formatInstant(now), mode, rate, ...(stoppedBy !== undefined && { stoppedBy }), pending },
  };
}

function targetOf(body: Readonly<Record<string, unknown>>, now: Instant): Instant | 'next' {
  const { by, to, next } = body;
  if ([by, to, next].filter((member) => member !== undefined).length !== 1) {
    throw invalidMember(
      '',
      'must have exactly one of by, to, next',
      'Failed to advance the clock: no distance was given. Send exactly one of "by", "to" and "next".',
    );
  }
  if (next !== undefined) return 'next';
  const duration = by === undefined ? undefined : parseDuration(String(by));
  if (by !== undefined && duration === undefined) {
    throw invalidMember(
      '/by',
      'must be an ISO 8601 duration',
      `Failed to advance the clock: "${String(by)}" is no ISO 8601 duration. Send one such as "P30D" or "PT1H".`,
    );
  }
  const target = duration === undefined ? parseInstant(String(to)) : addDuration(now, duration);
  if (target === undefined) {
    throw invalidMember(
      '/to',
      'must be an RFC 3339 time',
      `Failed to advance the clock: "${String(to)}" is no RFC 3339 time. Send one such as "2026-02-01T00:00:00Z".`,
    );
  }
  // Negated, because so long a duration makes no number at all.
  if (!(target <= END_OF_TIME)) {
    throw invalidMember(
      by === undefined ? '/to' : '/by',
      'must not lead beyond the year 9999',
      `Failed to advance the clock: the time lies beyond ${formatInstant(END_OF_TIME)}. Advance less far.`,
    );
  }
  return target;
}
