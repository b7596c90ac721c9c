import type { Problem } from '../errors.ts';
import { readPositions } from '../lib/text/text-positions.ts';
import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import { createExplainer, type Explanation } from './explain.ts';
import { type ChannelExplanation, createChannelExplainer } from './explain-channels.ts';
import { loadContracts } from './load-contracts.ts';
import type { LoadOptions } from './load-options.ts';

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
  readonly answers: readonly (Explanation & Spot)[];
  /** Each channel and what leads to messages on it. */
  readonly speech: readonly (ChannelExplanation & Spot)[];
}

/** Where it stands in its file. */
interface Spot {
  readonly line: number;
  readonly column: number;
}

/** What the systems have code for that these contracts are about. */
export interface SystemsCode {
  hasOperation(operation: Operation): boolean;
  hasSystem(name: string): boolean;
}

export interface CheckResult {
  readonly problems: readonly Problem[];
  readonly rows: readonly ContractSummary[];
}

export interface CheckOptions extends LoadOptions {
  /** Tells what of these contracts systems answer by code; nothing without it. */
  readonly loadCode?: (contracts: readonly Contract[]) => Promise<SystemsCode>;
}

/**
 * Loads contracts to report what is in them, how it will be answered, and what is wrong with them.
 *
 * @example
 * const { problems, rows } = await checkContracts(['specs']);
 */
export async function checkContracts(paths: readonly string[], options: CheckOptions = {}): Promise<CheckResult> {
  const { contracts, documents, problems } = await loadContracts(paths, options);
  const code = await options.loadCode?.(contracts);
  const explain = createExplainer(contracts, { hasCode: code?.hasOperation });
  const explainChannels = createChannelExplainer(contracts, code?.hasSystem ?? (() => false));
  return {
    problems,
    rows: contracts.map((contract) => {
      const positions = readPositions(documents[`${contract.system}/${contract.name}`] ?? '');
      const placed = <T extends { readonly pointer: string }>(each: T) => ({
        ...each,
        ...positions.locate(each.pointer, true),
      });
      return {
        ...summaryOf(contract),
        answers: Array.from(explain(contract), placed),
        speech: explainChannels(contract).map(placed),
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
