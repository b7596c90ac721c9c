import { isDeepStrictEqual } from 'node:util';
import { bareWord } from '../../lib/bare-word.ts';
import type { Operation } from '../../model/operation.ts';
import type { Resource } from '../../model/resource.ts';
import type { Schema } from '../../model/schema.ts';
import type { Reader } from '../state/reader.ts';
import type { Entity } from '../state/store/store.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { conform } from './conform.ts';
import { requestSchemaOf } from './request-schema.ts';

/** Turns what a request has of a thing into what the thing has. */
export type SentFitter = (work: Reader, operation: Operation, path: readonly string[], sent: Entity) => Entity;

/** A member of a request that is stored under another name or in other words. */
interface Step {
  readonly from: string;
  readonly name: string;
  /** What the stored member has to fit; `undefined` where it is described alike. */
  readonly schema: Schema | undefined;
}

/**
 * Makes what turns members of requests into those of the stored thing, where the contract describes the two in different
 * words, or writes their names in another casing. Which these are is found out once for each operation; as a rule there are none.
 *
 * @example createSentFitter(resource, parts)(work, operation, [], { region: 'ams1' }); // { region: { slug: 'ams1', … } }
 */
export function createSentFitter(resource: Pick<Resource, 'name' | 'schema'>, parts: BehaviourParts): SentFitter {
  const { schemas } = parts;
  const stored = schemas.members(resource.schema);
  const isClosed = schemas.resolve(resource.schema)?.additionalProperties === false;
  const like = new Map([...stored.keys()].map((name) => [bareWord(name), name]));
  const known = new WeakMap<Operation, readonly Step[]>();
  const stepsOf = (operation: Operation, path: readonly string[]): readonly Step[] => {
    let steps = known.get(operation);
    if (steps === undefined) {
      const sent = schemas.members(requestSchemaOf(operation, path, schemas));
      steps = [...sent].flatMap(([from, taken]) => {
        const name = stored.has(from) ? from : like.get(bareWord(from));
        const own = name === undefined ? undefined : stored.get(name);
        if (name === undefined || own === undefined || (name !== from && sent.has(name))) return [];
        const schema = isSame(taken, own, parts) ? undefined : own;
        return name === from && schema === undefined ? [] : [{ from, name, schema }];
      });
      known.set(operation, steps);
    }
    return steps;
  };
  return (work, operation, path, sent) => {
    let fitted: Record<string, unknown> | undefined;
    for (const { from, name, schema } of stepsOf(operation, path)) {
      const value = sent[from];
      if (value === undefined) continue;
      const make = (missing: Schema) => parts.make(missing, work, `${resource.name}/${JSON.stringify(value)}`, name);
      // Nothing at all removes a member.
      const after = schema === undefined || value === null ? value : conform(value, schema, { parts, make });
      if (name === from && after === value) continue;
      fitted ??= { ...sent };
      if (name !== from || after === undefined) delete fitted[from];
      if (after !== undefined) fitted[name] = after;
    }
    if (!isClosed || Object.keys(sent).every((name) => stored.has(name))) return fitted ?? sent;
    return Object.fromEntries(Object.entries(fitted ?? sent).filter(([name]) => stored.has(name)));
  };
}

function isSame(one: Schema, other: Schema, { schemas }: BehaviourParts): boolean {
  return (
    one === other || isDeepStrictEqual(one, other) || isDeepStrictEqual(schemas.resolve(one), schemas.resolve(other))
  );
}
