import type { Activity } from '../../model/activity.ts';
import type { Logger } from '../log.ts';
import type { Collector } from './collector.ts';
import { type Span, toExport, toSpan } from './spans.ts';

/** Spans that wait for the collector; what comes while so many wait is left out. */
const MOST_WAITING = 10_000;

/** Spans of one request. */
const MOST_AT_ONCE = 512;

/** Milliseconds after which spans leave although there are few. */
const PATIENCE = 1_000;

/** Milliseconds to wait before each further try, while the collector cannot be reached or is overloaded. */
const WAITS = [500, 1_000, 2_000, 5_000];

export interface ExporterOptions {
  readonly version: string;
  readonly collector: Collector;
  readonly log: Pick<Logger, 'warn' | 'info'>;
  /** Wall time in milliseconds since 1970. */
  readonly wallNow: () => number;
  /** Wall time; the answer calls it off. */
  readonly afterWallTime: (milliseconds: number, callback: () => void) => () => void;
}

/** A tenant, as far as its spans are concerned. */
export interface TracedTenant {
  readonly name: string;
  readonly activity: { subscribe(listener: (item: Activity) => void): () => void };
  /** The W3C span id of an item. */
  spanOf(id: string): string;
}

export interface Exporter {
  /** Exports what happens in a tenant from now on; answers what ends it. */
  follow(tenant: TracedTenant): () => void;
  /** Sends what waits, as far as the collector takes it within so many milliseconds. */
  close(deadline: number): Promise<void>;
}

/**
 * Exports what happens as traces of OpenTelemetry, a span for each thing. Nobody waits for it: what a collector does not
 * take in time is left out, and counted in the log.
 *
 * @example
 * const exporter = createExporter({ version, collector, log, wallNow, afterWallTime });
 * exporter.follow(tenant);
 */
export function createExporter({ version, collector, log, wallNow, afterWallTime }: ExporterOptions): Exporter {
  let waiting: Span[] = [];
  let leftOut = 0;
  let failures = 0;
  let isClosing = false;
  let sending: Promise<void> | undefined;
  let callOff: (() => void) | undefined;

  const send = async (): Promise<void> => {
    callOff?.();
    callOff = undefined;
    const batch = waiting.slice(0, MOST_AT_ONCE);
    if (batch.length === 0) return;
    const { outcome, reason } = await collector.post(JSON.stringify(toExport(batch, version)));
    if (outcome === 'later') {
      failures += 1;
      if (failures === 1 && !isClosing) log.warn({ reason }, 'the collector of traces takes none; spans wait for it');
      return;
    }
    // What it refuses, it would refuse again.
    waiting = waiting.slice(batch.length);
    if (outcome !== 'taken') log.warn({ reason, spans: batch.length }, 'the collector has refused spans');
    else if (failures > 0 || leftOut > 0) {
      log.info({ leftOut }, 'the collector of traces takes spans again');
      [failures, leftOut] = [0, 0];
    }
  };
  const plan = (): void => {
    if (sending !== undefined || callOff !== undefined || waiting.length === 0 || isClosing) return;
    const wait =
      failures > 0 ? (WAITS[Math.min(failures, WAITS.length) - 1] ?? 0) : waiting.length >= MOST_AT_ONCE ? 0 : PATIENCE;
    callOff = afterWallTime(wait, () => {
      sending = send().finally(() => {
        sending = undefined;
        plan();
      });
    });
  };
  return {
    follow(tenant) {
      return tenant.activity.subscribe((item) => {
        if (waiting.length >= MOST_WAITING) {
          leftOut += 1;
          return;
        }
        waiting.push(toSpan(item, tenant, wallNow()));
        if (waiting.length === MOST_AT_ONCE && failures === 0) {
          callOff?.();
          callOff = undefined;
        }
        plan();
      });
    },
    async close(deadline) {
      callOff?.();
      isClosing = true;
      const endEarly = afterWallTime(deadline, collector.close);
      await sending;
      while (waiting.length > 0 && failures === 0) await send();
      endEarly();
      collector.close();
      if (waiting.length + leftOut > 0) {
        log.warn({ spans: waiting.length + leftOut }, 'stopped with spans that the collector has not taken');
      }
    },
  };
}
