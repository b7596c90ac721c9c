import { nearestWord } from '../../lib/nearest-word.ts';
import type { Contract } from '../../model/contract.ts';
import { credentialsOf, credentialValue } from '../../model/credentials.ts';
import type { Operation } from '../../model/operation.ts';
import { fillPath, parsed, queryOf, ToolFailure, textOf } from './ask.ts';
import { CHANGES, prefixOf, READS, TENANT_ARGUMENT, type Tool } from './tool.ts';

/** The most operations that are listed at once. */
const USUAL_LIMIT = 100;

/**
 * The tools that list and call what the simulated systems offer.
 *
 * @example contractTools(contracts).map(({ name }) => name) // ['list_operations', 'call_operation']
 */
export function contractTools(contracts: readonly Contract[]): readonly Tool[] {
  const operations = contracts.flatMap((contract) => contract.operations);
  const contractOf = new Map(contracts.flatMap((contract) => contract.operations.map((each) => [each, contract])));
  return [
    {
      name: 'list_operations',
      title: 'List operations',
      description:
        'Lists the operations of the simulated systems, with what each takes: the beginning, for what call_operation calls.',
      inputSchema: {
        type: 'object',
        properties: {
          system: {
            description: 'Only those of this system.',
            enum: [...new Set(operations.map(({ system }) => system))],
          },
          search: { description: 'Only those with this text in id, path or summary.', type: 'string' },
          after: {
            description: 'Goes on after the operation with this id: `next` of the answer before.',
            type: 'string',
          },
          limit: { type: 'integer', minimum: 1, maximum: 1000, default: USUAL_LIMIT },
        },
        additionalProperties: false,
      },
      annotations: READS,
      run: async (args) => listOperations(operations, args),
    },
    {
      name: 'call_operation',
      title: 'Call an operation',
      description:
        'Sends a request to a simulated system as any client would, and answers with the status, the body and, where the contract was not kept, every violation. Errors of the system are answers, too.',
      inputSchema: {
        type: 'object',
        properties: {
          operationId: { description: 'As list_operations gives it.', type: 'string' },
          parameters: {
            description: 'Values of parameters of path, query and header, by name.',
            type: 'object',
            additionalProperties: true,
          },
          headers: {
            description:
              'Further headers. The credentials that the contract wants are sent without them, which is enough unless --auth is strict.',
            type: 'object',
            additionalProperties: { type: 'string' },
          },
          body: { description: 'The value of the body, where the operation has one.' },
          contentType: {
            description: 'Media type of the body. Default: the first that the contract declares.',
            type: 'string',
          },
          ...TENANT_ARGUMENT,
        },
        required: ['operationId'],
        additionalProperties: false,
      },
      annotations: CHANGES,
      run: async (args, ask) => {
        const operation = findOperation(operations, String(args.operationId ?? ''));
        const given = Object(args.parameters) as Record<string, unknown>;
        const { method, path, parameters, requestBody } = operation;
        const unknown = Object.keys(given).find((name) => !parameters.some((each) => each.name === name));
        if (unknown !== undefined) {
          const names = parameters.map(({ name }) => name);
          throw new ToolFailure(
            `Failed to call ${operation.id}: it has no parameter "${unknown.slice(0, 200)}". ${names.length === 0 ? 'It takes none.' : `Use one of: ${names.join(', ')}.`}`,
          );
        }
        const placed = (place: string) =>
          parameters.filter((each) => each.in === place).map(({ name }) => [name, given[name]] as const);
        const headers = Object.fromEntries(
          [...placed('header'), ...Object.entries(Object(args.headers) as Record<string, unknown>)]
            .filter(([, value]) => value !== undefined)
            .map(([name, value]) => [name.toLowerCase(), textOf(value)]),
        );
        const contract = contractOf.get(operation);
        const credentials = contract === undefined ? [] : credentialsOf(operation, contract);
        const credentialsIn = (place: string) =>
          credentials
            .filter((each) => each.in === place)
            .map((each) => [each.name, credentialValue(each, 'simulator-agent')] as const);
        const type = args.contentType ?? Object.keys(requestBody?.content ?? {})[0] ?? 'application/json';
        const { body } = args;
        const answer = await ask({
          method,
          path: `${prefixOf(args)}${fillPath(path, given)}${queryOf([...credentialsIn('query'), ...placed('query')])}`,
          headers: {
            ...Object.fromEntries(credentialsIn('header').map(([name, value]) => [name.toLowerCase(), value])),
            ...headers,
            ...(body !== undefined && { 'content-type': String(type) }),
          },
          ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        });
        return { status: answer.status, body: parsed(answer.body) };
      },
    },
  ];
}

function listOperations(operations: readonly Operation[], args: Readonly<Record<string, unknown>>) {
  const { system, search, after, limit = USUAL_LIMIT } = args;
  const text = String(search ?? '').toLowerCase();
  const matching = operations.filter(
    (each) =>
      (system === undefined || each.system === system) &&
      `${idOf(each)} ${each.method} ${each.path} ${each.summary ?? ''}`.toLowerCase().includes(text),
  );
  const start = after === undefined ? 0 : matching.findIndex((each) => idOf(each) === after) + 1;
  const part = matching.slice(start, start + Number(limit));
  const last = part.at(-1);
  return {
    items: part.map((each) => ({
      operationId: idOf(each),
      method: each.method,
      path: each.path,
      ...(each.summary !== undefined && { summary: each.summary }),
      parameters: each.parameters.map(({ name, in: place, required }) => ({ name, in: place, required })),
      ...(each.requestBody !== undefined && { body: Object.keys(each.requestBody.content) }),
    })),
    ...(last !== undefined && start + part.length < matching.length && { next: idOf(last) }),
  };
}

/** `<system>/<operationId>`; an id may stand in more than one system. */
function idOf({ system, id }: Operation): string {
  return `${system}/${id}`;
}

function findOperation(operations: readonly Operation[], id: string): Operation {
  const found = operations.filter((each) => idOf(each) === id || each.id === id);
  if (found.length === 1 && found[0] !== undefined) return found[0];
  if (found.length > 1) {
    throw new ToolFailure(
      `Failed to call "${id}": several systems have it. Use one of: ${found.map(idOf).join(', ')}.`,
    );
  }
  const nearest = nearestWord(
    id,
    operations.flatMap((each) => [each.id, idOf(each)]),
  );
  throw new ToolFailure(
    `Failed to call "${id.slice(0, 200)}": there is no such operation. ${nearest === undefined ? 'See list_operations.' : `Did you mean "${nearest}"?`}`,
  );
}
