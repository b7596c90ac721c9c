import { createServer, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { resolveSettings, type Settings } from '../../../src/config.ts';
import { createValidation } from '../../../src/contracts/validation.ts';
import { createRegistry } from '../../../src/engine/registry.ts';
import { createMemoryStore } from '../../../src/engine/state/store/memory-store.ts';
import type { SampleHandler, SystemDefinition } from '../../../src/engine/system.ts';
import { createTenants } from '../../../src/engine/tenants.ts';
import type { Contract } from '../../../src/model/contract.ts';
import type { MediaType, Operation, Response as OperationResponse, Parameter } from '../../../src/model/operation.ts';
import type { Schema } from '../../../src/model/schema.ts';
import { createAuthenticator } from '../../../src/surfaces/http/auth/authenticate.ts';
import { createTokenEndpoints } from '../../../src/surfaces/http/auth/token-endpoints.ts';
import { createTokens } from '../../../src/surfaces/http/auth/tokens.ts';
import { createRouteTable } from '../../../src/surfaces/http/collect-routes.ts';
import { Dispatcher, type DispatchOptions } from '../../../src/surfaces/http/dispatch.ts';
import { createEntrance } from '../../../src/surfaces/http/entrance.ts';
import { createHttpServer, type HttpLimits, type HttpServer } from '../../../src/surfaces/http/http-server.ts';
import { createPageGuard } from '../../../src/surfaces/http/page-guard.ts';
import { createHttpRenderer } from '../../../src/surfaces/http/renderer.ts';
import { createSite } from '../../../src/surfaces/http/site.ts';
import { createTenantLocator } from '../../../src/surfaces/http/tenant-locator.ts';
import { createDeliveryGuard } from '../../../src/surfaces/own-deliveries.ts';
import { answered } from '../../support/attempts.ts';

export interface HttpWorldOptions {
  readonly contracts?: readonly Contract[];
  readonly systems?: readonly SystemDefinition[];
  readonly settings?: Partial<DispatchOptions['settings']> &
    Partial<Pick<Settings, 'strict' | 'auth'>> & { readonly host?: string; readonly adminToken?: string };
  readonly control?: DispatchOptions['control'];
  readonly sample?: SampleHandler;
  readonly limits?: Partial<HttpLimits>;
}

const started = new Set<HttpServer>();

afterEach(async () => {
  const servers = [...started];
  started.clear();
  await Promise.all(servers.map((server) => server.stop()));
});

/** A server with the library's contract, stopped after the test. */
export async function startHttp(options: HttpWorldOptions = {}) {
  const contracts = options.contracts ?? [libraryContract];
  const logged: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  const write = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void logged.push({ level, message, fields });
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const validation = createValidation(contracts);
  const systems = options.systems ?? [];
  const registry = createRegistry({ contracts, systems, links: [], validation, reportBrokenEvent: () => {} });
  const sample = options.sample ?? (() => ({ status: 200, body: { sampled: true } }));
  const settings = { maxBody: 100_000, strict: false, auth: 'off' as const, ...options.settings };
  const tokens = createTokens('seed 1');
  const directRoutes = createTokenEndpoints({ contracts, tokens });
  const { routes, plans } = createRouteTable({ registry, validation, settings, directRoutes });
  let url = '';
  const ownUrl = () => url;
  const renderer = createHttpRenderer({ plans, contracts, ownUrl, isStrict: settings.strict, log });
  const tenants = createTenants({
    limit: 100,
    reportEviction: () => {},
    parts: (name) => ({
      name,
      registry,
      start: {
        seed: 1,
        clock: { now: Date.UTC(2026, 0, 1), mode: 'manual', rate: 1 },
        store: createMemoryStore(),
      },
      sample,
      renderer,
      transport: { send: async () => answered(200) },
      capacity: { events: 1000, requests: 1000, transcript: 1000 },
      reportFailure: () => {},
    }),
  });
  const { host = '127.0.0.1', adminToken } = settings;
  const { handle } = new Dispatcher({
    routes,
    registry,
    renderer,
    settings,
    entrance: createEntrance({
      tenants,
      locator: createTenantLocator({ tokens, contracts }),
      deliveryGuard: createDeliveryGuard('this-process'),
      start: Date.UTC(2026, 0, 1),
      authenticator: createAuthenticator({ contracts, tokens, mode: settings.auth, host, adminToken }),
      pageGuard: createPageGuard({ host, publicUrl: settings.publicUrl, allowOrigins: [], allowHosts: [] }),
    }),
    control: options.control ?? {},
    fallback: createSite({ contracts, version: '0.0.0', reportFailure: () => {} }),
    ownUrl,
    log,
  });
  const http = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    handle,
    limits: { ...resolveSettings({}), ...options.limits },
  });
  started.add(http);
  const address = await http.start();
  url = address.url;
  const ask = async (method: string, path: string, init: RequestInit & { json?: unknown } = {}) => {
    const { json, ...rest } = init;
    const headers = { ...(json !== undefined && { 'content-type': 'application/json' }), ...init.headers };
    const body = json === undefined ? (rest.body ?? undefined) : JSON.stringify(json);
    const response = await fetch(url + path, { ...rest, method, headers, body });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (type.includes('json') && text !== '' ? JSON.parse(text) : undefined) as never as Record<string, never>,
    };
  };
  return { ...address, url, http, ask, tenants, tenant: tenants.get('default'), tokens, logged };
}

/** A port that is taken, for as long as a test needs it. */
export async function takePort(): Promise<{ port: number; free: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port.');
  return { port: address.port, free: () => new Promise((resolve) => server.close(() => resolve())) };
}

