import { Refusal } from '../model/command.ts';
import type { Delivery } from './delivery/delivery.ts';
import { type CommitLog, NOT_BEGUN, TenantElsewhere, type TenantLog } from './keeping/commit-log.ts';
import { type Keeping, type Lag, outOfReach } from './keeping/keeper.ts';
import { Tenant, type TenantParts } from './tenant.ts';

/** The tenants of one simulator, made when first asked for. */
export interface Tenants {
  /**
   * To be waited for before a tenant is asked for: what is kept of it is read, or its name is taken for this process.
   * Nothing where there is nothing to wait for.
   */
  opening?(name: string): Promise<void> | undefined;
  /** Opens all that are kept, or these, one after another: their clocks may run, and they may have something to send. */
  openAll(names?: readonly string[]): Promise<void>;
  /** As `opening`, without believing what was found out before about who has it. */
  reopening?(name: string): Promise<void> | undefined;
  /** What does not last yet, of each tenant that this process has; absent where they are kept nowhere. */
  lags?(): readonly Lag[];
  /** Learns what other processes have made and deleted; absent where there are none. */
  refresh?(): Promise<void>;
  /** A tenant for what needs none, where the one that is asked for without a name may be another process's. */
  standIn?(): Tenant;
  /** The tenant of this name, made where there is none; refuses a name that is none, with 400. */
  get(name: string): Tenant;
  /** The tenant of this name, if it is there and has been opened. */
  find(name: string): Tenant | undefined;
  has(name: string): boolean;
  /** Names, in order of creation. */
  names(): readonly string[];
  delete(name: string): Promise<boolean>;
  /**
   * A tenant that starts as a copy of another, or as that was at a snapshot; refuses with 409 where the name is taken,
   * with 404 where there is no such snapshot.
   */
  fork(name: string, from: string, snapshot?: string): Tenant;
  /** Closes them all; answers the deliveries of each that stay pending. */
  close(): Promise<readonly { readonly tenant: string; readonly pending: readonly Delivery[] }[]>;
}

/** Where tenants are kept, and the names of those that are there already. */
export interface KeptTenants extends Keeping {
  readonly log: CommitLog;
  readonly names: readonly string[];
  /** Whether other processes serve tenants of the same store. */
  readonly isShared?: boolean;
}

/** Names that may be taken without a tenant: whoever asks for ever new ones makes none. */
const MOST_CLAIMED = 100;

/** The tenant that a request without a name means. */
export const DEFAULT_TENANT = 'default';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Whether a tenant can be called so. */
export function isTenantName(name: string): boolean {
  return NAME.test(name);
}

function notOpen(name: string): Refusal {
  return new Refusal(503, 'TENANT_NOT_OPEN', `Failed to use the tenant "${name}": it is not open yet. Try again.`, {
    headers: { [NOT_BEGUN]: '1' },
  });
}

/** The refusal of a name that no tenant can have. */
export function invalidTenantName(name: string): Refusal {
  return new Refusal(
    400,
    'INVALID_TENANT',
    `Failed to choose the tenant "${name.slice(0, 80)}": a name is 1 to 64 letters, digits, dots, dashes or underscores and starts with a letter or digit. Choose another name.`,
  );
}

/**
 * Keeps at most `limit` tenants; the one unused for longest goes first, and that is reported. Those in which nothing has
 * ever been changed, and that nobody listens to, go before all others: who only asks for names costs nobody their work.
 *
 * @example
 * const tenants = createTenants({ limit: 1000, parts: (name) => ({ ...shared, name }), reportEviction: () => {} });
 * tenants.get('team-a');
 */
