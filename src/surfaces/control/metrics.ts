import { type Commit, isInTranscript } from '../../engine/commit.ts';
import type { Tenants } from '../../engine/tenants.ts';

import type { ControlHandler } from '../surface.ts';

/** Counts what happens, and reports it when asked. */
export interface Metrics {
  /** Follows the commits of any tenant. */
  follow(commit: Commit): void;
  readonly handlers: { readonly readMetrics: ControlHandler };
}

/** How often each set of label values has been seen; counting is all that a request pays. */
type Tally = Map<string, { labels: Record<string, string>; count: number }>;

/**
 * Makes the metrics of one simulator, in the text format of Prometheus. The library that writes it is loaded when they
 * are first asked for.
 *
 * @example
 * const metrics = createMetrics(() => tenants);
 * tenant.follow(metrics.follow);
 */
export function createMetrics(tenants: () => Pick<Tenants, 'names'>): Metrics {
  const [requests, events, deliveries]: [Tally, Tally, Tally] = [new Map(), new Map(), new Map()];
  return {
    follow({ input, answer, delivery, consequences }) {
      if ((input.kind === 'operation' || input.kind === 'answer') && answer !== undefined && isInTranscript(input)) {
        const { method } = input.kind === 'answer' ? input.request : input;
        const { status } = answer;
        add(requests, `${method} ${status}`, () => ({ method, status: String(status) }));
      }
      for (const { channel } of consequences.events) add(events, channel, () => ({ channel }));
      if (input.kind === 'attempt' && delivery !== undefined) {
        const { state } = delivery;
        add(deliveries, state, () => ({ state }));
      }
    },
    handlers: {
      readMetrics: async () => {
        const { Counter, Gauge, Registry } = await import('prom-client');
        const registry = new Registry();
        const registers = [registry];
        const report = (name: string, help: string, labelNames: string[], tally: Tally): void => {
          const counter = new Counter({ name, help, labelNames, registers });
          for (const { labels, count } of tally.values()) counter.inc(labels, count);
        };
        report(
          'bss_simulator_requests_total',
          'Requests answered, control reads left out.',
          ['method', 'status'],
          requests,
        );
        report('bss_simulator_events_total', 'Events published.', ['channel'], events);
        report('bss_simulator_deliveries_total', 'Delivery attempts, by what they came to.', ['state'], deliveries);
        new Gauge({ name: 'bss_simulator_tenants', help: 'Tenants kept.', registers }).set(tenants().names().length);
        const memory = new Gauge({
          name: 'process_resident_memory_bytes',
          help: 'Resident memory in bytes.',
          registers,
        });
        memory.set(process.memoryUsage.rss());
        return { status: 200, headers: { 'content-type': registry.contentType }, body: await registry.metrics() };
      },
    },
  };
}

function add(tally: Tally, key: string, labels: () => Record<string, string>): void {
  const seen = tally.get(key);
  if (seen === undefined) tally.set(key, { labels: labels(), count: 1 });
  else seen.count += 1;
}
