import { expect, test } from 'vitest';
import { openPostgresLog, type PostgresOptions } from '../../src/stores/postgres/postgres-log.ts';
import { openPostgresReader } from '../../src/stores/postgres/postgres-reader.ts';
import { linesOf, testCommitLog } from '../conformance/commit-log.ts';
import { isPostgresThere, newSchema, POSTGRES } from '../support/postgres.ts';
import { serviceTest } from '../support/services.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const never = () => () => {};

if (isPostgresThere) {
  testCommitLog('postgres', async () => {
    const { url } = await newSchema();
    return { open: () => openPostgresLog({ url, owner: 'me', every: never }), look: () => openPostgresReader(url) };
  });

  const open = (url: string, owner: string, more: Partial<PostgresOptions> = {}) =>
    openPostgresLog({ url, owner, every: never, ...more });

  test('a tenant belongs to one process until its lease has passed; who wakes after that writes nothing any more', async () => {
    const { url, query } = await newSchema();
    const [one, other] = [await open(url, 'one'), await open(url, 'other')];
    const before = await one.open('a');
    const checkpoint = await before.replace();
    await checkpoint.write(['a world']);
    await checkpoint.finish();
    await before.append(['of the first']);
    await expect(other.open('a')).rejects.toMatchObject({ status: 503, code: 'TENANT_ELSEWHERE' });

    await query(`update bss_tenants set expires = now() - interval '1 second'`);
    // Who has it is believed for a while, unless somebody found out otherwise.
    await expect(other.open('a')).rejects.toMatchObject({ code: 'TENANT_ELSEWHERE' });
    other.recheck?.('a');
    const after = await other.open('a');
    expect(await linesOf(after)).toEqual(['a world', 'of the first']);

    await expect(before.append(['too late'])).rejects.toMatchObject({ code: 'TENANT_ELSEWHERE' });
    await expect(before.replace()).rejects.toMatchObject({ code: 'TENANT_ELSEWHERE' });
    await after.append(['of the second']);
    await before.release();
    await after.release();
    expect(await linesOf(await one.open('a'))).toEqual(['a world', 'of the first', 'of the second']);
    await one.close();
    await other.close();
  });

  test('who looks in vain whether a tenant is free locks and writes nothing in the database', async () => {
    const { url, query } = await newSchema();
    const [one, other] = [await open(url, 'one', { ownUrl: () => 'http://10.0.0.1:4010' }), await open(url, 'other')];
    await one.open('a');
    // Who locks a row is noted in it.
    const row = async () => (await query('select ctid, xmin, xmax from bss_tenants')).rows;
    const before = await row();
    await expect(other.open('a')).rejects.toMatchObject({ code: 'TENANT_ELSEWHERE', url: 'http://10.0.0.1:4010' });
    expect(await row()).toEqual(before);
    await one.close();
    await other.close();
  });

  test('a lease is renewed at a third of its time', async () => {
    const { url, query } = await newSchema();
    const calls: [number, () => void][] = [];
    const commits = await open(url, 'one', {
      lease: 3_000,
      every: (time, callback) => {
        calls.push([time, callback]);
        return () => {};
      },
    });
    await commits.open('a');
    await query(`update bss_tenants set expires = now() - interval '1 second'`);
    calls[0]?.[1]();
    const isFresh = async () => {
      const { rows } = await query('select expires > now() as fresh from bss_tenants');
      return (rows[0] as { fresh: boolean }).fresh;
    };
    await expect.poll(isFresh).toBe(true);
    expect(calls[0]?.[0]).toBe(1_000);
    await commits.close();
  });

  test('who finds, as it renews, that another has a tenant by now is told so once, and holds it no more', async () => {
    const { url, query } = await newSchema();
    const renewals: (() => void)[] = [];
    const every = (_: number, callback: () => void) => {
      renewals.push(callback);
      return () => {};
    };
    const moves: string[] = [];
    const one = await open(url, 'one', { every, lease: 100_000, moved: (how) => moves.push(how) });
    const other = await open(url, 'other', { ownUrl: () => 'http://10.0.0.2:4010', moved: (how) => moves.push(how) });
    const lost: string[] = [];
    const kept = await one.open('kept', () => lost.push('kept'));
    const before = await one.open('a', () => lost.push('a'));
    expect(before.holding?.()).toBeUndefined();
    await query(`update bss_tenants set expires = now() - interval '1 second' where name = 'a'`);
    await other.open('a');
    renewals[0]?.();
    await expect.poll(() => lost).toEqual(['a']);
    await expect(before.holding?.()).rejects.toMatchObject({ code: 'TENANT_ELSEWHERE' });
    expect(kept.holding?.()).toBeUndefined();
    await expect(one.open('a')).rejects.toMatchObject({ url: 'http://10.0.0.2:4010' });
    expect(moves).toEqual(['new', 'new', 'new', 'lost']);
    await one.close();
    await other.close();
  });

  test('what was let go of is an orphan only where something goes on in it; what an owner has lost is one', async () => {
    const { url, query } = await newSchema();
    const commits = await open(url, 'one');
    for (const name of ['busy', 'lost', 'quiet']) {
      const log = await commits.open(name);
      const checkpoint = await log.replace();
      await checkpoint.write(['a world']);
      await checkpoint.finish();
      if (name !== 'lost') await log.release(name === 'busy');
    }
    expect(await commits.orphans?.()).toEqual(['busy']);
    await query(`update bss_tenants set expires = now() - interval '1 second' where name = 'lost'`);
    expect([...((await commits.orphans?.()) ?? [])].sort()).toEqual(['busy', 'lost']);
    await commits.close();
  });

  test('many processes that begin at a time make the tables once; those of a newer version are refused', async () => {
    const { url, query } = await newSchema();
    const all = await Promise.all(Array.from({ length: 5 }, (_, index) => open(url, `process ${index}`)));
    for (const each of all) await each.close();
    await query('insert into bss_steps (step) values (99)');
    await expect(open(url, 'old')).rejects.toThrow('its tables are of a newer version');
  });

  test('a checkpoint that took its place although nobody heard of it is gone on from', async () => {
    const { url, query } = await newSchema();
    const proxy = await startTcpProxy(POSTGRES.port);
    const through = new URL(url);
    through.port = String(proxy.port);
    const commits = await open(through.href, 'one');
    const log = await commits.open('a');
    const begin = async (line: string) => {
      const checkpoint = await log.replace();
      await checkpoint.write([line]);
      return checkpoint;
    };
    await (await begin('a world')).finish();
    await log.append(['one']);
    await query(`
      create function slowly() returns trigger language plpgsql as 'begin perform pg_sleep(0.3); return new; end';
      create trigger slowly before update of generation on bss_tenants for each row execute function slowly()`);
    const next = await begin('a world with one');
    const finishing = expect(next.finish()).rejects.toThrow();
    await expect
      .poll(async () => (await query(`select 1 from pg_stat_activity where wait_event = 'PgSleep'`)).rows)
      .toHaveLength(1);
    await proxy.sever();
    await finishing;
    await proxy.restore();
    await expect
      .poll(async () => (await query('select generation from bss_tenants')).rows)
      .toEqual([{ generation: 2 }]);
    await next.abandon();
    await log.append(['two']);
    await (await begin('a world with both')).abandon();
    await log.release();
    expect(await linesOf(await commits.open('a'))).toEqual(['a world with one', 'two']);
    await commits.close();
    await proxy.close();
  });

  test('whoever has lost a tenant to another takes nothing of that away', async () => {
    const { url, query } = await newSchema();
    const [one, other] = [await open(url, 'one'), await open(url, 'other')];
    const before = await one.open('a');
    const stale = await before.replace();
    await query(`update bss_tenants set expires = now() - interval '1 second'`);
    const after = await other.open('a');
    const checkpoint = await after.replace();
    await checkpoint.write(['a world']);
    await checkpoint.finish();
    await after.append(['one']);
    await stale.abandon();
    await before.release();
    await after.release();
    expect(await linesOf(await other.open('a'))).toEqual(['a world', 'one']);
    await one.close();
    await other.close();
  });

  test('a database that is cut off fails what is written meanwhile, and takes it afterwards', async () => {
    const { url, query } = await newSchema();
    const commits = await open(url, 'one');
    const log = await commits.open('a');
    const checkpoint = await log.replace();
    await checkpoint.write(['a world']);
    await checkpoint.finish();
    await query(
      `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and query like '%bss_%' and state = 'idle'`,
    );
    const tries: string[] = [];
    await expect
      .poll(async () => {
        try {
          await log.append(['one']);
          tries.push('kept');
        } catch {
          tries.push('failed');
        }
        return tries.at(-1);
      })
      .toBe('kept');
    await log.release();
    expect(await linesOf(await commits.open('a'))).toEqual(['a world', 'one']);
    await commits.close();
  });
} else {
  const postgresTest = await serviceTest(POSTGRES.name, POSTGRES.hostname, POSTGRES.port);
  postgresTest('postgres keeps commits', async () => {});
}
