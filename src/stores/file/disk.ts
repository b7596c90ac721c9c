import { constants, write } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, truncate } from 'node:fs/promises';

/** A file that is open for writing at its end. */
export interface DiskFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves once everything written lasts. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface AppendHow {
  /** Who may do what with a file that is made for it. */
  readonly mode?: number;
  /** Whether each write is followed by a sync: where a system does both in one step, that is half the way. */
  readonly syncsEach?: boolean;
}

/** What the file store needs of a file system; a test puts one in its place that fails, or lies. */
export interface Disk {
  append(path: string, how?: AppendHow): Promise<DiskFile>;
  /** Bytes of a file, piece by piece. */
  read(path: string): AsyncIterable<Uint8Array>;
  readAll(path: string): Promise<Buffer>;
  /** Bytes of a file; nothing where there is none. */
  size(path: string): Promise<number | undefined>;
  /** Names in a folder; none where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  makeFolder(folder: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  truncate(path: string, length: number): Promise<void>;
  /** Removes a file or a folder with all that is in it. */
  remove(path: string): Promise<void>;
  /** Resolves once what was made, renamed and removed in a folder lasts. */
  syncFolder(folder: string): Promise<void>;
}

/** The file system of this machine. */
export const DISK: Disk = {
  async append(path, { mode, syncsEach = false } = {}) {
    const isSynced = syncsEach && SYNCED_WRITES !== undefined;
    const handle = await open(path, isSynced ? SYNCED_WRITES : 'a', mode);
    return {
      async write(bytes) {
        for (let from = 0; from < bytes.length; ) {
          from += await writeSome(handle, bytes, from);
        }
      },
      sync: () => (isSynced ? Promise.resolve() : handle.datasync()),
      close: () => handle.close(),
    };
  },
  async *read(path) {
    const handle = await open(path, 'r');
    try {
      const buffer = Buffer.allocUnsafe(PIECE);
      for (;;) {
        const { bytesRead } = await handle.read(buffer, 0, PIECE);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  },
  readAll: (path) => readFile(path),
  size: (path) => unlessMissing(stat(path).then(({ size }) => size)),
  list: async (folder) => (await unlessMissing(readdir(folder))) ?? [],
  async makeFolder(folder) {
    await mkdir(folder, { recursive: true });
  },
  rename,
  truncate,
  remove: (path) => rm(path, { recursive: true, force: true }),
  async syncFolder(folder) {
    let handle: FileHandle | undefined;
    try {
      handle = await open(folder, 'r');
      await handle.sync();
    } catch (error) {
      // Windows opens no folders; it keeps their changes in order by itself.
      if (process.platform !== 'win32') throw error;
    } finally {
      await handle?.close();
    }
  },
};

/** Writes what fits; answers how many bytes. Changes pay for this: the promises of a handle take as long as all that is done here. */
function writeSome({ fd }: FileHandle, bytes: Uint8Array, from: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, from, bytes.length - from, null, (error, written) => {
      if (error === null) resolve(written);
      else reject(error);
    });
  });
}

function unlessMissing<T>(result: Promise<T>): Promise<T | undefined> {
  return result.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/**
 * Opens a file so that a write returns once it lasts, as after `fdatasync`. Only Linux promises that much of it: elsewhere a
 * disk may still have it in a cache of its own.
 */
const SYNCED_WRITES =
  process.platform === 'linux'
    ? constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND | constants.O_DSYNC
    : undefined;
/** Bytes that are read at a time. */
const PIECE = 1 << 20;
