import type { SchemaValue } from '../../lib/schema-value.ts';
import type { SchemaObject } from '../../model/schema.ts';

/** One decision that no contract makes: a JSON Schema of its values with the default, and what it means in a sentence. */
export interface PolicyEntry extends SchemaObject {
  readonly default: unknown;
  readonly description: string;
  /** Whether a value is one, where the schema cannot say it all. */
  readonly isValid?: (value: never) => boolean;
}

/** The policies of one section, by name. */
export type PolicyTable = Readonly<Record<string, PolicyEntry>>;

/** All policies of a tenant with their values, by section (most are named after their system) and name. */
export type Policies = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** All policies of a tenant as they were and as they are. */
export interface PolicyChange {
  readonly before: Policies;
  readonly after: Policies;
}

/** The values of a table, so that code which reads them and the table that describes them cannot differ. */
export type PolicyValues<Table extends PolicyTable> = { readonly [Name in keyof Table]: SchemaValue<Table[Name]> };
