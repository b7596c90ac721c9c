import { coverageOf } from '../coverage/coverage.ts';
import type { Coverage } from '../coverage/covered.ts';
import { CoverageTally } from '../coverage/tally.ts';
import { createAddressFinder } from '../model/channel-address.ts';
import type { Contract } from '../model/contract.ts';
import { operationKey } from '../model/operation.ts';
import { allSteps, type ScenarioSummary } from './results.ts';

/**
 * What of the contracts the workflows of a run have exercised, as far as it shows from outside: operations and their
 * answers, and channels on which a message came, waited for or not. A simulator of one's own counts more by itself.
 *
 * @example toCoverageTable(coverageOfRun(summary, contracts))
 */
export function coverageOfRun({ scenarios }: ScenarioSummary, contracts: readonly Contract[]): Coverage {
  const tally = new CoverageTally(createAddressFinder(contracts.flatMap(({ channels }) => channels)));
  for (const { result, messages } of scenarios) {
    const steps = [...allSteps(result)];
    // What a player has no log of, steps have waited for.
    const heard = messages.length > 0 ? messages : steps.flatMap(({ message }) => message ?? []);
    for (const { channel } of heard) tally.countMessage(channel);
    for (const { target, response } of steps) {
      if (target.kind !== 'operation' || response === undefined) continue;
      const { system, contract, operationId: id } = target;
      tally.countAnswer(operationKey({ system, contract, id }), response.status);
    }
  }
  return coverageOf(tally, { contracts, moves: [] });
}