const json = (schema: Schema): Record<string, MediaType> => ({ 'application/json': { schema, examples: {} } });
const ref = (name: string): Schema => ({ $ref: `contract://library/api#/$defs/${name}` });

/** A response, as short as it can be written. */
export function response(schema?: Schema, contentType = 'application/json'): OperationResponse {
  return {
    description: '',
    headers: {},
    content: schema === undefined ? {} : { [contentType]: { schema, examples: {} } },
  };
}

/** An operation of the library with what a test gives it. */
export function operation(method: string, path: string, id: string, more: Partial<Operation> = {}): Operation {
  return {
    id,
    system: 'library',
    contract: 'api',
    method,
    path,
    tags: [],
    parameters: [],
    responses: { 200: response({}) },
    security: [],
    pointer: '',
    extensions: {},
    ...more,
  };
}

const parameter = (where: Parameter['in'], name: string, schema: Schema, more: Partial<Parameter> = {}): Parameter => ({
  in: where,
  name,
  required: where === 'path',
  schema,
  ...more,
});

const bookId = parameter('path', 'bookId', { type: 'string' });

/** Books with links and an error format of its own: a contract small enough to see at a glance. */
export const libraryContract: Contract = {
  system: 'library',
  name: 'api',
  title: 'Library <&>',
  version: '1',
  format: 'openapi-3.1',
  file: 'library/api.openapi.yaml',
  basePath: '/v1',
  operations: [
    operation('GET', '/v1/books', 'listBooks', {
      parameters: [
        parameter('query', 'state', { type: 'string', enum: ['in', 'out'] }),
        parameter('query', 'page', { type: 'integer', default: 1, minimum: 1 }),
        parameter('query', 'tags', { type: 'array', items: { type: 'string' } }, { explode: false }),
        parameter('header', 'X-Depth', { type: 'integer' }),
      ],
      responses: { 200: response({ type: 'array', items: ref('Book') }) },
    }),
    operation('POST', '/v1/books', 'createBook', {
      requestBody: { required: true, content: json(ref('Book')) },
      responses: { 201: response(ref('Book'), 'application/json;charset=utf-8'), 400: response(ref('Error')) },
    }),
    operation('GET', '/v1/books/search', 'searchBooks', { responses: { 200: response(true) } }),
    operation('GET', '/v1/books/{bookId}', 'readBook', {
      parameters: [bookId],
      responses: { 200: response(ref('Book')), 404: response(ref('Error')) },
    }),
    operation('PATCH', '/v1/books/{bookId}', 'changeBook', {
      parameters: [bookId],
      requestBody: { required: true, content: json(ref('Book')) },
      responses: { 200: response(ref('Book')) },
    }),
    operation('DELETE', '/v1/books/{bookId}', 'deleteBook', { parameters: [bookId], responses: { 204: response() } }),
    operation('GET', '/v1/private', 'readPrivate', { security: [{ oauth2: ['read'] }] }),
    operation('GET', '/v1/keyed', 'readKeyed', { security: [{ key: [] }] }),
    operation('POST', '/v1/orders', 'sendOrder', {
      requestBody: { required: true, content: json({ anyOf: [ref('AddOrder'), ref('DeleteOrder')] }) },
      responses: { 200: response({}) },
      extensions: {
        'x-select': {
          property: '/order/kind',
          schemas: { Add: 'contract://library/api#/$defs/AddOrder', Delete: ref('DeleteOrder') },
        },
      },
    }),
  ],
  channels: [],
  $defs: {
    Book: {
      type: 'object',
      required: ['title'],
      properties: {
        id: { type: 'string' },
        href: { type: 'string', format: 'uri' },
        title: { type: 'string', minLength: 1 },
        pages: { type: 'integer' },
        note: { type: 'string' },
      },
    },
    Error: {
      type: 'object',
      required: ['code', 'reason'],
      properties: {
        code: { type: 'string' },
        reason: { type: 'string' },
        message: { type: 'string' },
        status: { type: 'string' },
      },
    },
    AddOrder: {
      type: 'object',
      required: ['order', 'user'],
      properties: { order: { type: 'object', properties: { kind: { enum: ['Add'] } } }, user: { type: 'string' } },
    },
    DeleteOrder: {
      type: 'object',
      required: ['order', 'id'],
      properties: { order: { type: 'object', properties: { kind: { enum: ['Delete'] } } }, id: { type: 'integer' } },
    },
  },
  securitySchemes: {
    oauth2: {
      type: 'oauth2',
      flows: {
        client_credentials: {
          tokenUrl: 'https://example.com/oauth/token',
          scopes: { read: 'Read', write: 'Write' },
        },
        password: { tokenUrl: 'https://example.com/oauth/token', scopes: { read: 'Read' } },
      },
    },
    key: { type: 'apiKey', in: 'header', name: 'X-Library-Token' },
  },
  resources: [
    {
      system: 'library',
      contract: 'api',
      name: 'Book',
      schema: ref('Book'),
      idProperty: 'id',
      idParameter: 'bookId',
      hrefProperty: 'href',
      collectionPath: '/v1/books',
      itemPath: '/v1/books/{bookId}',
      serverOwned: ['id', 'href'],
      initialValues: {},
      operations: {
        create: 'createBook',
        list: 'listBooks',
        read: 'readBook',
        merge: 'changeBook',
        delete: 'deleteBook',
      },
      announcements: [],
    },
  ],
  errorSchema: ref('Error'),
};
