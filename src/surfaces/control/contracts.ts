import type { Registry } from '../../engine/registry.ts';
import { Refusal } from '../../model/command.ts';
import type { Contract } from '../../model/contract.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { pathOf } from './input.ts';
import { pageOf } from './paging.ts';

export interface ContractHandlersOptions {
  /** The version of the simulator. */
  readonly version: string;
  readonly registry: Pick<Registry, 'contracts'>;
  /** The raw text of each contract, by `<system>/<name>`. */
  readonly documents: Readonly<Record<string, string>>;
}

/**
 * Answers what is simulated.
 *
 * @example createContractHandlers({ version: '1.0.0', registry, documents }).readHealth();
 */
export function createContractHandlers({ version, registry, documents }: ContractHandlersOptions) {
  const summaries = registry.contracts.map(summaryOf);
  return {
    readHealth: () => ({ status: 200, body: { status: 'ready', version, contracts: summaries } }),
    listContracts: ({ command }: ControlContext) => ({
      status: 200,
      body: pageOf(summaries, ({ system, name }) => `${system}/${name}`, command),
    }),
    readContract: ({ command }: ControlContext) => {
      const key = `${pathOf(command, 'system')}/${pathOf(command, 'name')}`;
      const contract = registry.contracts.find(({ system, name }) => `${system}/${name}` === key);
      const text = Object.hasOwn(documents, key) ? documents[key] : undefined;
      if (contract === undefined || text === undefined) {
        const known = summaries.map(({ system, name }) => `${system}/${name}`).join(', ');
        throw new Refusal(
          404,
          'NOT_FOUND',
          `Failed to find the contract "${key}": it is not served. Served are: ${known || 'none'}.`,
        );
      }
      return contract.file.endsWith('.json')
        ? { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.parse(text) as unknown }
        : { status: 200, headers: { 'content-type': 'application/yaml' }, body: text };
    },
  } satisfies Record<string, ControlHandler>;
}

function summaryOf({ system, name, title, format, version, operations, channels }: Contract) {
  return { system, name, title, format, version, operations: operations.length, channels: channels.length };
}
