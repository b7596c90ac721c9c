import type { Operation } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';

/** The schema of what stands at a path in the first of an operation's request bodies. */
export function requestSchemaOf(
  operation: Operation,
  path: readonly string[],
  schemas: SchemaResolver,
): Schema | undefined {
  let schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  for (const name of path) schema = schemas.members(schema).get(name);
  return schemas.items(schema) ?? schema;
}
