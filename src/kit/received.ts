import { SimulatorError } from '../errors.ts';
import type { AnyContracts } from './contract-shape.ts';
import type { ControlClient } from './control-client.ts';
import type { Received, RequestPattern } from './simulator-tenant.ts';

/**
 * An expectation about requests. The simulator compares, so that its answer is the same for every client.
 *
 * @example await createReceived(client, { operationId: 'createCustomer' }).times(1);
 */
export function createReceived<C extends AnyContracts>(client: ControlClient, pattern: RequestPattern<C>): Received {
  const verify = async (expected: Readonly<Record<string, unknown>>): Promise<void> => {
    const { jsonPath, ...others } = pattern;
    const body = { ...others, ...(jsonPath !== undefined && { jsonPath: [jsonPath].flat() }), ...expected };
    const { ok, text } = await client.json<{ ok: boolean; text: string }>('POST', '/requests/verify', { body });
    if (!ok) throw new SimulatorError('EXPECTATION_FAILED', text);
  };
  return {
    times: (count) => verify({ count }),
    once: () => verify({ count: 1 }),
    never: () => verify({ count: 0 }),
    atLeast: (atLeast) => verify({ atLeast }),
    // biome-ignore lint/suspicious/noThenProperty: awaited alone it would otherwise check nothing, and pass.
    then: (resolve, reject) => verify({ atLeast: 1 }).then(resolve, reject),
  };
}
