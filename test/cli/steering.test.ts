import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '../support/command-line.ts';
import { startSimulator } from '../support/simulator.ts';

const { simulator, ask } = await startSimulator({ systems: ['connectx', 'macd', 'aps-subscriptions'] });
const { run, cwd } = commandLine();
const withToken = commandLine({ BSS_SIMULATOR_ADMIN_TOKEN: 'let-me-in' });

/** Runs a command on the simulator, in a world of its own. */
const at = (tenant: string, ...argv: string[]) => run(...argv, '--url', simulator.url, '--tenant', tenant);

test('advance lets time pass, and tells what happened by its kind', async () => {
  const { code, out } = await at('passing', 'advance', 'P31D');

  expect(code).toBe(0);
  expect(out).toMatch(/^2026-01-01T00:00:00\.000Z → 2026-02-01T00:00:00\.000Z: \d+ things happened\.\n/);
  expect(out).toMatch(/^ +\d+ {2}billing\/invoice\/created$/m);
  expect(out).toMatch(/^Due next: 2026-02-/m);
});

test('advance goes to a time, or to what is due next, and prints JSON for programs', async () => {
  const { out } = await at('dated', 'advance', '--to', '2026-01-02T00:00:00Z', '--json');
  expect(JSON.parse(out)).toMatchObject({ to: '2026-01-02T00:00:00.000Z' });

  const next = JSON.parse((await at('dated', 'advance', '--next', '--json')).out) as { count: number };
  expect(next.count).toBeGreaterThan(0);
});

test.each([
  [['advance'], 'no single distance was given. Give a duration such as P31D'],
  [['advance', 'P1D', '--next'], 'no single distance was given'],
  [['advance', 'tomorrow'], '"tomorrow" is no ISO 8601 duration. Send one such as "P30D"'],
  [['traffic', '--count', '5'], 'it is not said how much traffic. Give --rate'],
  [['traffic', '--rate', 'much'], "argument 'much' is invalid. Use a number."],
  [['traffic', '--rate', '5', '--mix', 'join'], "argument 'join' is invalid. Use names and numbers"],
  [['reset', '--fixture', 'geologc'], 'geologc'],
  [['snapshot', '--list', '--restore'], '--list and --restore exclude each other'],
  [['snapshot', '--restore'], 'there is no snapshot to go back to. Take one first'],
  [
    ['call', 'creatCustomer'],
    'no contract that is served has an operation "creatCustomer". Did you mean `createCustomer`?',
  ],
  [['call', 'GET', '/v1/custmers'], 'Did you mean `GET /v1/customers`?'],
  [
    ['call', 'getCustomer', 'CUS-000001'],
    '"getCustomer" is no method, and "CUS-000001" more than one operation. Say what it is about with --set, such as --set customerId=CUS-000001.',
  ],
  [['call', 'getCustomer', 'customerId=CUS-000001'], 'such as --set customerId=CUS-000001.'],
  [['call', 'getCustomer', '--set', 'id=5'], 'getCustomer takes no "id". Use one of: customerId.'],
  [['call', 'createCustomer', '--body', '@none.json'], 'none.json cannot be read (ENOENT)'],
])('%j is told what to do instead', async (argv, message) => {
  const { code, err, out } = await at('mistaken', ...argv);

  expect(err).toContain(message);
  expect(out).toBe('');
  expect(code).toBeGreaterThan(0);
});

test('traffic starts, is told of, and ends', async () => {
  expect((await at('busy', 'traffic')).out).toBe('Traffic is idle.\n');
  const { out } = await at('busy', 'traffic', '--rate', '60', '--duration', 'PT10M', '--mix', 'join=1');
  expect(out).toContain('Traffic is running, 60 events a minute, until 2026-01-01T00:10:00.000Z.');

  await at('busy', 'advance', 'PT1M');
  expect((await at('busy', 'traffic')).out).toMatch(/\d+ events: \d+ join\./);
  expect((await at('busy', 'traffic', '--stop')).out).toContain('Traffic is stopped');
});

test('snapshot prints an id, which leads back', async () => {
  const { out } = await at('kept', 'snapshot');
  const id = out.trim();
  await at('kept', 'advance', 'P3D');

  expect((await at('kept', 'snapshot', '--list')).out).toBe(`${id}  2026-01-01T00:00:00.000Z\n`);
  expect((await at('kept', 'snapshot', '--restore', id)).out).toContain(`Back to ${id}`);
  await at('kept', 'advance', 'P3D');
  expect((await at('kept', 'snapshot', '--restore')).out).toContain(`Back to ${id}`);
});

