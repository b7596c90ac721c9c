import {
  type CommitLog,
  LogBroken,
  type Replacement,
  TenantElsewhere,
  type TenantLog,
} from '../../engine/keeping/commit-log.ts';
import { monotonicNow } from '../../engine/time/clock.ts';
import { migrate } from './migrations.ts';
import { openPool, type Pool } from './pool.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`, a pooler's address included. */
  readonly url: string;
  /** A name that no other process has. */
  readonly owner: string;
  /** Where this process can be asked by others; nothing where it cannot. */
  readonly ownUrl?: () => string | undefined;
  /** Milliseconds for which a tenant stays with a process that is not heard of any more. Default 5 seconds. */
  readonly lease?: number;
  /** Calls back again and again, so many milliseconds apart; the answer ends it. */
  readonly every: (milliseconds: number, callback: () => void) => () => void;
  /** Told of each tenant that comes to this process, and from whom; and of each that another has taken over. */
  readonly moved?: (how: 'new' | 'handed-over' | 'taken-over' | 'lost') => void;
}

/**
 * Keeps commits in PostgreSQL. Each tenant is leased to one process; its epoch rises when the owner changes, and whoever
 * writes under an epoch that has passed writes nothing. A batch of commits is one statement, and so one transaction, with
 * nothing that a session remembers: it works through a pooler.
 *
 * @example const log = await openPostgresLog({ url: 'postgres://localhost/worlds', owner, every });
 */
