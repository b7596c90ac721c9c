import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DISK, type Disk } from '../../src/stores/file/disk.ts';
import { openFileLog } from '../../src/stores/file/file-log.ts';
import { openFileReader } from '../../src/stores/file/file-reader.ts';
import { linesOf, testCommitLog } from '../conformance/commit-log.ts';
import { createMemoryLog } from '../support/memory-log.ts';

testCommitLog('file', async () => {
  const folder = await newFolder();
  return { open: () => openFileLog(folder), look: async () => openFileReader(folder) };
});

testCommitLog('memory, which tests use', async () => {
  const log = createMemoryLog();
  return { open: async () => log };
});

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'worlds-'));
  folders.push(folder);
  return folder;
}

/** A folder with a tenant `a` of one checkpoint and these lines, and the file that they are in. */
async function written(lines: readonly string[], disk?: Disk): Promise<{ folder: string; file: string }> {
  const folder = await newFolder();
  const commits = await openFileLog(folder, disk);
  const log = await commits.open('a');
  const checkpoint = await log.replace();
  await checkpoint.write(['a world']);
  await checkpoint.finish();
  for (const line of lines) await log.append([line]);
  await log.release();
  await commits.close();
  return { folder, file: join(folder, 'tenants/a/1.log') };
}

test('a log that ends at any byte of its last lines has all lines before, tells what is lost, and goes on', async () => {
  const lines = ['{"order":1}', '{"order":2}', '{"order":"ü"}'];
  // Each length is a world of its own: what is tried is where it ends, not whether the disk syncs.
  const quick = withoutSyncs();
  const { folder, file } = await written(lines, quick);
  const whole = await readFile(file);
  const ends = [...whole.entries()].filter(([, byte]) => byte === 0x0a).map(([index]) => index + 1);
  const from = ends[0] ?? 0;
  for (let length = from; length <= whole.length; length += 1) {
    await writeFile(file, whole.subarray(0, length));
    const commits = await openFileLog(folder, quick);
    const log = await commits.open('a');
    const complete = ends.filter((end) => end > from && end <= length).length;
    expect(await linesOf(log)).toEqual(['a world', ...lines.slice(0, complete)]);
    const isTorn = !ends.includes(length);
    expect(log.damage === undefined, `cut at ${length}`).toBe(!isTorn);
    await log.append(['{"order":"new"}']);
    await log.release();
    const again = await commits.open('a');
    expect(await linesOf(again)).toEqual(['a world', ...lines.slice(0, complete), '{"order":"new"}']);
    await again.release();
    await commits.close();
  }
});

test('a log under load has room behind it, which a crash leaves, a stop takes away, and nobody takes for damage', async () => {
  const lines = Array.from({ length: 120 }, (_, number) => JSON.stringify([number, 'x'.repeat(2_000)]));
  const { folder, file } = await written(lines.slice(0, 60));
  const { length } = await readFile(file);
  const commits = await openFileLog(folder);
  const log = await commits.open('a');
  await linesOf(log);
  for (const line of lines.slice(60)) await log.append([line]);
  const crashed = await readFile(file);
  await log.release();
  await commits.close();
  const stopped = await readFile(file);
  expect(stopped.length).toBeGreaterThan(length);
  expect(stopped.at(-1)).toBe(0x0a);
  if (process.platform === 'linux') expect(crashed.length).toBeGreaterThan(stopped.length);

  for (const room of [1, 8_192, 1 << 21]) {
    await writeFile(file, Buffer.concat([stopped, Buffer.alloc(room, '\t')]));
    const reading = await openFileReader(folder).read('a');
    expect(reading && (await linesOf(reading))).toEqual(['a world', ...lines]);
    expect(reading?.damage).toBeUndefined();
    const again = await openFileLog(folder);
    const recovered = await again.open('a');
    expect(await linesOf(recovered)).toEqual(['a world', ...lines]);
    expect(recovered.damage).toBeUndefined();
    await recovered.append(['new']);
    await recovered.release();
    expect(await linesOf(await again.open('a'))).toEqual(['a world', ...lines, 'new']);
    await again.close();
  }
  expect((await readdir(join(folder, 'tenants/a'))).sort()).toEqual(['1.log']);
});

test('what was written in part over room, or behind a hole in it, or lost, is set aside without the room', async () => {
  const { folder, file } = await written(['one']);
  const whole = await readFile(file);
  // The last: zeros, as a medium leaves them where it has lost whole lines.
  for (const torn of ['0badc0de 3 tw', `${'\t'.repeat(300)}end of two\n`, '\0'.repeat(300)]) {
    await writeFile(file, Buffer.concat([whole, Buffer.from(torn), Buffer.alloc(5_000, '\t')]));
    const commits = await openFileLog(folder);
    const log = await commits.open('a');
    expect(await linesOf(log)).toEqual(['a world', 'one']);
    expect(log.damage).toContain(`its last ${torn.length} bytes are not what was written`);
    await log.append(['two']);
    const aside = join(folder, `tenants/a/1.damaged-at-${whole.length}`);
    expect(await readFile(aside, 'utf8')).toBe(torn);
    await log.release();
    const again = await commits.open('a');
    expect(await linesOf(again)).toEqual(['a world', 'one', 'two']);
    await again.release();
    await commits.close();
    await rm(aside);
  }
});

