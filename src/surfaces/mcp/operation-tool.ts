import type { Operation } from '../../model/operation.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { contentOf, fillPath, queryOf } from './ask.ts';
import { localSchemas } from './local-schemas.ts';
import { prefixOf, TENANT_ARGUMENT, type Tool, type ToolHints } from './tool.ts';

/** What makes a tool of an operation of the control API: all of its arguments are the contract's. */
export interface OperationToolParts {
  readonly name: string;
  readonly description: string;
  readonly hints: ToolHints;
  /** Arguments that are decided here, and that the tool does not offer. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** Parameters of the operation that the tool does not offer. */
  readonly without?: readonly string[];
}

/**
 * Makes a tool of an operation of the control API. Its arguments are the operation's parameters and the members of its
 * body, side by side, with the tenant; a body whose members the contract does not name is `input`.
 *
 * @example operationTool(advanceClock, { name: 'advance_clock', description: 'Lets time pass.', hints: CHANGES }, schemas);
 */
export function operationTool(
  operation: Operation,
  { name, description, hints, fixed = {}, without = [] }: OperationToolParts,
  schemas: SchemaResolver,
): Tool {
  const isOffered = (argument: string): boolean => !Object.hasOwn(fixed, argument) && !without.includes(argument);
  const parameters = operation.parameters.filter((each) => isOffered(each.name) && each.in !== 'header');
  const body = operation.requestBody?.content['application/json']?.schema;
  const declared = [...schemas.properties(body)].filter(([member]) => isOffered(member));
  // What the contract does not take apart is given whole.
  const isWhole = body !== undefined && declared.length === 0;
  const members = isWhole ? [[WHOLE, body] as const] : declared;
  const isInBody = (argument: string): boolean => members.some(([member]) => member === argument);
  const local = localSchemas(schemas);
  return {
    name,
    title: operation.summary ?? name,
    description,
    inputSchema: {
      type: 'object',
      properties: {
        ...Object.fromEntries(
          parameters.map((each) => [each.name, described(local.rewrite(each.schema), each.description)]),
        ),
        ...Object.fromEntries(members.map(([member, schema]) => [member, local.rewrite(schema)])),
        // Where the operation has a tenant of its own, its contract says what that is.
        ...(isInBody('tenant') ? {} : TENANT_ARGUMENT),
      },
      required: [
        ...parameters.filter(({ required }) => required).map((each) => each.name),
        ...[...schemas.required(body)].filter(isInBody),
      ],
      additionalProperties: false,
      ...(local.size() > 0 && { $defs: local.schemas() }),
    },
    annotations: hints,
    async run(args, ask) {
      const given: Readonly<Record<string, unknown>> = { ...args, ...fixed };
      const query = operation.parameters
        .filter((each) => each.in === 'query' && !without.includes(each.name))
        .map((each) => [each.name, given[each.name]] as const);
      const sent = isWhole
        ? (args[WHOLE] ?? {})
        : Object.fromEntries(Object.entries(args).filter(([argument]) => isInBody(argument)));
      const hasBody = body !== undefined;
      return contentOf(
        await ask({
          method: operation.method,
          path: `${prefixOf(args)}${fillPath(operation.path, args)}${queryOf(query)}`,
          headers: hasBody ? { 'content-type': 'application/json' } : {},
          ...(hasBody && { body: JSON.stringify(sent) }),
        }),
      );
    },
  };
}

/** The argument that is a whole body. */
const WHOLE = 'input';

function described(schema: unknown, description: string | undefined): unknown {
  return description === undefined || typeof schema !== 'object' ? schema : { ...schema, description };
}
