import { formatInstant, type Instant } from '../../lib/time.ts';
import type { Activity as Item } from '../../model/activity.ts';
import type { Commit } from '../commit.ts';
import type { Fault } from '../faults/fault.ts';
import type { RequestFacts } from '../input.ts';
import type { Subject, TraceRoot } from '../state/origin.ts';
import { ByteBudget, Weight } from './byte-budget.ts';
import { messageOf } from './effects.ts';

/** What is worked out about a commit when somebody looks. */
export interface ActivityFacts {
  /** The W3C trace id of what began with this. */
  traceOf(root: TraceRoot): string;
  /** The resource that a request is about, where it changes none. */
  subjectOf(request: RequestFacts): Subject | undefined;
}

/** Which items are meant; what is left out does not matter. */
export interface ActivitySelection {
  /** The id of the item to begin after. */
  readonly after?: string;
  readonly limit?: number;
  readonly kind?: string;
  /** `<system>/<Resource>/<id>` */
  readonly subject?: string;
  readonly trace?: string;
}

/** An item with its place below the first cause of its tree. */
export interface TracedItem extends Item {
  readonly depth: number;
}

/**
 * Everything that has happened to a tenant, in commit order, the newest of it. Commits are kept, and written out when
 * somebody looks.
 *
 * @example new Activity(10_000, facts).read({ kind: 'event', limit: 10 });
 */
export class Activity {
  readonly #capacity: number;
  readonly #facts: ActivityFacts;
  #commits: Commit[] = [];
  /** How many items the commits stand for. */
  #size = 0;
  /** By the numbers of their commits. */
  readonly #weight: Weight;
  readonly #listeners = new Set<(item: Item) => void>();

