import { isObject } from '../../lib/json-object.ts';
import { type Exchange, evaluateText } from '../../lib/runtime-expression.ts';
import type { Command, Outcome } from '../../model/command.ts';
import { type Callback, type Operation, operationKey } from '../../model/operation.ts';
import type { Schema, Validation } from '../../model/schema.ts';
import type { Work } from '../state/work.ts';
import type { BehaviourParts } from './behaviour-parts.ts';

/** Sends what an operation promises to send later, to where its request says. */
export type CallBack = (work: Work, command: Command, outcome: Outcome) => void;

/**
 * Makes what sends the callbacks of an operation once it has succeeded: each a delivery to the address that its
 * expression leads to, if it leads to one. `undefined` for an operation that has none.
 *
 * @example createCallBack(operation, parts)?.(work, command, { status: 201, body: { id: '1' } });
 */
export function createCallBack(operation: Operation, parts: BehaviourParts): CallBack | undefined {
  const { callbacks = [] } = operation;
  if (callbacks.length === 0) return undefined;
  return (work, command, outcome) => {
    if (outcome.status >= 400) return;
    const exchange: Exchange = {
      method: operation.method,
      request: { headers: command.headers, body: command.body, query: command.query, path: command.path },
      response: { status: outcome.status, headers: outcome.headers ?? {}, body: outcome.body },
    };
    for (const callback of callbacks) {
      const url = evaluateText(callback.url, exchange);
      if (url === undefined || !isHttp(url)) continue;
      const { contentType, method } = callback;
      work.deliver({
        kind: 'callback',
        url,
        body: bodyOf(callback, operation, work, exchange, parts),
        contentType,
        method,
      });
    }
  };
}

/** The body of a callback: of what request and response have, all that its schema has a place for; else made. */
function bodyOf(
  { schema, name }: Callback,
  operation: Operation,
  work: Work,
  { request, response }: Exchange,
  { schemas, validation, make }: BehaviourParts,
): unknown {
  if (schema === undefined) return response.body ?? {};
  const check = validation.check(schema);
  if (check(response.body).length === 0 && isObject(response.body)) return response.body;
  const made = make(schema, work, operationKey(operation), `${name}/${work.nextNumber(`callback/${operation.id}`)}`);
  if (!isObject(made)) return made;
  const answers = Object.values(operation.responses).flatMap(({ content }) => Object.values(content));
  const things = new Set(answers.map((media) => schemas.nameOf(media.schema)).filter((each) => each !== undefined));
  const body: Record<string, unknown> = { ...made };
  for (const [property, member] of schemas.members(schema)) {
    const known = [response.body, request.body].map((from) => (isObject(from) ? from[property] : undefined));
    const thing = things.has(schemas.nameOf(member) ?? '') ? response.body : undefined;
    const value = known.find((each) => each !== undefined) ?? thing;
    if (value !== undefined && fits(value, member, validation)) body[property] = value;
  }
  return body;
}

function fits(value: unknown, schema: Schema, validation: Pick<Validation, 'check'>): boolean {
  return validation.check(schema)(value).length === 0;
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
