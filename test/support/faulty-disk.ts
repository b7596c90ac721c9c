import { createHash } from 'node:crypto';
import type { Disk, DiskFile } from '../../src/stores/file/disk.ts';

/** What becomes of what is written: it lasts; or a write or sync fails; or a sync says that it lasts, and it does not. */
export type DiskMood = 'honest' | 'failing' | 'lying';

/** A medium that outlives the processes which write to it, and whose power can be cut at any step. */
export interface Medium {
  mood: DiskMood;
  /** Files that were put in place of others while it lied, since the power was last cut. */
  renamed: number;
  /** How often something was asked of it. */
  readonly steps: number;
  /** The disk as one process sees it; at a step of choice that process is gone, and hears nothing any more. */
  boot(crashAt?: number): Boot;
  /** Cuts the power: of what was not synced any part may have been written, in any order. */
  cutPower(): void;
}

/** A process that uses the medium. */
export interface Boot {
  readonly disk: Disk;
  readonly isGone: boolean;
  /** Resolves once it is gone. */
  readonly crashed: Promise<void>;
  /** The step of the medium at which it goes; never without one. */
  crashAt(step?: number): void;
  crash(): void;
}

interface Inode {
  durable: Buffer;
  current: Buffer;
  /** What a sync has failed to write: no later sync writes it. */
  lost: (readonly [from: number, to: number])[];
}

/**
 * A file system as pessimistic as POSIX lets one be: bytes last once they are synced, names once their folder is, in the
 * order in which they were changed. `chance` draws whole numbers below a bound.
 */
export function createMedium(chance: (below: number) => number): Medium {
  let entries = new Map<string, Inode>();
  let durableEntries = new Map<string, Inode>();
  let journal: ((names: Map<string, Inode>) => void)[] = [];
  let steps = 0;
  const change = (apply: (names: Map<string, Inode>) => void): void => {
    apply(entries);
    journal.push(apply);
  };
  const inode = (path: string): Inode => {
    const found = entries.get(path);
    if (found === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    return found;
  };
  const medium: Medium = {
    mood: 'honest',
    renamed: 0,
    get steps() {
      return steps;
    },
    boot(step = Number.POSITIVE_INFINITY) {
      let isGone = false;
      let last = step;
      let tell = (): void => {};
      const crashed = new Promise<void>((resolve) => {
        tell = resolve;
      });
      const crash = (): void => {
        isGone = true;
        tell();
      };
      /** Who is gone waits for ever. */
      const turn = async (): Promise<void> => {
        steps += 1;
        if (steps >= last) crash();
        if (isGone) await new Promise(() => {});
      };
      const fail = (): void => {
        if (medium.mood === 'failing' && chance(2) === 0) throw new Error('no space left on device');
      };
      const opened = (file: Inode, end: number | undefined, filling = 0): DiskFile => ({
        async write(bytes) {
          await turn();
          const isCut = medium.mood === 'failing' && chance(2) === 0;
          const some = isCut ? bytes.subarray(0, chance(bytes.length)) : bytes;
          const at = end ?? file.current.length;
          // Room is made at times, and written over later.
          const room = end === undefined || chance(3) > 0 ? 0 : chance(400);
          const before = Buffer.concat([file.current, Buffer.alloc(at + some.length, filling)]);
          before.set(some, at);
          file.current = before.subarray(0, Math.max(file.current.length, at + some.length + room));
          if (isCut) throw new Error('no space left on device');
          if (end !== undefined) end += some.length;
        },
        async sync() {
          await turn();
          if (medium.mood === 'lying') return;
          try {
            fail();
          } catch (error) {
            file.lost.push([firstDifference(file), file.current.length]);
            throw error;
          }
          file.durable = Buffer.from(file.current);
          for (const [from, to] of file.lost) file.durable.fill(0, from, Math.min(to, file.durable.length));
        },
        async close() {
          if (end !== undefined && !isGone) file.current = file.current.subarray(0, end);
        },
      });
      const disk: Disk = {
        async append(path, how) {
          await turn();
          if (!entries.has(path)) {
            fail();
            const fresh: Inode = { durable: Buffer.alloc(0), current: Buffer.alloc(0), lost: [] };
            change((names) => names.set(path, fresh));
          }
          return opened(inode(path), how?.syncsEach?.end, how?.syncsEach?.room);
        },
        async *read(path, first = 0) {
          await turn();
          const { current } = inode(path);
          for (let from = first; from < current.length; from += 700) yield current.subarray(from, from + 700);
        },
        async readAll(path) {
          await turn();
          return Buffer.from(inode(path).current);
        },
        async size(path) {
          return entries.get(path)?.current.length;
        },
        async list(folder) {
          await turn();
          const inside = [...entries.keys()].filter((path) => path.startsWith(`${folder}/`));
          return [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))];
        },
        makeFolder: turn,
        async rename(from, to) {
          await turn();
          fail();
          const moved = inode(from);
          if (medium.mood === 'lying') medium.renamed += 1;
          change((names) => {
            names.delete(from);
            names.set(to, moved);
          });
        },
        async truncate(path, length) {
          await turn();
          fail();
          const file = inode(path);
          file.current = file.current.subarray(0, length);
          file.lost = file.lost.flatMap(([from, to]) =>
            from >= length ? [] : [[from, Math.min(to, length)] as const],
          );
        },
        async remove(path) {
          await turn();
          const gone = [...entries.keys()].filter((each) => each === path || each.startsWith(`${path}/`));
          change((names) => {
            for (const each of gone) names.delete(each);
          });
        },
        async syncFolder() {
          await turn();
          if (medium.mood === 'lying') return;
          fail();
          durableEntries = new Map(entries);
          journal = [];
        },
      };
      return {
        disk,
        crashed,
        crash,
        get isGone() {
          return isGone;
        },
        crashAt(at = Number.POSITIVE_INFINITY) {
          last = at;
        },
      };
    },
    cutPower() {
      medium.renamed = 0;
      for (const apply of journal.slice(0, chance(journal.length + 1))) apply(durableEntries);
      entries = new Map(durableEntries);
      journal = [];
      for (const file of new Set(entries.values())) {
        file.durable = remains(file, chance);
        file.current = Buffer.from(file.durable);
        file.lost = [];
      }
    },
  };
  return medium;
}

