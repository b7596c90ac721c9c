import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Mistakes that a real server makes, each of which can be switched on. */
export type ShopFault =
  | 'wrong-status'
  | 'missing-property'
  | 'wrong-type'
  | 'wrong-media-type'
  | 'accepts-invalid'
  | 'ignores-maximum'
  | 'crashes-on-bad-input'
  | 'delete-does-not'
  | 'list-without-created'
  | 'location-wrong'
  | 'update-does-not-stick'
  | 'forgets-what-was-sent'
  | 'same-id-twice'
  | 'unknown-is-found'
  | 'ignores-limit'
  | 'undeclared-property-type'
  | 'lets-everybody-in';

/** What the server below promises. */
export const SHOP_DOCUMENT = `openapi: 3.0.3
info: {title: Shop, version: '1'}
security: [{bearer: []}]
paths:
  /orders:
    post:
      operationId: createOrder
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewOrder'}}}}
      responses:
        '201':
          description: made
          headers: {Location: {required: true, schema: {type: string}}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
        '400': {$ref: '#/components/responses/Wrong'}
    get:
      operationId: listOrders
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}
        - {name: state, in: query, schema: {type: string, enum: [open, paid]}}
      responses:
        '200':
          description: all
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}
        '400': {$ref: '#/components/responses/Wrong'}
  /orders/{orderId}:
    parameters: [{name: orderId, in: path, required: true, schema: {type: string, pattern: '^o-[0-9]+$'}}]
    get:
      operationId: readOrder
      responses:
        '200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        '404': {$ref: '#/components/responses/Wrong'}
    put:
      operationId: replaceOrder
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewOrder'}}}}
      responses:
        '200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        '400': {$ref: '#/components/responses/Wrong'}
        '404': {$ref: '#/components/responses/Wrong'}
    delete:
      operationId: deleteOrder
      responses:
        '204': {description: gone}
        '404': {$ref: '#/components/responses/Wrong'}
components:
  securitySchemes: {bearer: {type: http, scheme: bearer}}
  responses:
    Wrong: {description: why not, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
  schemas:
    NewOrder:
      type: object
      required: [item, quantity]
      properties: &members
        item: {type: string, minLength: 1, maxLength: 40}
        quantity: {type: integer, minimum: 1, maximum: 100}
        email: {type: string, format: email}
        password: {type: string, minLength: 4}
    Order:
      type: object
      required: [id, item, quantity, state]
      properties:
        <<: *members
        id: {type: string, readOnly: true}
        state: {type: string, enum: [open, paid], readOnly: true}
    Error:
      type: object
      required: [code, message]
      properties: {code: {type: string}, message: {type: string}}
`;

interface Order {
  readonly id: string;
  readonly item: string;
  readonly quantity: number;
  readonly state: 'open' | 'paid';
}

/**
 * Starts a small server that keeps its contract, but for the faults that are switched on, until the test is over.
 *
 * @example const { url } = await startFaultyShop('delete-does-not');
 */
export async function startFaultyShop(...faults: readonly ShopFault[]) {
  const shop = new Shop(new Set(faults));
  const server = createServer((request, response) => void shop.answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen: shop.seen };
}

class Shop {
  /** Heads of what came in. */
  readonly seen: { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers'] }[] = [];
  readonly #faults: ReadonlySet<ShopFault>;
  readonly #orders = new Map<string, Order>();
  #last = 0;

  constructor(faults: ReadonlySet<ShopFault>) {
    this.#faults = faults;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    this.seen.push({ method, url, headers });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const {
      status,
      body,
      more = {},
    } = this.#work(method, new URL(url, 'http://shop'), headers, Buffer.concat(chunks).toString());
    const type = this.#has('wrong-media-type') ? 'text/html' : 'application/json';
    response.writeHead(status, { ...(body !== undefined && { 'content-type': type }), ...more });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }

