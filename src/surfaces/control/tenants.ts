import type { StartingPoint, Tenant, TenantSnapshot } from '../../engine/tenant.ts';
import { DEFAULT_TENANT, type Tenants } from '../../engine/tenants.ts';
import { SimulatorError } from '../../errors.ts';
import { formatInstant } from '../../lib/time.ts';
import { Refusal } from '../../model/command.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { bodyOf, pathOf } from './input.ts';
import { pageOf } from './paging.ts';

export interface TenantHandlersOptions {
  readonly tenants: Tenants;
  /** Makes a state to start from; throws a `SimulatorError` where what it is told makes no sense. */
  readonly startingPoint: (request: StartRequest) => Promise<StartingPoint>;
}

/** What a reset asks for; what it leaves out is the server's own. */
export interface StartRequest {
  readonly seed: number;
  /** As the option `clock`. */
  readonly clock?: string;
  /** As the option `fixture`. */
  readonly fixture?: string;
}

interface KeptSnapshot {
  readonly id: string;
  readonly at: string;
  readonly snapshot: TenantSnapshot;
}

/** The newest snapshots that a tenant keeps. */
const MOST_SNAPSHOTS = 1_000;

/**
 * Answers what concerns the state of whole tenants: reset, snapshots, forks.
 *
 * @example createTenantHandlers({ tenants, startingPoint }).takeSnapshot({ tenant, command, base });
 */
export function createTenantHandlers({ tenants, startingPoint }: TenantHandlersOptions) {
  // Weak, so that a tenant that is deleted or evicted takes its snapshots with it.
  const shelves = new WeakMap<Tenant, { taken: number; kept: KeptSnapshot[] }>();
  const shelfOf = (tenant: Tenant) => {
    const shelf = shelves.get(tenant) ?? { taken: 0, kept: [] };
    shelves.set(tenant, shelf);
    return shelf;
  };
  const mustExist = (name: string): void => {
    if (tenants.has(name) || name === DEFAULT_TENANT) return;
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to find the tenant "${name}": there is none of this name. List the tenants to see the names.`,
    );
  };
  return {
    resetTenant: async ({ tenant, command }: ControlContext) => {
      const { seed, clock, fixture } = bodyOf(command);
      const isSameStart = seed === undefined && clock === undefined && fixture === undefined;
      const start = isSameStart
        ? undefined
        : await startFrom(startingPoint, {
            seed: typeof seed === 'number' ? seed : tenant.seed,
            ...(typeof clock === 'string' && { clock }),
            ...(typeof fixture === 'string' && { fixture }),
          });
      tenant.reset(start);
      const { now, mode, rate } = tenant.clock();
      return { status: 200, body: { seed: tenant.seed, now: formatInstant(now), mode, rate } };
    },
    listSnapshots: ({ tenant, command }: ControlContext) => ({
      status: 200,
      body: pageOf(shelfOf(tenant).kept.map(withoutContent), ({ id }) => id, command),
    }),
    takeSnapshot: ({ tenant }: ControlContext) => {
      const snapshot = tenant.snapshot();
      const shelf = shelfOf(tenant);
      shelf.taken += 1;
      const id = `SNAP-${String(shelf.taken).padStart(6, '0')}`;
      const kept = { id, at: formatInstant(snapshot.start.clock.now), snapshot };
      shelf.kept.push(kept);
      if (shelf.kept.length > MOST_SNAPSHOTS) shelf.kept.shift();
      return { status: 201, body: withoutContent(kept) };
    },
    restoreSnapshot: ({ tenant, command }: ControlContext) => {
      const id = pathOf(command, 'id');
      const kept = shelfOf(tenant).kept.find((each) => each.id === id);
      if (kept === undefined) {
        throw new Refusal(
          404,
          'NOT_FOUND',
          `Failed to restore the snapshot "${id}": the tenant "${tenant.name}" has none of this id. List the snapshots to see the ids.`,
        );
      }
      tenant.restore(kept.snapshot);
      return { status: 200, body: withoutContent(kept) };
    },
    listTenants: ({ command }: ControlContext) => ({
      status: 200,
      body: pageOf(
        tenants.names().map((name) => ({ name })),
        ({ name }) => name,
        command,
      ),
    }),
    deleteTenant: async ({ command }: ControlContext) => {
      const name = pathOf(command, 'name');
      mustExist(name);
      await tenants.delete(name);
      return { status: 204 };
    },
    forkTenant: ({ tenant, command }: ControlContext) => {
      const { from } = bodyOf(command);
      const origin = typeof from === 'string' ? from : tenant.name;
      mustExist(origin);
      const { name } = tenants.fork(pathOf(command, 'name'), origin);
      return { status: 201, body: { name } };
    },
  } satisfies Record<string, ControlHandler>;
}

function withoutContent({ id, at }: KeptSnapshot) {
  return { id, at };
}

async function startFrom(
  startingPoint: TenantHandlersOptions['startingPoint'],
  request: StartRequest,
): Promise<StartingPoint> {
  try {
    return await startingPoint(request);
  } catch (error) {
    // At start-up it would be the user's configuration; here it is one client's mistake.
    if (error instanceof SimulatorError) throw new Refusal(400, error.code, error.message);
    throw error;
  }
}
