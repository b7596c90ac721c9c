import { type Contract, contractUri } from '../model/contract.ts';
import type { Schema, SchemaObject } from '../model/schema.ts';
import { cutCycles } from './cut-cycles.ts';
import { createDefinitions } from './definitions.ts';
import type { Place } from './place.ts';
import type { Finding, SourceFile } from './source-file.ts';
import type { SourceFiles } from './source-files.ts';
import { createValidation } from './validation.ts';

/** An example of a document, and the schema that it shows. */
export interface ShownExample {
  readonly example: Place;
  readonly schema: Place;
  /** Whether a client sends what it shows. */
  readonly isRequest?: boolean;
}

/**
 * Examples that their schemas do not allow, by what checks requests and answers. A member that a schema does not name
 * is a slip here, though a schema allows whatever it does not forbid.
 *
 * @example exampleFindings([{ example, schema }], source, files); // [{ pointer: '/…/example/age', message: '…' }]
 */
export function exampleFindings(shown: readonly ShownExample[], source: SourceFile, files: SourceFiles): Finding[] {
  // What is wrong with schemas is reported where they are loaded.
  const definitions = createDefinitions(source, files, () => {});
  const schemas = shown.map(({ schema }) => definitions.schema(schema));
  const contract = cutCycles({ ...emptyContract(source), $defs: definitions.$defs }, source, () => {});
  const strict = createClosing(contract);
  const validation = createValidation([contract, strict.contract]);
  return shown.flatMap(({ example, isRequest = false }, index): Finding[] => {
    const schema = strict.closed(schemas[index] ?? true);
    const check = isRequest ? validation.checkRequest(schema) : validation.check(schema);
    return check(example.value).map(({ path, message }) => ({
      source: example.source,
      pointer: example.pointer + path,
      onKey: message === NOT_NAMED,
      message: `The example does not fit its schema: ${path === '' ? 'it' : `\`${path}\``} ${message}.`,
      hint: 'Correct the example or the schema.',
      severity: 'warning',
    }));
  });
}

const NOT_NAMED = 'is not allowed here';

function emptyContract({ system, name, relative: file }: SourceFile): Contract {
  const nothing = { operations: [], channels: [], $defs: {}, securitySchemes: {}, resources: [] };
  return { system, name, file, title: name, version: '', format: '', basePath: '', ...nothing };
}

/** What makes schemas of a contract such that they allow no member but those that they name, as far as they name any. */
function createClosing(contract: Contract) {
  const other = { ...contract, name: `${contract.name}, closed` };
  const [open, shut] = [contractUri(contract), contractUri(other)];
  const closed = (schema: Schema): Schema => {
    if (typeof schema === 'boolean') return schema;
    const { $ref, properties, patternProperties, items, prefixItems, additionalProperties, anyOf, oneOf } = schema;
    const isWhole = properties === undefined && schema.allOf === undefined;
    return {
      ...schema,
      ...(properties !== undefined && { properties: closedIn(properties) }),
      ...(items !== undefined && { items: closed(items) }),
      ...(Array.isArray(prefixItems) && { prefixItems: prefixItems.map(closed) }),
      ...(additionalProperties !== undefined && { additionalProperties: closed(additionalProperties) }),
      // Beside other members these are parts of a whole, in which others may name more.
      ...(isWhole && $ref !== undefined && { $ref: $ref.replace(open, shut) }),
      ...(isWhole && anyOf !== undefined && { anyOf: anyOf.map(closed) }),
      ...(isWhole && oneOf !== undefined && { oneOf: oneOf.map(closed) }),
      // What has kinds may be shown by one of them, which has more.
      ...((properties ?? patternProperties) !== undefined &&
        additionalProperties === undefined &&
        schema.discriminator === undefined &&
        schema.unevaluatedProperties === undefined && { unevaluatedProperties: false }),
    };
  };
  const closedIn = (schemas: Readonly<Record<string, Schema>>): SchemaObject['properties'] =>
    Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, closed(schema)]));
  return { closed, contract: { ...other, $defs: closedIn(contract.$defs) ?? {} } };
}
