import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ask, askAt } from './support/simulator.ts';
import { startReceiver } from './surfaces/webhooks/receiver.ts';

/**
 * The growth test: a sixth system is its contracts and its folder, and nothing else. It is put into a copy of the
 * source tree, which is built and started.
 */
const NEW_FILES = {
  'specs/loyalty/api.openapi.yaml': `openapi: 3.1.0
info: { title: Loyalty, version: 1.0.0 }
paths:
  /loyalty/accounts:
    get:
      operationId: listAccounts
      parameters:
        - { name: limit, in: query, schema: { type: integer } }
      responses:
        '200':
          description: The accounts.
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Account' } } } }
  /loyalty/accounts/{customerId}:
    parameters:
      - { name: customerId, in: path, required: true, schema: { type: string } }
    get:
      operationId: getAccount
      responses:
        '200':
          description: The account.
          content: { application/json: { schema: { $ref: '#/components/schemas/Account' } } }
    patch:
      operationId: updateAccount
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/AccountChange' } } }
      responses:
        '200':
          description: The account as it is then.
          content: { application/json: { schema: { $ref: '#/components/schemas/Account' } } }
components:
  schemas:
    Account:
      type: object
      required: [customerId, points]
      properties:
        customerId: { type: string }
        points: { type: integer, minimum: 0 }
    AccountChange:
      type: object
      required: [points]
      properties:
        points: { type: integer, minimum: 0 }
`,
  'specs/loyalty/events.asyncapi.yaml': `asyncapi: 2.6.0
info: { title: Loyalty events, version: 1.0.0 }
channels:
  loyalty/account/created:
    subscribe:
      message:
        name: AccountCreated
        payload:
          type: object
          required: [customerId, points]
          properties:
            customerId: { type: string }
            points: { type: integer }
`,
  'src/systems/loyalty/index.ts': `import { defineLink } from '../../operator/link.ts';
import { defineSystem } from '../../operator/system.ts';

const ACCOUNTS = 'loyalty/Account';

/** Points for customers: 100 as a welcome, and one more whenever they feel like it. */
export const system = defineSystem({
  name: 'loyalty',
  actions: {
    'open-account': (work, { customerId }) => work.create(ACCOUNTS, { customerId, points: 100 }),
  },
  seed(work, { members }) {
    for (const { number } of members) work.create(ACCOUNTS, { customerId: number, points: 500 });
  },
  links: [
    defineLink({
      name: 'customer-to-loyalty',
      channel: 'customer/created',
      to: 'loyalty',
      follow: (work, { payload: { customerId } }) => void work.perform('loyalty', 'open-account', { customerId }),
    }),
  ],
  acts: {
    collect: {
      weight: 1,
      operations: ['updateAccount'],
      perform(client) {
        const account = client.pickOne(ACCOUNTS);
        if (account === undefined) return false;
        const path = { customerId: String(account.customerId) };
        client.request('updateAccount', { path, body: { points: Number(account.points) + 1 } });
        return true;
      },
    },
  },
});
`,
};

const COPIED = ['src', 'specs', 'fixtures', 'build.js', 'package.json'];

const copy = mkdtempSync(join(tmpdir(), 'growth-'));
let program: ChildProcess | undefined;
let closed: Promise<unknown[]> | undefined;
let ask: Ask;
const receiver = await startReceiver();

beforeAll(async () => {
  for (const name of COPIED) cpSync(resolve(name), join(copy, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  for (const [file, text] of Object.entries(NEW_FILES)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), text);
  }
  execFileSync(process.execPath, ['build.js'], { cwd: copy });
  program = spawn(process.execPath, ['dist/cli/main.js', '--port', '0', '--strict', '--log-level', 'error'], {
    cwd: copy,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closed = once(program, 'close');
  const [url] = await Promise.race([once(program.stdout as Readable, 'data'), closed]);
  ask = askAt(String(url).trim());
});

afterAll(async () => {
  program?.kill('SIGTERM');
  await closed;
  rmSync(copy, { recursive: true });
});

/** A new customer; returns its id. */
async function createCustomer(tenant: string): Promise<string> {
  const body = { customerType: 'Individual', email: 'ada@example.com' };
  return (await ask('POST', '/v1/customers', body, { 'x-simulator-tenant': tenant })).body.customerId;
}

test('it is served from its contract, beside the others', async () => {
  const { contracts } = (await ask('GET', '/_simulator/health')).body;

  expect(new Set(contracts.map(({ system }: { system: string }) => system))).toEqual(
    new Set(['aps-subscriptions', 'billing-account', 'connectx', 'loyalty', 'macd', 'simulator']),
  );
  expect((await ask('PATCH', '/loyalty/accounts/CUS-000002', { points: 7 })).body).toEqual({
    customerId: 'CUS-000002',
    points: 7,
  });
});

test('it is seeded from the same cast as the others', async () => {
  const { body } = await ask('GET', '/loyalty/accounts?limit=100', undefined, { 'x-simulator-tenant': 'seeded' });

  expect(body).toHaveLength(36);
  expect(body[0]).toEqual({ customerId: 'CUS-000001', points: 500 });
});

test('it follows an event of another system by its own link', async () => {
  const customerId = await createCustomer('linked');

  expect(
    (await ask('GET', `/loyalty/accounts/${customerId}`, undefined, { 'x-simulator-tenant': 'linked' })).body,
  ).toEqual({ customerId, points: 100 });
});

test('its events reach whoever listens', async () => {
  const webhook = { url: receiver.url, channels: ['loyalty/*'] };
  expect((await ask('POST', '/_simulator/webhooks', webhook, { 'x-simulator-tenant': 'heard' })).status).toBe(201);

  const customerId = await createCustomer('heard');
  // An advance waits for deliveries.
  await ask('POST', '/_simulator/clock/advance', { by: 'PT1S' }, { 'x-simulator-tenant': 'heard' });

  expect(receiver.received.map(({ body }) => JSON.parse(body))).toEqual([{ customerId, points: 100 }]);
});

test('its customers take part in an operator’s day', async () => {
  const tenant = { 'x-simulator-tenant': 'day' };
  const { body } = await ask('POST', '/_simulator/traffic', { rate: 600, count: 100 }, tenant);
  expect(body.mix).toMatchObject({ join: 3, collect: 1 });

  const { effects } = (await ask('POST', '/_simulator/clock/advance', { by: 'PT2M' }, tenant)).body;

  expect(effects.filter(({ kind }: { kind: string }) => kind === 'failure')).toEqual([]);
  expect((await ask('GET', '/_simulator/traffic', undefined, tenant)).body.acts.collect).toBeGreaterThan(0);
});

test('nothing else was changed for it', () => {
  const filesIn = (root: string) =>
    COPIED.flatMap((name) =>
      name.includes('.')
        ? [name]
        : readdirSync(join(root, name), { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
    );
  const original = new Set(filesIn(resolve('.')));

  expect(filesIn(copy).filter((file) => !original.has(file))).toEqual(expect.arrayContaining(Object.keys(NEW_FILES)));
  for (const file of original) expect(readFileSync(join(copy, file), 'utf8'), file).toBe(readFileSync(file, 'utf8'));
});
