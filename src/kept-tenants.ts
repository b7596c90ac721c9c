import { createHash } from 'node:crypto';
import type { Settings } from './config.ts';
import type { KeptTenants } from './engine/tenants.ts';
import { SimulatorError } from './errors.ts';
import { packageVersion } from './lib/package-folder.ts';
import type { Served } from './served.ts';
import { openStore } from './stores/open-store.ts';
import type { Metrics } from './surfaces/control/metrics.ts';
import type { Logger } from './surfaces/log.ts';
import { afterWallTime } from './surfaces/wall-time.ts';

/** Milliseconds of wall time after which it is tried again to keep what could not be kept. */
const RETRY = 1_000;

/**
 * Opens the store that the options name; nothing where worlds are in memory alone. Throws `STORE_UNAVAILABLE` where it
 * cannot be opened.
 *
 * @example const kept = await openKeptTenants(settings, served, metrics, log);
 */
export async function openKeptTenants(
  { store }: Pick<Settings, 'store'>,
  { documents, patched }: Pick<Served, 'documents' | 'patched'>,
  metrics: Pick<Metrics, 'measureKept'>,
  log: Logger,
): Promise<KeptTenants | undefined> {
  const commits = await opened(store);
  if (commits === undefined) return undefined;
  const contracts = createHash('sha256')
    .update(JSON.stringify([documents, patched]))
    .digest('hex');
  return {
    log: commits,
    names: await commits.tenants(),
    engine: packageVersion(),
    contracts,
    retryLater: (retry) => void afterWallTime(RETRY, retry),
    report: (message, error) => (error === undefined ? log.warn({}, message) : log.error({ err: error }, message)),
    measure: metrics.measureKept,
  };
}

/** Logs that a tenant had to make room for another. */
export function reportEviction(log: Logger, tenant: string, isKept: boolean): void {
  const what = isKept ? 'left to the store' : 'forgotten';
  log.warn({ tenant }, `a tenant was ${what}: it was unused for longest and --max-tenants is reached`);
}

async function opened(store: string) {
  try {
    return await openStore(store);
  } catch (error) {
    if (error instanceof SimulatorError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new SimulatorError('STORE_UNAVAILABLE', `Failed to open the store ${store}: ${why}. Correct --store.`, {
      cause: error,
    });
  }
}
