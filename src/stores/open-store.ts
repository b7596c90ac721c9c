import type { CommitLog } from '../engine/keeping/commit-log.ts';

/**
 * Opens what the option `store` names; nothing for `memory`, where worlds end with their process.
 *
 * @example const log = await openStore('file:worlds');
 */
export async function openStore(store: string): Promise<CommitLog | undefined> {
  if (store === 'memory') return undefined;
  const { openFileLog } = await import('./file/file-log.ts');
  return openFileLog(store.slice('file:'.length));
}
