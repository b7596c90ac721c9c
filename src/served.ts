import type { Settings } from './config.ts';
import type { SystemsCode } from './contracts/check-contracts.ts';
import { invalidContracts } from './contracts/invalid-contracts.ts';
import { type LoadedContracts, loadContracts } from './contracts/load-contracts.ts';
import { MOST_LINTED } from './contracts/load-options.ts';
import { servedPaths } from './contracts/shipped-contracts.ts';
import { createValidation } from './contracts/validation.ts';
import type { PolicyChange } from './engine/policies/policy.ts';
import { createRegistry, type Registry } from './engine/registry.ts';
import type { Work } from './engine/state/work.ts';
import type { Generator } from './engine/values/generator.ts';
import { createLazyGenerator } from './engine/values/lazy-generator.ts';
import { CONTROL_SYSTEM, type Contract } from './model/contract.ts';
import type { Validation } from './model/schema.ts';
import { linksOf } from './operator/links/index.ts';
import { withLag } from './operator/links/lag.ts';
import { loadSystems } from './operator/load-systems.ts';
import { missingFor } from './operator/needs.ts';
import type { System } from './operator/system.ts';
import { createTraffic, type Traffic } from './operator/traffic.ts';
import { createBrokenEventReport } from './surfaces/broken-events.ts';
import { createControlCommands } from './surfaces/control/commands.ts';
import type { Logger } from './surfaces/log.ts';

/** What a simulator serves: its contracts, and the systems and links that bring them to life. */
export interface Served extends Pick<LoadedContracts, 'contracts' | 'documents' | 'patched'> {
  /** As far as the contracts can be read they are served; worked out when asked for. */
  readonly loaded: Pick<LoadedContracts, 'key' | 'problems' | 'isSettled'>;
  readonly paths: readonly string[];
  readonly validation: Validation;
  /** In the order in which they seed themselves. */
  readonly systems: readonly System[];
  readonly traffic: Traffic;
  readonly registry: Registry;
  /** Makes values for samples; loaded when first asked for. */
  readonly generator: () => Promise<Generator>;
}

export interface LoadServedOptions {
  readonly log: Logger;
  /** Everything that can be wrong in new contracts is looked for later. */
  readonly isCheckedLater?: boolean;
}

/**
 * Loads what these settings serve. Throws a `SimulatorError` where nothing can be served, or not everything with
 * `strictContracts`, and for systems or links that make no sense.
 *
 * @example const { contracts, registry } = await loadServed(resolveSettings({}), { log });
 */
export async function loadServed(settings: Settings, { log, isCheckedLater }: LoadServedOptions): Promise<Served> {
  const paths = servedPaths(settings);
  const loaded = await loadContracts(paths, {
    cacheDir: settings.cache,
    overlays: settings.overlay,
    ...(!settings.strictContracts && { isQuick: true, mostLinted: MOST_LINTED }),
    allowRefs: settings.allowRefs,
    isCheckedLater,
  });
  refuseUnservable(loaded, settings);
  const { contracts, documents, patched } = loaded;
  const systems = await systemsFor(contracts, (system, missing) =>
    log.info(
      { system, missing },
      'the code of a shipped system is left out: the contracts in its folder are about something else',
    ),
  );
  const validation = createValidation(contracts);
  const traffic = createTraffic(systems);
  const { links, timers: lateLinks, policies: operator } = withLag(linksOf(systems, settings.disableLinks));
  const generator = createLazyGenerator(contracts, validation);
  // Where code says what the contracts alone do not, nothing of a resource has to be made up.
  const haveAllCode = contracts.every(
    ({ system }) => system === CONTROL_SYSTEM || systems.some(({ name }) => name === system),
  );
  const values = haveAllCode ? undefined : await generator();
  const followPolicies = (work: Work, change: PolicyChange): void => {
    for (const system of systems) system.policiesChanged?.(work, change);
  };
  const registry = createRegistry({
    contracts,
    systems: [...systems, createControlCommands({ generator, traffic, followPolicies })],
    links,
    timers: { ...traffic.timers, ...lateLinks },
    // A stranger's contracts have no operator behind them.
    ...(systems.length > 0 && { policies: { operator } }),
    validation,
    ...(values !== undefined && { generate: (schema, random, now) => values.generate(schema, random, { now }) }),
    reportBrokenEvent: createBrokenEventReport({ strict: settings.strict, log }),
  });
  return { contracts, documents, patched, loaded, paths, validation, systems, traffic, registry, generator };
}

function refuseUnservable(loaded: LoadedContracts, { strictContracts }: Settings): void {
  const isNothingServed = loaded.contracts.every(({ system }) => system === CONTROL_SYSTEM);
  if (!strictContracts && !isNothingServed) return;
  const { problems } = loaded;
  if (problems.some(({ severity }) => strictContracts || severity !== 'warning')) throw invalidContracts(problems);
}

/**
 * Tells of contracts what the shipped systems answer by code; for the command that lists how each operation and channel
 * will be served.
 */
export async function loadCode(contracts: readonly Contract[]): Promise<SystemsCode> {
  const systems = new Map((await systemsFor(contracts)).map((system) => [system.name, system]));
  return {
    hasOperation: ({ system, id }) => system === CONTROL_SYSTEM || hasCode(systems.get(system), id),
    hasSystem: (name) => systems.has(name),
  };
}

/** The shipped systems that these contracts are about. */
async function systemsFor(
  contracts: readonly Contract[],
  leaveOut: (system: string, missing: string) => void = () => {},
): Promise<readonly System[]> {
  const systems = await loadSystems(contracts.map(({ system }) => system));
  return systems.filter((system) => {
    const missing = missingFor(system, contracts);
    if (missing !== undefined) leaveOut(system.name, missing);
    return missing === undefined;
  });
}

function hasCode(system: System | undefined, id: string): boolean {
  return Object.hasOwn(system?.operations ?? {}, id) || Object.hasOwn(system?.reads ?? {}, id);
}
