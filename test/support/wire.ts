import { expect } from 'vitest';
import { formatInstant } from '../../src/lib/time.ts';
import type { Outcome, Principal } from '../../src/model/command.ts';
import { createErrorWriter } from '../../src/surfaces/http/error-body.ts';
import { operationInput } from './inputs.ts';
import type { TestTenant } from './tenant-of.ts';

export interface WireRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly rawQuery?: string;
  readonly body?: unknown;
  readonly principal?: Principal;
}

/** Asks an operation with everything a wire can carry; an answer that breaks the contract fails the test. */
export async function ask(
  { tenant, registry }: TestTenant,
  operationId: string,
  request: WireRequest = {},
): Promise<Outcome> {
  const { path = {}, query = {}, rawQuery = '', body, principal } = request;
  const operation = registry.contracts.flatMap(({ operations }) => operations).find(({ id }) => id === operationId);
  if (operation === undefined) throw new Error(`No contract has the operation ${operationId}.`);
  const contract = registry.contracts.find(({ operations }) => operations.includes(operation));
  const writeError = createErrorWriter(operation, contract ?? { errorSchema: undefined, operations: [] }, registry);
  const commit = await tenant.apply(operationInput(operation, { path, query, rawQuery, body, principal }));
  const { refusal } = commit;
  const refused = refusal && { status: refusal.status, body: writeError(refusal, formatInstant(tenant.now())).body };
  const outcome: Outcome = refused ?? commit.outcome ?? { status: 500 };
  const declared = operation.responses[String(outcome.status)] ?? operation.responses.default;
  const schema = Object.values(declared?.content ?? {})[0]?.schema;
  if (schema !== undefined && outcome.isPartial !== true) {
    expect(registry.validation.check(schema)(outcome.body)).toEqual([]);
  }
  return outcome;
}
