import type { StartFacts } from '../../engine/input.ts';
import type { Snapshot } from '../../engine/state/snapshots.ts';
import { DEFAULT_TENANT, type Tenants } from '../../engine/tenants.ts';
import { SimulatorError } from '../../errors.ts';
import { didYouMean } from '../../lib/nearest-word.ts';
import { formatInstant } from '../../lib/time.ts';
import { Refusal } from '../../model/command.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { bodyOf, isRecord, pathOf } from './input.ts';
import { pageOf } from './paging.ts';

export interface TenantHandlersOptions {
  readonly tenants: Tenants;
  /** Works out what a reset is to start from; throws a `SimulatorError` where that makes no sense. */
  readonly toStart: (request: StartRequest) => StartFacts;
}

/** What a reset asks for; what it leaves out is the server's own. */
export interface StartRequest {
  readonly seed: number;
  /** As the option `clock`. */
  readonly clock?: string;
  /** As the option `fixture`. */
  readonly fixture?: string;
  /** As the option `policies`. */
  readonly policies?: Readonly<Record<string, unknown>>;
}

/**
 * Answers what concerns the state of whole tenants: reset, snapshots, forks.
 *
 * @example createTenantHandlers({ tenants, toStart }).takeSnapshot({ tenant, command, base });
 */
export function createTenantHandlers({ tenants, toStart }: TenantHandlersOptions) {
  const mustExist = (name: string): void => {
    if (tenants.has(name) || name === DEFAULT_TENANT) return;
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to find the tenant "${name}": there is none of this name. ${didYouMean(name, tenants.names(), 'List the tenants to see the names.')}`,
    );
  };
  return {
    resetTenant: async ({ tenant, command }: ControlContext) => {
      const { seed, clock, fixture, policies } = bodyOf(command);
      const isSameStart = [seed, clock, fixture, policies].every((named) => named === undefined);
      await asRefusal(() =>
        isSameStart
          ? tenant.apply({ kind: 'reset' })
          : tenant.apply({
              kind: 'reset',
              start: toStart({
                seed: typeof seed === 'number' ? seed : tenant.seed,
                ...(typeof clock === 'string' && { clock }),
                ...(typeof fixture === 'string' && { fixture }),
                ...(isRecord(policies) && { policies }),
              }),
            }),
      );
      const { now, mode, rate } = tenant.clock();
      return { status: 200, body: { seed: tenant.seed, now: formatInstant(now), mode, rate } };
    },
    listSnapshots: ({ tenant, command }: ControlContext) => ({
      status: 200,
      body: pageOf(tenant.snapshots.map(withoutContent), ({ id }) => id, command),
    }),
    takeSnapshot: ({ tenant, caused }: ControlContext) => {
      tenant.apply({ kind: 'snapshot', ...caused });
      return { status: 201, body: withoutContent(tenant.snapshots.at(-1) as Snapshot) };
    },
    restoreSnapshot: ({ tenant, command }: ControlContext) => {
      const id = pathOf(command, 'id');
      tenant.apply({ kind: 'restore', snapshot: id });
      return { status: 200, body: withoutContent(tenant.snapshots.find((each) => each.id === id) as Snapshot) };
    },
    listTenants: ({ command }: ControlContext) => ({
      status: 200,
      body: pageOf(
        tenants.names().map((name) => ({ name })),
        ({ name }) => name,
        command,
      ),
    }),
    makeTenant: async ({ command }: ControlContext) => {
      const name = pathOf(command, 'name');
      await tenants.opening?.(name);
      const isThere = tenants.has(name);
      tenants.get(name);
      return { status: isThere ? 200 : 201, body: { name } };
    },
    deleteTenant: async ({ command }: ControlContext) => {
      const name = pathOf(command, 'name');
      mustExist(name);
      await tenants.opening?.(name);
      await tenants.delete(name);
      return { status: 204 };
    },
    forkTenant: async ({ tenant, command }: ControlContext) => {
      const { from } = bodyOf(command);
      const origin = typeof from === 'string' ? from : tenant.name;
      mustExist(origin);
      await tenants.opening?.(origin);
      await tenants.opening?.(pathOf(command, 'name'));
      const copy = tenants.fork(pathOf(command, 'name'), origin);
      // Whoever asks is in another tenant, whose own changes are waited for in any case.
      await copy.lasting();
      const { name } = copy;
      return { status: 201, body: { name } };
    },
  } satisfies Record<string, ControlHandler>;
}

function withoutContent({ id, at }: Snapshot) {
  return { id, at };
}

/** At start-up it would be the user's configuration; here it is one client's mistake. */
async function asRefusal(body: () => unknown): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (error instanceof SimulatorError) throw new Refusal(400, error.code, error.message);
    throw error;
  }
}