test('a byte that has changed costs its line and those behind it, which are set aside as they were', async () => {
  const { folder, file } = await written(['one', 'two', 'three']);
  const whole = await readFile(file);
  const at = whole.indexOf('two');
  await writeFile(file, Buffer.concat([whole.subarray(0, at), Buffer.from('T'), whole.subarray(at + 1)]));
  const commits = await openFileLog(folder);
  const log = await commits.open('a');
  expect(await linesOf(log)).toEqual(['a world', 'one']);
  expect(log.damage).toMatch(
    /^its last \d+ bytes are not what was written; before anything else is, they are set aside in /,
  );
  // Who looks at what is left may make nothing of it.
  expect(await readFile(file, 'utf8')).toMatch(/Two\n\w{8} 4 three\n$/);
  await log.append(['new']);
  const aside = (await readdir(join(folder, 'tenants/a'))).find((name) => name.includes('damaged')) ?? '';
  expect(await readFile(join(folder, 'tenants/a', aside), 'utf8')).toMatch(/Two\n\w{8} 4 three\n$/);
  await log.release();
  expect(await linesOf(await commits.open('a'))).toEqual(['a world', 'one', 'new']);
  await commits.close();
});

test('a write or sync that fails leaves nothing of it, and what is appended again is there once', async () => {
  const disk = failing();
  const { folder } = await written([], disk);
  const commits = await openFileLog(folder, disk);
  const log = await commits.open('a');
  await linesOf(log);
  await log.append(['one']);
  for (const what of ['write', 'sync'] as const) {
    disk.fails = what;
    await expect(log.append(['two', 'three'])).rejects.toThrow('no space left');
  }
  disk.fails = undefined;
  await log.append(['two', 'three']);
  await log.append(['four']);
  await log.release();
  const again = await commits.open('a');
  expect(await linesOf(again)).toEqual(['a world', 'one', 'two', 'three', 'four']);
  expect(again.damage).toBeUndefined();
  await commits.close();
});

test('a checkpoint that cannot be read again does not take the place of what there is', async () => {
  const disk = failing();
  const { folder } = await written(['one'], disk);
  const commits = await openFileLog(folder, disk);
  const log = await commits.open('a');
  await linesOf(log);
  disk.fails = 'silently';
  const checkpoint = await log.replace();
  await checkpoint.write(['another world', 'of two lines']);
  await expect(checkpoint.finish()).rejects.toThrow('what was written of a checkpoint cannot be read again');
  await checkpoint.abandon();
  disk.fails = undefined;
  await log.release();
  expect(await linesOf(await commits.open('a'))).toEqual(['a world', 'one']);
  await commits.close();
});

test('a long checkpoint is looked at while it is written, and all of it is there', async () => {
  const disk = failing();
  const { folder } = await written(['one'], disk);
  const commits = await openFileLog(folder, disk);
  const log = await commits.open('a');
  const lines = Array.from({ length: 9 }, (_, number) => JSON.stringify([number, 'x'.repeat(1_000_000)]));
  const checkpoint = await log.replace();
  for (const line of lines) await checkpoint.write([line]);
  await checkpoint.finish();
  await log.append(['two']);
  await log.release();
  const again = await commits.open('a');
  expect(await linesOf(again)).toEqual([...lines, 'two']);

  const next = await again.replace();
  await next.write(lines.slice(0, 3));
  disk.fails = 'silently';
  await expect(next.write(lines.slice(3))).rejects.toThrow('what was written of a checkpoint cannot be read again');
  await next.abandon();
  await again.release();
  await commits.close();
});

test('one process at a time has a folder; what a process that is no more has left is taken over', async () => {
  const folder = await newFolder();
  const commits = await openFileLog(folder);
  await expect(openFileLog(folder)).rejects.toThrow(`the process ${process.pid} has it`);
  await commits.close();
  const stale = JSON.parse(await ownerText(folder)) as Record<string, unknown>;
  // The same number, but a process that began at another time.
  await writeFile(join(folder, 'owner.json'), JSON.stringify({ ...stale, began: 'another boot/1' }));
  await (await openFileLog(folder)).close();
  // A crash in the middle of writing it.
  await writeFile(join(folder, 'owner.json'), '{"host');
  await (await openFileLog(folder)).close();
});

async function ownerText(folder: string): Promise<string> {
  const commits = await openFileLog(folder);
  const text = await readFile(join(folder, 'owner.json'), 'utf8');
  await commits.close();
  return text;
}

/** The file system of this machine, which syncs nothing. */
function withoutSyncs(): Disk {
  return {
    ...DISK,
    append: async (path) => ({ ...(await DISK.append(path)), sync: async () => {} }),
    syncFolder: async () => {},
  };
}

/** The file system of this machine, which fails where a test says so: half of what is written is there all the same. */
function failing(): Disk & { fails: 'write' | 'sync' | 'silently' | undefined } {
  const disk: ReturnType<typeof failing> = {
    ...DISK,
    fails: undefined,
    async append(path, how) {
      const file = await DISK.append(path, how);
      return {
        ...file,
        async write(bytes) {
          if (disk.fails === undefined || disk.fails === 'sync') return file.write(bytes);
          await file.write(bytes.subarray(0, bytes.length / 2));
          if (disk.fails === 'write') throw new Error('no space left on device');
        },
        async sync() {
          if (disk.fails === 'sync') throw new Error('no space left on device');
          return file.sync();
        },
      };
    },
  };
  return disk;
}
