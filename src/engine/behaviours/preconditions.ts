import { createHash } from 'node:crypto';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { once } from '../../lib/once.ts';
import { type Command, type Outcome, Refusal } from '../../model/command.ts';
import type { Operation } from '../../model/operation.ts';
import type { Entity } from '../state/store/store.ts';
import type { ReadWork } from '../state/work.ts';
import type { OperationHandler, ReadHandler } from '../system.ts';
import { type BoundOperation, findItem, scopeIn } from './bound-operation.ts';

/**
 * Adds entity tags to a read where the contract declares them (RFC 9110, 13): the answer carries an `ETag`, and one with
 * the same `If-None-Match` is a 304.
 */
export function withEntityTag(bound: BoundOperation, read: ReadHandler): ReadHandler {
  const tagged = createTagger(bound);
  return (work, command) => {
    const outcome = tagged(work, command, read(work, command));
    const etag = outcome.headers?.etag;
    const ifNoneMatch = command.headers['if-none-match'];
    const isSame = etag !== undefined && ifNoneMatch !== undefined && isAmong(etag, ifNoneMatch);
    return isSame ? { status: 304, headers: { etag } } : outcome;
  };
}

/** Adds entity tags to a change where the contract declares them: one whose `If-Match` names an older state is a 412. */
export function withPreconditions(bound: BoundOperation, write: OperationHandler): OperationHandler {
  const tagged = createTagger(bound);
  return (work, command) => {
    const ifMatch = command.headers['if-match'];
    if (ifMatch !== undefined && declaresIfMatch(command.operation)) {
      const entity = findItem(bound, work, command);
      if (entity === undefined || !isAmong(tagOf(entity), ifMatch)) throw changedMeanwhile(bound);
    }
    return tagged(work, command, write(work, command));
  };
}

/** Makes what adds the tag of a thing to an answer about it; one operation asks it, so that is looked at once. */
function createTagger(bound: BoundOperation) {
  let declares: (() => boolean) | undefined;
  const tags = new WeakMap<Entity, string>();
  return (work: ReadWork, command: Command, outcome: Outcome): Outcome => {
    const { operation } = command;
    declares ??= once(() => Object.keys(operation.responses).some((key) => hasTag(operation, key)));
    if (!declares() || !answersTag(operation, outcome.status)) return outcome;
    const entity = entityOf(bound, work, command, outcome);
    if (entity === undefined) return outcome;
    const etag = tags.get(entity) ?? tagOf(entity);
    tags.set(entity, etag);
    return { ...outcome, headers: { ...outcome.headers, etag } };
  };
}

function tagOf(entity: Entity): string {
  return `"${createHash('sha256').update(canonicalJson(entity)).digest('base64url').slice(0, 22)}"`;
}

function declaresIfMatch({ parameters }: Operation): boolean {
  return parameters.some((parameter) => parameter.in === 'header' && parameter.name.toLowerCase() === 'if-match');
}

function answersTag(operation: Operation, status: number): boolean {
  const declared = [String(status), `${String(status)[0]}XX`, 'default'].find((key) => key in operation.responses);
  return declared !== undefined && hasTag(operation, declared);
}

function hasTag({ responses }: Operation, key: string): boolean {
  return Object.keys(responses[key]?.headers ?? {}).some((name) => name.toLowerCase() === 'etag');
}

/** The thing that an answer is about: what the path names, or what has just been made. */
function entityOf(bound: BoundOperation, work: ReadWork, command: Command, { headers }: Outcome): Entity | undefined {
  if (bound.binding.role !== 'create') return findItem(bound, work, command);
  const id = headers?.location?.split('/').at(-1);
  const { entry } = bound;
  return id === undefined
    ? undefined
    : work.get(entry.collection, entry.keyFor(decodeURIComponent(id), scopeIn(bound, command)));
}

function isAmong(tag: string, list: string): boolean {
  return list.split(',').some((item) => item.trim() === '*' || item.trim().replace(/^W\//, '') === tag);
}

function changedMeanwhile({ entry }: BoundOperation): Refusal {
  return new Refusal(
    412,
    'PRECONDITION_FAILED',
    `Failed to change the ${entry.resource.name}: it is not in the state that If-Match names. Read it again, and send its ETag.`,
  );
}
