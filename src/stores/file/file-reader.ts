import { join } from 'node:path';
import type { CommitReader, LogReading } from '../../engine/keeping/commit-log.ts';
import { DISK, type Disk } from './disk.ts';
import { folderOwner } from './file-lock.ts';
import { readFrames } from './frames.ts';
import { newestLog, toFolder, toTenant } from './tenant-folder.ts';

/**
 * Looks at what is kept in a folder, without a lock: whoever has it goes on.
 *
 * @example for await (const line of (await openFileReader('worlds').read('acme'))?.lines() ?? []) console.log(line);
 */
export function openFileReader(folder: string, disk: Disk = DISK): CommitReader {
  const tenants = join(folder, 'tenants');
  const newestOf = async (tenant: string): Promise<string | undefined> => {
    const home = join(tenants, toFolder(tenant));
    const newest = newestLog(await disk.list(home));
    return newest === undefined ? undefined : join(home, `${newest}.log`);
  };
  return {
    async tenants() {
      const owner = await folderOwner(folder);
      const found = [];
      for (const name of (await disk.list(tenants)).map(toTenant).sort()) {
        const path = await newestOf(name);
        const bytes = path && (await disk.size(path));
        if (typeof bytes !== 'number') continue;
        found.push({ name, bytes, ...(owner !== undefined && { owner: `process ${owner}` }) });
      }
      return found;
    },
    async read(tenant) {
      const path = await newestOf(tenant);
      return path === undefined ? undefined : new FileReading(disk, path, () => newestOf(tenant));
    },
    close: async () => {},
  };
}

class FileReading implements LogReading {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #newest: () => Promise<string | undefined>;
  damage: string | undefined;

  constructor(disk: Disk, path: string, newest: () => Promise<string | undefined>) {
    this.#disk = disk;
    this.#path = path;
    this.#newest = newest;
  }

  async *lines(): AsyncGenerator<string> {
    for (let path = this.#path; ; ) {
      let hasBegun = false;
      try {
        for await (const read of readFrames(this.#disk.read(path))) {
          hasBegun = true;
          if ('text' in read) yield read.text;
          else
            this.damage = `from byte ${read.damagedAt} of ${path} on it is not what was written, unless it is being written just now`;
        }
        return;
      } catch (error) {
        // A checkpoint has taken its place before it was opened.
        const newest = await this.#newest();
        if (hasBegun || newest === undefined || newest === path) throw error;
        path = newest;
      }
    }
  }
}
