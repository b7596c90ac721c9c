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
  /**
   * Each write is followed by a sync, and behind `end` the file may have room, all of it bytes of `room`. Where a system does
   * both in one step, that is half the way, and where it writes over room there is no new length for the file system to note down.
   */
  readonly syncsEach?: { readonly end: number; readonly room: number };
}

/** What the file store needs of a file system; a test puts one in its place that fails, or lies. */
export interface Disk {
  append(path: string, how?: AppendHow): Promise<DiskFile>;
  /** Bytes of a file, piece by piece, from the first or from `from` on. */
  read(path: string, from?: number): AsyncIterable<Uint8Array>;
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
  async append(path, { mode, syncsEach } = {}) {
    if (syncsEach !== undefined && SYNCED_WRITES !== undefined) return openSynced(path, SYNCED_WRITES, syncsEach);
    const handle = await open(path, 'a', mode);
    return {
      write: (bytes) => writeAll(handle, bytes, null),
      sync: () => handle.datasync(),
      close: () => handle.close(),
    };
  },
  async *read(path, from = 0) {
    const handle = await open(path, 'r');
    try {
      const buffer = Buffer.allocUnsafe(PIECE);
      for (let at = from; ; ) {
        const { bytesRead } = await handle.read(buffer, 0, PIECE, at);
        if (bytesRead === 0) return;
        at += bytesRead;
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

/**
 * Opens a file whose writes last once they return. Where much comes, room is made for it in steps, because a write that makes
 * a file longer waits for the journal of the file system, and for whatever others have noted there.
 */
async function openSynced(
  path: string,
  flags: number,
  { end, room: filling }: NonNullable<AppendHow['syncsEach']>,
): Promise<DiskFile> {
  const handle = await open(path, flags);
  let at = end;
  let room = end;
  return {
    async write(bytes) {
      const step = Math.min(at - end, MOST_ROOM);
      if (at + bytes.length > room && step >= LEAST_ROOM) {
        const pieces = Array(Math.ceil((bytes.length + step) / LEAST_ROOM)).fill(Buffer.alloc(LEAST_ROOM, filling));
        // A disk without so much room may have enough for what is to be written.
        const made = await handle.writev(pieces, at).catch(() => handle.truncate(at));
        room = at + (made?.bytesWritten ?? 0);
      }
      await writeAll(handle, bytes, at);
      at += bytes.length;
    },
    sync: async () => {},
    async close() {
      try {
        if (room > at) await handle.truncate(at);
      } finally {
        await handle.close();
      }
    },
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number | null): Promise<void> {
  for (let from = 0; from < bytes.length; )
    from += await writeSome(handle, bytes, from, at === null ? null : at + from);
}

/** Writes what fits; answers how many bytes. Changes pay for this: a handle's own promises take as long as all else here. */
function writeSome({ fd }: FileHandle, bytes: Uint8Array, from: number, at: number | null): Promise<number> {
  return new Promise((resolve, reject) => {
    write(fd, bytes, from, bytes.length - from, at, (error, written) => {
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
  process.platform === 'linux' ? constants.O_CREAT | constants.O_WRONLY | constants.O_DSYNC : undefined;
/** Bytes of room that are made at once: as many as were written before, from so many on and up to so many. */
const LEAST_ROOM = 65_536;
const MOST_ROOM = 1_048_576;
/** Bytes that are read at a time. */
const PIECE = 1 << 20;
