import { formatInstant } from '../../lib/time.ts';
import { Refusal } from '../../model/command.ts';
import { ByteBudget, type Holder } from '../records/byte-budget.ts';
import type { Rooms } from './room.ts';
import type { TenantSnapshot } from './tenant-snapshot.ts';

/** A snapshot that a tenant keeps. */
export interface Snapshot {
  readonly id: string;
  /** The virtual time that it shows. */
  readonly at: string;
  readonly content: TenantSnapshot;
  /** How many things it may hold alone, which neither the world nor a snapshot before it may hold any more. */
  readonly things?: number;
}

/** The newest snapshots that a tenant keeps. */
const MOST_SNAPSHOTS = 1_000;
/** Bytes of what clients have sent that they hold in their records, which those of one time may share with another's. */
const MOST_BYTES = 256 * 2 ** 20;

/**
 * The snapshots of one tenant, oldest first. Where those of all tenants hold too many things that are in no world any more,
 * the oldest of the tenant whose snapshots hold most are forgotten.
 */
export class Snapshots implements Holder {
  readonly #items: Snapshot[] = [];
  readonly #things: ByteBudget | undefined;
  #taken = 0;
  #bytes = 0;
  #held = 0;

  constructor(rooms?: Pick<Rooms, 'bound' | 'snapshots'>) {
    this.#things = rooms && new ByteBudget(rooms.bound.each, rooms.snapshots);
    this.#things?.join(this);
  }

  /** How many things they hold. */
  get bytes(): number {
    return this.#held;
  }

  get items(): readonly Snapshot[] {
    return this.#items;
  }

  /** Answers whether there was room for it beside those of other tenants. `things`: see `Snapshot.things`. */
  add(content: TenantSnapshot, things: number): boolean {
    this.#taken += 1;
    const id = `SNAP-${String(this.#taken).padStart(6, '0')}`;
    this.#items.push({ id, at: formatInstant(content.start.clock.now), content, things });
    this.#bytes += content.records.bytes;
    while (this.#items.length > MOST_SNAPSHOTS || (this.#bytes > MOST_BYTES && this.#items.length > 1)) this.shed();
    this.#hold(things);
    return this.#items.at(-1)?.id === id;
  }

  /** Gives back the number of the last one, which was refused: what is kept of the tenant does not know of it. */
  giveBack(): void {
    this.#taken -= 1;
  }

  /** Forgets the oldest. */
  shed(): void {
    const oldest = this.#items.shift();
    if (oldest === undefined) return;
    this.#bytes -= oldest.content.records.bytes;
    this.#hold(-(oldest.things ?? 0));
  }

  /** Nobody will ask for them any more: what they hold no longer counts. */
  close(): void {
    this.#things?.leave();
  }

  #hold(things: number): void {
    this.#held += things;
    this.#things?.change(things, 0);
  }

  /** Goes on from the snapshots of a former world, in place of its own. */
  takeOver(items: readonly Snapshot[]): void {
    this.#items.splice(0, this.#items.length, ...items);
    this.#bytes = items.reduce((sum, { content }) => sum + content.records.bytes, 0);
    this.#hold(items.reduce((sum, { things = 0 }) => sum + things, 0) - this.#held);
    this.#taken = Math.max(this.#taken, ...items.map(({ id }) => Number(id.slice('SNAP-'.length))));
  }

  /** The snapshot of this id; refuses with 404 where the tenant has none. */
  need(id: string, tenant: string): Snapshot {
    const snapshot = this.#items.find((each) => each.id === id);
    if (snapshot !== undefined) return snapshot;
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to find the snapshot "${id}": the tenant "${tenant}" has none of this id. List the snapshots to see the ids.`,
    );
  }
}
