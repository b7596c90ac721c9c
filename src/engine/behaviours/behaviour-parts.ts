import type { Schema, Validation } from '../../model/schema.ts';
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
      return generate === undefined
        ? plainValue(schema, schemas)
        : generate(schema, work.random('fill', key, path), work.nowText);
    },
    filler: (schema) => createFiller(schema, { schemas, validation }),
    wordFor: (name, schema, isRequired) => wordFor(name, schemas.resolve(schema), isRequired),
  };
}
