import { createHash } from 'node:crypto';
import type { Settings } from './config.ts';
import { type CommitLog, TenantElsewhere } from './engine/keeping/commit-log.ts';
import { DEFAULT_TENANT, type KeptTenants, type Tenants } from './engine/tenants.ts';
import { SimulatorError } from './errors.ts';
import { packageVersion } from './lib/package-folder.ts';
import type { Served } from './served.ts';
import { openStore } from './stores/open-store.ts';
import type { Metrics } from './surfaces/control/metrics.ts';
import { every } from './surfaces/event-feed.ts';
import type { Logger } from './surfaces/log.ts';
import { afterWallTime, secretToken, sleep } from './surfaces/wall-time.ts';

/** Milliseconds of wall time after which it is tried again to keep what could not be kept. */
const RETRY = 1_000;

/**
 * Opens the store that the options name; nothing where worlds are in memory alone. Throws `STORE_UNAVAILABLE` where it
 * cannot be opened.
 *
 * `ownUrl` says where other processes reach this one.
 *
 * @example const kept = await openKeptTenants(settings, served, metrics, log, () => undefined);
 */
export async function openKeptTenants(
  settings: Pick<Settings, 'store' | 'lease' | 'replicas'>,
  served: Pick<Served, 'documents' | 'patched'>,
  metrics: Pick<Metrics, 'measureKept' | 'countMoved'>,
  log: Logger,
  ownUrl: () => string | undefined,
): Promise<KeptTenants | undefined> {
  const commits = await openLog(settings, { ownUrl, moved: metrics.countMoved });
  if (commits === undefined) return undefined;
  return {
    log: settings.replicas ? commits : patient(commits, settings.lease),
    names: await commits.tenants(),
    isShared: settings.replicas,
    engine: packageVersion(),
    contracts: contractsName(served),
    retryLater: (retry) => void afterWallTime(RETRY, retry),
    report: (message, error) => (error === undefined ? log.warn({}, message) : log.error({ err: error }, message)),
    measure: metrics.measureKept,
  };
}

/**
 * Opens the tenant that every process needs; throws `STORE_UNAVAILABLE` where another process goes on holding it.
 *
 * @example await openDefault(tenants, store);
 */
export async function openDefault(tenants: Pick<Tenants, 'opening'>, store: KeptTenants | undefined): Promise<void> {
  // Where it may be another's, it is opened by the first who is asked for it.
  if (store?.isShared === true) return;
  try {
    await tenants.opening?.(DEFAULT_TENANT);
  } catch (error) {
    // Nothing of it may keep the process alive.
    await store?.log.close();
    const why = error instanceof Error ? error.message : String(error);
    throw new SimulatorError('STORE_UNAVAILABLE', why, { cause: error });
  }
}

/**
 * A log for who shares it with nobody: a process that was killed just now holds each of its tenants until the lease of
 * that has passed, and that is waited for.
 */
function patient(log: CommitLog, lease: number): CommitLog {
  return {
    ...log,
    async open(name, lost) {
      for (let waited = 0; ; waited += PAUSE) {
        try {
          return await log.open(name, lost);
        } catch (error) {
          if (!(error instanceof TenantElsewhere) || waited > lease + MORE) throw error;
          await sleep(PAUSE);
          log.recheck?.(name);
        }
      }
    },
  };
}

/** Milliseconds of wall time that are waited beyond a lease, and between two looks. */
const MORE = 2_000;
const PAUSE = 250;

/** Logs that a tenant had to make room for another. */
export function reportEviction(log: Logger, tenant: string, isKept: boolean): void {
  const what = isKept ? 'left to the store' : 'forgotten';
  log.warn({ tenant }, `a tenant was ${what}: it was unused for longest and --max-tenants is reached`);
}

/** Names the contracts that are served: the same text, the same contracts. */
export function contractsName({ documents, patched }: Pick<Served, 'documents' | 'patched'>): string {
  return createHash('sha256')
    .update(JSON.stringify([documents, patched]))
    .digest('hex');
}

/**
 * Opens the store that the options name, for whoever writes to it; nothing where worlds are in memory alone. Throws
 * `STORE_UNAVAILABLE` where it cannot be opened.
 *
 * @example const log = await openLog(settings);
 */
export async function openLog(
  { store, lease }: Pick<Settings, 'store' | 'lease'>,
  more: Pick<Parameters<typeof openStore>[1], 'ownUrl' | 'moved'> = {},
): Promise<CommitLog | undefined> {
  try {
    const pause = (milliseconds: number, callback: () => void) => every(afterWallTime, milliseconds, callback);
    return await openStore(store, { owner: secretToken(), every: pause, lease, ...more });
  } catch (error) {
    if (error instanceof SimulatorError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new SimulatorError(
      'STORE_UNAVAILABLE',
      `Failed to open the store ${withoutPassword(store)}: ${why}. Correct --store.`,
      {
        cause: error,
      },
    );
  }
}

function withoutPassword(store: string): string {
  return store.replace(/^(postgres(?:ql)?:\/\/[^:/@]*):[^@]*@/, '$1:***@');
}