/** Where a file is not what it is for certain. */
function firstDifference({ durable, current }: Inode): number {
  const most = Math.min(durable.length, current.length);
  for (let at = 0; at < most; at += 1) if (durable[at] !== current[at]) return at;
  return most;
}

/** What is found of a file after the power was cut. */
function remains(file: Inode, chance: (below: number) => number): Buffer {
  const { durable, current, lost } = file;
  // A cut at the end that was not synced either.
  if (current.length < durable.length) return chance(2) === 0 ? durable : Buffer.from(current);
  const certain = firstDifference(file);
  /** As it was before anything was written that was not synced; as far as the file has become longer, zeros. */
  const before = Buffer.alloc(current.length);
  durable.copy(before);
  const found = Buffer.from(current);
  for (const [from, to] of lost) before.copy(found, from, from, Math.min(to, found.length));
  const length = certain + chance(found.length - certain + 1);
  switch (chance(3)) {
    // As far as it was written.
    case 0:
      return Buffer.concat([found.subarray(0, length), durable.subarray(length)]);
    // Its length was written, but not all of it.
    case 1:
      return Buffer.concat([found.subarray(0, length), before.subarray(length)]);
    // The end was written, and what is before it was not.
    default:
      before.copy(found, certain, certain, length);
      return found;
  }
}

/** Draws whole numbers, the same for the same seed. */
export function seededChance(seed: string): (below: number) => number {
  let count = 0;
  return (below) => {
    count += 1;
    return createHash('sha256').update(`${seed}/${count}`).digest().readUInt32BE(0) % Math.max(1, below);
  };
}
