import { Refusal } from '../../model/command.ts';
import { ByteBudget } from '../records/byte-budget.ts';

/** How many things (entities, timers, deliveries, messages) tenants may hold beyond what they have started with. */
export interface RoomBound {
  /** One tenant. */
  readonly each: number;
  /** All tenants together. */
  readonly all: number;
  /** How many tenants there may be: each of them may have its part of `all` whatever the others hold. */
  readonly tenants: number;
}

/**
 * The things that all tenants hold together. Where they become too many, those tenants that hold more than their part may
 * not grow: so one tenant cannot keep another from its work.
 *
 * @example
 * const rooms = new Rooms({ each: 400_000, all: 420_000, tenants: 1_000 });
 * const room = rooms.take();
 */
export class Rooms {
  readonly bound: RoomBound;
  /** What the snapshots of all tenants hold beside them: half as many things. */
  readonly snapshots: ByteBudget;
  #held = 0;
  #holders = 0;

  constructor(bound: RoomBound) {
    this.bound = bound;
    this.snapshots = new ByteBudget(Math.floor(bound.all / 2));
  }

  /** How many things there are. */
  get held(): number {
    return this.#held;
  }

  /** The room of a new tenant. */
  take(): Room {
    let own = 0;
    const { all, tenants } = this.bound;
    return {
      hold: (things) => {
        this.#held += things - own;
        this.#holders += Number(things > 0) - Number(own > 0);
        own = things;
      },
      refusal: () => {
        if (this.#held < all) return undefined;
        // Those that hold any share it, until so many have had their part that all hold twice as many as they may.
        const part = all / (this.#held < 2 * all ? this.#holders : tenants);
        return own > part ? allFull(all) : undefined;
      },
    };
  }
}

/** What one tenant takes up of it. */
export interface Room {
  /** Tells how many things it holds now; none once it is gone. */
  hold(things: number): void;
  /** Why it may not grow although it has not as much as one tenant may have. */
  refusal(): Refusal | undefined;
}

/** The refusal of what would make a tenant hold more than one may. */
export function tenantFull(tenant: string, most: number): Refusal {
  return new Refusal(
    507,
    'STATE_FULL',
    `Failed to keep anything more: the tenant "${tenant}" holds ${most} things (entities, timers, deliveries, messages) beyond those it has started with, which is as many as it may. Delete some, reset the tenant, or raise --max-entities.`,
  );
}

function allFull(most: number): Refusal {
  return new Refusal(
    507,
    'STATE_FULL',
    `Failed to keep anything more: all tenants together hold ${most} things (entities, timers, deliveries, messages), which is as many as they may, and this one more than its part. Delete or reset tenants that are not needed, or raise --max-entities-total.`,
  );
}

/** The refusal of a snapshot that would be the first to be forgotten. */
export function snapshotsFull(tenant: string, things: number): Refusal {
  return new Refusal(
    507,
    'STATE_FULL',
    `Failed to take a snapshot: ${things} things of the tenant "${tenant}" would be held by it alone, which is more than there is room for beside the snapshots of others. Delete tenants that are not needed, or raise --max-entities-total.`,
  );
}