  constructor(capacity: number, facts: ActivityFacts, budget = new ByteBudget(Number.POSITIVE_INFINITY)) {
    this.#capacity = capacity;
    this.#facts = facts;
    this.#weight = new Weight(budget, {
      count: () => this.#commits.length,
      numberAt: (place) => this.#commits[place]?.number ?? 0,
      drop: (upTo) => this.#drop(upTo),
    });
  }

  follow(commit: Commit): void {
    const size = sizeOf(commit);
    if (size === 0) return;
    this.#commits.push(commit);
    this.#size += size;
    this.#weight.add(commit.number, commit.size);
    if (this.#size > this.#capacity * 1.25) this.#trim();
    if (this.#listeners.size === 0) return;
    for (const item of this.#itemsOf(commit)) for (const listener of this.#listeners) listener(item);
  }

  /** The newest item. */
  get newest(): Item | undefined {
    const commit = this.#commits.at(-1);
    return commit === undefined ? undefined : this.#itemsOf(commit).at(-1);
  }

  has(id: string): boolean {
    return this.#placeOf(id) >= 0;
  }

  /** Items in order. */
  read({ after, limit = Number.POSITIVE_INFINITY, ...wanted }: ActivitySelection = {}): readonly Item[] {
    const found: Item[] = [];
    for (const item of this.each(after)) {
      if (isWantedActivity(item, wanted)) found.push(item);
      if (found.length >= limit) break;
    }
    return found;
  }

  /** Everything as it is now behind an item, in order, each written out when it is asked for: there may be many. */
  *each(after?: string): Generator<Item, void, undefined> {
    const place = after === undefined ? -1 : this.#placeOf(after);
    const commits = this.#commits.slice(Math.max(place, 0));
    // In the commit of the item itself, those before it are passed over.
    let isBehind = place < 0;
    for (const commit of commits) {
      for (const item of this.#itemsOf(commit)) {
        if (isBehind) yield item;
        else isBehind = item.id === after;
      }
    }
  }

  /** Calls back with every item from now on; answers what ends it. */
  subscribe(listener: (item: Item) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  forgetBefore(at: Instant): void {
    const first = this.#commits.find((commit) => commit.at >= at);
    this.#drop(first === undefined ? Number.POSITIVE_INFINITY : first.number - 1);
  }

  snapshot(): readonly Commit[] {
    return this.#commits.slice();
  }

  restore(commits: readonly Commit[]): void {
    this.#commits = commits.slice();
    this.#size = commits.reduce((sum, commit) => sum + sizeOf(commit), 0);
    this.#weight.restore(commits.map(({ number, size }) => ({ number, bytes: size })));
  }

  /** In batches, because removing at the front of an array costs as much as the array is long. */
  #trim(): void {
    let leaving = 0;
    while (leaving < this.#commits.length - 1 && this.#size > this.#capacity) {
      this.#size -= sizeOf(this.#commits[leaving] as Commit);
      leaving += 1;
    }
    this.#commits.splice(0, leaving);
    this.#weight.forget(this.#commits[0]?.number ?? Number.POSITIVE_INFINITY);
  }

  /** Lets go of all commits up to and with a number. */
  #drop(upTo: number): void {
    const leaving = this.#commits.findIndex(({ number }) => number > upTo);
    for (const commit of this.#commits.splice(0, leaving < 0 ? this.#commits.length : leaving))
      this.#size -= sizeOf(commit);
    this.#weight.forget(upTo + 1);
  }

  #placeOf(id: string): number {
    return this.#commits.findIndex((commit) => holds(commit, id));
  }

  #itemsOf(commit: Commit): readonly Item[] {
    const { input, consequences, number } = commit;
    const { events, origins, deliveries, notes, struck } = consequences;
    const at = formatInstant(commit.at);
    const trace = this.#facts.traceOf(commit.root);
    const id = commit.id;
    const items: Item[] = [];
    const common = { number, at, trace };
    const main = hasItem(commit) ? this.#mainOf(commit) : undefined;
    if (main !== undefined) items.push({ id, ...common, ...main });
    if (commit.fault !== undefined && input.kind === 'operation')
      items.push({ ...common, ...strikeOf(commit.fault, id) });
    for (const [index, event] of events.entries()) {
      const { cause = id, subject } = origins[index] ?? { subject: consequences.subject };
      const { channel } = event;
      items.push({
        id: event.id,
        ...common,
        kind: 'event',
        cause,
        title: channel,
        channel,
        ...(subject && { subject }),
      });
    }
    for (const [index, { text, cause = id, subject }] of notes.entries()) {
      items.push({
        id: noteId(number, index),
        ...common,
        kind: 'note',
        cause,
        title: text,
        ...(subject && { subject }),
      });
    }
    for (const { fault, event } of struck) items.push({ ...common, ...strikeOf(fault, event) });
    for (const { id: delivery, cause = id, target, kind, subject } of deliveries) {
      const title = `${kind} to ${target}`;
      items.push({ id: delivery, ...common, kind: 'delivery', cause, title, target, ...(subject && { subject }) });
    }
    return items;
  }

  /** What the commit itself is about. */
  #mainOf(commit: Commit): Pick<Item, 'kind' | 'title'> & Partial<Item> {
    const { input, answer, timer, delivery, fault, failure } = commit;
    const subject = commit.consequences.subject ?? timer?.subject ?? delivery?.subject;
    const caused = {
      ...(commit.cause !== undefined && { cause: commit.cause }),
      ...(commit.firedBy !== undefined && { firedBy: commit.firedBy }),
      ...(subject !== undefined && { subject }),
    };
    switch (input.kind) {
      case 'operation':
      case 'control': {
        const { method, url: path, operation } = input;
        const about = subject ?? this.#facts.subjectOf(input);
        return {
          kind: commit.place > 0 ? 'request' : 'control',
          ...caused,
          title: answer === undefined ? `${method} ${path}` : `${method} ${path} ${answer.status}`,
          ...(about !== undefined && { subject: about }),
          method,
          path,
          operationId: operationIdOf(operation),
          ...(answer !== undefined && { status: answer.status }),
        };
      }
      case 'answer': {
        const status = answer?.status;
        const { method, url: path } = input.request;
        return { kind: 'answer', ...caused, title: `answered with ${status}`, method, path, status };
      }
      case 'exchange': {
        const { method, url: path, operation, answer: given } = input;
        return {
          kind: 'request',
          title: `${method} ${path} ${given.status}`,
          method,
          path,
          ...(operation !== undefined && { operationId: operationIdOf(operation) }),
          status: given.status,
        };
      }
      case 'message':
        return { kind: 'message', title: `message on ${input.channel}`, channel: input.channel };
      case 'timer': {
        const error = failure === undefined ? undefined : messageOf(failure);
        return {
          kind: 'timer',
          ...caused,
          title: `${timer?.kind} ${input.key}`,
          ...(error !== undefined && { error }),
        };
      }
      case 'attempt': {
        const { outcome, status, error } = input.result;
        const target = delivery?.target;
        const came = {
          state: delivery?.state,
          ...(status !== undefined && { status }),
          ...(error !== undefined && { error }),
        };
        return {
          kind: 'attempt',
          ...caused,
          title: `${outcome}: ${status ?? error ?? ''}`.replace(/: $/, ''),
          target,
          ...came,
        };
      }
      case 'fault':
        return { kind: 'fault', ...caused, title: `the fault ${fault?.id} struck` };
      case 'advance':
        return { kind: 'clock', ...caused, title: `advance to ${formatInstant(input.to)}` };
      case 'clock':
        return { kind: 'clock', ...caused, title: input.why ?? `${input.mode} at the rate ${input.rate}` };
      case 'fork':
        return {
          kind: 'fork',
          ...caused,
          title: `copy of ${input.from}${input.snapshot === undefined ? '' : ` at ${input.snapshot}`}`,
        };
      case 'reload':
        return { kind: 'reload', ...caused, title: 'other contracts' };
      case 'restore':
        return { kind: 'restore', ...caused, title: `back to ${input.snapshot}` };
      case 'snapshot':
        return { kind: 'snapshot', ...caused, title: 'everything is kept' };
      default:
        return { kind: 'reset', ...caused, title: 'back to the start' };
    }
  }
}

