import type { Channel } from '../../src/model/channel.ts';
import type { Contract } from '../../src/model/contract.ts';
import type { Operation, Parameter, Response } from '../../src/model/operation.ts';
import type { Schema } from '../../src/model/schema.ts';

type OperationOptions = Partial<Omit<Operation, 'responses' | 'requestBody' | 'parameters'>> & {
  readonly request?: Schema;
  /** Status to the schema of its body, or to `undefined` for none. */
  readonly responses?: Readonly<Record<string, Schema | undefined>>;
  readonly responseHeaders?: readonly string[];
  /** Query parameter name to its schema. */
  readonly query?: Readonly<Record<string, Schema>>;
};

type ContractOptions = Partial<Omit<Contract, 'operations' | 'channels'>> & {
  /** `GET /path` to what else the operation has. */
  readonly operations?: Readonly<Record<string, OperationOptions>>;
  /** Addresses of channels that the application sends on. */
  readonly channels?: readonly string[];
};

/**
 * A small contract, `shop/api` unless told otherwise.
 *
 * @example
 * contractOf({ operations: { 'GET /things': { responses: { 200: { type: 'array' } } } } });
 */
export function contractOf({ operations = {}, channels = [], ...rest }: ContractOptions = {}): Contract {
  const contract = {
    system: 'shop',
    name: 'api',
    title: 'Shop',
    version: '1.0.0',
    format: 'openapi-3.1',
    file: 'shop/api.openapi.yaml',
    basePath: '',
    $defs: {},
    securitySchemes: {},
    resources: [],
    ...rest,
  };
  return {
    ...contract,
    operations: Object.entries(operations).map(([line, options]) => operationOf(line, options, contract)),
    channels: channels.map((address) => channelOf(address, contract)),
  };
}

/** A reference to a named schema of `shop/api`. */
export function ref(name: string): Schema {
  return { $ref: `contract://shop/api#/$defs/${name}` };
}

function operationOf(
  line: string,
  { request, responses = {}, responseHeaders = [], query = {}, ...rest }: OperationOptions,
  { system, name }: { system: string; name: string },
): Operation {
  const [method = '', path = ''] = line.split(' ');
  const headers = Object.fromEntries(
    responseHeaders.map((header) => [header, { required: false, schema: { type: 'integer' } }]),
  );
  return {
    id: line,
    system,
    contract: name,
    method,
    path,
    tags: [],
    parameters: Object.entries(query).map(
      ([parameter, schema]): Parameter => ({ in: 'query', name: parameter, required: false, schema }),
    ),
    requestBody:
      request === undefined
        ? undefined
        : { required: true, content: { 'application/json': { schema: request, examples: {} } } },
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, schema]): [string, Response] => [
        status,
        { description: '', headers, content: schema ? { 'application/json': { schema, examples: {} } } : {} },
      ]),
    ),
    security: [],
    pointer: '',
    extensions: {},
    ...rest,
  };
}

function channelOf(address: string, { system, name }: { system: string; name: string }): Channel {
  return {
    address,
    system,
    contract: name,
    direction: 'send',
    operationId: address,
    messages: [],
    bindings: {},
    pointer: '',
  };
}
