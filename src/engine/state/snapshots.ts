import { formatInstant } from '../../lib/time.ts';
import { Refusal } from '../../model/command.ts';
import type { TenantSnapshot } from './tenant-snapshot.ts';

/** A snapshot that a tenant keeps. */
export interface Snapshot {
  readonly id: string;
  /** The virtual time that it shows. */
  readonly at: string;
  readonly content: TenantSnapshot;
}

/** The newest snapshots that a tenant keeps. */
const MOST_SNAPSHOTS = 1_000;
/** Bytes of what clients have sent that they hold in their records, which those of one time may share with another's. */
const MOST_BYTES = 256 * 2 ** 20;

/** The snapshots of one tenant, oldest first. */
export class Snapshots {
  readonly #items: Snapshot[] = [];
  #taken = 0;
  #bytes = 0;

  get items(): readonly Snapshot[] {
    return this.#items;
  }

  add(content: TenantSnapshot): void {
    this.#taken += 1;
    const id = `SNAP-${String(this.#taken).padStart(6, '0')}`;
    this.#items.push({ id, at: formatInstant(content.start.clock.now), content });
    this.#bytes += content.records.bytes;
    while (this.#items.length > MOST_SNAPSHOTS || (this.#bytes > MOST_BYTES && this.#items.length > 1)) {
      this.#bytes -= this.#items.shift()?.content.records.bytes ?? 0;
    }
  }

  /** Goes on from the snapshots of a former world, in place of its own. */
  takeOver(items: readonly Snapshot[]): void {
    this.#items.splice(0, this.#items.length, ...items);
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
