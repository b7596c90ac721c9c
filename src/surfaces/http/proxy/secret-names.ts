import type { Contract } from '../../../model/contract.ts';
import type { Schema } from '../../../model/schema.ts';
import type { SchemaResolver } from '../../../model/schema-resolver.ts';

/**
 * What contracts themselves call a secret, lower case: the names of API keys, and of members and parameters whose format is
 * `password`.
 *
 * @example secretNamesIn(contracts, schemas).has('x-shop-key')
 */
export function secretNamesIn(contracts: readonly Contract[], schemas: SchemaResolver): ReadonlySet<string> {
  const names = new Set<string>();
  const seen = new Set<unknown>();
  const look = (schema: Schema | undefined): void => {
    const resolved = schemas.resolve(schema);
    if (resolved === undefined || seen.has(resolved)) return;
    seen.add(resolved);
    look(schemas.items(resolved));
    for (const [name, member] of schemas.members(resolved)) note(name, member);
  };
  const note = (name: string, schema: Schema): void => {
    if (schemas.resolve(schema)?.format === 'password') names.add(name.toLowerCase());
    look(schema);
  };
  for (const { securitySchemes, operations, channels } of contracts) {
    for (const { type, name } of Object.values(securitySchemes))
      if (type === 'apiKey' && name !== undefined) names.add(name.toLowerCase());
    for (const { parameters, requestBody, responses } of operations) {
      for (const { name, schema } of parameters) note(name, schema);
      const bodies = [requestBody, ...Object.values(responses)];
      for (const body of bodies) for (const { schema } of Object.values(body?.content ?? {})) look(schema);
    }
    for (const { messages } of channels) for (const { payload } of messages) look(payload);
  }
  return names;
}