/**
 * The tree that an item belongs to, from its first cause down, each cause before its effects; empty for an unknown id.
 *
 * @example traceAmong(activity.each(), 'EVT-000001') // [{ id: 'REQ-000001', depth: 0, … }, { id: 'EVT-000001', depth: 1, … }]
 */
export function traceAmong(all: Iterable<Item>, id: string): readonly TracedItem[] {
  const items = new Map<string, Item>();
  const effects = new Map<string, Item[]>();
  for (const item of all) {
    items.set(item.id, item);
    const siblings = item.cause === undefined ? undefined : effects.get(item.cause);
    if (siblings !== undefined) siblings.push(item);
    else if (item.cause !== undefined) effects.set(item.cause, [item]);
  }
  let root = items.get(id);
  const climbed = new Set<string>();
  for (let above = root; above !== undefined && !climbed.has(above.id); above = items.get(above.cause ?? '')) {
    climbed.add(above.id);
    root = above;
  }
  const found: TracedItem[] = [];
  const seen = new Set<string>();
  const waiting: TracedItem[] = root === undefined ? [] : [{ ...root, depth: 0 }];
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    if (seen.has(item.id)) continue;
    seen.add(item.id);
    found.push(item);
    for (const effect of (effects.get(item.id) ?? []).toReversed()) waiting.push({ ...effect, depth: item.depth + 1 });
  }
  return found;
}

/**
 * Whether an item is among those meant.
 *
 * @example isWantedActivity(item, { kind: 'event', subject: 'connectx/Customer/CUS-000001' })
 */
export function isWantedActivity(
  item: Item,
  { kind, subject, trace }: { readonly kind?: unknown; readonly subject?: unknown; readonly trace?: unknown },
): boolean {
  return (
    (kind === undefined || item.kind === kind) &&
    (trace === undefined || item.trace === trace) &&
    (subject === undefined ||
      (item.subject !== undefined && `${item.subject.collection}/${item.subject.id}` === subject))
  );
}

function strikeId({ id, used }: Fault): string {
  return `${id}/${used}`;
}

function strikeOf(fault: Fault, cause: string): Pick<Item, 'id' | 'kind' | 'cause' | 'title'> {
  return { id: strikeId(fault), kind: 'fault', cause, title: `the fault ${fault.id} struck` };
}

function noteId(commit: number, index: number): string {
  return `NOTE-${String(commit).padStart(6, '0')}-${index + 1}`;
}

/** Whether the commit itself is a thing that has happened, besides what follows from it. */
function hasItem({ input, consequences, fault, delivery }: Commit): boolean {
  switch (input.kind) {
    case 'timer':
      // What begins an attempt is shown by the attempt.
      return consequences.begun.length === 0;
    case 'fault':
      return fault !== undefined;
    case 'attempt':
      return delivery !== undefined;
    case 'arrive':
    case 'forget':
    case 'number':
    case 'revoke':
      return false;
    default:
      return true;
  }
}

function sizeOf(commit: Commit): number {
  const { events, deliveries, notes, struck } = commit.consequences;
  const strikes = struck.length + (commit.fault !== undefined && commit.input.kind === 'operation' ? 1 : 0);
  return (hasItem(commit) ? 1 : 0) + events.length + deliveries.length + notes.length + strikes;
}

/** Whether an item of a commit has this id, without the cost of writing them out. */
function holds(commit: Commit, id: string): boolean {
  const { events, deliveries, notes, struck } = commit.consequences;
  return (
    (hasItem(commit) && commit.id === id) ||
    (commit.fault !== undefined && strikeId(commit.fault) === id) ||
    struck.some(({ fault }) => strikeId(fault) === id) ||
    events.some((event) => event.id === id) ||
    notes.some((_, index) => noteId(commit.number, index) === id) ||
    deliveries.some((delivery) => delivery.id === id)
  );
}

/** The last part of the key of an operation, which may hold slashes. */
function operationIdOf(key: string): string {
  return key.slice(key.indexOf('/', key.indexOf('/') + 1) + 1);
}
