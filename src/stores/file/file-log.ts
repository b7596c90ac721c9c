import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { CommitLog, Replacement, TenantLog } from '../../engine/keeping/commit-log.ts';
import { monotonicNow } from '../../engine/time/clock.ts';
import { DISK, type Disk, type DiskFile } from './disk.ts';
import { lockFolder } from './file-lock.ts';
import { FrameBuffer, ROOM_BYTE, readFrames } from './frames.ts';
import { generationOf, newestLog, toFolder, toTenant } from './tenant-folder.ts';

/**
 * Keeps commits in a folder: `tenants/<name>/<generation>.log` begins with a checkpoint, and grows with what has come
 * since. A checkpoint is written to a file of its own, synced and read again before it takes the place of the one before.
 * An append lasts once it is synced. Tabs at the end are room for more, which a crash leaves behind; what else is there
 * and is not what was written is cut off, set aside, and told.
 *
 * @example const log = await openFileLog('worlds');
 */
export async function openFileLog(folder: string, disk: Disk = DISK): Promise<CommitLog> {
  const tenants = join(folder, 'tenants');
  await mkdir(tenants, { recursive: true });
  const release = await lockFolder(folder);
  const files = new OpenFiles(disk);
  return {
    kind: 'file',
    async tenants() {
      const names: string[] = [];
      for (const name of await disk.list(tenants)) {
        if (newestLog(await disk.list(join(tenants, name))) !== undefined) names.push(toTenant(name));
      }
      return names.sort();
    },
    open: (tenant) => FileTenantLog.open(join(tenants, toFolder(tenant)), disk, files),
    async secret(name, make) {
      const path = join(folder, `${name}.secret`);
      if ((await disk.list(folder)).includes(`${name}.secret`)) return (await disk.readAll(path)).toString().trim();
      const secret = make();
      const fresh = `${path}.new`;
      await disk.remove(fresh);
      const file = await disk.append(fresh, { mode: 0o600 });
      await file.write(Buffer.from(`${secret}\n`));
      await file.sync();
      await file.close();
      await disk.rename(fresh, path);
      await disk.syncFolder(folder);
      return secret;
    },
    async close() {
      await files.close();
      await release();
    },
  };
}

class FileTenantLog implements TenantLog {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #files: OpenFiles;
  #generation: number;
  #known: { readonly generation: number; readonly path: string } | undefined;
  /** The one before it, which stays until the next: what a medium that lies has lost of this one is there. */
  #former: number | undefined;
  /** Lines that last, and the bytes that they take. */
  #lines = 0;
  #bytes = 0;
  #size = 0;
  #syncing = 0;
  #damage: string | undefined;
  /** What stands behind what could be read goes into this file before anything else is written. */
  #damaged: { readonly aside: string; readonly from: number; readonly to: number } | undefined;
  /** Whether something may stand behind what lasts. */
  #isTorn = false;
  /** Whether its name lasts: what is appended to a file that has none is lost with it. */
  #isNamed = true;

  static async open(folder: string, disk: Disk, files: OpenFiles): Promise<FileTenantLog> {
    const names = await disk.list(folder);
    const newest = newestLog(names) ?? 0;
    // What a crash has left of a checkpoint that was never finished.
    for (const name of names) if (name.endsWith('.new')) await disk.remove(join(folder, name));
    const former = newestLog(names.filter((name) => generationOf(name) !== newest));
    return new FileTenantLog(folder, disk, files, newest, former);
  }

  private constructor(folder: string, disk: Disk, files: OpenFiles, generation: number, former: number | undefined) {
    this.#folder = folder;
    this.#disk = disk;
    this.#files = files;
    this.#generation = generation;
    this.#former = former;
  }

  get isEmpty(): boolean {
    return this.#generation === 0;
  }

  get size(): number {
    return this.#size;
  }

  get syncing(): number {
    return this.#syncing;
  }

  get damage(): string | undefined {
    return this.#damage;
  }

