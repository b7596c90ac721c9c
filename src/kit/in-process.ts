import type { IncomingMessage, ServerResponse } from 'node:http';
import { SimulatorError } from '../errors.ts';
import { askHere } from '../surfaces/http/in-process.ts';
import { sleep, wallNow } from '../surfaces/wall-time.ts';
import type { AnyContracts } from './contract-shape.ts';
import type { ControlPort } from './control-client.ts';
import type { SimulatorTenant } from './simulator-tenant.ts';
import { createTenantHandle } from './tenant-handle.ts';

/** A simulator that runs in this process. */
export interface RunningHere {
  /** Where clients find it. */
  readonly url: string;
  /** Answers a request as its server does. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly adminToken?: string;
}

/**
 * Makes handles of tenants in this process. What they ask does not go through a socket: what answers it is what answers
 * any request. `running` is asked each time, so that a handle can be had before the simulator runs.
 *
 * @example const tenantOf = createTenantsHere(() => running);
 */
export function createTenantsHere(
  running: () => RunningHere | undefined,
): <C extends AnyContracts>(name?: string) => SimulatorTenant<C> {
  return <C extends AnyContracts>(name = 'default') => {
    const now = (): RunningHere => running() ?? failNotStarted(name);
    return createTenantHandle<C>({
      port: createPort(now),
      name,
      adminToken: () => now().adminToken,
      sleep,
      wallNow,
    });
  };
}

function createPort(running: () => RunningHere): ControlPort {
  return {
    url: () => running().url,
    send: (request) => askHere(running(), request),
  };
}

function failNotStarted(tenant: string): never {
  throw new SimulatorError(
    'NOT_STARTED',
    `Failed to use the tenant "${tenant}": the simulator is not running. Await its start() first.`,
  );
}
