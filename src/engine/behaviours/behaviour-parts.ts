import type { Schema, SchemaObject, Validation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import type { Reader } from '../state/reader.ts';
import type { Entity } from '../state/store/store.ts';
import { wordFor } from './envelope-words.ts';
import { createFiller } from './fill-required.ts';
import { plainValue, type ValueMaker } from './make-value.ts';

/** What behaviours make answers with. */
export interface BehaviourParts {
  readonly schemas: SchemaResolver;
  readonly validation: Pick<Validation, 'check'>;
  /** Generates a value that was not given; always the same one for a given member of a given item. */
  make(schema: Schema, work: Reader, key: string, path: string): unknown;
  /** Fills in what a schema demands; made once for each. */
  filler(schema: Schema): (entity: Entity, make: (schema: Schema, path: string) => unknown) => Entity;
  /** What a member of an envelope says where all is well. */
  wordFor(name: string, schema: Schema, isRequired: boolean): unknown;
}

/** Makes the parts of one registry; without a generator, values are the plainest that there are. */
export function createBehaviourParts(
  schemas: SchemaResolver,
  validation: Pick<Validation, 'check'>,
  generate?: ValueMaker,
): BehaviourParts {
  return {
    schemas,
    validation,
    make(schema, work, key, path) {
      const time = timeFor(path, schemas.resolve(schema), work);
      if (time !== undefined && validation.check(schema)(time).length === 0) return time;
      return generate === undefined
        ? plainValue(schema, schemas)
        : generate(schema, work.random('fill', key, path), work.nowText);
    },
    filler: (schema) => createFiller(schema, { schemas, validation }),
    wordFor: (name, schema, isRequired) => wordFor(name, schemas.resolve(schema), isRequired),
  };
}

/** When something was made or changed, where that is told as seconds or milliseconds since 1970. */
function timeFor(path: string, schema: SchemaObject | undefined, work: Reader): number | undefined {
  if (![schema?.type].flat().some((type) => type === 'integer' || type === 'number')) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!MADE.test(name) && !/^unix-?time$/.test(String(schema?.format ?? ''))) return undefined;
  const now = Date.parse(work.nowText);
  const isLong = /(ms|millis|milliseconds)$/i.test(name) || Number(schema?.minimum ?? 0) > 1e11;
  return isLong ? now : Math.floor(now / 1_000);
}

const MADE =
  /^(created|updated|modified|changed|creation|(last[-_]?)?(modification|update))([-_]?(at|on|time|date|timestamp))?([-_]?(ms|millis))?$/i;

/** Whether a schema's values are texts, numbers or booleans. */
export function isSimple(schema: SchemaObject | undefined): boolean {
  const [type] = [schema?.type].flat();
  return type === 'string' || type === 'integer' || type === 'number' || type === 'boolean';
}