  async *lines(): AsyncGenerator<string> {
    if (this.isEmpty) return;
    const path = this.#path;
    let damagedAt: number | undefined;
    for await (const read of readFrames(this.#disk.read(path))) {
      if ('damagedAt' in read) {
        damagedAt = read.damagedAt;
        break;
      }
      this.#lines += 1;
      this.#bytes = read.end;
      yield read.text;
    }
    this.#size = this.#bytes;
    if (damagedAt === undefined) {
      // Room that nobody has taken away: not every system can write over it.
      this.#isTorn = ((await this.#disk.size(path)) ?? 0) > this.#bytes;
      return;
    }
    // Set aside with the first that is written: who can make nothing of the lines must find all of it still there.
    const aside = join(this.#folder, `${this.#generation}.damaged-at-${damagedAt}`);
    const to = await this.#endOf(path, damagedAt);
    this.#damaged = { aside, from: damagedAt, to };
    const last = `its last ${to - damagedAt} bytes are not what was written; before anything else is, they are set aside in ${aside}, and everything before them is there`;
    this.#damage = this.#damage === undefined ? last : `${this.#damage}; of that ${last}`;
  }

  async goBack(): Promise<boolean> {
    const former = this.#former;
    if (former === undefined) return false;
    const aside = join(this.#folder, `${this.#generation}.damaged`);
    await this.#files.close(this.#path);
    await this.#disk.rename(this.#path, aside);
    await this.#disk.syncFolder(this.#folder);
    this.#generation = former;
    this.#former = undefined;
    this.#damaged = undefined;
    this.#lines = 0;
    this.#bytes = 0;
    this.#damage = `its newest checkpoint is not what was written, and was set aside as ${aside}; it goes on from the one before, and what came after that is gone`;
    return true;
  }

  async append(lines: readonly string[]): Promise<void> {
    if (this.#isTorn || this.#damaged !== undefined) await this.#cutTorn();
    this.#isTorn = true;
    if (!this.#isNamed) await this.#syncName();
    await this.#files.with(this.#path, this.#bytes, async (file, buffer) => {
      const bytes = buffer.fill(this.#lines + 1, lines);
      const began = monotonicNow();
      await file.write(bytes);
      await file.sync();
      this.#syncing += monotonicNow() - began;
      this.#bytes += bytes.length;
      this.#size += bytes.length;
    });
    this.#isTorn = false;
    this.#lines += lines.length;
  }

  async takeBack(lines: readonly string[]): Promise<void> {
    const path = join(this.#folder, 'room.new');
    await this.#disk.makeFolder(this.#folder);
    await this.#disk.remove(path);
    const file = await this.#disk.append(path);
    try {
      await file.write(Buffer.alloc(Math.max(ROOM, Buffer.byteLength(lines.join('')))));
      await file.sync();
    } finally {
      await file.close().catch(() => {});
      await this.#disk.remove(path).catch(() => {});
    }
    await this.#cutTorn();
    // Whoever opens it next takes its name for one that lasts.
    if (!this.#isNamed) await this.#syncName();
  }

  /** What was written behind what lasts may be there in part, or seem to be; only what is written anew can be synced. */
  async #cutTorn(): Promise<void> {
    await this.#setAside();
    if (!this.#isTorn) return;
    await this.#files.close(this.#path);
    await this.#disk.truncate(this.#path, this.#bytes);
    this.#isTorn = false;
  }

  async replace(): Promise<Replacement> {
    const generation = this.#generation + 1;
    const fresh = join(this.#folder, `${generation}.new`);
    await this.#setAside();
    await this.#disk.makeFolder(this.#folder);
    await this.#disk.remove(fresh);
    const file = await this.#disk.append(fresh);
    const buffer = new FrameBuffer();
    let count = 0;
    let length = 0;
    /** How much of it is known to be there, and the checksum of what came since. */
    let secured = 0;
    let checksum = 0;
    const secure = async (): Promise<void> => {
      await file.sync();
      let [end, found] = [secured, 0];
      for await (const piece of this.#disk.read(fresh, secured)) {
        end += piece.length;
        found = crc32(piece, found);
      }
      if (end !== length || found !== checksum)
        throw new Error('what was written of a checkpoint cannot be read again');
      [secured, checksum] = [length, 0];
    };
    const abandon = async (): Promise<void> => {
      await file.close().catch(() => {});
      await this.#disk.remove(fresh);
    };
    return {
      write: async (lines) => {
        const bytes = buffer.fill(count + 1, lines);
        await file.write(bytes);
        count += lines.length;
        length += bytes.length;
        checksum = crc32(bytes, checksum);
        // While it is finished nothing else is appended: as little as can be is left to do then.
        if (length - secured >= SECURED_AT_ONCE) await secure();
      },
      finish: async (isAnother = false) => {
        await secure();
        await file.close();
        const [before, former] = [this.#path, this.#former];
        await this.#disk.rename(fresh, join(this.#folder, `${generation}.log`));
        // From here on it is the newest that a start would find: whatever is appended must go there.
        this.#former = this.isEmpty || isAnother ? undefined : this.#generation;
        this.#generation = generation;
        this.#lines = count;
        this.#bytes = length;
        this.#size = 0;
        this.#isTorn = false;
        this.#isNamed = false;
        await this.#files.close(before);
        await this.#syncName();
        // It lasts without this.
        if (isAnother) await this.#disk.remove(before).catch(() => {});
        if (former !== undefined) await this.#disk.remove(join(this.#folder, `${former}.log`)).catch(() => {});
      },
      abandon,
    };
  }

  async release(): Promise<void> {
    await this.#files.close(this.#path);
  }

  async delete(): Promise<void> {
    await this.#files.close(this.#path);
    await this.#disk.remove(this.#folder);
    this.#generation = 0;
    this.#former = undefined;
    this.#damaged = undefined;
  }

  /** Every append asks for it. */
  get #path(): string {
    if (this.#known?.generation !== this.#generation) {
      const generation = this.#generation;
      this.#known = { generation, path: join(this.#folder, `${generation}.log`) };
    }
    return this.#known.path;
  }

  async #syncName(): Promise<void> {
    await this.#disk.syncFolder(this.#folder);
    await this.#disk.syncFolder(join(this.#folder, '..'));
    this.#isNamed = true;
  }

  /** Where a file ends but for room behind it, and no sooner than at `from`. */
  async #endOf(path: string, from: number): Promise<number> {
    let at = 0;
    let end = from;
    for await (const piece of this.#disk.read(path)) {
      let last = piece.length;
      while (last > 0 && piece[last - 1] === ROOM_BYTE) last -= 1;
      if (last > 0) end = Math.max(end, at + last);
      at += piece.length;
    }
    return end;
  }

  async #setAside(): Promise<void> {
    if (this.#damaged === undefined) return;
    const { aside, from, to } = this.#damaged;
    const all = await this.#disk.readAll(this.#path);
    // Of a try that failed.
    await this.#disk.remove(aside);
    const file = await this.#disk.append(aside);
    await file.write(all.subarray(from, to));
    await file.sync();
    await file.close();
    await this.#disk.syncFolder(this.#folder);
    await this.#disk.truncate(this.#path, from);
    this.#damaged = undefined;
  }
}

/** Files that are open for appending: no more than so many at a time, because a process may not have any number. */
class OpenFiles {
  readonly #disk: Disk;
  readonly #open = new Map<string, { readonly file: Promise<DiskFile>; readonly buffer: FrameBuffer; users: number }>();
  #newest = '';

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** What the file holds from `end` on, where it is not open yet, is room. */
  async with(path: string, end: number, body: (file: DiskFile, buffer: FrameBuffer) => Promise<void>): Promise<void> {
    const known = this.#open.get(path) ?? {
      file: this.#disk.append(path, { syncsEach: { end, room: ROOM_BYTE } }),
      buffer: new FrameBuffer(),
      users: 0,
    };
    // Put behind all others: those at the front have not been used for longest.
    if (this.#newest !== path || !this.#open.has(path)) {
      this.#open.delete(path);
      this.#open.set(path, known);
      this.#newest = path;
    }
    known.users += 1;
    try {
      await body(await known.file, known.buffer);
    } catch (error) {
      this.#open.delete(path);
      await known.file.then((file) => file.close()).catch(() => {});
      throw error;
    } finally {
      known.users -= 1;
    }
    for (const [each, { users }] of this.#open) {
      if (this.#open.size <= MOST_OPEN) return;
      if (users === 0) await this.close(each);
    }
  }

  /** Closes the file of this path, or all. */
  async close(path?: string): Promise<void> {
    for (const [each, { file }] of [...this.#open]) {
      if (path !== undefined && each !== path) continue;
      this.#open.delete(each);
      await (await file).close();
    }
  }
}

/** Bytes that have to be free before anything is changed again. */
const ROOM = 65_536;
/** Bytes of a checkpoint that are synced and read again at a time. */
const SECURED_AT_ONCE = 4 * 2 ** 20;
/** Files. */
const MOST_OPEN = 200;