  #has(fault: ShopFault): boolean {
    return this.#faults.has(fault);
  }

  #work(method: string, { pathname, searchParams }: URL, headers: IncomingMessage['headers'], text: string): Answer {
    if (pathname === '/slow') return { status: 200, body: 'x' };
    if (headers.authorization === undefined && !this.#has('lets-everybody-in')) return error(401, 'UNAUTHORIZED');
    if (pathname === '/orders') {
      if (method === 'GET') return this.#list(searchParams);
      if (method === 'POST') return this.#create(text, headers['content-type']);
      return error(405, 'METHOD_NOT_ALLOWED');
    }
    const id = /^\/orders\/([^/]+)$/.exec(pathname)?.[1];
    if (id === undefined) return error(404, 'NOT_FOUND');
    const order = this.#orders.get(decodeURIComponent(id)) ?? (this.#has('unknown-is-found') ? SOME : undefined);
    if (order === undefined) return error(404, 'NOT_FOUND');
    if (method === 'GET') return { status: 200, body: this.#shown(order) };
    if (method === 'DELETE') {
      if (!this.#has('delete-does-not')) this.#orders.delete(order.id);
      return { status: 204, body: undefined };
    }
    if (method !== 'PUT') return error(405, 'METHOD_NOT_ALLOWED');
    const wrong = this.#refuse(text, headers['content-type']);
    if (wrong !== undefined) return wrong;
    const changed = { ...(JSON.parse(text) as Order), id: order.id, state: order.state };
    if (!this.#has('update-does-not-stick')) this.#orders.set(order.id, changed);
    return { status: 200, body: this.#shown(changed) };
  }

  #list(query: URLSearchParams): Answer {
    const limit = query.get('limit');
    const state = query.get('state');
    const isWrong =
      (limit !== null && !/^([1-9]\d?|100)$/.test(limit)) || (state !== null && !/^(open|paid)$/.test(state));
    const found = [...this.#orders.values()].filter((order) => state === null || order.state === state).reverse();
    if (isWrong && this.#has('crashes-on-bad-input')) return error(500, 'OOPS');
    if (isWrong && !this.#has('ignores-limit') && !this.#has('accepts-invalid')) return error(400, 'INVALID');
    const shown = found.slice(0, isWrong ? 10 : Number(limit ?? 100)).map((order) => this.#shown(order));
    return { status: 200, body: this.#has('list-without-created') ? [] : shown };
  }

  #create(text: string, type: string | undefined): Answer {
    const wrong = this.#refuse(text, type);
    if (wrong !== undefined) return wrong;
    const sent = JSON.parse(text || '{}') as Order;
    if (!this.#has('same-id-twice') || this.#last === 0) this.#last += 1;
    const order: Order = {
      ...sent,
      ...(this.#has('forgets-what-was-sent') && { item: 'book' }),
      id: `o-${this.#last}`,
      state: 'open',
    };
    this.#orders.set(order.id, order);
    const location = this.#has('location-wrong') ? '/orders/o-999' : `/orders/${order.id}`;
    return { status: this.#has('wrong-status') ? 200 : 201, body: this.#shown(order), more: { location } };
  }

  #refuse(text: string, type: string | undefined): Answer | undefined {
    if (this.#has('accepts-invalid')) {
      try {
        JSON.parse(text);
        return undefined;
      } catch {
        return error(400, 'INVALID');
      }
    }
    if (type?.startsWith('application/json') !== true)
      return error(this.#has('crashes-on-bad-input') ? 500 : 415, 'MEDIA_TYPE');
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return error(this.#has('crashes-on-bad-input') ? 500 : 400, 'INVALID');
    }
    if (isOrder(body, this.#has('ignores-maximum'))) return undefined;
    return error(this.#has('crashes-on-bad-input') ? 500 : 400, 'INVALID');
  }

  #shown(order: Order): unknown {
    const { item, ...rest } = order;
    if (this.#has('missing-property')) return rest;
    if (this.#has('wrong-type')) return { ...order, quantity: String(order.quantity) };
    if (this.#has('undeclared-property-type')) return { ...order, state: 'lost' };
    return order;
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly more?: Readonly<Record<string, string>>;
}

const SOME: Order = { id: 'o-0', item: 'book', quantity: 1, state: 'open' };

function error(status: number, code: string): Answer {
  return { status, body: { code, message: 'Failed.' } };
}

function isOrder(value: unknown, ignoresMaximum: boolean): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { item, quantity, email, password } = value as Readonly<Record<string, unknown>>;
  const isText = (text: unknown, least: number, most: number) =>
    typeof text === 'string' && [...text].length >= least && [...text].length <= most;
  return (
    isText(item, 1, 40) &&
    Number.isInteger(quantity) &&
    (quantity as number) >= 1 &&
    ((quantity as number) <= 100 || ignoresMaximum) &&
    (email === undefined || (typeof email === 'string' && /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email))) &&
    (password === undefined || isText(password, 4, 1_000))
  );
}
