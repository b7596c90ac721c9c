import type { Pool } from 'pg';
import { type CommitLog, type Replacement, TENANT_ELSEWHERE, type TenantLog } from '../../engine/keeping/commit-log.ts';
import { loadPeer } from '../../load-peer.ts';
import { Refusal } from '../../model/command.ts';
import { migrate } from './migrations.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`, a pooler's address included. */
  readonly url: string;
  /** A name that no other process has. */
  readonly owner: string;
  /** Milliseconds for which a tenant stays with a process that is not heard of any more. Default 5 seconds. */
  readonly lease?: number;
  /** Calls back again and again, so many milliseconds apart; the answer ends it. */
  readonly every: (milliseconds: number, callback: () => void) => () => void;
}

/**
 * Keeps commits in PostgreSQL. Each tenant is leased to one process; its epoch rises when the owner changes, and whoever
 * writes under an epoch that has passed writes nothing. A batch of commits is one statement, and so one transaction, with
 * nothing that a session remembers: it works through a pooler.
 *
 * @example const log = await openPostgresLog({ url: 'postgres://localhost/worlds', owner, every });
 */
export async function openPostgresLog({ url, owner, lease = 5_000, every }: PostgresOptions): Promise<CommitLog> {
  const { default: pg } = await loadPeer('pg', '--store postgres://', () => import('pg'));
  const pool: Pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: PATIENCE,
    query_timeout: PATIENCE,
  });
  // Without a listener, a connection that breaks while nobody uses it would end the process.
  pool.on('error', () => {});
  try {
    const client = await pool.connect();
    await migrate((text, values) => client.query(text, values)).finally(() => client.release());
  } catch (error) {
    await pool.end();
    throw error;
  }
  const open = new Map<string, PostgresTenantLog>();
  const renew = async (): Promise<void> => {
    if (open.size === 0) return;
    await pool.query(
      `update bss_tenants set expires = now() + $3 * interval '1 millisecond' where owner = $1 and name = any($2)`,
      [owner, [...open.keys()], lease],
    );
  };
  // What fails is found out by whoever writes: under an epoch that has passed nothing is written.
  const stopRenewing = every(lease / 3, () => void renew().catch(() => {}));
  return {
    kind: 'postgres',
    async tenants() {
      const { rows } = await pool.query<{ name: string }>(
        `select name from bss_tenants where generation > 0 order by name collate "C"`,
      );
      return rows.map(({ name }) => name);
    },
    async open(name) {
      const { rows } = await pool.query<{ epoch: string; generation: number }>(
        `insert into bss_tenants as known (name, owner, epoch, expires)
         values ($1, $2, 1, now() + $3 * interval '1 millisecond')
         on conflict (name) do update
           set owner = excluded.owner, expires = excluded.expires, epoch = known.epoch + 1
           where known.owner is null or known.owner = $2 or known.expires < now()
         returning epoch, generation`,
        [name, owner, lease],
      );
      const [claimed] = rows;
      if (claimed === undefined) throw ownedElsewhere(name);
      const log = new PostgresTenantLog(pool, { name, owner, epoch: claimed.epoch }, claimed.generation, () =>
        open.delete(name),
      );
      open.set(name, log);
      return log;
    },
    async secret(name, make) {
      await pool.query('insert into bss_secrets (name, value) values ($1, $2) on conflict (name) do nothing', [
        name,
        make(),
      ]);
      const { rows } = await pool.query<{ value: string }>('select value from bss_secrets where name = $1', [name]);
      return rows[0]?.value ?? make();
    },
    async close() {
      stopRenewing();
      await pool.end();
    },
  };
}

/** Connections to the database. */
const MOST_CONNECTIONS = 8;
/** Milliseconds that the database may take to answer. */
const PATIENCE = 10_000;
/** Lines that are read or written at a time. */
const AT_ONCE = 1_000;

function ownedElsewhere(name: string): Refusal {
  return new Refusal(
    503,
    TENANT_ELSEWHERE,
    `Failed to open the tenant "${name}": another process has it. Ask that process, or wait until it lets go of it.`,
  );
}

/** Who writes: what another has taken over meanwhile is not touched. */
interface Claim {
  readonly name: string;
  readonly owner: string;
  readonly epoch: string;
}

class PostgresTenantLog implements TenantLog {
  readonly #pool: Pool;
  readonly #claim: Claim;
  readonly #released: () => void;
  #generation: number;
  /** The number of the last line that lasts. */
  #number = 0;
  #size = 0;
  readonly damage = undefined;

