import { hash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { SimulatorEvent } from '../model/event.ts';
import { Ring } from './journal.ts';

/** One line of a transcript; `kind` says which, the rest is canonical: no wall time, no port, no secret. */
export interface TranscriptEntry {
  readonly kind: 'request' | 'response' | 'event' | 'delivery' | 'clock';
  readonly at: string;
  readonly [member: string]: unknown;
}

/** An entry as it was noted, to be written out when somebody looks: most never are. */
export interface NotedLine {
  toJSON(): TranscriptEntry;
}

/** A place in a transcript whose entry comes later, or never. */
interface Slot {
  entry?: TranscriptEntry;
}

type Line = Slot | NotedLine | SimulatorEvent;

/** A tenant's canonical record, in commit order; the newest entries are kept. */
export class Transcript {
  readonly #ring: Ring<Line>;

  constructor(capacity: number) {
    this.#ring = new Ring(capacity);
  }

  /** Notes an entry, or an event by itself. */
  add(entry: TranscriptEntry | NotedLine | SimulatorEvent): void {
    this.#ring.add('kind' in entry ? { entry: entry as TranscriptEntry } : entry);
  }

  /**
   * Keeps the place of something that is begun here and ends later, so that where it stands does not depend on how long
   * a receiver takes; answers what fills it.
   */
  reserve(): (entry: TranscriptEntry) => void {
    const slot: Slot = {};
    this.#ring.add(slot);
    return (entry) => {
      slot.entry = entry;
    };
  }

  /** JSON Lines, each with its keys in a fixed order. */
  toText(): string {
    return this.#ring
      .entries()
      .map(toEntry)
      .map((entry) => (entry === undefined ? '' : `${canonicalJson(entry)}\n`))
      .join('');
  }

  /** The SHA-256 of the text, and which entries it covers, counted from 1. */
  digest(): { digest: string; from: number; to: number } {
    const entries = this.#ring.entries();
    return {
      digest: hash('sha256', this.toText(), 'hex'),
      from: this.#ring.count - entries.length + 1,
      to: this.#ring.count,
    };
  }

  clear(): void {
    this.#ring.clear();
  }

  snapshot(): ReturnType<Ring<Line>['snapshot']> {
    return this.#ring.snapshot();
  }

  restore(snapshot: ReturnType<Transcript['snapshot']>): void {
    this.#ring.restore(snapshot);
  }
}

function toEntry(line: Line): TranscriptEntry | undefined {
  if ('toJSON' in line) return line.toJSON();
  if (!('payload' in line)) return line.entry;
  const { at, channel, id, payload } = line;
  return { kind: 'event', at, channel, id, payload };
}
