import { webhookFollower } from '../../src/engine/delivery/webhooks.ts';
import { createRegistry } from '../../src/engine/registry.ts';
import { createMemoryStore } from '../../src/engine/state/store/memory-store.ts';
import type { SystemDefinition } from '../../src/engine/system.ts';
import { Tenant, type TenantParts } from '../../src/engine/tenant.ts';
import type { Channel } from '../../src/model/channel.ts';
import type { Contract } from '../../src/model/contract.ts';
import type { Operation } from '../../src/model/operation.ts';
import type { Resource } from '../../src/model/resource.ts';
import type { Check } from '../../src/model/schema.ts';
import { answered } from './attempts.ts';
import { performer, performerContract } from './perform.ts';
import { plainRenderer } from './plain-renderer.ts';

/** A contract small enough to see at a glance: orders, with lines below them, and one channel. */
export const shopContract: Contract = {
  system: 'shop',
  name: 'api',
  title: 'Shop',
  version: '1',
  format: 'openapi-3.1',
  file: 'shop/api.openapi.yaml',
  basePath: '',
  operations: [
    operation('POST', '/orders', 'createOrder'),
    operation('GET', '/orders', 'listOrders'),
    operation('GET', '/orders/{orderId}', 'getOrder'),
    operation('PATCH', '/orders/{orderId}', 'updateOrder'),
    operation('DELETE', '/orders/{orderId}', 'deleteOrder'),
  ],
  channels: [channel('order/created'), channel('order/paid')],
  $defs: {
    Order: {
      type: 'object',
      properties: {
        orderId: { type: 'string' },
        state: { type: 'string', enum: ['Open', 'Paid', 'Shipped'] },
        amount: { type: 'integer', default: 1 },
        note: { type: 'string' },
        createdAt: { type: 'string', format: 'date-time' },
        updatedAt: { type: 'string', format: 'date-time' },
      },
    },
    Line: { type: 'object', properties: { lineId: { type: 'string' }, orderId: { type: 'string' } } },
    OrderEvent: {
      type: 'object',
      required: ['eventId', 'tenant'],
      properties: {
        eventId: { type: 'string' },
        eventTime: { type: 'string' },
        tenant: { type: 'string' },
        orderId: { type: 'string' },
        state: { type: 'string' },
        previousState: { type: 'string' },
      },
    },
  },
  securitySchemes: {},
  resources: [
    resource({
      name: 'Order',
      idProperty: 'orderId',
      idParameter: 'orderId',
      collectionPath: '/orders',
      itemPath: '/orders/{orderId}',
      createdProperty: 'createdAt',
      updatedProperty: 'updatedAt',
      serverOwned: ['orderId', 'createdAt', 'updatedAt'],
      initialValues: { state: 'Open' },
      operations: {
        create: 'createOrder',
        list: 'listOrders',
        read: 'getOrder',
        merge: 'updateOrder',
        delete: 'deleteOrder',
      },
      announcements: [{ on: 'created', channel: 'order/created' }],
      list: { filters: { state: { property: 'state', op: 'eq' } } },
    }),
    resource({
      name: 'Line',
      idProperty: 'lineId',
      parent: { resource: 'Order', parameter: 'orderId', property: 'orderId' },
    }),
  ],
};

/** A tenant of the shop alone, at 2026-01-01, with whatever a test adds. */
export function shopTenant(system: Partial<SystemDefinition> = {}, parts: Partial<TenantParts> = {}): Tenant {
  return new Tenant(shopParts(system, parts));
}

/** What such a tenant is made of. */
export function shopParts(system: Partial<SystemDefinition> = {}, parts: Partial<TenantParts> = {}): TenantParts {
  const registry = createRegistry({
    contracts: [shopContract, performerContract],
    systems: [{ name: 'shop', ...system }, performer],
    links: [],
    validation: { check: valid, checkPartial: valid, checkRequest: valid, checkPatch: valid },
    reportBrokenEvent: () => {},
  });
  return {
    name: 'default',
    registry,
    start: { seed: 1, clock: { now: Date.UTC(2026, 0, 1), mode: 'manual', rate: 1 }, store: createMemoryStore() },
    sample: () => ({ status: 200 }),
    renderer: plainRenderer,
    eventFollowers: [webhookFollower],
    transport: { send: async () => answered(200) },
    capacity: { events: 1000, requests: 1000, transcript: 1000 },
    reportFailure: (message, error) => {
      throw new Error(message, { cause: error });
    },
    ...parts,
  };
}

function operation(method: string, path: string, id: string): Operation {
  return {
    id,
    system: 'shop',
    contract: 'api',
    method,
    path,
    tags: [],
    parameters: [],
    responses: {},
    security: [],
    pointer: '',
    extensions: {},
  };
}

function channel(address: string): Channel {
  return {
    address,
    system: 'shop',
    contract: 'api',
    direction: 'send',
    operationId: address,
    bindings: {},
    pointer: '',
    messages: [
      {
        name: 'OrderEvent',
        contentType: 'application/json',
        payload: { $ref: 'contract://shop/api#/$defs/OrderEvent' },
        envelope: { id: 'eventId', time: 'eventTime', tenant: 'tenant', previous: { previousState: 'state' } },
      },
    ],
  };
}

function resource(facts: Partial<Resource> & Pick<Resource, 'name' | 'idProperty'>): Resource {
  return {
    system: 'shop',
    contract: 'api',
    schema: { $ref: `contract://shop/api#/$defs/${facts.name}` },
    serverOwned: [facts.idProperty],
    initialValues: {},
    operations: {},
    announcements: [],
    ...facts,
  };
}

function valid(): Check {
  return () => [];
}
