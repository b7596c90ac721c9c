import { SimulatorError } from '../errors.ts';
import { isPart } from '../lib/is-part.ts';
import { addDuration, formatInstant, parseDuration, parseInstant } from '../lib/time.ts';
import type { AnyContracts } from './contract-shape.ts';
import type { ControlClient } from './control-client.ts';
import type { LogItem, TenantClock, TenantEvents } from './simulator-tenant.ts';

interface EventsParts {
  readonly client: ControlClient;
  readonly clock: TenantClock;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly wallNow: () => number;
}

/** The events of a tenant, and what a handle has taken of them. */
export interface HeldEvents<C extends AnyContracts> {
  readonly events: TenantEvents<C>;
  /** The log is another one: it begins again. */
  rewind(): void;
}

/** How long `next` waits unless told, on a clock that stands still and on one that runs. */
const PATIENCE = { manual: 'P31D', real: 'PT30S' } as const;

/** Milliseconds of wall time between two looks while a clock runs. */
const PACE = 10;

/** So many events are shown where the one that was wanted is not there. */
const MOST_SHOWN = 5;

export function createEvents<C extends AnyContracts>({ client, clock, sleep, wallNow }: EventsParts): HeldEvents<C> {
  let mark: string | undefined;
  const taken = new Set<string>();

  const read = async (channel: string): Promise<LogItem[]> => {
    try {
      return await client.list<LogItem>('/events', { channel, after: mark });
    } catch (error) {
      // What it was to begin after is no longer in the log: then all that is left came later.
      if (mark === undefined || !(error instanceof SimulatorError) || error.status !== 410) throw error;
      mark = undefined;
      return client.list<LogItem>('/events', { channel });
    }
  };
  const take = async (channel: string, fits: (payload: unknown) => boolean): Promise<LogItem | undefined> => {
    const found = (await read(channel)).find(({ id, payload }) => !taken.has(id) && fits(payload));
    if (found !== undefined) taken.add(found.id);
    return found;
  };

  const next = async (
    channel: string,
    { where, within }: { readonly where?: unknown; readonly within?: string } = {},
  ): Promise<LogItem> => {
    const fits = toCondition(where);
    const there = await take(channel, fits);
    if (there !== undefined) return there;
    // Timers that are due at this very instant, and deliveries that are under way.
    const { to: begin } = await clock.advance('PT0S');
    const { mode } = await clock.read();
    const deadline = deadlineOf(begin, within ?? PATIENCE[mode]);
    const began = wallNow();
    for (;;) {
      const found = await take(channel, fits);
      if (found !== undefined) return found;
      const { now, pending } = await clock.read();
      const due = pending[0]?.due;
      const isOver = mode === 'manual' ? due === undefined || due > deadline : now >= deadline;
      if (isOver) {
        if (mode === 'manual' && now < deadline) await clock.advance({ to: deadline });
        throw new SimulatorError('EXPECTATION_FAILED', await explain(channel, where, begin, deadline, began));
      }
      if (mode === 'manual') await clock.advance('next');
      else await sleep(PACE);
    }
  };

  const explain = async (channel: string, where: unknown, from: string, to: string, began: number): Promise<string> => {
    const near = (await read(channel)).filter(({ id }) => !taken.has(id));
    const others = new Map<string, number>();
    for (const event of await client.list<LogItem>('/events', { after: mark })) {
      others.set(event.channel, (others.get(event.channel) ?? 0) + 1);
    }
    const wanted =
      where === undefined
        ? ''
        : ` that ${typeof where === 'function' ? 'meets the condition' : `has ${JSON.stringify(where)}`}`;
    const waited = `from ${from} to ${to}, ${Math.round(wallNow() - began)} ms of wall time`;
    return [
      `Failed to find an event on ${channel}${wanted}: none came ${waited}. Do what causes it first, or wait longer with "within".`,
      ...(near.length === 0
        ? [`No other event on ${channel} was left.`]
        : [
            `On ${channel} came:`,
            ...near.slice(-MOST_SHOWN).map(({ id, at, payload }) => `  ${id} at ${at} ${JSON.stringify(payload)}`),
          ]),
      `All events since the mark: ${[...others].map(([name, count]) => `${name} (${count})`).join(', ') || 'none'}.`,
    ].join('\n');
  };

  return {
    events: {
      next: next as TenantEvents<C>['next'],
      list: ((filter: object = {}) => client.list<LogItem>('/events', { ...filter })) as TenantEvents<C>['list'],
      async mark() {
        const all = await client.list<LogItem>('/events', { after: mark });
        mark = all.at(-1)?.id ?? mark;
        taken.clear();
      },
      publish: ((channel: string, payload?: unknown) =>
        client.json<LogItem>('POST', '/events', { body: { channel, payload } })) as TenantEvents<C>['publish'],
    },
    rewind() {
      mark = undefined;
      taken.clear();
    },
  };
}

function toCondition(where: unknown): (payload: unknown) => boolean {
  if (where === undefined) return () => true;
  return typeof where === 'function' ? (payload) => Boolean(where(payload)) : (payload) => isPart(where, payload);
}

function deadlineOf(begin: string, within: string): string {
  const duration = parseDuration(within);
  if (duration === undefined) {
    throw new SimulatorError(
      'CONFIG_INVALID',
      `Failed to wait for an event: "${within}" is no ISO 8601 duration. Give one such as PT1H or P30D as "within".`,
    );
  }
  return formatInstant(addDuration(parseInstant(begin) ?? 0, duration));
}