export async function openPostgresLog(options: PostgresOptions): Promise<CommitLog> {
  const { url, owner, ownUrl = () => undefined, lease = 5_000, every, moved } = options;
  const pool = await openPool(url);
  try {
    const client = await pool.connect();
    await migrate((text, values) => client.query(text, values)).finally(() => client.release());
  } catch (error) {
    await pool.end();
    throw error;
  }
  const leases = new Leases(pool, owner, lease, () => moved?.('lost'));
  const stopRenewing = every(lease / 3, () => void leases.renew().catch(() => {}));
  /** Who was found to have a tenant, and until when that is believed: to ask each time would cost every request. */
  const elsewhere = new Map<string, { readonly error: TenantElsewhere; readonly until: number }>();
  /**
   * Where another has it. Asked first, because a claim in vain locks the row and is written to the database's log, and when
   * an owner dies everybody who waits for one of its tenants looks several times a second.
   */
  const anothers = async (name: string): Promise<{ readonly url: string | null } | undefined> => {
    const { rows } = await pool.query<{ url: string | null }>(
      'select url from bss_tenants where name = $1 and owner <> $2 and expires >= now()',
      [name, owner],
    );
    return rows[0];
  };
  const claim = async (name: string): Promise<Claimed | undefined> => {
    const { rows } = await pool.query<Claimed>(
      `with former as (select owner from bss_tenants where name = $1)
       insert into bss_tenants as known (name, owner, epoch, expires, url)
       values ($1, $2, 1, now() + $3 * interval '1 millisecond', $4)
       on conflict (name) do update
         set owner = excluded.owner, url = excluded.url, expires = excluded.expires, epoch = known.epoch + 1
         where known.owner is null or known.owner = $2 or known.expires < now()
       returning epoch, generation, (select owner from former) as before`,
      [name, owner, lease, ownUrl()],
    );
    return rows[0];
  };
  return {
    kind: 'postgres',
    async tenants() {
      const { rows } = await pool.query<{ name: string }>(
        `select name from bss_tenants where generation > 0 order by name collate "C"`,
      );
      return rows.map(({ name }) => name);
    },
    async orphans() {
      const { rows } = await pool.query<{ name: string }>(
        `select name from bss_tenants
         where generation > 0 and (expires < now() or (owner is null and is_busy)) order by random() limit ${AT_ONCE}`,
      );
      return rows.map(({ name }) => name);
    },
    recheck: (name) => void elsewhere.delete(name),
    async open(name, lost = () => {}) {
      const asked = monotonicNow();
      const known = elsewhere.get(name);
      if (known !== undefined && known.until > asked) throw known.error;
      elsewhere.delete(name);
      const found = await anothers(name);
      const claimed = found === undefined ? await claim(name) : undefined;
      if (claimed === undefined) {
        const { url } = found ?? (await anothers(name)) ?? {};
        const error = new TenantElsewhere(name, url ?? undefined);
        if (elsewhere.size >= MOST_KNOWN) elsewhere.clear();
        elsewhere.set(name, { error, until: asked + lease / BELIEVED });
        throw error;
      }
      const { epoch, generation, before } = claimed;
      moved?.(generation === 0 ? 'new' : before === null ? 'handed-over' : 'taken-over');
      const log = new PostgresTenantLog(pool, { name, owner, epoch }, generation, leases);
      leases.add(name, log, { lost, until: asked + lease });
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

/** A tenant that has come to this process. */
interface Claimed {
  readonly epoch: string;
  readonly generation: number;
  /** Who had it, unless that has let go of it. */
  readonly before: string | null;
}

/** What is leased to this process, and until when that is certain. */
class Leases {
  readonly #pool: Pool;
  readonly #owner: string;
  readonly #lease: number;
  readonly #onLost: () => void;
  readonly #held = new Map<object, { readonly name: string; readonly lost: () => void; until: number }>();
  #renewing: Promise<void> | undefined;
  /** When the database was asked last, in vain. */
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(pool: Pool, owner: string, lease: number, onLost: () => void) {
    this.#pool = pool;
    this.#owner = owner;
    this.#lease = lease;
    this.#onLost = onLost;
  }

  add(name: string, log: object, { lost, until }: { readonly lost: () => void; readonly until: number }): void {
    this.#held.set(log, { name, lost, until });
  }

  delete(log: object): void {
    this.#held.delete(log);
  }

  /** Renews them all at once; what is not renewed was taken over by another process. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  /** See `TenantLog.holding`. */
  holding(log: object, name: string): Promise<void> | undefined {
    const now = monotonicNow();
    const held = this.#held.get(log);
    if (held !== undefined && now < held.until) return undefined;
    // Nobody waits again and again for a database that is away; nothing can be changed meanwhile.
    if (held !== undefined && now < this.#failedAt + this.#lease / 3) return undefined;
    return this.renew().then(
      () => {
        if (!this.#held.has(log)) throw new TenantElsewhere(name);
      },
      () => {},
    );
  }

  async #renew(): Promise<void> {
    const asked = [...this.#held];
    if (asked.length === 0) return;
    const now = monotonicNow();
    try {
      const { rows } = await this.#pool.query<{ name: string }>(
        `update bss_tenants set expires = now() + $3 * interval '1 millisecond'
         where owner = $1 and name = any($2) returning name`,
        [this.#owner, asked.map(([, { name }]) => name), this.#lease],
      );
      const renewed = new Set(rows.map(({ name }) => name));
      for (const [log, held] of asked) {
        if (renewed.has(held.name)) held.until = now + this.#lease;
        // It may have been let go of meanwhile.
        else if (this.#held.delete(log)) {
          this.#onLost();
          held.lost();
        }
      }
    } catch (error) {
      this.#failedAt = monotonicNow();
      throw error;
    }
  }
}

/** Lines that are read or written at a time. */
const AT_ONCE = 1_000;
/** For a fifth of a lease it is believed who has a tenant. */
const BELIEVED = 5;
/** Tenants of others that are known. */
const MOST_KNOWN = 10_000;

/** Who writes: what another has taken over meanwhile is not touched. */
interface Claim {
  readonly name: string;
  readonly owner: string;
  readonly epoch: string;
}

class PostgresTenantLog implements TenantLog {
  readonly #pool: Pool;
  readonly #claim: Claim;
  readonly #leases: Leases;
  #generation: number;
  /** The number of the last line that lasts. */
  #number = 0;
  #size = 0;
  /** A checkpoint that was to take the place of the lines, when nobody said whether it has. */
  #unsure: { readonly generation: number; readonly count: number } | undefined;
  readonly damage = undefined;

  constructor(pool: Pool, claim: Claim, generation: number, leases: Leases) {
    this.#pool = pool;
    this.#claim = claim;
    this.#generation = generation;
    this.#leases = leases;
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
          throw new LogBroken(`line ${this.#number + 1} of generation ${this.#generation} is missing in the database`);
        }
        this.#number += 1;
        this.#size += text.length;
        yield text;
      }
      isMore = rows.length === AT_ONCE;
    }
  }

  async append(lines: readonly string[]): Promise<void> {
    await this.#learn();
    await this.#insert(this.#generation, this.#number, lines);
    this.#number += lines.length;
    this.#size += lines.reduce((sum, line) => sum + line.length, 0);
  }

  async takeBack(): Promise<void> {
    await this.#learn();
    const { name, owner, epoch } = this.#claim;
    await this.#ownGeneration();
    await this.#pool.query(
      `with owned as (
         select name, generation from bss_tenants where name = $1 and owner = $2 and epoch = $3 for update
       )
       delete from bss_lines using owned
       where tenant = owned.name and bss_lines.generation = owned.generation and number > $4`,
      [name, owner, epoch, this.#number],
    );
  }

  async replace(): Promise<Replacement> {
    await this.#learn();
    const generation = this.#generation + 1;
    const { name, owner, epoch } = this.#claim;
    // Only who has the tenant, and never what stands in its place by now.
    const clear = () =>
      this.#pool.query(
        `with owned as (
           select name, generation from bss_tenants where name = $1 and owner = $2 and epoch = $3 for share
         )
         delete from bss_lines using owned
         where tenant = owned.name and bss_lines.generation > owned.generation`,
        [name, owner, epoch],
      );
    await this.#ownGeneration();
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
        this.#unsure = { generation, count };
        const { rowCount } = await this.#pool.query(
          `update bss_tenants set generation = $4 where name = $1 and owner = $2 and epoch = $3
           and $5 = (select count(*) from bss_lines where tenant = $1 and generation = $4)`,
          [name, owner, epoch, generation, count],
        );
        if (rowCount !== 1) throw new TenantElsewhere(name);
        this.#turnTo(this.#unsure);
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

  holding(): Promise<void> | undefined {
    return this.#leases.holding(this, this.#claim.name);
  }

  async release(isBusy = false): Promise<void> {
    this.#leases.delete(this);
    const { name, owner, epoch } = this.#claim;
    const whose = 'where name = $1 and owner = $2 and epoch = $3';
    await this.#pool.query(`delete from bss_tenants ${whose} and generation = 0`, [name, owner, epoch]);
    await this.#pool.query(`update bss_tenants set owner = null, url = null, expires = null, is_busy = $4 ${whose}`, [
      name,
      owner,
      epoch,
      isBusy,
    ]);
  }

  async delete(): Promise<void> {
    this.#leases.delete(this);
    const { name, owner, epoch } = this.#claim;
    await this.#pool.query(
      `with gone as (delete from bss_tenants where name = $1 and owner = $2 and epoch = $3 returning name)
       delete from bss_lines using gone where tenant = gone.name`,
      [name, owner, epoch],
    );
    this.#generation = 0;
  }

  #turnTo({ generation, count }: { readonly generation: number; readonly count: number }): void {
    this.#generation = generation;
    this.#number = count;
    this.#size = 0;
    this.#unsure = undefined;
  }

  /** Finds out which lines stand where the answer to that was lost. */
  async #learn(): Promise<void> {
    const unsure = this.#unsure;
    if (unsure === undefined) return;
    if ((await this.#ownGeneration()) === unsure.generation) this.#turnTo(unsure);
    this.#unsure = undefined;
  }

  /** Lines that are there already were written by a try whose answer was lost. */
  async #insert(generation: number, after: number, lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const { name, owner, epoch } = this.#claim;
    const { rowCount } = await this.#pool.query(
      `with owned as (
         select name from bss_tenants where name = $1 and owner = $2 and epoch = $3 and generation = $7 for share
       )
       insert into bss_lines (tenant, generation, number, text)
       select owned.name, $4, $5 + place, line from owned, unnest($6::text[]) with ordinality as given (line, place)
       on conflict (tenant, generation, number) do update set text = excluded.text`,
      [name, owner, epoch, generation, after, lines, this.#generation],
    );
    if (rowCount !== lines.length) throw new TenantElsewhere(name);
  }

  /** The generation that stands, as long as the tenant is this process's. */
  async #ownGeneration(): Promise<number> {
    const { name, owner, epoch } = this.#claim;
    const { rows } = await this.#pool.query<{ generation: number }>(
      'select generation from bss_tenants where name = $1 and owner = $2 and epoch = $3',
      [name, owner, epoch],
    );
    if (rows[0] === undefined) throw new TenantElsewhere(name);
    return rows[0].generation;
  }
}
