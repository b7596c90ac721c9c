import type { ControlClient } from '../kit/control-client.ts';
import type { Credential } from '../model/credentials.ts';

/** An operation of a simulator that runs, with an example of what it takes; see `Examples` of the control contract. */
export interface ServedOperation {
  readonly system: string;
  readonly contract: string;
  readonly operationId: string;
  readonly method: string;
  /** A template, for example `/v1/customers/{customerId}`. */
  readonly path: string;
  readonly summary?: string;
  readonly description?: string;
  readonly isSecured: boolean;
  readonly credentials: readonly Credential[];
  readonly parameters: readonly ServedParameter[];
  readonly body?: { readonly contentType: string; readonly example: unknown };
}

/** A parameter, with an example where it is required. */
export interface ServedParameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly example?: unknown;
}

/** A contract of a simulator that runs. */
export interface ServedContract {
  readonly system: string;
  readonly name: string;
  readonly title: string;
}

/**
 * Every operation that a simulator serves, contract by contract, with examples in the words of the client's tenant.
 *
 * @example const all = (await servedOperations(client)).flatMap(({ operations }) => operations);
 */
export async function servedOperations(
  client: ControlClient,
): Promise<readonly (ServedContract & { readonly operations: readonly ServedOperation[] })[]> {
  const contracts = await client.list<ServedContract>('/contracts');
  return Promise.all(
    contracts.map(async (contract) => {
      const { system, name } = contract;
      const path = `/contracts/${encodeURIComponent(system)}/${encodeURIComponent(name)}/examples`;
      const { operations } = await client.json<{ operations: ServedOperation[] }>('GET', path);
      return { ...contract, operations: operations.map((each) => ({ ...each, system, contract: name })) };
    }),
  );
}

/**
 * A value as a path's segment, a query's value or a header has it.
 *
 * @example textOf({ a: 1 }) // '{"a":1}'
 */
export function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
}