  constructor(pool: Pool, claim: Claim, generation: number, released: () => void) {
    this.#pool = pool;
    this.#claim = claim;
    this.#generation = generation;
    this.#released = released;
  }

  get isEmpty(): boolean {
    return this.#generation === 0;
  }

  get size(): number {
    return this.#size;
  }

  async *lines(): AsyncGenerator<string> {
    for (let isMore = !this.isEmpty; isMore; ) {
      const { rows } = await this.#pool.query<{ number: string; text: string }>(
        `select number, text from bss_lines where tenant = $1 and generation = $2 and number > $3
         order by number limit ${AT_ONCE}`,
        [this.#claim.name, this.#generation, this.#number],
      );
      for (const { number, text } of rows) {
        if (Number(number) !== this.#number + 1) {
          throw new Error(`line ${this.#number + 1} of generation ${this.#generation} is missing in the database`);
        }
        this.#number += 1;
        this.#size += text.length;
        yield text;
      }
      isMore = rows.length === AT_ONCE;
    }
  }

  async append(lines: readonly string[]): Promise<void> {
    await this.#insert(this.#generation, this.#number, lines);
    this.#number += lines.length;
    this.#size += lines.reduce((sum, line) => sum + line.length, 0);
  }

  async replace(): Promise<Replacement> {
    const generation = this.#generation + 1;
    const { name } = this.#claim;
    const clear = () =>
      this.#pool.query('delete from bss_lines where tenant = $1 and generation >= $2', [name, generation]);
    await this.#mustOwn();
    await clear();
    let count = 0;
    return {
      write: async (lines) => {
        for (let from = 0; from < lines.length; from += AT_ONCE) {
          const some = lines.slice(from, from + AT_ONCE);
          await this.#insert(generation, count, some);
          count += some.length;
        }
      },
      finish: async () => {
        const { owner, epoch } = this.#claim;
        const { rowCount } = await this.#pool.query(
          `update bss_tenants set generation = $4 where name = $1 and owner = $2 and epoch = $3
           and $5 = (select count(*) from bss_lines where tenant = $1 and generation = $4)`,
          [name, owner, epoch, generation, count],
        );
        if (rowCount !== 1) throw ownedElsewhere(name);
        this.#generation = generation;
        this.#number = count;
        this.#size = 0;
        // It lasts without this: what remains goes with the next checkpoint.
        await this.#pool
          .query('delete from bss_lines where tenant = $1 and generation < $2', [name, generation])
          .catch(() => {});
      },
      abandon: async () => {
        await clear();
      },
    };
  }

  async release(): Promise<void> {
    this.#released();
    const { name, owner, epoch } = this.#claim;
    const whose = 'where name = $1 and owner = $2 and epoch = $3';
    await this.#pool.query(`delete from bss_tenants ${whose} and generation = 0`, [name, owner, epoch]);
    await this.#pool.query(`update bss_tenants set owner = null, expires = null ${whose}`, [name, owner, epoch]);
  }

  async delete(): Promise<void> {
    this.#released();
    const { name, owner, epoch } = this.#claim;
    await this.#pool.query(
      `with gone as (delete from bss_tenants where name = $1 and owner = $2 and epoch = $3 returning name)
       delete from bss_lines using gone where tenant = gone.name`,
      [name, owner, epoch],
    );
    this.#generation = 0;
  }

  /** Lines that are there already were written by a try whose answer was lost. */
  async #insert(generation: number, after: number, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const { name, owner, epoch } = this.#claim;
    const { rowCount } = await this.#pool.query(
      `with owned as (select name from bss_tenants where name = $1 and owner = $2 and epoch = $3 for share)
       insert into bss_lines (tenant, generation, number, text)
       select owned.name, $4, $5 + place, line from owned, unnest($6::text[]) with ordinality as given (line, place)
       on conflict (tenant, generation, number) do update set text = excluded.text`,
      [name, owner, epoch, generation, after, lines],
    );
    if (rowCount !== lines.length) throw ownedElsewhere(name);
  }

  async #mustOwn(): Promise<void> {
    const { name, owner, epoch } = this.#claim;
    const { rowCount } = await this.#pool.query(
      'select 1 from bss_tenants where name = $1 and owner = $2 and epoch = $3',
      [name, owner, epoch],
    );
    if (rowCount !== 1) throw ownedElsewhere(name);
  }
}
