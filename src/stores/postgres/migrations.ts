import type { Pool } from 'pg';

/** What the tables are made by, one step after another; a step that has left the house is never changed. */
const STEPS: readonly string[] = [
  `create table bss_tenants (
     name text primary key,
     owner text,
     epoch bigint not null,
     expires timestamptz,
     generation integer not null default 0
   );
   create table bss_lines (
     tenant text not null,
     generation integer not null,
     number bigint not null,
     text text not null,
     primary key (tenant, generation, number)
   );
   create table bss_secrets (name text primary key, value text not null);`,
];

/**
 * Brings the tables to their present form, once, however many processes begin at a time; throws where they are of a newer
 * version.
 *
 * @example await migrate(pool);
 */
export async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await client.query('create table if not exists bss_steps (step integer primary key)');
    const { rows } = await client.query<{ done: number }>('select coalesce(max(step), 0) as done from bss_steps');
    const done = rows[0]?.done ?? 0;
    if (done > STEPS.length) {
      throw new Error(`its tables are of a newer version (step ${done}, this one knows ${STEPS.length})`);
    }
    for (const [index, step] of STEPS.entries()) {
      if (index < done) continue;
      await client.query(step);
      await client.query('insert into bss_steps (step) values ($1)', [index + 1]);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

/** Any number that nobody else locks: the letters of the name. */
const LOCK = 0x627373;
