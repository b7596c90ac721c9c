import { SimulatorError } from '../errors.ts';
import { adviceOn, troubleOf } from '../lib/connection-trouble.ts';
import { sleep, wallNow } from '../surfaces/wall-time.ts';
import type { AnyContracts, ShippedContracts } from './contract-shape.ts';
import type { ControlPort } from './control-client.ts';
import type { SimulatorTenant } from './simulator-tenant.ts';
import { createTenantHandle } from './tenant-handle.ts';

export interface ConnectOptions {
  /** Whose world it is about. Default: `default`. */
  readonly tenant?: string;
  /** Bearer token of the control API, which a simulator beyond loopback wants. */
  readonly adminToken?: string;
}

/**
 * The handle of a tenant in a simulator that runs somewhere else, the same as `simulator.tenant(name)` gives in this
 * process. Nothing is sent before it is asked for something.
 *
 * @example
 * const tenant = connect('http://127.0.0.1:4010', { tenant: 'team-a' });
 * await tenant.clock.advance('P1M');
 */
export function connect<C extends AnyContracts = ShippedContracts>(
  url: string,
  { tenant = 'default', adminToken }: ConnectOptions = {},
): SimulatorTenant<C> {
  return createTenantHandle<C>({
    port: createHttpPort(url),
    name: tenant,
    adminToken: () => adminToken,
    sleep,
    wallNow,
  });
}

/**
 * What brings requests to a simulator over HTTP; throws `CONFIG_INVALID` where the address is none.
 *
 * @example new ControlClient(createHttpPort('http://127.0.0.1:4010'), 'default');
 */
export function createHttpPort(address: string): ControlPort {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new SimulatorError(
      'CONFIG_INVALID',
      `Failed to connect: "${address}" is no http or https URL. Give one such as http://127.0.0.1:4010.`,
    );
  }
  const url = address.replace(/\/+$/, '');
  return {
    url: () => url,
    async send({ method, path, headers, body }) {
      try {
        const answer = await fetch(`${url}${path}`, { method, headers, body });
        return { status: answer.status, body: await answer.text() };
      } catch (cause) {
        throw new SimulatorError(
          'UNREACHABLE',
          `Failed to reach the simulator at ${url}: ${troubleOf(cause)}. ${adviceOn(cause, 'Start it there, or correct the address.')}`,
          { cause },
        );
      }
    },
  };
}