test('reset goes back to the start, or to another', async () => {
  await at('reset', 'advance', 'P3D');
  const { out } = await at('reset', 'reset', '--seed', '7', '--clock', '2026-06-01T00:00:00Z');

  expect(out).toBe('Back to the start, with the seed 7: it is 2026-06-01T00:00:00.000Z, and stands still.\n');
});

test('call fills in a valid example, and takes what it is told in its place', async () => {
  const { code, out, err } = await at('caller', 'call', 'createCustomer', '--set', 'email=ada@example.com');

  expect(err).toBe('POST /@caller/v1/customers → 201 Created\n');
  expect(JSON.parse(out)).toMatchObject({ email: 'ada@example.com', status: 'Active' });
  expect(code).toBe(0);
});

test('call knows operations by method and path, with or without values, and ids of things that are there', async () => {
  const some = await at('caller', 'call', 'GET', '/v1/customers/{customerId}');
  const other = await at('caller', 'call', 'get', 'v1/customers/CUS-000003', '--json');

  expect(JSON.parse(some.out)).toMatchObject({ customerId: 'CUS-000001' });
  expect(JSON.parse(other.out)).toMatchObject({ status: 200, body: { customerId: 'CUS-000003' } });
});

test('call sends a body as it stands, also from a file, and ends with 1 where it is refused', async () => {
  writeFileSync(join(cwd, 'customer.json'), '{"customerType":"Person"}');

  const refused = await at('caller', 'call', 'connectx/createCustomer', '--body', '@customer.json');

  expect(refused.code).toBe(1);
  expect(refused.err).toContain('→ 400 Bad Request');
  expect(JSON.parse(refused.out)).toMatchObject({ code: 'INVALID_REQUEST' });
});

test('call writes members of a body that lie deep, and shows the request as a command of curl', async () => {
  const { out } = await at('caller', 'call', 'createCustomer', '--set', "billingAddress.city=O'Hara", '--curl');

  expect(out).toContain(`curl -X POST '${simulator.url}/@caller/v1/customers'`);
  expect(out).toContain(String.raw`"city":"O'\''Hara"`);
  expect((await ask('GET', '/@caller/_simulator/requests?path=/none')).status).toBe(200);
});

test.each(['connectx', 'macd', 'aps-subscriptions'])(
  'every operation of %s can be called as it stands',
  async (system) => {
    const { body } = await ask('GET', '/_simulator/contracts');
    const contracts = (body.items as { system: string; name: string }[]).filter((each) => each.system === system);
    for (const { name } of contracts) {
      const examples = await ask('GET', `/_simulator/contracts/${system}/${name}/examples`);
      for (const { operationId } of examples.body.operations as { operationId: string }[]) {
        const { out, err } = await at(`all-${system}`, 'call', `${system}/${operationId}`, '--json');
        const { status } = JSON.parse(out || '{}') as { status?: number };
        expect(status, `${operationId}: ${out}${err}`).toBeLessThan(500);
        expect(status, operationId).not.toBe(401);
        expect(JSON.parse(out).status, `${operationId}: ${out}`).not.toBe(400);
      }
    }
  },
);

test('nobody at the address is one sentence', async () => {
  const { code, err } = await run('advance', 'P1D', '--url', 'http://127.0.0.1:1');

  expect(err).toMatch(
    /^Failed to reach the simulator at http:\/\/127\.0\.0\.1:1: .*\. Start it there, or correct the address\.\nUNREACHABLE: see docs\/errors\.md#unreachable\n$/,
  );
  expect(code).toBe(1);
});

test('where the control API wants a token, the flag or the environment gives it', async () => {
  const guarded = await startSimulator({
    systems: ['connectx'],
    host: '0.0.0.0',
    adminToken: 'let-me-in',
    logLevel: 'silent',
  });
  const url = guarded.simulator.url.replace('0.0.0.0', '127.0.0.1');

  expect((await run('advance', 'PT1H', '--url', url)).code).toBe(1);
  expect((await run('advance', 'PT1H', '--url', url, '--admin-token', 'let-me-in')).code).toBe(0);
  expect((await withToken.run('advance', 'PT1H', '--url', url)).code).toBe(0);
});

test('with --rate a clock that runs goes so many times as fast as the wall clock', async () => {
  const fast = await startSimulator({ systems: ['connectx'], clock: 'real@2026-01-01T00:00:00Z', rate: 3_600 });

  expect((await fast.ask('GET', '/_simulator/clock')).body).toMatchObject({ mode: 'real', rate: 3_600 });
  await expect.poll(async () => (await fast.ask('GET', '/_simulator/clock')).body.now > '2026-01-01T00:01').toBe(true);
  const { body } = await fast.ask('POST', '/_simulator/reset', { clock: 'real@2026-05-01T00:00:00Z' });
  expect(body).toMatchObject({ mode: 'real', rate: 3_600 });
});
