import type { StartFacts } from '../../engine/input.ts';
import { TenantElsewhere } from '../../engine/keeping/commit-log.ts';
import type { Snapshot } from '../../engine/state/snapshots.ts';
import { DEFAULT_TENANT, type Tenants } from '../../engine/tenants.ts';
import { SimulatorError } from '../../errors.ts';
import { didYouMean } from '../../lib/nearest-word.ts';
import { formatInstant } from '../../lib/time.ts';
import { type Command, type Outcome, Refusal } from '../../model/command.ts';
import type { RefusalCode } from '../../model/refusal-codes.ts';
import type { ControlContext, ControlHandler, PassOn } from '../surface.ts';
import { bodyOf, isRecord, pathOf } from './input.ts';
import { pageOf } from './paging.ts';

export interface TenantHandlersOptions {
  readonly tenants: Tenants;
  /** Works out what a reset is to start from; throws a `SimulatorError` where that makes no sense. */
  readonly toStart: (request: StartRequest) => StartFacts;
  /** Asks processes that have tenants of their own, where there are such. */
  readonly passOn?: Pick<PassOn, 'ask'> | undefined;
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
export function createTenantHandlers({ tenants, toStart, passOn }: TenantHandlersOptions) {
  const mustExist = (name: string): void => {
    if (tenants.has(name) || name === DEFAULT_TENANT) return;
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to find the tenant "${name}": there is none of this name. ${didYouMean(name, tenants.names(), 'List the tenants to see the names.')}`,
    );
  };
  /** Opens a tenant to do something with it as a whole; where another process has it, that does so in its place. */
  const withTenant = async (
    name: string,
    { operation, headers }: Command,
    path: string,
    body: unknown,
    here: () => Promise<Outcome>,
  ): Promise<Outcome> => {
    try {
      await tenants.opening?.(name);
    } catch (error) {
      if (passOn === undefined || !(error instanceof TenantElsewhere)) throw error;
      const { authorization } = headers;
      const asked = {
        method: operation.method,
        path: `/@${name}/_simulator${path}`,
        headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      };
      const { status, text } = await passOn.ask(asked, error, name);
      return { status, ...(text !== '' && { body: JSON.parse(text) as unknown }) };
    }
    return here();
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
    listTenants: async ({ command }: ControlContext) => {
      await tenants.refresh?.();
      const items = tenants.names().map((name) => ({ name }));
      return { status: 200, body: pageOf(items, ({ name }) => name, command) };
    },
    makeTenant: ({ command }: ControlContext) => {
      const name = pathOf(command, 'name');
      return withTenant(name, command, `/tenants/${name}`, undefined, async () => {
        const isThere = tenants.has(name);
        tenants.get(name);
        return { status: isThere ? 200 : 201, body: { name } };
      });
    },
    deleteTenant: async ({ command }: ControlContext) => {
      const name = pathOf(command, 'name');
      await tenants.refresh?.();
      mustExist(name);
      return withTenant(name, command, `/tenants/${name}`, undefined, async () => {
        await tenants.delete(name);
        return { status: 204 };
      });
    },
    forkTenant: async ({ tenant, command }: ControlContext) => {
      const { from, snapshot } = bodyOf(command);
      const name = pathOf(command, 'name');
      const origin = typeof from === 'string' ? from : tenant.name;
      await tenants.refresh?.();
      mustExist(origin);
      const asked = { from: origin, ...(typeof snapshot === 'string' && { snapshot }) };
      return withTenant(origin, command, `/tenants/${name}/fork`, asked, async () => {
        // Where it is there already, it may be another process's.
        if (!tenants.has(name)) await tenants.opening?.(name);
        const copy = tenants.fork(name, origin, asked.snapshot);
        // Whoever asks is in another tenant, whose own changes are waited for in any case.
        await copy.lasting();
        return { status: 201, body: { name } };
      });
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
    // Its code keeps its name, whoever meets it.
    if (error instanceof SimulatorError) throw new Refusal(400, error.code as RefusalCode, error.message);
    throw error;
  }
}
