import { isObject } from '../../lib/json-object.ts';
import type { Answer } from '../../model/command.ts';
import type { Commit } from '../commit.ts';
import type { ControlInput, OperationInput } from '../input.ts';

/** A commit as plain JSON, without what it wrote. */
export type CommitFacts = Readonly<Record<string, unknown>>;

/** Requests that later ones are told by, at the most: a reader holds them all. */
const MOST_SHOWN = 64;

type Members = Readonly<Record<string, unknown>>;

/** A request that others may be told by. */
type Request = OperationInput | ControlInput;

/** What a request is never told by another about, because it is its own or is seldom there. */
const OWN = ['body', 'size', 'bytes', 'notes', 'isSample', 'trace', 'refusal'] as const;

/** Where a value stands that an answer has as its body: in which list, and at which place. */
export type Place = readonly [list: 'write' | 'entity', at: number];

/**
 * Says once what commits have alike: a client's request is mostly its last one with another body, and what is answered is
 * mostly what was stored. What is alike is found by identity, so that to look for it costs next to nothing.
 *
 * Beside an input `as` says under which number later ones name it, and `like` which one it is but for the members given.
 *
 * @example JSON.stringify(shortener.short(commitFacts(commit), commit, () => undefined));
 */
export class Shortener {
  readonly #shown = new Map<object, { readonly number: number; readonly input: Request }>();
  /** What each number stands for: a client is known by its headers, which are held once. */
  readonly #headers: (object | undefined)[] = [];
  #next = 0;

  /** Names nothing of before: what is written next must be understood without it. */
  reset(): void {
    this.#shown.clear();
    this.#headers.length = 0;
    this.#next = 0;
  }

  /** Leaves out of the facts of a commit what stands elsewhere, and answers them; `placeOf` tells where a body does. */
  short(
    facts: Record<string, unknown>,
    { input, answer }: Commit,
    placeOf: (body: object) => Place | undefined,
  ): CommitFacts {
    if (answer !== undefined) facts.answer = shortAnswer(facts.answer as Answer, answer.body, placeOf);
    if (input.kind === 'operation' || input.kind === 'control') this.#shortInput(input, facts);
    return facts;
  }

  #shortInput(input: Request, facts: Record<string, unknown>): void {
    const { headers } = input;
    const known = this.#shown.get(headers);
    const changed = known && changedIn(known.input, input);
    if (known !== undefined && changed !== undefined) {
      facts.like = known.number;
      facts.input = changed;
      return;
    }
    const number = this.#next % MOST_SHOWN;
    this.#next += 1;
    const former = this.#headers[number];
    if (former !== undefined) this.#shown.delete(former);
    if (known !== undefined) this.#headers[known.number] = undefined;
    this.#headers[number] = headers;
    this.#shown.set(headers, { number, input });
    facts.as = number;
  }
}

function shortAnswer(answer: Answer, body: unknown, placeOf: (body: object) => Place | undefined): Members {
  const place = isObject(body) && answer.body === body ? placeOf(body) : undefined;
  if (answer.violations.length > 0) return { ...answer };
  if (place === undefined) return { ...answer, violations: undefined };
  const { status, headers } = answer;
  return place[0] === 'write' ? { status, headers, write: place[1] } : { status, headers, entity: place[1] };
}

/**
 * What a request has that is not as in this one; nothing where that cannot be said so. Each member by its name: a loop over
 * names takes three times as long, and every change pays for this.
 */
function changedIn(before: Request, now: Request): Partial<Request> | undefined {
  if (now.kind !== before.kind || now.recordedIn !== before.recordedIn || now.principal !== before.principal) return;
  if (now.origin !== before.origin || now.prefix !== before.prefix) return;
  const changed: Changing = {};
  if (now.operation !== before.operation) changed.operation = now.operation;
  if (now.method !== before.method) changed.method = now.method;
  if (now.url !== before.url) changed.url = now.url;
  if (now.path !== before.path) changed.path = now.path;
  if (now.query !== before.query) changed.query = now.query;
  if (now.rawQuery !== before.rawQuery) changed.rawQuery = now.rawQuery;
  if (now.body !== undefined) changed.body = now.body;
  if (now.size !== undefined) changed.size = now.size;
  if (now.bytes !== undefined) changed.bytes = now.bytes;
  if (now.notes !== undefined) changed.notes = now.notes;
  if (now.isSample !== undefined) changed.isSample = now.isSample;
  if (now.trace !== undefined) changed.trace = now.trace;
  if ('refusal' in now) changed.refusal = now.refusal;
  return changed as Partial<Request>;
}

type Changing = {
  -readonly [Name in Exclude<
    keyof OperationInput,
    'kind' | 'headers' | 'recordedIn' | 'principal' | 'origin' | 'prefix'
  >]?: OperationInput[Name];
};

/**
 * Brings back what a `Shortener` has left out, line by line in their order; lines that leave nothing out stay as they are.
 *
 * @example const facts = restorer.whole(short, ([, at]) => written[at]);
 */
export class Restorer {
  readonly #shown: Members[] = [];

  /** The facts as they were; throws where they name what has not come. */
  whole(facts: CommitFacts, valueAt: (place: Place) => unknown): CommitFacts {
    const { like, as, ...whole } = facts as Record<string, unknown>;
    if (typeof like === 'number') {
      whole.input = { ...there(this.#shown[like], `like ${like}`), ...(whole.input as Members) };
    }
    if (typeof as === 'number') {
      const shown: Record<string, unknown> = { ...(whole.input as Members) };
      for (const name of OWN) delete shown[name];
      this.#shown[as] = shown;
    }
    if (whole.answer === undefined) return whole;
    const { write, entity, ...answer } = whole.answer as Members;
    const place = placeIn(write, entity);
    const body = place && { body: there(valueAt(place), place.join(' ')) };
    whole.answer = { violations: [], ...answer, ...body };
    return whole;
  }
}

function placeIn(write: unknown, entity: unknown): Place | undefined {
  if (typeof write === 'number') return ['write', write];
  return typeof entity === 'number' ? ['entity', entity] : undefined;
}

function there<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`a commit names what is not there: ${name}`);
  return value;
}
