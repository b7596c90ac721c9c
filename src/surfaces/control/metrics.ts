import { type Commit, isInTranscript } from '../../engine/commit.ts';
import type { KeptBatch } from '../../engine/keeping/keeper.ts';
import type { Tenants } from '../../engine/tenants.ts';

import type { ControlHandler } from '../surface.ts';

/** Counts what happens, and reports it when asked. */
export interface Metrics {
  /** Follows the commits of any tenant. */
  follow(commit: Commit): void;
  /** Follows what is kept. */
  measureKept(batch: KeptBatch): void;
  /** Follows tenants that come to this process, and that another has taken over. */
  countMoved(how: string): void;
  /** Follows requests for tenants of other processes, and what came of each. */
  countPassedOn(how: string): void;
  readonly handlers: { readonly readMetrics: ControlHandler };
}

/** How often each value of a label has been seen; counting is all that a request pays. */
type Tally<T> = Map<T, { count: number }>;

/**
 * Makes the metrics of one simulator, in the text format of Prometheus. The library that writes it is loaded when they
 * are first asked for.
 *
 * @example
 * const metrics = createMetrics(() => tenants);
 * tenant.follow(metrics.follow);
 */
export function createMetrics(tenants: () => Pick<Tenants, 'names' | 'lags'>): Metrics {
  /** By method, then status: no text has to be put together to find the place. */
  const requests = new Map<string, Tally<number>>();
  const events: Tally<string> = new Map();
  const deliveries: Tally<string> = new Map();
  const moved: Tally<string> = new Map();
  const passedOn: Tally<string> = new Map();
  const kept = { commits: 0, bytes: 0, batches: 0, seconds: 0, syncing: 0, longest: 0 };
  return {
    follow({ input, answer, delivery, consequences }) {
      if ((input.kind === 'operation' || input.kind === 'answer') && answer !== undefined && isInTranscript(input)) {
        const { method } = input.kind === 'answer' ? input.request : input;
        let statuses = requests.get(method);
        if (statuses === undefined) {
          statuses = new Map();
          requests.set(method, statuses);
        }
        add(statuses, answer.status);
      }
      for (const { channel } of consequences.events) add(events, channel);
      if (input.kind === 'attempt' && delivery !== undefined) add(deliveries, delivery.state);
    },
    measureKept({ commits, bytes, milliseconds, syncing = 0 }) {
      kept.commits += commits;
      kept.bytes += bytes;
      kept.batches += 1;
      kept.seconds += milliseconds / 1_000;
      kept.syncing += syncing / 1_000;
      kept.longest = Math.max(kept.longest, milliseconds / 1_000);
    },
    countMoved: (how) => add(moved, how),
    countPassedOn: (how) => add(passedOn, how),
    handlers: {
      readMetrics: async () => {
        const { Counter, Gauge, Registry } = await import('prom-client');
        const registry = new Registry();
        const registers = [registry];
        const counter = (name: string, help: string, ...labelNames: string[]) =>
          new Counter({ name, help, labelNames, registers });
        const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
        const answered = counter(
          'bss_simulator_requests_total',
          'Requests answered, control reads left out.',
          'method',
          'status',
        );
        for (const [method, statuses] of requests) {
          for (const [status, { count }] of statuses) answered.inc({ method, status: String(status) }, count);
        }
        const published = counter('bss_simulator_events_total', 'Events published.', 'channel');
        for (const [channel, { count }] of events) published.inc({ channel }, count);
        const attempted = counter(
          'bss_simulator_deliveries_total',
          'Delivery attempts, by what they came to.',
          'state',
        );
        for (const [state, { count }] of deliveries) attempted.inc({ state }, count);
        if (kept.batches > 0) {
          counter('bss_simulator_store_commits_total', 'Commits that the store keeps.').inc(kept.commits);
          counter('bss_simulator_store_bytes_total', 'Bytes written to the store.').inc(kept.bytes);
          counter('bss_simulator_store_writes_total', 'Writes to the store, each synced; commits share them.').inc(
            kept.batches,
          );
          counter('bss_simulator_store_write_seconds_total', 'Seconds in which these were written and synced.').inc(
            kept.seconds,
          );
          counter(
            'bss_simulator_store_sync_seconds_total',
            'Seconds of these in which a folder was written to and synced.',
          ).inc(kept.syncing);
          gauge('bss_simulator_store_write_seconds_longest', 'Seconds that the longest of them has taken.').set(
            kept.longest,
          );
        }
        const lags = tenants().lags?.();
        if (lags !== undefined) {
          const [waiting, failing] = [
            lags.reduce((sum, each) => sum + each.waiting, 0),
            lags.filter((each) => each.isFailing),
          ];
          const seconds = Math.max(0, ...lags.map(({ milliseconds }) => milliseconds / 1_000));
          gauge('bss_simulator_store_waiting_commits', 'Commits that do not last yet.').set(waiting);
          gauge('bss_simulator_store_lag_seconds', 'Seconds for which the oldest of them has waited.').set(seconds);
          gauge('bss_simulator_store_failing_tenants', 'Tenants that cannot be changed: the store fails.').set(
            failing.length,
          );
          gauge('bss_simulator_owned_tenants', 'Tenants that this process has open.').set(lags.length);
        }
        if (moved.size > 0) {
          const name = 'bss_simulator_tenant_moves_total';
          const help =
            'Tenants that have come here new, from an owner that let go or from one that is lost; and lost ones.';
          const counted = counter(name, help, 'how');
          for (const [how, { count }] of moved) counted.inc({ how }, count);
        }
        if (passedOn.size > 0) {
          const name = 'bss_simulator_passed_on_total';
          const counted = counter(name, 'Requests for tenants of other processes, by what came of them.', 'how');
          for (const [how, { count }] of passedOn) counted.inc({ how }, count);
        }
        gauge('bss_simulator_tenants', 'Tenants kept.').set(tenants().names().length);
        gauge('process_resident_memory_bytes', 'Resident memory in bytes.').set(process.memoryUsage.rss());
        return { status: 200, headers: { 'content-type': registry.contentType }, body: await registry.metrics() };
      },
    },
  };
}

function add<T>(tally: Tally<T>, value: T): void {
  const seen = tally.get(value);
  if (seen === undefined) tally.set(value, { count: 1 });
  else seen.count += 1;
}
