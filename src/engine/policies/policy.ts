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
export type PolicyValues<Table extends PolicyTable> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

type ValueOf<S> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : S extends { readonly type: 'integer' | 'number' }
    ? number
    : S extends { readonly type: 'boolean' }
      ? boolean
      : S extends { readonly type: 'string' }
        ? string
        : S extends { readonly type: 'array'; readonly items: infer I }
          ? readonly ValueOf<I>[]
          : S extends { readonly type: 'object'; readonly properties: infer P; readonly required: readonly (infer R)[] }
            ? { readonly [K in keyof P & R]: ValueOf<P[K]> } & { readonly [K in Exclude<keyof P, R>]?: ValueOf<P[K]> }
            : S extends { readonly type: 'object'; readonly additionalProperties: infer V }
              ? Readonly<Record<string, ValueOf<V>>>
              : unknown;
