/** Asks the database, in one session. */
export type Ask = (text: string, values?: unknown[]) => Promise<{ readonly rows: readonly unknown[] }>;

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
  // Where its owner is asked, and whether it goes on by itself after it was let go of.
  `alter table bss_tenants add column url text;
   alter table bss_tenants add column is_busy boolean not null default true;`,
];

/**
 * Brings the tables to their present form, once, however many processes begin at a time; throws where they are of a newer
 * version.
 *
 * @example await migrate((text, values) => client.query(text, values));
 */
export async function migrate(ask: Ask): Promise<void> {
  try {
    await ask('begin');
    await ask('select pg_advisory_xact_lock($1)', [LOCK]);
    await ask('create table if not exists bss_steps (step integer primary key)');
    const { rows } = await ask('select coalesce(max(step), 0) as done from bss_steps');
    const { done } = rows[0] as { readonly done: number };
    if (done > STEPS.length) {
      throw new Error(`its tables are of a newer version (step ${done}, this one knows ${STEPS.length})`);
    }
    for (const [index, step] of STEPS.entries()) {
      if (index < done) continue;
      await ask(step);
      await ask('insert into bss_steps (step) values ($1)', [index + 1]);
    }
    await ask('commit');
  } catch (error) {
    await ask('rollback').catch(() => {});
    throw error;
  }
}

/** Any number that nobody else locks: the letters of the name. */
const LOCK = 0x627373;
