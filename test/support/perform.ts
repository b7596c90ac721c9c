import type { Commit } from '../../src/engine/commit.ts';
import type { Work } from '../../src/engine/state/work.ts';
import type { SystemDefinition } from '../../src/engine/system.ts';
import type { Tenant } from '../../src/engine/tenant.ts';
import type { Contract } from '../../src/model/contract.ts';
import type { Operation } from '../../src/model/operation.ts';
import { operationInput } from './inputs.ts';

const operation: Operation = {
  id: 'perform',
  system: 'test',
  contract: 'test',
  method: 'POST',
  path: '/perform',
  tags: [],
  parameters: [],
  responses: {},
  security: [],
  pointer: '',
  extensions: {},
};

/** The contract of `performer`. */
export const performerContract: Contract = {
  system: 'test',
  name: 'test',
  title: 'Test',
  version: '1',
  format: 'openapi-3.1',
  file: 'test/test.openapi.yaml',
  basePath: '',
  operations: [operation],
  channels: [],
  $defs: {},
  securitySchemes: {},
  resources: [],
};

/** An input is plain JSON: it names what a test wants to do by its place here. */
const bodies: ((work: Work) => unknown)[] = [];

/** A system with one operation, which does what `perform` says. */
export const performer: SystemDefinition = {
  name: 'test',
  // No fault of a test strikes what it does by itself.
  receivers: [],
  operations: {
    perform: (work, command) => ({ status: 200, body: bodies[command.body as number]?.(work) }),
  },
};

/**
 * Changes a tenant by a function of the test's own, as a command like any other; what it throws is thrown here.
 *
 * @example perform(tenant, (work) => work.create('shop/Order', {}));
 */
export function perform<T>(tenant: Tenant, body: (work: Work) => T): T {
  const commit = tenant.apply(operationInput(operation, { body: bodies.push(body) - 1 })) as Commit;
  if (commit.refusal !== undefined) throw commit.refusal;
  return commit.outcome?.body as T;
}
