import { expect, test } from 'vitest';
import type { CommitLog, CommitReader, LogReading, TenantLog } from '../../src/engine/keeping/commit-log.ts';

/** A store that a test opens, closes and opens again. */
export interface CommitLogSetup {
  /** Opens it; what was kept before is there. */
  readonly open: () => Promise<CommitLog>;
  /** Looks at it, though it is open; absent where nobody can. */
  readonly look?: () => Promise<CommitReader>;
}

/**
 * What every correct store of commits does; a new one calls this and adds only what is special to it.
 *
 * @example testCommitLog('file', async () => ({ open: () => openFileLog(folder) }));
 */
export function testCommitLog(name: string, setUp: () => Promise<CommitLogSetup>): void {
  test(`${name}: what was appended is there, in order, after it was closed and opened again`, async () => {
    const { open } = await setUp();
    const before = await open();
    const log = await before.open('Team-A');
    expect(log.isEmpty).toBe(true);
    await checkpoint(log, ['a world']);
    await log.append(['one', 'two ünïcode \u2028 "quoted"']);
    await log.append(['three']);
    expect(log.size).toBeGreaterThan(0);
    await log.release();
    await before.close();

    const after = await open();
    expect(await after.tenants()).toEqual(['Team-A']);
    const again = await after.open('Team-A');
    expect(again.isEmpty).toBe(false);
    expect(await linesOf(again)).toEqual(['a world', 'one', 'two ünïcode \u2028 "quoted"', 'three']);
    expect(again.damage).toBeUndefined();
    await again.append(['four']);
    await again.release();
    const third = await after.open('Team-A');
    expect((await linesOf(third)).at(-1)).toBe('four');
    await third.release();
    await after.close();
  });

  test(`${name}: a checkpoint takes the place of everything before once it is finished, and not sooner`, async () => {
    const { open } = await setUp();
    const commits = await open();
    const log = await commits.open('a');
    await checkpoint(log, ['first']);
    await log.append(['one']);
    const next = await log.replace();
    await next.write(['second']);
    await log.append(['two']);
    const abandoned = await reopened(commits, log);
    expect(await linesOf(abandoned)).toEqual(['first', 'one', 'two']);
    await next.abandon();
    await checkpoint(abandoned, ['third', 'with two lines']);
    await abandoned.append(['after it']);
    const last = await reopened(commits, abandoned);
    expect(await linesOf(last)).toEqual(['third', 'with two lines', 'after it']);
    await last.release();
    await commits.close();
  });

  test(`${name}: tenants are kept apart, and one that is deleted is gone`, async () => {
    const { open } = await setUp();
    const commits = await open();
    const logs = [await commits.open('a'), await commits.open('A')] as const;
    for (const [index, log] of logs.entries()) await checkpoint(log, [`world ${index}`]);
    expect(await commits.tenants()).toEqual(['A', 'a']);
    await logs[0].delete();
    expect(await commits.tenants()).toEqual(['A']);
    const anew = await commits.open('a');
    expect(anew.isEmpty).toBe(true);
    await checkpoint(anew, ['another world']);
    expect(await linesOf(await reopened(commits, anew))).toEqual(['another world']);
    await logs[1].release();
    await commits.close();
  });

  test(`${name}: a name that is taken and never used leaves nothing behind`, async () => {
    const { open } = await setUp();
    const commits = await open();
    const log = await commits.open('nobody');
    await log.release();
    expect(await commits.tenants()).toEqual([]);
    await commits.close();
  });

  test(`${name}: who only looks sees what lasts at that moment, and takes nothing`, async () => {
    const { open, look } = await setUp();
    if (look === undefined) return;
    const commits = await open();
    const log = await commits.open('A');
    const reader = await look();
    expect(await reader.tenants()).toEqual([]);
    expect(await reader.read('A')).toBeUndefined();
    await checkpoint(log, ['a world']);
    await log.append(['one']);
    expect(await reader.tenants()).toEqual([
      { name: 'A', bytes: expect.any(Number), owner: expect.stringContaining('process') },
    ]);
    const reading = await reader.read('A');
    if (reading === undefined) throw new Error('it is there');
    expect(await linesOf(reading)).toEqual(['a world', 'one']);
    expect(reading.damage).toBeUndefined();
    // Checkpoints that take the place of what it was to read.
    const late = await reader.read('A');
    await checkpoint(log, ['another world']);
    await checkpoint(log, ['a third world']);
    await log.append(['two']);
    expect(late && (await linesOf(late))).toEqual(['a third world', 'two']);
    await log.release();
    await reader.close();
    await commits.close();
  });

  test(`${name}: a secret is made once, and stays`, async () => {
    const { open } = await setUp();
    const before = await open();
    expect(await before.secret('signing-key', () => 'made first')).toBe('made first');
    await before.close();
    const after = await open();
    expect(await after.secret('signing-key', () => 'made anew')).toBe('made first');
    await after.close();
  });
}

async function checkpoint(log: TenantLog, lines: readonly string[]): Promise<void> {
  const replacement = await log.replace();
  for (const line of lines) await replacement.write([line]);
  await replacement.finish();
}

async function reopened(commits: CommitLog, log: TenantLog): Promise<TenantLog> {
  await log.release();
  return commits.open((await commits.tenants()).at(-1) ?? 'a');
}

/** Everything that is kept, oldest first. */
export async function linesOf(log: LogReading | TenantLog): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of log.lines()) lines.push(line);
  return lines;
}
