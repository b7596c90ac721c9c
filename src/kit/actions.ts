import type { AnyContracts } from './contract-shape.ts';
import type { ControlClient } from './control-client.ts';
import type { TenantActions } from './simulator-tenant.ts';

/**
 * Actions by the names that code gives them; which there are only the simulator knows, and it says so of one that it
 * does not know.
 *
 * @example await createActions(client).connectx.recordPayment({ invoiceId, amount, paymentMethod: 'Cash' });
 */
export function createActions<C extends AnyContracts>(client: ControlClient): TenantActions<C> {
  return byName((system) =>
    byName(
      (action) =>
        (input: unknown = {}) =>
          client.json('POST', `/actions/${toKebabCase(system)}/${toKebabCase(action)}`, { body: input }),
    ),
  ) as TenantActions<C>;
}

/** An object whose every member is made from its name. */
function byName(make: (name: string) => unknown): unknown {
  return new Proxy(
    {},
    {
      // Whoever awaits it asks for `then`, and whoever prints it for symbols.
      get: (_, name) => (typeof name === 'symbol' || name === 'then' ? undefined : make(name)),
    },
  );
}

function toKebabCase(name: string): string {
  return encodeURIComponent(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
}
