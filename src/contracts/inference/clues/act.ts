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
  const answer = answerShape(operation, thing);
  const move = findMove(word, thing);
  if (method === 'DELETE' && move?.to === true) {
    // `DELETE /posts/{id}/like` takes back what PUT of it has set.
    const undone = { property: move.property, to: false };
    return found('act', placed, `"${word}" is taken back, so "${move.property}" is false`, { answer, move: undone });
  }
  if (method !== 'POST' && method !== 'PUT' && method !== 'PATCH') return undefined;
  const isCopy = /^(copy|clone|duplicate|fork)$/i.test(word) && operation.responses['201'] !== undefined;
  if (isCopy && answer?.holds !== 'other') {
    const request = requestPath(operation, thing);
    return found('create', placed, `"${word}" makes another ${thing.name} like it`, { request, answer, copies: true });
  }
  if (move !== undefined) {
    const request = requestPath(operation, thing);
    return found('act', placed, `"${word}" makes "${move.property}" ${JSON.stringify(move.to)}`, {
      request,
      answer,
      move,
    });
  }
  const isDeletable = thing.group.onItem.some((each) => each.operation.method === 'DELETE');
  if (!isDeletable && /^(delete|remove|destroy)$/i.test(word)) {
    return found('delete', placed, `"${word}" deletes the ${thing.name} that it stands below`, { answer });
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

/** Whether an operation is called as what moves a state of the thing above it. */
export function isMove(placed: Placed, word: string, thing: Thing): boolean {
  return actClue(placed, word, thing)?.move !== undefined;
}

/** What a verb makes of a thing; `undefined` where nothing in its schema is called so. */
function findMove(word: string, { members, schemas }: Thing): Clue['move'] {
  const words = wordsOf(word);
  const states = [...members].filter(([property, schema]) => STATE.test(property) && valuesOf(schema).length > 1);
  for (const verb of verbsOf(words)) {
    for (const [property, schema] of states) {
      const to = targetOf(verb, valuesOf(schema)) ?? valuesOf(schema).find((value) => isSaidBy(words, value));
      if (to !== undefined) return { property, to };
    }
  }
  const flags = [...members.keys()].filter((property) =>
    [schemas.resolve(members.get(property))?.type].flat().includes('boolean'),
  );
  for (const verb of verbsOf(words)) {
    for (const property of flags) {
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

/** The verb of a path, and what it is the noun of: `cancel` for `cancellation`. */
function verbsOf([word = '']: readonly string[]): readonly string[] {
  const stem = NOUN.exec(word)?.[1];
  if (stem === undefined) return [word];
  const known = NOUNS[word];
  return [word, ...(known === undefined ? [] : [known]), stem, `${stem}e`, `${stem}ate`, stem.replace(/(.)\1$/, '$1')];
}

const NOUN = /^(.{3,}?)(?:ation|ion|al|ment|ure|ance)$/;
const NOUNS: Readonly<Record<string, string>> = {
  suspension: 'suspend',
  publication: 'publish',
  submission: 'submit',
  resumption: 'resume',
  extension: 'extend',
};

/** Several words that are those of a value: `check-in` leads to `CHECKED_IN`, `no-show` to `NO_SHOW`. */
function isSaidBy(words: readonly string[], value: string): boolean {
  const said = wordsOf(value);
  return (
    words.length > 1 &&
    words.length === said.length &&
    words.every((word, at) => isPastOf(said[at] ?? '', word) || word === said[at])
  );
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
  win: ['won'],
  lose: ['lost'],
  buy: ['bought', 'purchased', 'sold'],
  sell: ['sold'],
  give: ['given'],
  take: ['taken'],
  break: ['broken'],
  lend: ['lent'],
  deny: ['denied', 'rejected', 'declined'],
  refuse: ['refused', 'rejected', 'declined'],
  confirm: ['confirmed', 'succeeded', 'processing', 'accepted'],
  accept: ['accepted', 'approved', 'confirmed'],
  checkin: ['checkedin'],
  checkout: ['checkedout'],
  return: ['returned'],
  pick: ['picked', 'pickedup'],
  fulfil: ['fulfilled'],
  fulfill: ['fulfilled'],
  end: ['ended', 'finished', 'completed', 'closed'],
  abort: ['aborted', 'cancelled', 'canceled'],
  schedule: ['scheduled', 'planned'],
  book: ['booked', 'reserved', 'confirmed'],
  reset: ['new', 'open', 'pending'],
  retry: ['pending', 'queued', 'running'],
};

function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
