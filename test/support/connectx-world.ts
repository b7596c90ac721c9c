import type { StartingWorld } from '../../src/engine/system.ts';
import { CATALOGUE } from '../../src/operator/catalogue.ts';
import { syntheticWorld } from '../../src/operator/synthetic-world.ts';
import { system as connectx } from '../../src/systems/connectx/index.ts';
import { bodyOf, type TenantOfOptions, type TestTenant, tenantOf } from './tenant-of.ts';

/** The starting world of connectx alone. */
export const seededWorld: StartingWorld = syntheticWorld([connectx]);

/** The catalogue and nobody who buys from it. */
export const emptyShop: StartingWorld = (work) => {
  for (const { isDiscontinued, ...product } of CATALOGUE) {
    work.create('connectx/Product', {
      ...product,
      currency: 'GBP',
      status: isDiscontinued ? 'Discontinued' : 'Active',
    });
  }
};

/** A tenant of connectx with an empty shop. */
export function shopOf(options: Partial<TenantOfOptions> = {}): Promise<TestTenant> {
  return tenantOf({ systems: [connectx], world: emptyShop, ...options });
}

/** Opens an account by REST; answers its id. */
export async function join({ call }: TestTenant, facts: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const body = {
    customerType: 'Individual',
    firstName: 'Ada',
    lastName: 'Marsh',
    email: 'ada.marsh@example.com',
    ...facts,
  };
  return String(bodyOf(await call('createCustomer', { body })).customerId);
}

/** Orders a product by REST; answers the subscription's id. */
export async function order(
  { call }: TestTenant,
  customerId: string,
  body: Readonly<Record<string, unknown>>,
): Promise<string> {
  return String(bodyOf(await call('createSubscription', { path: { customerId }, body })).subscriptionId);
}

/** A stored resource, for example `Invoice`. */
export function stored({ tenant }: TestTenant, resource: string, id: string): Readonly<Record<string, unknown>> {
  return tenant.store.get(`connectx/${resource}`, id) ?? {};
}
