import { readFileSync } from 'node:fs';
import { open, readFile, rename, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { SimulatorError } from '../../errors.ts';

/** Who has taken a folder. A process id alone would be taken for another process that got it after a crash. */
interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When the process began, as the system tells it; empty where it does not. */
  readonly began: string;
}

const LOCK = 'owner.json';

/**
 * Takes a folder for this process; answers what lets go of it. What a process that is no more has left behind is taken
 * over. Throws `STORE_UNAVAILABLE` where another process has it.
 *
 * @example const release = await lockFolder('worlds');
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, LOCK);
  const own: Owner = { host: hostname(), pid: process.pid, began: beganOf(process.pid) ?? '' };
  const text = `${JSON.stringify(own)}\n`;
  for (;;) {
    try {
      const handle = await open(path, 'wx', 0o600);
      await handle.writeFile(text);
      await handle.sync();
      await handle.close();
      return async () => {
        if ((await readFile(path, 'utf8').catch(() => '')) === text) await unlink(path);
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const found = await readFile(path, 'utf8').catch(() => '');
    const owner = parseOwner(found);
    if (owner !== undefined && isAlive(owner)) {
      throw new SimulatorError(
        'STORE_UNAVAILABLE',
        `Failed to open the store ${folder}: the process ${owner.pid} has it, and one process at a time may. Stop that, choose another folder, or keep worlds in PostgreSQL, which many processes may share.`,
      );
    }
    await takeAway(path, found);
  }
}

/**
 * The number of the process that has a folder; nothing where none has.
 *
 * @example await folderOwner('worlds') // 4711
 */
export async function folderOwner(folder: string): Promise<number | undefined> {
  const owner = parseOwner(await readFile(join(folder, LOCK), 'utf8').catch(() => ''));
  return owner !== undefined && isAlive(owner) ? owner.pid : undefined;
}

/** Moves the lock of a process that is no more out of the way; another one's that came meanwhile is put back. */
async function takeAway(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) === stale) await unlink(aside);
  else await rename(aside, path);
}

function parseOwner(text: string): Owner | undefined {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    // A crash has cut it short.
    return undefined;
  }
}

/** Of another host it cannot be found out: its folder would be shared over a network, or its container is gone. */
function isAlive({ host, pid, began }: Owner): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return began === '' || beganOf(pid) === undefined || beganOf(pid) === began;
}

/** When a process began, in ticks since the machine was started, and which start that was; Linux alone tells it. */
function beganOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets, and may hold anything.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`;
  } catch {
    return undefined;
  }
}
