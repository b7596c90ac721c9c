import { packageVersion } from './lib/package-folder.ts';
import type { Logger } from './surfaces/log.ts';
import { createCollector } from './surfaces/otlp/collector.ts';
import { createExporter, type Exporter } from './surfaces/otlp/exporter.ts';
import { afterListening, afterWallTime, wallNow } from './surfaces/wall-time.ts';

/** Wall time in milliseconds that a collector has to answer. */
const COLLECTOR_TIMEOUT = 5_000;

/** What exports everything that happens to a collector of OpenTelemetry. */
export function createTraces(url: string, authorities: readonly string[] | undefined, log: Logger): Exporter {
  const collector = createCollector({ url, authorities, timeout: COLLECTOR_TIMEOUT, afterWallTime: afterListening });
  return createExporter({ version: packageVersion(), collector, log, wallNow, afterWallTime });
}
