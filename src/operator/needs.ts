import type { Contract } from '../model/contract.ts';
import { createSchemaResolver } from '../model/schema-resolver.ts';

/** What contracts must have for the code of a system to be about them. */
export interface Needs {
  /** Operations, by id. */
  readonly operations?: readonly string[];
  /** Resources by name, each with the properties that the code works with. */
  readonly resources?: Readonly<Record<string, readonly string[]>>;
  /** Named schemas, each as `<contract>/<name>`. */
  readonly schemas?: readonly string[];
}

interface WithNeeds {
  readonly name: string;
  readonly needs?: Needs;
}

/**
 * The first thing that the code of a system needs and the contracts in its folder do not have; `undefined` where they are
 * what the code is about. Folders have the names that people give them: one called `macd` may hold anything.
 *
 * @example missingFor(system, contracts) // 'the operation submitOrder'
 */
export function missingFor({ name, needs = {} }: WithNeeds, contracts: readonly Contract[]): string | undefined {
  const { operations = [], resources = {}, schemas = [] } = needs;
  const own = contracts.filter(({ system }) => system === name);
  const operation = operations.find(
    (id) => !own.some((contract) => contract.operations.some((each) => each.id === id)),
  );
  if (operation !== undefined) return `the operation ${operation}`;
  const schema = schemas.find(
    (key) => !own.some((each) => Object.keys(each.$defs).some((def) => `${each.name}/${def}` === key)),
  );
  if (schema !== undefined) return `the schema ${schema}`;
  const resolver = createSchemaResolver(own);
  for (const [wanted, properties] of Object.entries(resources)) {
    const resource = own.flatMap((contract) => contract.resources).find((each) => each.name === wanted);
    if (resource === undefined) return `the resource ${wanted}`;
    const members = resolver.members(resource.schema);
    const property = properties.find((each) => !members.has(each));
    if (property !== undefined) return `the property ${property} of ${wanted}`;
  }
  return undefined;
}
