import { hash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.ts';
import { Ring } from './journal.ts';

/** One line of a transcript; `kind` says which, the rest is canonical: no wall time, no port, no secret. */
export interface TranscriptEntry {
  readonly kind: 'request' | 'response' | 'event' | 'delivery' | 'clock';
  readonly at: string;
  readonly [member: string]: unknown;
}

/** A tenant's canonical record, in commit order; the newest entries are kept. */
export class Transcript {
  readonly #ring: Ring<TranscriptEntry>;

  constructor(capacity: number) {
    this.#ring = new Ring(capacity);
  }

  add(entry: TranscriptEntry): void {
    this.#ring.add(entry);
  }

  /** JSON Lines, each with its keys in a fixed order. */
  toText(): string {
    return this.#ring
      .entries()
      .map((entry) => `${canonicalJson(entry)}\n`)
      .join('');
  }

  /** The SHA-256 of the text, and which entries it covers, counted from 1. */
  digest(): { digest: string; from: number; to: number } {
    const entries = this.#ring.entries();
    return { digest: hash('sha256', this.toText(), 'hex'), from: this.#ring.count - entries.length + 1, to: this.#ring.count };
  }

  clear(): void {
    this.#ring.clear();
  }

  snapshot(): ReturnType<Ring<TranscriptEntry>['snapshot']> {
    return this.#ring.snapshot();
  }

  restore(snapshot: ReturnType<Transcript['snapshot']>): void {
    this.#ring.restore(snapshot);
  }
}
