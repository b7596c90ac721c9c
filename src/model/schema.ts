/**
 * A JSON Schema as the simulator uses it: always the 2020-12 dialect, whatever the contract was written in.
 *
 * A loader converts its own dialect (draft-03 and draft-04 leftovers, `nullable`, APS structures) once, so that one
 * validator and one generator serve all five kinds of contract. A `$ref` is either local to the contract
 * (`contract://<system>/<name>#/$defs/<Schema>`) or absent; loaders leave no reference to a file.
 */
export type Schema = SchemaObject | boolean;

export interface SchemaObject {
  $ref?: string;
  type?: string | readonly string[];
  format?: string;
  enum?: readonly unknown[];
  const?: unknown;
  default?: unknown;
  description?: string;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  allOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  additionalProperties?: Schema;
  readOnly?: boolean;
  [keyword: string]: unknown;
}

/** One way in which a value breaks a schema: `in` says which part of a message, `path` is a JSON Pointer into it. */
export interface Violation {
  in: 'path' | 'query' | 'header' | 'cookie' | 'body' | 'event';
  path: string;
  message: string;
  /** Whose it is, where a request and its answer are both looked at. */
  of?: 'request' | 'response';
}

/** Checks one value and returns every violation, without the `in` that only the caller knows. */
export type Check = (value: unknown) => readonly Omit<Violation, 'in'>[];

/** What compiles schemas to checks; the composition root passes one in, so that only one file knows the library. */
export interface Validation {
  /** A check of the schema as it stands, for what the server holds and sends; compiled on first use. */
  check(schema: Schema): Check;
  /** The same with the schema's own top-level `required` left out, for `fields` selections. */
  checkPartial(schema: Schema): Check;
  /** As `check`, for what a client sends: required properties that are `readOnly` are the server's to set. */
  checkRequest(schema: Schema): Check;
  /** As `checkRequest` with the top-level `required` left out, for merge patches. */
  checkPatch(schema: Schema): Check;
}
