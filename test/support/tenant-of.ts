import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { createValidation } from '../../src/contracts/validation.ts';
import { requestAction } from '../../src/engine/action-input.ts';
import type { Effect } from '../../src/engine/records/effects.ts';
import { createRegistry, type Registry } from '../../src/engine/registry.ts';
import { createStartingPoints } from '../../src/engine/state/starting-points.ts';
import type { Link, StartingWorld, SystemDefinition, TimerHandler } from '../../src/engine/system.ts';
import { Tenant, type TenantParts } from '../../src/engine/tenant.ts';
import { type Outcome, Refusal } from '../../src/model/command.ts';
import { withLag } from '../../src/operator/links/lag.ts';
import { answered } from './attempts.ts';
import { operationInput } from './inputs.ts';
import { perform, performer, performerContract } from './perform.ts';
import { plainRenderer } from './plain-renderer.ts';

export interface TenantOfOptions {
  /** Whose contracts are loaded, from `specs/<name>`. */
  readonly systems: readonly SystemDefinition[];
  readonly links?: readonly Link[];
  readonly seed?: number;
  /** The time it stands at; 2026-01-01 unless told. */
  readonly now?: string;
  /** Fills it; empty unless told. */
  readonly world?: StartingWorld;
  readonly policies?: Readonly<Record<string, unknown>>;
  /** Timers beside those of the systems and links, as those of traffic. */
  readonly timers?: Readonly<Record<string, TimerHandler>>;
  readonly parts?: Partial<TenantParts>;
}

/** A tenant with short ways to ask it. */
export interface TestTenant {
  readonly tenant: Tenant;
  readonly registry: Registry;
  /** Answers an operation by its id; a refusal is an answer too. */
  call(operationId: string, request?: CallRequest): Promise<Outcome | Refusal>;
  /** Runs an action, `<system>/<action>`. */
  act(action: string, input?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Advances to a time and tells each effect on a line: when, and the timer's key or the event's channel. */
  advanceTo(time: string): Promise<readonly string[]>;
  /** The payloads on a channel so far; `*` matches. */
  events(channel?: string): readonly Readonly<Record<string, unknown>>[];
}

export interface CallRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/** Kept for a test file, because loading takes longer than most tests; contracts are never changed. */
const loaded = new Map<string, ReturnType<typeof loadContracts>>();

/**
 * A tenant over the real contracts of these systems, without a server. An event that breaks its contract throws, and so
 * does a timer that fails.
 *
 * @example const { call, advanceTo } = await tenantOf({ systems: [connectx] });
 */
export async function tenantOf(options: TenantOfOptions): Promise<TestTenant> {
  const { systems, links = [], seed = 1, now = '2026-01-01T00:00:00.000Z', world, policies = {}, parts = {} } = options;
  const lagging = withLag(links);
  const { contracts } = await contractsOf(systems.map(({ name }) => `specs/${name}`));
  const registry = createRegistry({
    contracts: [...contracts, performerContract],
    systems: [...systems, performer],
    links: lagging.links,
    timers: { ...lagging.timers, ...options.timers },
    policies: { operator: lagging.policies },
    validation: createValidation(contracts),
    reportBrokenEvent: (channel, violations) => {
      throw new Error(`An event on ${channel} breaks its contract: ${JSON.stringify(violations)}`);
    },
  });
  const clock = { now: Date.parse(now), mode: 'manual', rate: 1 } as const;
  const start = await createStartingPoints(registry).of({
    seed,
    clock,
    policies: registry.policies.configure(policies),
    world: { name: 'test', fill: world ?? (async () => {}) },
  });
  const tenant = new Tenant({
    name: 'default',
    registry,
    start,
    sample: () => ({ status: 200 }),
    renderer: plainRenderer,
    transport: { send: async () => answered(200) },
    capacity: { events: 100_000, requests: 1000, transcript: 100_000 },
    reportFailure: (message, error) => {
      throw new Error(message, { cause: error });
    },
    ...parts,
  });
  const operations = new Map(
    contracts.flatMap((contract) => contract.operations.map((operation) => [operation.id, operation])),
  );
  return {
    tenant,
    registry,
    async call(operationId, { path = {}, query = {}, body } = {}) {
      const operation = operations.get(operationId);
      if (operation === undefined) throw new Error(`No contract has the operation ${operationId}.`);
      const { outcome, refusal } = await tenant.apply(operationInput(operation, { path, query, body }));
      return refusal ?? outcome ?? { status: 200 };
    },
    async act(action, input = {}) {
      const [system = '', name = ''] = action.split('/');
      return perform(tenant, (work) => requestAction(work, system, name, input));
    },
    async advanceTo(time) {
      const { effects } = await tenant.advance(Date.parse(time));
      return effects.map(lineOf);
    },
    events: (channel) =>
      tenant.log.read({ channel }).map(({ payload }) => payload as Readonly<Record<string, unknown>>),
  };
}

/** The body of an answer that is none of a refusal's. */
export function bodyOf(answer: Outcome | Refusal): Readonly<Record<string, unknown>> {
  if (answer instanceof Refusal)
    throw new Error(
      `Refused with ${answer.status} ${answer.code}: ${answer.message} ${JSON.stringify(answer.violations)}`,
    );
  return answer.body as Readonly<Record<string, unknown>>;
}

function contractsOf(folders: readonly string[]): ReturnType<typeof loadContracts> {
  const key = folders.join();
  const contracts = loaded.get(key) ?? loadContracts(folders);
  loaded.set(key, contracts);
  return contracts;
}

function lineOf(effect: Effect): string {
  const { at, kind } = effect;
  const what = kind === 'timer' ? effect.key : kind === 'event' ? effect.channel : effect.message;
  return `${at.replace(/(T00:00)?:00\.000Z$/, '')} ${kind} ${String(what)}`;
}
