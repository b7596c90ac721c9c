import type { Policies, PolicyTable } from '../../engine/policies/policy.ts';
import type { Link, TimerHandler } from '../../engine/system.ts';
import { addDuration, type Instant, parseDuration } from '../../lib/time.ts';
import type { SimulatorEvent } from '../../model/event.ts';
import { OPERATOR_POLICIES } from '../policies.ts';

/** Links that follow as late as a tenant's policy has it, and what their timers do. */
export interface LaggingLinks {
  readonly links: readonly Link[];
  readonly timers: Readonly<Record<string, TimerHandler>>;
  /** The operator's policies, of which `linkLag` names these links and no others. */
  readonly policies: PolicyTable;
}

/**
 * Lets links follow later than the command that they follow, where `policies.operator.linkLag` says so: what they would
 * have done at once is done by a timer, in the order in which it was asked for. Those that a command waits for are never
 * late.
 *
 * @example const { links, timers, policies } = withLag(linksOf(systems));
 */
export function withLag(links: readonly Link[]): LaggingLinks {
  const byName = new Map(links.map((link) => [link.name, link]));
  const names = links.filter(({ isAwaited }) => isAwaited !== true).map(({ name }) => name);
  const linkLag = { ...OPERATOR_POLICIES.linkLag, propertyNames: { enum: ['*', ...names] } };
  return {
    policies: { ...OPERATOR_POLICIES, linkLag },
    links: links.map((link): Link => {
      if (link.isAwaited === true) return link;
      return {
        ...link,
        follow(work, event) {
          const due = dueOf(work.policies, link.name, work.now);
          if (due === work.now) {
            link.follow(work, event);
            return;
          }
          const key = `${LATE_LINK}/${work.nextNumber(LATE_LINK)}`;
          work.schedule({ key, due, kind: LATE_LINK, data: { link: link.name, event } });
        },
      };
    }),
    timers: {
      [LATE_LINK]: (work, { link, event }) => byName.get(String(link))?.follow(work, event as SimulatorEvent),
    },
  };
}

const LATE_LINK = 'operator/link';

function dueOf({ operator }: Policies, link: string, now: Instant): Instant {
  const lags = (operator?.linkLag ?? {}) as Readonly<Record<string, string>>;
  const lag = lags[link] ?? lags['*'];
  const duration = lag === undefined ? undefined : parseDuration(lag);
  return duration === undefined ? now : addDuration(now, duration);
}
