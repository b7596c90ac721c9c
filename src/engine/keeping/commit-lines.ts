import { type Answer, toRefusal, toRefusalFacts } from '../../model/command.ts';
import { Commit, NO_WRITES } from '../commit.ts';
import type { Input } from '../input.ts';
import { messageOf } from '../records/effects.ts';
import { type Consequences, NO_CONSEQUENCES } from '../state/consequences.ts';
import type { Entity, Write } from '../state/store/store.ts';
import type { KeptClock } from '../time/clock.ts';
import { type CommitFacts, type Restorer, Shortener } from './short-lines.ts';

/** A commit as it is kept: with what it wrote, and how the clock stood after it. */
export interface KeptCommit {
  readonly commit: Commit;
  readonly writes: readonly Write[];
  readonly clock: KeptClock;
}

/** A write as it is kept: collection, id, and the entity unless it was deleted. */
type WriteFacts = readonly [collection: string, id: string, entity?: Entity];

/** A line of a commit, nothing of it said elsewhere. */
export type KeptLine = readonly [kind: unknown, facts: CommitFacts, writes: readonly WriteFacts[], clock: KeptClock];

/**
 * Writes a commit as one line of JSON: recovery needs no contract, no code of a system, and of other
 * lines only those before it that the same `shortener` was given.
 *
 * @example await log.append([keptLine({ commit, writes: commit.writes, clock })]);
 */
export function keptLine({ commit, writes, clock }: KeptCommit, shortener = new Shortener()): string {
  const written: readonly WriteFacts[] = writes.map(({ collection, id, entity }) =>
    entity === undefined ? [collection, id] : [collection, id, entity],
  );
  const facts = shortener.short(commitFacts(commit), commit, (body) => {
    const at = writes.findIndex(({ entity }) => entity === body);
    return at < 0 ? undefined : ['write', at];
  });
  return JSON.stringify(['kept', facts, written, clock]);
}

/**
 * A line of `keptLine` with what it says by other lines, and by its own writes; those lines must have come before.
 *
 * @example const kept = readKept(wholeLine(JSON.parse(line), restorer));
 */
export function wholeLine([kind, facts, written, clock]: readonly unknown[], restorer: Restorer): KeptLine {
  const writes = written as readonly WriteFacts[];
  return [kind, restorer.whole(facts as CommitFacts, ([, at]) => writes[at]?.[2]), writes, clock as KeptClock];
}

/**
 * Reads what `keptLine` has written.
 *
 * @example const kept = readKept(wholeLine(JSON.parse(line), restorer));
 */
export function readKept([, facts, written, clock]: KeptLine): KeptCommit {
  const writes = written.map(([collection, id, entity]) => ({
    collection,
    id,
    ...(entity !== undefined && { entity }),
  }));
  return { commit: readCommit(facts, writes), writes, clock };
}

/** What records need of a commit, as plain JSON. */
export function commitFacts(commit: Commit): Record<string, unknown> {
  const { number, at, input, place, answer, consequences, refusal, fault, failure, timer, delivery } = commit;
  const facts: Record<string, unknown> = { number, at, input };
  if (place > 0) facts.place = place;
  if (answer !== undefined) facts.answer = answerFacts(answer);
  if (consequences !== NO_CONSEQUENCES) facts.consequences = presentIn(consequences);
  if (refusal !== undefined) facts.refusal = toRefusalFacts(refusal);
  if (failure !== undefined) facts.failure = messageOf(failure);
  if (fault !== undefined) facts.fault = fault;
  if (timer !== undefined) facts.timer = timer;
  if (delivery !== undefined) facts.delivery = delivery;
  return facts;
}

/** The commit again, for records to hold. */
export function readCommit(facts: CommitFacts, writes: readonly Write[] = NO_WRITES): Commit {
  const {
    number,
    at,
    input,
    place = 0,
    answer,
    consequences,
    refusal,
    failure,
    fault,
    timer,
    delivery,
  } = facts as unknown as Facts;
  const details =
    refusal === undefined && failure === undefined && fault === undefined && timer === undefined && !delivery
      ? undefined
      : {
          ...(refusal && { refusal: toRefusal(refusal) }),
          ...(failure !== undefined && { failure: new Error(failure) }),
          fault,
          timer,
          delivery,
        };
  const commit = new Commit(
    number,
    at,
    input,
    place,
    undefined,
    answer && readAnswer(answer),
    consequences === undefined ? NO_CONSEQUENCES : readConsequences(consequences),
    writes,
    details,
  );
  // What is answered was answered long ago.
  commit.takeAnswer();
  return commit;
}

interface Facts extends Pick<Commit, 'number' | 'at' | 'fault' | 'timer' | 'delivery'> {
  readonly input: Input;
  readonly place?: number;
  readonly answer?: AnswerFacts;
  readonly consequences?: Partial<Consequences>;
  readonly refusal?: Parameters<typeof toRefusal>[0];
  readonly failure?: string;
}

/** An answer; a body that is no JSON stands in it in Base64. */
interface AnswerFacts extends Answer {
  readonly bytes?: string;
}

function answerFacts(answer: Answer): AnswerFacts {
  const { body } = answer;
  if (!(body instanceof Uint8Array)) return answer;
  return { ...answer, body: undefined, bytes: Buffer.from(body).toString('base64') };
}

function readAnswer({ bytes, ...answer }: AnswerFacts): Answer {
  return { ...answer, body: bytes === undefined ? answer.body : Buffer.from(bytes, 'base64') };
}

/** Most commits lead to little. */
function presentIn(consequences: Consequences): Partial<Consequences> {
  const present: Record<string, unknown> = {};
  for (const name in consequences) {
    const part = consequences[name as keyof Consequences];
    if (Array.isArray(part) ? part.length > 0 : part !== undefined) present[name] = part;
  }
  return present;
}

function readConsequences({ origins = [], ...parts }: Partial<Consequences>): Consequences {
  // JSON has no gaps in a list.
  return { ...NO_CONSEQUENCES, ...parts, origins: origins.map((origin) => origin ?? undefined) };
}
