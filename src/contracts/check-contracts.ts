import type { Problem } from '../errors.ts';
import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import { createExplainer, type Explanation } from './explain.ts';
import { loadContracts } from './load-contracts.ts';
import type { LoadOptions } from './load-options.ts';
import { readPositions } from './text-positions.ts';

/** One contract at a glance. */
export interface ContractSummary {
  readonly system: string;
  readonly contract: string;
  readonly format: string;
  readonly file: string;
  readonly operations: number;
  readonly channels: number;
  readonly schemas: number;
  /** Each operation and what will answer it, and why. */
  readonly answers: readonly (Explanation & { readonly line: number; readonly column: number })[];
}

export interface CheckResult {
  readonly problems: readonly Problem[];
  readonly rows: readonly ContractSummary[];
}

export interface CheckOptions extends LoadOptions {
  /** Tells which operations of these contracts a system answers by code; none without it. */
  readonly loadHasCode?: (contracts: readonly Contract[]) => Promise<(operation: Operation) => boolean>;
}

/**
 * Loads contracts to report what is in them, how it will be answered, and what is wrong with them.
 *
 * @example
 * const { problems, rows } = await checkContracts(['specs']);
 */
export async function checkContracts(paths: readonly string[], options: CheckOptions = {}): Promise<CheckResult> {
  const { contracts, documents, problems } = await loadContracts(paths, options);
  const explain = createExplainer(contracts, { hasCode: await options.loadHasCode?.(contracts) });
  return {
    problems,
    rows: contracts.map((contract) => {
      const positions = readPositions(documents[`${contract.system}/${contract.name}`] ?? '');
      return {
        ...summaryOf(contract),
        answers: explain(contract).map((each) => ({ ...each, ...positions.locate(each.pointer, true) })),
      };
    }),
  };
}

function summaryOf({ system, name, format, file, operations, channels, $defs }: Contract) {
  return {
    system,
    contract: name,
    format,
    file,
    operations: operations.length,
    channels: channels.length,
    schemas: Object.keys($defs).length,
  };
}
