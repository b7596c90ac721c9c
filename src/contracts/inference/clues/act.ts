import type { Schema } from '../../../model/schema.ts';
import type { Placed } from '../group-operations.ts';
import { requestBody } from '../owned-properties.ts';
import { requestSchema } from '../success-body.ts';
import { answerShape, type Clue, found, requestPath, type Thing } from '../thing.ts';
import { wordsOf } from '../words.ts';

/**
 * What stands below an item and is called as a verb does something to it: `POST /orders/{id}/cancel` moves a state that
 * is called as the verb, or sets a flag. What carries properties of the thing changes these.
 */
export function actClue(placed: Placed, word: string, thing: Thing): Clue | undefined {
  const { operation } = placed;
  const { method } = operation;
  if (method !== 'POST' && method !== 'PUT' && method !== 'PATCH') return undefined;
  const answer = answerShape(operation, thing);
  const move = findMove(word, thing);
  if (move !== undefined) {
    return found('act', placed, `"${word}" makes "${move.property}" ${JSON.stringify(move.to)}`, { answer, move });
  }
  const request = requestPath(operation, thing);
  const sent = [...thing.schemas.members(requestBody(operation, request, thing.schemas)).keys()];
  const isPart = sent.length > 0 && sent.every((property) => thing.members.has(property));
  if (isPart && answer?.holds !== 'other') {
    return found('merge', placed, `it takes ${sent.slice(0, 3).join(', ')} of the ${thing.name} that it stands below`, {
      request,
      answer,
    });
  }
  const isToThing = answer?.holds === 'item' && answer.isArray !== true && thing.members.size > 0;
  return isToThing && (requestSchema(operation) === undefined || method !== 'PUT')
    ? found('act', placed, `it answers the ${thing.name} that it stands below`, { answer })
    : undefined;
}

/** What a verb makes of a thing; `undefined` where nothing in its schema is called so. */
function findMove(word: string, { members, schemas }: Thing): Clue['move'] {
  const [verb = ''] = wordsOf(word);
  for (const [property, schema] of members) {
    const values = valuesOf(schema);
    const to = values.length > 1 ? targetOf(verb, values) : undefined;
    if (to !== undefined && STATE.test(property)) return { property, to };
  }
  for (const [property, schema] of members) {
    if ([schemas.resolve(schema)?.type].flat().includes('boolean')) {
      const name = property.replace(/^(is|has)[-_]?(?=[A-Z_])/i, '').toLowerCase();
      if (isPastOf(name, verb)) return { property, to: true };
      const undone = /^(un|dis|de)(.{3,})$/.exec(verb)?.[2];
      if (undone !== undefined && isPastOf(name, undone.startsWith('able') ? `en${undone}` : undone))
        return { property, to: false };
    }
  }
  return undefined;

  function valuesOf(schema: Schema): readonly string[] {
    const own = schemas.resolve(schema);
    const values = own?.enum ?? (own?.anyOf ?? own?.allOf ?? []).flatMap((part) => schemas.resolve(part)?.enum ?? []);
    return values.filter((value) => typeof value === 'string');
  }
}

const STATE = /(state|status|phase|stage|lifecycle|condition)$/i;

/** The value that a verb leads to: `cancelled` for `cancel`, and what no rule of English makes of others. */
function targetOf(verb: string, values: readonly string[]): string | undefined {
  const irregular = IRREGULAR[verb]?.flatMap((wanted) => values.find((value) => bare(value) === wanted) ?? []);
  return irregular?.[0] ?? values.find((value) => isPastOf(bare(value), verb));
}

/** Whether a word is what something is once the verb has been done to it, or while it is being done. */
function isPastOf(word: string, verb: string): boolean {
  if (verb.length < 3 || word === '') return false;
  const stem = verb.replace(/(ate|e)$/, '').replace(/y$/, 'i');
  const doubled = `${stem}${stem.at(-1)}`;
  return (
    word === verb ||
    [`${stem}ed`, `${stem}ated`, `${doubled}ed`, `${stem}d`, `${stem}ive`, `${stem}ing`, `${stem}ating`].includes(
      word,
    ) ||
    (stem === verb && word === `${verb}d`)
  );
}

const IRREGULAR: Readonly<Record<string, readonly string[]>> = {
  pay: ['paid'],
  send: ['sent'],
  start: ['running', 'started', 'active', 'inprogress', 'processing'],
  run: ['running'],
  begin: ['running', 'started', 'inprogress'],
  resume: ['running', 'active', 'inprogress', 'resumed', 'open'],
  unpause: ['running', 'active'],
  unsuspend: ['active'],
  reactivate: ['active'],
  enable: ['enabled', 'active'],
  disable: ['disabled', 'inactive'],
  deactivate: ['inactive', 'deactivated', 'disabled'],
  stop: ['stopped', 'inactive', 'off'],
  reopen: ['open', 'reopened'],
  open: ['open', 'opened'],
  complete: ['completed', 'complete', 'done', 'finished'],
  finish: ['finished', 'done', 'completed'],
  finalize: ['finalized', 'final', 'open'],
  submit: ['submitted', 'pending', 'inreview'],
  publish: ['published', 'live'],
  unpublish: ['draft', 'unpublished'],
  archive: ['archived'],
  unarchive: ['active', 'open'],
  restore: ['active', 'restored'],
  withdraw: ['withdrawn'],
  freeze: ['frozen'],
  hold: ['held', 'onhold', 'hold'],
  undo: ['undone'],
  capture: ['captured', 'succeeded'],
  ship: ['shipped'],
  settle: ['settled'],
  shutdown: ['off', 'stopped', 'shutdown'],
  draft: ['draft'],
};

function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
