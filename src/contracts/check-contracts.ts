import type { Problem } from '../errors.ts';
import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import { loadContracts } from './load-contracts.ts';
import type { LoadOptions } from './load-options.ts';

/** What answers an operation: the stored state, code of a system, or a sample made from the contract. */
export type Answer = 'state' | 'code' | 'sample';

/** One contract at a glance. */
export interface ContractSummary {
  readonly system: string;
  readonly contract: string;
  readonly format: string;
  readonly operations: number;
  readonly channels: number;
  readonly schemas: number;
  /** Each operation and what will answer it. */
  readonly answers: readonly { readonly operation: string; readonly by: Answer }[];
}

export interface CheckResult {
  readonly problems: readonly Problem[];
  readonly rows: readonly ContractSummary[];
}

export interface CheckOptions extends LoadOptions {
  /** Only the composition root knows which systems have code; without it, the contract alone decides. */
  readonly hasCode?: (operation: Operation) => boolean;
}

/**
 * Loads contracts to tell what is in them and what is wrong with them.
 *
 * @example
 * const { problems, rows } = await checkContracts(['specs']);
 */
export async function checkContracts(paths: readonly string[], options: CheckOptions = {}): Promise<CheckResult> {
  const { contracts, problems } = await loadContracts(paths, options);
  return { problems, rows: contracts.map((contract) => summaryOf(contract, options.hasCode)) };
}

function summaryOf(contract: Contract, hasCode: CheckOptions['hasCode']): ContractSummary {
  const stateful = new Set(contract.resources.flatMap(({ operations }) => Object.values(operations)));
  return {
    system: contract.system,
    contract: contract.name,
    format: contract.format,
    operations: contract.operations.length,
    channels: contract.channels.length,
    schemas: Object.keys(contract.$defs).length,
    answers: contract.operations.map((operation) => ({
      operation: operation.id,
      by: hasCode?.(operation) === true ? 'code' : stateful.has(operation.id) ? 'state' : 'sample',
    })),
  };
}