export function createTenants(options: {
  limit: number;
  parts: (name: string) => TenantParts;
  reportEviction: (name: string) => void;
  /** Called with each tenant as it is made; the answer is called when it is gone. */
  created?: (tenant: Tenant) => () => void;
  /** Where tenants are kept. Default: they are gone with this process. */
  kept?: KeptTenants;
}): Tenants {
  const lost = (name: string): void => {
    claimed.delete(name);
    const tenant = used.get(name);
    const isBusy = tenant !== undefined && !isQuiet(tenant);
    void forget(name, (each) => each.abandon())
      .catch((error: unknown) => kept?.report(`the tenant "${name}" could not be let go of`, error))
      .then(() => {
        if (isBusy) resume(name);
      });
  };
  /** What goes on by itself goes on although nobody asks, unless another process has it by now. */
  const resume = (name: string): void => {
    if (kept === undefined || isClosed) return;
    opening(name, kept)?.catch((error: unknown) => {
      if (!(error instanceof TenantElsewhere)) kept.retryLater(() => resume(name));
    });
  };
  const kept = options.kept && { ...options.kept, lost };
  // A Map keeps insertion order: `used` is re-inserted on every use, so its first entry is the one to go.
  const used = new Map<string, Tenant>();
  const created: string[] = [];
  /** How many listen to each that are no clients. */
  const ownListeners = new WeakMap<Tenant, number>();
  const removals = new WeakMap<Tenant, () => void>();
  const forget = async (name: string, end: (tenant: Tenant) => Promise<unknown>): Promise<boolean> => {
    const tenant = used.get(name);
    if (tenant === undefined) return false;
    used.delete(name);
    created.splice(created.indexOf(name), 1);
    const ended = end(tenant);
    // Whoever asks for it meanwhile waits until it can be opened again.
    if (kept !== undefined) {
      const leaving = ended.then(
        () => {},
        () => {},
      );
      openings.set(name, leaving);
      void leaving.then(() => openings.delete(name));
    }
    await ended;
    removals.get(tenant)?.();
    return true;
  };
  /** What is kept, and what is being opened or let go of. */
  const stored = new Set(kept?.names);
  const openings = new Map<string, Promise<void>>();
  /** Names that are taken, but have no tenant yet. */
  const claimed = new Map<string, TenantLog>();
  let isClosed = false;
  let stand: Tenant | undefined;
  const open = async (name: string, { log: commits, ...keeping }: KeptTenants): Promise<void> => {
    const log = await commits
      .open(name, () => lost(name))
      .catch((error: unknown) => {
        throw error instanceof Refusal ? error : outOfReach(name, error);
      });
    if (!log.isEmpty) {
      stored.add(name);
      const tenant = new Tenant({ ...partsOf(name), kept: { ...keeping, log } });
      try {
        await tenant.recover();
      } catch (error) {
        // Whoever is cut off cannot let go of it either: its lease ends.
        await tenant.close().catch(() => {});
        throw error;
      }
      admit(tenant);
      return;
    }
    stored.delete(name);
    claimed.set(name, log);
    const [oldest] = claimed;
    if (claimed.size <= MOST_CLAIMED || oldest === undefined) return;
    claimed.delete(oldest[0]);
    await oldest[1].release();
  };
  const touch = (name: string, tenant: Tenant): void => {
    used.delete(name);
    used.set(name, tenant);
  };
  const find = (name: string): Tenant | undefined => {
    const known = used.get(name);
    if (known !== undefined && used.size > 1) touch(name, known);
    return known;
  };
  const isInUse = (tenant: Tenant): boolean =>
    tenant.hasChanged || tenant.feed.listeners > (ownListeners.get(tenant) ?? 0);
  const partsOf = (name: string): TenantParts => ({
    ...options.parts(name),
    snapshotOf: (from, id) => (id === undefined ? get(from).snapshot() : get(from).needSnapshot(id).content),
  });
  const get = (name: string): Tenant => {
    const known = find(name);
    if (known !== undefined) return known;
    if (!isTenantName(name)) throw invalidTenantName(name);
    const log = claimed.get(name);
    claimed.delete(name);
    if (kept !== undefined && log === undefined) throw notOpen(name);
    const tenant = new Tenant({ ...partsOf(name), ...(kept && log && { kept: { ...kept, log } }) });
    if (kept !== undefined) stored.add(name);
    admit(tenant);
    return tenant;
  };
  const admit = (tenant: Tenant): void => {
    const { name } = tenant;
    used.set(name, tenant);
    created.push(name);
    const onRemoved = options.created?.(tenant);
    if (onRemoved !== undefined) removals.set(tenant, onRemoved);
    ownListeners.set(tenant, tenant.feed.listeners);
    if (used.size <= options.limit) return;
    const others = [...used].filter(([candidate]) => candidate !== name && candidate !== DEFAULT_TENANT);
    const isAtRest = kept === undefined ? (each: Tenant) => !isInUse(each) : (each: Tenant) => isQuiet(each);
    const [oldest] = others.find(([, each]) => isAtRest(each)) ?? others[0] ?? [];
    if (oldest === undefined) return;
    options.reportEviction(oldest);
    // What nobody has changed is not kept.
    if (used.get(oldest)?.hasChanged !== true) stored.delete(oldest);
    void forget(oldest, (each) => each.close());
  };
  /** Nobody listens to it, and nothing will happen in it by itself. */
  const isQuiet = (tenant: Tenant): boolean =>
    tenant.clock().mode === 'manual' &&
    tenant.sending === 0 &&
    tenant.feed.listeners <= (ownListeners.get(tenant) ?? 0);
  const opening = (name: string, keeping: KeptTenants): Promise<void> | undefined => {
    const there = used.get(name) ?? claimed.get(name);
    // Who finds that it is another's by now has forgotten it.
    if (there !== undefined) {
      return there.holding?.()?.catch((error: unknown) => {
        // One that is being let go of as all are is still here, and would be asked again and again.
        if (isClosed) throw notOpen(name);
        if ((used.get(name) ?? claimed.get(name)) === there) throw error;
        return opening(name, keeping);
      });
    }
    if (!isTenantName(name)) return undefined;
    if (isClosed) return Promise.reject(notOpen(name));
    const under = openings.get(name);
    // One that is let go of just now has to be opened after that.
    if (under !== undefined) return under.then(() => opening(name, keeping));
    const opened = open(name, keeping).finally(() => openings.delete(name));
    openings.set(name, opened);
    return opened;
  };
  return {
    ...(kept && { opening: (name: string) => opening(name, kept) }),
    async openAll(names = kept?.names ?? []) {
      if (kept === undefined) return;
      for (const name of names) {
        if (isClosed || used.size >= options.limit) return;
        await opening(name, kept)?.catch((error: unknown) => {
          if (!(error instanceof TenantElsewhere)) kept.report('a tenant could not be opened', error);
        });
      }
    },
    ...(kept && { lags: () => [...used.values()].flatMap(({ lag }) => lag ?? []) }),
    ...(kept?.isShared === true && {
      reopening(name: string) {
        kept.log.recheck?.(name);
        return opening(name, kept);
      },
      async refresh() {
        const names = await kept.log.tenants();
        stored.clear();
        for (const name of [...names, ...used.keys()]) stored.add(name);
      },
      standIn() {
        // Nothing ever happens in it.
        const { start, ...parts } = options.parts(DEFAULT_TENANT);
        stand ??= new Tenant({ ...parts, start: { ...start, clock: { ...start.clock, mode: 'manual' } } });
        return stand;
      },
    }),
    get,
    find,
    has: (name) => used.has(name) || stored.has(name),
    names: () => (kept === undefined ? created : [...stored]),
    async delete(name) {
      stored.delete(name);
      return forget(name, (tenant) => tenant.delete());
    },
    fork(name, from, snapshot) {
      if (used.has(name) || stored.has(name)) {
        throw new Refusal(
          409,
          'TENANT_EXISTS',
          `Failed to fork the tenant "${from}": "${name}" exists. Delete it first or choose another name.`,
        );
      }
      // Used just now, so that it is not the one to go.
      const origin = get(from);
      // Refused before there is a tenant of this name.
      if (origin.recordsRefusal !== undefined) throw origin.recordsRefusal;
      if (snapshot !== undefined) origin.needSnapshot(snapshot);
      const tenant = get(name);
      tenant.apply({ kind: 'fork', from, ...(snapshot !== undefined && { snapshot }) });
      return tenant;
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(openings.values());
      for (const log of claimed.values()) await log.release();
      return Promise.all(
        [...used.values()].map(async (tenant) => ({ tenant: tenant.name, pending: await tenant.close() })),
      );
    },
  };
}
