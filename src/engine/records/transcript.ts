import { hash } from 'node:crypto';
import { canonicalJson, canonicalPieces } from '../../lib/canonical-json.ts';
import { formatInstant, type Instant } from '../../lib/time.ts';
import type { SimulatorEvent } from '../../model/event.ts';
import { Commit, isInTranscript } from '../commit.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { ByteBudget } from './byte-budget.ts';
import { Ring } from './ring.ts';

/** One line of a transcript; `kind` says which, the rest is canonical: no wall time, no port, no secret. */
export interface TranscriptEntry {
  readonly kind: 'request' | 'response' | 'event' | 'delivery' | 'clock';
  readonly at: string;
  readonly [member: string]: unknown;
}

/** Writes out the lines of an exchange; most are never asked for. */
export interface TranscriptWriter {
  toRequestLine(commit: Commit): TranscriptEntry;
  toResponseLine(commit: Commit): TranscriptEntry;
}

/** A place in a transcript whose entry comes later, or never. */
interface Slot {
  entry?: TranscriptEntry;
}

/** A place that is kept for an attempt under way, by its key, and where it stands among the entries kept. */
export type OpenSlot = readonly [key: string, index: number];

/** An exchange stands in it twice, one after the other: its request and its response. */
type Line = Slot | Commit | SimulatorEvent;

/** A tenant's canonical record, in commit order; the newest entries are kept. It follows commits, and nothing else writes it. */
export class Transcript {
  readonly #ring: Ring<Line>;
  readonly #writer: TranscriptWriter;
  /** Places of attempts that are under way, by commit and delivery. */
  readonly #open = new Map<string, Slot>();

  constructor(capacity: number, writer: TranscriptWriter, budget?: ByteBudget) {
    this.#ring = new Ring(capacity, budget);
    this.#writer = writer;
  }

  follow(commit: Commit): void {
    const { input, consequences } = commit;
    const { events, begun } = consequences;
    for (const event of events) this.#ring.add(event, commit.size);
    // Where an attempt stands must not depend on how long its receiver takes.
    for (const { delivery } of begun) this.#reserve(slotKey(commit.number, delivery));
    if (isInTranscript(input)) {
      this.#ring.add(commit);
      this.#ring.add(commit, commit.size);
    } else if (input.kind === 'attempt') {
      if (commit.delivery !== undefined)
        this.#fill(slotKey(input.begun, input.delivery), attemptLine(commit, commit.delivery));
    } else if (input.kind === 'advance') {
      const from = formatInstant(commit.at);
      this.#ring.add({ entry: { kind: 'clock', at: from, from, to: formatInstant(input.to) } });
    }
  }

  /** JSON Lines, each with its keys in a fixed order. */
  toText(): string {
    return [...this.lines()].join('');
  }

  /** The lines of the text as it is now, each written when it is asked for: there may be many, and large ones. */
  lines(): Iterable<string> {
    return this.#write((entry) => [`${canonicalJson(entry)}\n`]);
  }

  /** The text as it is now in pieces, as `lines` makes it: of a long line several. */
  pieces(): Iterable<string> {
    return this.#write((entry) => canonicalPieces(entry, '\n'));
  }

  /** Which entries the text covers, counted from 1. */
  range(): { readonly from: number; readonly to: number } {
    const { count } = this.#ring;
    return { from: count - this.#ring.entries().length + 1, to: count };
  }

  /** The SHA-256 of the text, and which entries it covers. */
  digest(): { digest: string; from: number; to: number } {
    return { digest: hash('sha256', this.toText(), 'hex'), ...this.range() };
  }

  forgetBefore(at: Instant): void {
    this.#ring.forgetWhile((line) => timeOf(line) < at);
  }

  clear(): void {
    this.#ring.clear();
    this.#open.clear();
  }

  /** The content; what is under way then has no part in it. */
  snapshot(): ReturnType<Ring<Line>['snapshot']> {
    const { dropped, entries, heavy } = this.#ring.snapshot();
    if (this.#open.size === 0) return { dropped, entries, heavy };
    const open = new Set<Line>(this.#open.values());
    return { dropped, heavy, entries: entries.map((line) => (open.has(line) ? {} : line)) };
  }

  restore(snapshot: ReturnType<Transcript['snapshot']>): void {
    this.#ring.restore(snapshot);
    this.#open.clear();
  }

  #write(textsOf: (entry: TranscriptEntry) => Iterable<string>): Iterable<string> {
    // What is under way has no part in it, also where it ends before its line is written.
    const lines = this.#ring
      .entries()
      .map((line) => (line instanceof Commit || 'payload' in line ? line : { entry: line.entry }));
    return this.#texts(lines, textsOf);
  }

  *#texts(
    lines: readonly Line[],
    textsOf: (entry: TranscriptEntry) => Iterable<string>,
  ): Generator<string, void, undefined> {
    for (const [index, line] of lines.entries()) {
      const entry = this.#toEntry(line, lines[index - 1] === line || lines[index + 1] !== line);
      if (entry !== undefined) yield* textsOf(entry);
    }
  }

  /** The places that are kept for what is under way, as they stand in `snapshot`. */
  slots(): readonly OpenSlot[] {
    if (this.#open.size === 0) return [];
    const places = new Map<Line, number>(this.#ring.snapshot().entries.map((line, index) => [line, index]));
    return [...this.#open].flatMap(([key, slot]) => {
      const index = places.get(slot);
      return index === undefined ? [] : [[key, index] as const];
    });
  }

  /** Keeps the places again; to be called after `restore`. */
  reopen(slots: readonly OpenSlot[]): void {
    const { entries } = this.#ring.snapshot();
    for (const [key, index] of slots) this.#open.set(key, entries[index] as Slot);
  }

  #reserve(key: string): void {
    const slot: Slot = {};
    this.#open.set(key, slot);
    this.#ring.add(slot);
  }

  #fill(key: string, entry: TranscriptEntry): void {
    const slot = this.#open.get(key);
    if (slot !== undefined) slot.entry = entry;
    this.#open.delete(key);
  }

  #toEntry(line: Line, isSecond: boolean): TranscriptEntry | undefined {
    if (line instanceof Commit) return isSecond ? this.#writer.toResponseLine(line) : this.#writer.toRequestLine(line);
    if (!('payload' in line)) return line.entry;
    const { at, channel, id, payload } = line;
    return { kind: 'event', at, channel, id, payload };
  }
}

/** When a line was written; what is under way stays, and all behind it. */
function timeOf(line: Line): Instant {
  if (line instanceof Commit) return line.at;
  const at = 'payload' in line ? line.at : line.entry?.at;
  return at === undefined ? Number.POSITIVE_INFINITY : Date.parse(at);
}

function slotKey(commit: number, delivery: string): string {
  return `${commit}/${delivery}`;
}

function attemptLine({ at }: Commit, { id, kind, target, eventId, state, attempts, body }: Delivery): TranscriptEntry {
  const attempt = attempts.at(-1);
  return { kind: 'delivery', at: formatInstant(at), delivery: { id, kind, target, eventId, state, attempt, body } };
}
