import type { Contract } from '../model/contract.ts';
import type { BehaviourParts } from './behaviours/behaviour-parts.ts';
import { createResourceEntry, type ResourceEntry } from './resource-entry.ts';
import type { KeptKind, SystemDefinition } from './system.ts';

/** Things that a system's code keeps, described as resources are; they stand in a collection of another name. */
export interface KeptEntry extends ResourceEntry {
  readonly stored: KeptKind['stored'];
}

/**
 * Describes what systems keep by themselves, as far as the contracts are served that show it.
 *
 * @example createKeptEntries(systems, contracts, parts).find(({ collection }) => collection === 'aps-subscriptions/PAAccount');
 */
export function createKeptEntries(
  systems: readonly SystemDefinition[],
  contracts: readonly Contract[],
  parts: BehaviourParts,
): readonly KeptEntry[] {
  return systems.flatMap(({ name: system, kept = {}, lifecycles = {} }) =>
    Object.entries(kept)
      .filter(([, { contract }]) => contracts.some((each) => each.system === system && each.name === contract))
      .map(([name, { contract, schema, id, idParameter, stored, operations = {} }]) => {
        const resource = {
          ...{ system, contract, name, schema, idProperty: id, operations },
          ...(idParameter !== undefined && { idParameter }),
          ...{ serverOwned: [], initialValues: {}, announcements: [] },
        };
        const lifecycle = lifecycles[name];
        return { ...createResourceEntry(resource, lifecycle === undefined ? {} : { lifecycle }, parts), stored };
      }),
  );
}
