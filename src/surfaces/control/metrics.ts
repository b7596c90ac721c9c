import type { Tenants } from '../../engine/tenants.ts';
import type { Happening } from '../../model/happening.ts';
import type { ControlHandler } from '../surface.ts';

/** Counts what happens, and tells it when asked. */
export interface Metrics {
  readonly observe: (happening: Happening) => void;
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
 * createSimulator(options, { observe: metrics.observe });
 */
export function createMetrics(tenants: () => Pick<Tenants, 'names'>): Metrics {
  const [requests, events, deliveries]: [Tally, Tally, Tally] = [new Map(), new Map(), new Map()];
  return {
    observe(happening) {
      if (happening.kind === 'request') {
        add(requests, `${happening.method} ${happening.status}`, () => ({
          method: happening.method,
          status: String(happening.status),
        }));
      } else if (happening.kind === 'event') add(events, happening.channel, () => ({ channel: happening.channel }));
      else add(deliveries, happening.state, () => ({ state: happening.state }));
    },
    handlers: {
      readMetrics: async () => {
        const { Counter, Gauge, Registry } = await import('prom-client');
        const registry = new Registry();
        const registers = [registry];
        const tell = (name: string, help: string, labelNames: string[], tally: Tally): void => {
          const counter = new Counter({ name, help, labelNames, registers });
          for (const { labels, count } of tally.values()) counter.inc(labels, count);
        };
        tell(
          'bss_simulator_requests_total',
          'Requests answered, control reads left out.',
          ['method', 'status'],
          requests,
        );
        tell('bss_simulator_events_total', 'Events published.', ['channel'], events);
        tell('bss_simulator_deliveries_total', 'Delivery attempts, by what they came to.', ['state'], deliveries);
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
