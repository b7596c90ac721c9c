import type { CommitReader, LogReading } from '../../engine/keeping/commit-log.ts';
import { openPool, type PoolClient } from './pool.ts';

/**
 * Looks at what is kept in PostgreSQL; leases stay with whoever has them.
 *
 * @example const reader = await openPostgresReader('postgres://localhost/worlds');
 */
export async function openPostgresReader(url: string): Promise<CommitReader> {
  const pool = await openPool(url);
  /** Nothing is kept where nobody has made the tables. */
  const isThere = async (): Promise<boolean> => {
    const { rows } = await pool.query<{ found: string | null }>(`select to_regclass('bss_tenants') as found`);
    return rows[0]?.found != null;
  };
  try {
    await isThere();
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    async tenants() {
      if (!(await isThere())) return [];
      const { rows } = await pool.query<{ name: string; bytes: string; owner: string | null }>(
        `select name, coalesce(bytes, 0) as bytes, case when expires > now() then coalesce(url, 'another process') end as owner
         from bss_tenants left join lateral (
           select sum(pg_column_size(lines.*)) as bytes from bss_lines as lines
           where tenant = name and lines.generation = bss_tenants.generation
         ) as sizes on true
         where generation > 0 order by name collate "C"`,
      );
      return rows.map(({ name, bytes, owner }) => ({ name, bytes: Number(bytes), ...(owner !== null && { owner }) }));
    },
    async read(tenant) {
      if (!(await isThere())) return undefined;
      const { rows } = await pool.query('select 1 from bss_tenants where name = $1 and generation > 0', [tenant]);
      return rows.length === 0 ? undefined : new PostgresReading(() => pool.connect(), tenant);
    },
    close: () => pool.end(),
  };
}

class PostgresReading implements LogReading {
  readonly #connect: () => Promise<PoolClient>;
  readonly #tenant: string;
  readonly damage = undefined;

  constructor(connect: () => Promise<PoolClient>, tenant: string) {
    this.#connect = connect;
    this.#tenant = tenant;
  }

  async *lines(): AsyncGenerator<string> {
    const client = await this.#connect();
    try {
      // As it was at one moment, whatever its owner does meanwhile.
      await client.query('begin isolation level repeatable read read only');
      let last = 0;
      for (let isMore = true; isMore; ) {
        const { rows } = await client.query<{ number: string; text: string }>(
          `select number, text from bss_lines join bss_tenants on name = tenant and bss_lines.generation = bss_tenants.generation
           where tenant = $1 and number > $2 order by number limit ${AT_ONCE}`,
          [this.#tenant, last],
        );
        for (const { number, text } of rows) {
          if (Number(number) !== last + 1) throw new Error(`line ${last + 1} is missing in the database`);
          last += 1;
          yield text;
        }
        isMore = rows.length === AT_ONCE;
      }
    } finally {
      await client.query('rollback').then(
        () => client.release(),
        (error: Error) => client.release(error),
      );
    }
  }
}

/** Lines that are read at a time. */
const AT_ONCE = 1_000;
