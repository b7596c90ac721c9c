import type { CommitLog, CommitReader } from '../engine/keeping/commit-log.ts';
import type { PostgresOptions } from './postgres/postgres-log.ts';

/**
 * Opens what the option `store` names; nothing for `memory`, where worlds end with their process.
 *
 * @example const log = await openStore('file:worlds', { owner: secretToken(), every });
 */
export async function openStore(store: string, process: Omit<PostgresOptions, 'url'>): Promise<CommitLog | undefined> {
  if (store === 'memory') return undefined;
  if (store.startsWith('file:')) {
    const { openFileLog } = await import('./file/file-log.ts');
    return openFileLog(store.slice('file:'.length));
  }
  const { openPostgresLog } = await import('./postgres/postgres-log.ts');
  return openPostgresLog({ url: store, ...process });
}

/**
 * Looks at what the option `store` names, and takes nothing of it; nothing for `memory`.
 *
 * @example const reader = await openReader('file:worlds');
 */
export async function openReader(store: string): Promise<CommitReader | undefined> {
  if (store === 'memory') return undefined;
  if (store.startsWith('file:')) {
    const { openFileReader } = await import('./file/file-reader.ts');
    return openFileReader(store.slice('file:'.length));
  }
  const { openPostgresReader } = await import('./postgres/postgres-reader.ts');
  return openPostgresReader(store);
}
