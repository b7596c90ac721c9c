import { isDeepStrictEqual } from 'node:util';
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

/**
 * Makes what turns members of requests into those of the stored thing, where the contract describes the two in different
 * words. Which these are is found out once for each operation; as a rule there are none.
 *
 * @example createSentFitter(resource, parts)(work, operation, [], { region: 'ams1' }); // { region: { slug: 'ams1', … } }
 */
export function createSentFitter(resource: Pick<Resource, 'name' | 'schema'>, parts: BehaviourParts): SentFitter {
  const { schemas } = parts;
  const stored = schemas.members(resource.schema);
  const isClosed = schemas.resolve(resource.schema)?.additionalProperties === false;
  const known = new WeakMap<Operation, readonly (readonly [string, Schema])[]>();
  const differing = (operation: Operation, path: readonly string[]) => {
    let found = known.get(operation);
    if (found === undefined) {
      const sent = schemas.members(requestSchemaOf(operation, path, schemas));
      found = [...stored].filter(([name, own]) => {
        const taken = sent.get(name);
        return taken !== undefined && !isSame(taken, own, parts);
      });
      known.set(operation, found);
    }
    return found;
  };
  return (work, operation, path, sent) => {
    let fitted: Record<string, unknown> | undefined;
    for (const [name, schema] of differing(operation, path)) {
      const value = sent[name];
      // Nothing at all removes a member.
      if (value === undefined || value === null) continue;
      const make = (missing: Schema) => parts.make(missing, work, `${resource.name}/${JSON.stringify(value)}`, name);
      const after = conform(value, schema, { parts, make });
      if (after === value) continue;
      fitted ??= { ...sent };
      if (after === undefined) delete fitted[name];
      else fitted[name] = after;
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
