import type { Schema, Validation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';

/** Objects in objects that are looked through. */
const MOST_NESTING = 10;

/**
 * Makes what puts the examples of a schema, and of its properties, in place of what was made up for them, wherever the
 * whole stays valid.
 *
 * @example createExampleWriter(schemas, validation)({ city: 'amber' }, { properties: { city: { examples: ['Oslo'] } } })
 */
export function createExampleWriter(
  schemas: SchemaResolver,
  validation: Pick<Validation, 'check'>,
): (made: unknown, schema: Schema) => unknown {
  const show = (made: unknown, schema: Schema | undefined, depth: number): unknown => {
    const { examples } = { ...schemas.resolve(schema), ...(typeof schema === 'object' ? schema : {}) };
    if (Array.isArray(examples) && examples.length > 0) return examples[0];
    if (depth > MOST_NESTING || typeof made !== 'object' || made === null) return made;
    if (Array.isArray(made)) {
      // The others stay as they are: a list of the same thing shows less than one of two.
      return made.map((item, index) => (index === 0 ? show(item, schemas.items(schema), depth + 1) : item));
    }
    const members = schemas.members(schema);
    return Object.fromEntries(
      Object.entries(made).map(([name, value]) => [name, show(value, members.get(name), depth + 1)]),
    );
  };
  return (made, schema) => {
    const shown = show(made, schema, 0);
    return validation.check(schema)(shown).length === 0 ? shown : made;
  };
}
