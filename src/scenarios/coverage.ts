import type { Contract } from '../model/contract.ts';
import type { ScenarioSummary } from './results.ts';
import { allSteps } from './results.ts';

/** How much of one contract a run has exercised. */
export interface ContractCoverage {
  readonly system: string;
  readonly contract: string;
  readonly operations: Covered;
  /** Declared answers, as `<operation> <status>`. */
  readonly statuses: Covered;
  readonly channels: Covered;
  /** Moves of the life cycles of its resources, as `<system>/<Resource> <from> -> <to>`; empty where unknown. */
  readonly moves: Covered;
}

export interface Covered {
  readonly covered: number;
  readonly total: number;
  readonly missing: readonly string[];
}

/**
 * What of the contracts the workflows of a run have exercised: operations and the answers declared for them, channels
 * on which a message came, waited for or not, and moves of life cycles, of which `moves` lists all that exist and
 * whether each was made.
 *
 * @example toCoverageTable(coverageOf(summary, contracts, simulator.moves))
 */
export function coverageOf(
  { scenarios }: ScenarioSummary,
  contracts: readonly Contract[],
  moves: ReadonlyMap<string, boolean> = new Map(),
): ContractCoverage[] {
  const operations = new Set<string>();
  const statuses = new Set<string>();
  const channels = new Set<string>();
  for (const { result, messages } of scenarios) {
    for (const { channel } of messages) channels.add(channel);
    for (const { target, response, message } of allSteps(result)) {
      if (message !== undefined) channels.add(message.channel);
      if (target.kind !== 'operation' || response === undefined) continue;
      const id = `${target.system}/${target.contract}/${target.operationId}`;
      operations.add(id);
      statuses.add(`${id} ${response.status}`);
      statuses.add(`${id} ${String(response.status).slice(0, 1)}XX`);
    }
  }
  return contracts.map((contract) => {
    const prefix = `${contract.system}/${contract.name}/`;
    const declared = contract.operations.flatMap(({ id, responses }) =>
      // `default` stands for what is not expected, so that it cannot be aimed at.
      Object.keys(responses)
        .filter((status) => status !== 'default')
        .map((status) => `${id} ${status}`),
    );
    return {
      system: contract.system,
      contract: contract.name,
      operations: covered(
        contract.operations.map(({ id }) => id),
        (id) => operations.has(`${prefix}${id}`),
      ),
      statuses: covered(declared, (answer) => statuses.has(`${prefix}${answer}`)),
      channels: covered(
        contract.channels.map(({ address }) => address),
        (address) => channels.has(address),
      ),
      moves: covered(
        [...moves.keys()].filter((move) =>
          contract.resources.some(({ name }) => move.startsWith(`${contract.system}/${name} `)),
        ),
        (move) => moves.get(move) === true,
      ),
    };
  });
}

/** The coverage as a table for a terminal; what is missing is too long for one. */
export function toCoverageTable(coverage: readonly ContractCoverage[]): string {
  const figure = ({ covered: some, total }: Covered) => (total === 0 ? '-' : `${some}/${total}`);
  const isAnything = (one: ContractCoverage) => one.operations.total + one.channels.total > 0;
  const rows = [
    ['contract', 'operations', 'answers', 'channels', 'moves'],
    // Contracts that only hold schemas have nothing to exercise.
    ...coverage
      .filter(isAnything)
      .map((one) => [
        `${one.system}/${one.contract}`,
        figure(one.operations),
        figure(one.statuses),
        figure(one.channels),
        figure(one.moves),
      ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  return `${table.join('\n')}\n`;
}

function covered(all: readonly string[], isCovered: (name: string) => boolean): Covered {
  const missing = all.filter((name) => !isCovered(name));
  return { covered: all.length - missing.length, total: all.length, missing };
}
