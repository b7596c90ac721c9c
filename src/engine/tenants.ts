import { Refusal } from '../model/command.ts';
import type { Delivery } from './delivery/delivery.ts';
import { Tenant, type TenantParts } from './tenant.ts';

/** The tenants of one simulator, made when first asked for. */
export interface Tenants {
  /** The tenant of this name, made where there is none; refuses a name that is none, with 400. */
  get(name: string): Tenant;
  /** The tenant of this name, if it is there. */
  find(name: string): Tenant | undefined;
  has(name: string): boolean;
  /** Names, in order of creation. */
  names(): readonly string[];
  delete(name: string): Promise<boolean>;
  /** A tenant that starts as a copy of another; refuses with 409 where the name is taken. */
  fork(name: string, from: string): Tenant;
  /** Closes them all; answers the deliveries of each that stay pending. */
  close(): Promise<readonly { readonly tenant: string; readonly pending: readonly Delivery[] }[]>;
}

/** The tenant that a request without a name means. */
export const DEFAULT_TENANT = 'default';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Whether a tenant can be called so. */
export function isTenantName(name: string): boolean {
  return NAME.test(name);
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
}): Tenants {
  // A Map keeps insertion order: `used` is re-inserted on every use, so its first entry is the one to go.
  const used = new Map<string, Tenant>();
  const created: string[] = [];
  /** How many listen to each that are no clients. */
  const ownListeners = new WeakMap<Tenant, number>();
  const removals = new WeakMap<Tenant, () => void>();
  const forget = async (name: string): Promise<boolean> => {
    const tenant = used.get(name);
    if (tenant === undefined) return false;
    used.delete(name);
    created.splice(created.indexOf(name), 1);
    await tenant.close();
    removals.get(tenant)?.();
    return true;
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
  const get = (name: string): Tenant => {
    const known = find(name);
    if (known !== undefined) return known;
    if (!isTenantName(name)) throw invalidTenantName(name);
    const tenant = new Tenant({ ...options.parts(name), snapshotOf: (from) => get(from).snapshot() });
    used.set(name, tenant);
    created.push(name);
    const onRemoved = options.created?.(tenant);
    if (onRemoved !== undefined) removals.set(tenant, onRemoved);
    ownListeners.set(tenant, tenant.feed.listeners);
    if (used.size > options.limit) {
      const others = [...used].filter(([candidate]) => candidate !== name && candidate !== DEFAULT_TENANT);
      const [oldest] = others.find(([, each]) => !isInUse(each)) ?? others[0] ?? [];
      if (oldest !== undefined) {
        options.reportEviction(oldest);
        void forget(oldest);
      }
    }
    return tenant;
  };
  return {
    get,
    find,
    has: (name) => used.has(name),
    names: () => created,
    delete: forget,
    fork(name, from) {
      if (used.has(name)) {
        throw new Refusal(
          409,
          'TENANT_EXISTS',
          `Failed to fork the tenant "${from}": "${name}" exists. Delete it first or choose another name.`,
        );
      }
      // Used just now, so that it is not the one to go.
      get(from);
      const tenant = get(name);
      tenant.apply({ kind: 'fork', from });
      return tenant;
    },
    async close() {
      return Promise.all(
        [...used.values()].map(async (tenant) => ({ tenant: tenant.name, pending: await tenant.close() })),
      );
    },
  };
}
