import { CONTROL_SYSTEM, type Contract } from '../model/contract.ts';
import { type Operation, operationKey } from '../model/operation.ts';
import type { AnswerCoverage, ContractCoverage, Coverage, OperationCoverage, Share, Totals } from './covered.ts';
import type { CoverageTally } from './tally.ts';

/** Everything that can be exercised. */
export interface Coverable {
  readonly contracts: readonly Contract[];
  /** Of life cycles, as `<system>/<Resource> <from> -> <to>`. */
  readonly moves: readonly string[];
}

/** Of a simulator that serves nothing yet. */
export const NOTHING_COVERED: Coverage = Object.freeze(withAllTotals([], []));

/**
 * Compares what was counted with everything that there is. The simulator's own contract is a means, and not counted.
 *
 * @example coverageOf(tally, { contracts, moves }).totals.operations // { covered: 12, total: 40 }
 */
export function coverageOf(tally: CoverageTally, { contracts, moves }: Coverable): Coverage {
  const simulated = contracts.filter(({ system }) => system !== CONTROL_SYSTEM);
  const items = simulated.flatMap((contract): readonly ContractCoverage[] => {
    const { system, name, operations, channels, resources } = contract;
    // Some only hold schemas.
    if (operations.length + channels.length === 0) return [];
    const item = withTotals({
      system,
      contract: name,
      operations: operations.map((operation) => operationCoverage(operation, tally.answersOf(operationKey(operation)))),
      channels: channels.map(({ address }) => ({ channel: address, count: tally.messagesOn(address) })),
      moves: resources.flatMap((resource) => {
        const prefix = `${system}/${resource.name} `;
        return moves
          .filter((move) => move.startsWith(prefix))
          .map((move) => {
            const [from = '', to = ''] = move.slice(prefix.length).split(' -> ');
            return { resource: resource.name, from, to, count: tally.movesMade(move) };
          });
      }),
    });
    return [item];
  });
  const effects = faultEffects(contracts);
  return withAllTotals(
    items,
    effects.map((effect) => ({ effect, count: tally.faultsOf(effect) })),
  );
}

/**
 * Puts together what several runs, or several workers of one, have exercised.
 *
 * @example mergeCoverage([await first.coverage(), await second.coverage()])
 */
export function mergeCoverage(all: readonly Coverage[]): Coverage {
  const items = merged(
    all.flatMap((each) => each.items),
    ({ system, contract }) => `${system}/${contract}`,
    (one, other) => ({
      ...one,
      operations: merged([...one.operations, ...other.operations], ({ operationId }) => operationId, mergeOperations),
      channels: merged([...one.channels, ...other.channels], ({ channel }) => channel, addCounts),
      moves: merged(
        [...one.moves, ...other.moves],
        ({ resource, from, to }) => `${resource} ${from} -> ${to}`,
        addCounts,
      ),
    }),
  );
  const faults = merged(
    all.flatMap((each) => each.faults),
    ({ effect }) => effect,
    addCounts,
  );
  return withAllTotals(items.map(withTotals), faults);
}

function operationCoverage(
  { id, method, path, responses }: Operation,
  counts: ReturnType<CoverageTally['answersOf']>,
): OperationCoverage {
  // `default` stands for what is not expected, so that it cannot be aimed at.
  const answers = new Map<string, AnswerCoverage>();
  for (const status of Object.keys(responses)) {
    if (status !== 'default') answers.set(status, { status, declared: true, count: 0 });
  }
  let all = 0;
  for (const [answered, count] of counts) {
    const status = [String(answered), `${Math.trunc(answered / 100)}XX`].find((each) => answers.has(each));
    const known = answers.get(status ?? '') ?? { status: String(answered), declared: false, count: 0 };
    answers.set(known.status, { ...known, count: known.count + count });
    all += count;
  }
  return { operationId: id, method, path, count: all, answers: [...answers.values()] };
}

/** What a fault can do, as the control contract has it. */
function faultEffects(contracts: readonly Contract[]): readonly string[] {
  const control = contracts.find(({ system, $defs }) => system === CONTROL_SYSTEM && 'FaultEffect' in $defs);
  const effect = control?.$defs.FaultEffect;
  return Object.keys((typeof effect === 'object' && effect.properties) || {});
}

function mergeOperations(one: OperationCoverage, other: OperationCoverage): OperationCoverage {
  const answers = merged([...one.answers, ...other.answers], ({ status }) => status, addCounts);
  return { ...addCounts(one, other), answers };
}

function addCounts<T extends { readonly count: number }>(one: T, other: T): T {
  return { ...one, count: one.count + other.count };
}

function merged<T>(all: readonly T[], nameOf: (each: T) => string, merge: (one: T, other: T) => T): readonly T[] {
  const byName = new Map<string, T>();
  for (const each of all) {
    const known = byName.get(nameOf(each));
    byName.set(nameOf(each), known === undefined ? each : merge(known, each));
  }
  return [...byName.values()];
}

function withTotals(contract: Omit<ContractCoverage, 'totals'>): ContractCoverage {
  const { operations, channels, moves } = contract;
  const answers = operations.flatMap((operation) => operation.answers).filter(({ declared }) => declared);
  const totals = {
    operations: shareOf(operations),
    answers: shareOf(answers),
    channels: shareOf(channels),
    moves: shareOf(moves),
  };
  return { ...contract, totals };
}

function withAllTotals(items: readonly ContractCoverage[], faults: Coverage['faults']): Coverage {
  const sum = (kind: keyof Totals): Share => ({
    covered: items.reduce((all, { totals }) => all + totals[kind].covered, 0),
    total: items.reduce((all, { totals }) => all + totals[kind].total, 0),
  });
  const totals = {
    operations: sum('operations'),
    answers: sum('answers'),
    channels: sum('channels'),
    moves: sum('moves'),
    faults: shareOf(faults),
  };
  return { items, faults, totals };
}

function shareOf(all: readonly { readonly count: number }[]): Share {
  return { covered: all.filter(({ count }) => count > 0).length, total: all.length };
}
