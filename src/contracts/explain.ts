import type { Contract } from '../model/contract.ts';
import { type Operation, operationKey } from '../model/operation.ts';
import type { Resource, Role } from '../model/resource.ts';
import { createSchemaResolver } from '../model/schema-resolver.ts';
import { usualRole } from './hints/apply-hints.ts';
import { operationHint } from './hints/hints.ts';
import { createSampleExplainer } from './inference/explain-sample.ts';

/** What answers an operation: the stored state, code of a system, or a sample made from the contract. */
export type Answer = 'state' | 'code' | 'sample';

/** How one operation is answered, and why. */
export interface Explanation {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly by: Answer;
  /** What it does with which stored thing. */
  readonly role?: Role;
  readonly resource?: string;
  /** What in the contract says so; for a sample, what kept more from being inferred. */
  readonly clue: string;
  /** For a sample: what would change it, as a line of YAML in the operation. */
  readonly change?: string;
  /** JSON Pointer of the operation. */
  readonly pointer: string;
}

export interface ExplainOptions {
  /** Only the composition root knows which systems have code; without it, the contract alone decides. */
  readonly hasCode?: (operation: Operation) => boolean;
}

/**
 * Makes what explains each operation of these contracts, each when it is asked for.
 *
 * @example [...createExplainer(contracts)(contract)][0]?.clue; // 'it is a GET of one Order'
 */
export function createExplainer(
  contracts: readonly Contract[],
  { hasCode = () => false }: ExplainOptions = {},
): (contract: Contract) => Iterable<Explanation> {
  const schemas = createSchemaResolver(contracts);
  const bound = new Map(contracts.flatMap(({ resources }) => resources).flatMap(bindingsByOperation));
  const samples = new Map<string, ReturnType<typeof createSampleExplainer>>();
  const explainSample = (operation: Operation): Pick<Explanation, 'clue' | 'change'> => {
    if (operationHint(operation)?.resource === false) return { clue: 'an x-simulator hint says so' };
    const { system } = operation;
    const explain =
      samples.get(system) ??
      createSampleExplainer(
        contracts.filter((contract) => contract.system === system).flatMap(({ operations }) => operations),
        schemas,
      );
    samples.set(system, explain);
    const { clue, thing, isOne } = explain(operation);
    const role = operation.method === 'GET' && isOne === true ? 'read' : usualRole(operation);
    const isOurs = thing !== undefined && role !== undefined;
    return { clue, ...(isOurs && { change: `x-simulator: { resource: ${thing}, role: ${role} }` }) };
  };
  return function* (contract) {
    for (const operation of contract.operations) {
      const { id, method, path, pointer } = operation;
      const facts = { operation: id, method, path, pointer };
      const binding = bound.get(operationKey(operation));
      if (hasCode(operation)) yield { ...facts, by: 'code', clue: `the system ${contract.system} has code for it` };
      else if (binding === undefined) yield { ...facts, by: 'sample', ...explainSample(operation) };
      else yield { ...facts, by: 'state', ...binding };
    }
  };
}

function bindingsByOperation({ system, name, bindings = [] }: Resource) {
  return bindings.map(
    ({ operation, contract, role, clue }) =>
      [operationKey({ system, contract, id: operation }), { role, resource: name, clue }] as const,
  );
}
