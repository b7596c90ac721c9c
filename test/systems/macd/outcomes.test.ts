import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery } from '../../../src/engine/delivery/delivery.ts';
import type { Entity } from '../../../src/engine/state/store/store.ts';
import { Refusal } from '../../../src/model/command.ts';
import { system as macd } from '../../../src/systems/macd/index.ts';
import { answered } from '../../support/attempts.ts';
import { operationInput } from '../../support/inputs.ts';
import { orderMessage, orderUser, recordOf, responsesOf, stagesOf, subscriberOf } from '../../support/macd-orders.ts';
import { type TestTenant, tenantOf } from '../../support/tenant-of.ts';
import { ask } from '../../support/wire.ts';

const CALLBACK = 'http://localhost:5009/callback';

let world: TestTenant;
let sent: Delivery[];

beforeAll(async () => {
  const send = async (delivery: Delivery) => {
    sent.push(delivery);
    return answered(200);
  };
  world = await tenantOf({ systems: [macd], parts: { transport: { send } } });
  world.tenant.apply({ kind: 'snapshot' });
});

beforeEach(() => {
  sent = [];
  world.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
});

const script = (input: Entity) => world.act('macd/script-outcome', input);

async function place(number: number, users: readonly Entity[] = [orderUser('u001')], head: Entity = {}) {
  const body = orderMessage(number, 'Add', users, { CallbackURL: CALLBACK, ...head });
  expect((await ask(world, 'submitOrder', { body })).status).toBe(202);
  await world.tenant.advance(world.tenant.now() + 5 * 60_000);
}

describe('a scripted outcome', () => {
  const stages = ['Parsing', 'ActiveOrder', 'MobileOrder', 'MobileMigrated'];
  const pairs = stages.flatMap((stage) => ['Success', 'Warning', 'Error'].map((status) => [stage, status] as const));

  test.each(pairs)('ends the stage %s with %s', async (stage, status) => {
    await script({ stage, status, text: 'So it was said.' });
    await place(1);
    expect(responsesOf(world, 1).find(({ Stage }) => Stage === stage)).toMatchObject({
      Status: status,
      ResponseText: 'So it was said.',
    });
  });

  test('of Parsing that is an error lets the order go no further', async () => {
    await script({ stage: 'Parsing', status: 'Error' });
    await place(1);
    expect(stagesOf(world, 1)).toEqual(['Parsing Error']);
    expect(await recordOf(world, 1)).toMatchObject({ state: 'Failed' });
    expect((await ask(world, 'getSubscriber', { path: { username: 'u001' } })).status).toBe(404);
  });

  test('that names a user fails this one alone', async () => {
    await script({ match: { user: 'u002' }, stage: 'ActiveOrder', status: 'Error', text: 'No such cluster.' });
    await place(1, [orderUser('u001'), orderUser('u002')]);
    expect(responsesOf(world, 1).at(-1)).toMatchObject({
      Status: 'Warning',
      User: [{ Username: 'u002', Status: 'Error', ResponseText: 'No such cluster.' }],
    });
    expect(await subscriberOf(world, 'u001')).toMatchObject({ activation_state: 'Live' });
    expect((await ask(world, 'getSubscriber', { path: { username: 'u002' } })).status).toBe(404);
  });

  test.each([
    ['order', '000000000000000000000002'],
    ['user', 'u002'],
    ['location', 'LDS-*'],
    ['customer', 'Hartwell'],
  ])('strikes only what it matches: %s %s', async (name, value) => {
    await script({ match: { [name]: value }, stage: 'ActiveOrder', status: 'Error' });
    await place(1);
    const elsewhere = { Customer: 'Hartwell', Location: 'LDS-Leeds', HardwareGroup: 'Hartwell-CL1-NDL' };
    await place(2, [orderUser('u002')], elsewhere);
    expect([stagesOf(world, 1), stagesOf(world, 2)].map((each) => each.at(-1))).toEqual([
      'ActiveOrder Success',
      'ActiveOrder Error',
    ]);
  });

  test('strikes as often as it is told, then orders end by themselves again', async () => {
    await script({ stage: 'ActiveOrder', status: 'Error', count: 1 });
    await place(1);
    await place(2);
    expect([stagesOf(world, 1).at(-1), stagesOf(world, 2).at(-1)]).toEqual([
      'ActiveOrder Error',
      'ActiveOrder Success',
    ]);
  });

  test('strikes by a chance that the seed decides', async () => {
    await script({ stage: 'ActiveOrder', status: 'Error', chance: 0.5 });
    const users = Array.from({ length: 12 }, (_, index) => orderUser(`u${100 + index}`));
    for (const [index, user] of users.entries()) await place(index + 1, [user]);
    const failed = users.filter((_, index) => stagesOf(world, index + 1).at(-1) === 'ActiveOrder Error').length;
    expect(failed).toBeGreaterThan(2);
    expect(failed).toBeLessThan(10);
  });

  test('delays the stage and all that follows', async () => {
    await script({ stage: 'Parsing', delay: 'PT1H' });
    await place(1);
    expect(stagesOf(world, 1)).toEqual([]);
    await world.advanceTo('2026-01-01T02:00:00Z');
    expect(stagesOf(world, 1)).toEqual(['Parsing Success', 'ActiveOrder Success']);
    expect(Date.parse(String(responsesOf(world, 1)[0]?.Timestamp))).toBeGreaterThan(Date.parse('2026-01-01T01:00:00Z'));
  });

  test('that is late has taken effect long before it is told', async () => {
    await script({ stage: 'ActiveOrder', late: 'PT1H' });
    await place(1);
    expect(stagesOf(world, 1)).toEqual(['Parsing Success']);
    expect(await subscriberOf(world, 'u001')).toMatchObject({ activation_state: 'Live' });
    await world.advanceTo('2026-01-01T02:00:00Z');
    expect(stagesOf(world, 1)).toEqual(['Parsing Success', 'ActiveOrder Success']);
    expect(Date.parse(String(responsesOf(world, 1)[1]?.Timestamp))).toBeLessThan(Date.parse('2026-01-01T00:01:00Z'));
  });

  test('is silent, told twice, or told after the next one', async () => {
    await script({ match: { order: '*1' }, stage: 'ActiveOrder', silence: true });
    await script({ match: { order: '*2' }, stage: 'ActiveOrder', duplicate: true });
    await script({ match: { order: '*3' }, stage: 'Parsing', wrongOrder: true });
    for (const number of [1, 2, 3]) await place(number, [orderUser(`u00${number}`)]);
    expect(stagesOf(world, 1)).toEqual(['Parsing Success']);
    expect(stagesOf(world, 2)).toEqual(['Parsing Success', 'ActiveOrder Success', 'ActiveOrder Success']);
    expect(stagesOf(world, 3)).toEqual(['ActiveOrder Success', 'Parsing Success']);
    expect(sent.map(({ body }) => body)).toEqual(world.events('macd/response'));
    expect(await recordOf(world, 1)).toMatchObject({ state: 'UserProcessed' });
  });

  test('of a mobile stage that is an error takes the number from its user again', async () => {
    await script({ stage: 'MobileOrder', status: 'Error', text: 'The number is not to be had.' });
    await place(1, [orderUser('u001', { FMC: [{ MobileNumber: '+447700900001', Extension: '2001' }] })]);
    expect(responsesOf(world, 1).at(-1)).toMatchObject({
      Stage: 'MobileOrder',
      Status: 'Error',
      User: [{ Username: 'u001' }],
    });
    expect((await subscriberOf(world, 'u001')).user).not.toHaveProperty('FMC');
  });

  test('is cleared by its id, or with all others', async () => {
    const { id } = (await script({ stage: 'ActiveOrder', status: 'Error' })) as { id: string };
    await script({ stage: 'Parsing', status: 'Error' });
    expect(await world.act('macd/clear-outcomes', { id })).toEqual({ cleared: 1 });
    expect(await world.act('macd/clear-outcomes')).toEqual({ cleared: 1 });
    await place(1);
    expect(stagesOf(world, 1)).toEqual(['Parsing Success', 'ActiveOrder Success']);
  });

  test.each([
    [{ stage: 'Shipping', status: 'Error' }, '/stage'],
    [{ stage: 'Parsing', status: 'Perhaps' }, '/status'],
    [{ stage: 'Parsing', delay: 'soon' }, '/delay'],
    [{ stage: 'Parsing' }, ''],
    [{ match: { colour: 'red' }, status: 'Error' }, '/match'],
  ])('that makes no sense is refused: %o', async (input, path) => {
    const refused = await script(input).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    expect((refused as Refusal).violations.map((violation) => violation.path.replace(/\/colour$/, ''))).toContain(path);
  });
});

describe('a message that breaks its schema', () => {
  const broken = orderMessage(1, 'Add', [{ Username: 'u001' }], { CallbackURL: CALLBACK });
  const refusal = {
    status: 400,
    code: 'INVALID_REQUEST',
    message: 'Failed',
    headers: {},
    details: {},
    violations: [{ in: 'body', path: '/User/0', message: 'must have required property "LastName"' }],
  } as const;

  async function submitBroken(on: TestTenant) {
    const operation = on.registry.contracts
      .flatMap(({ operations }) => operations)
      .find(({ id }) => id === 'submitOrder');
    if (operation === undefined) throw new Error('There is no operation submitOrder.');
    const commit = await on.tenant.apply({ ...operationInput(operation, { body: broken }), refusal });
    await on.tenant.advance(on.tenant.now() + 60_000);
    return commit;
  }

  test('is refused with 400', async () => {
    expect((await submitBroken(world)).refusal?.status).toBe(400);
    expect((await ask(world, 'listOrders')).body).toEqual([]);
  });

  test('is taken where the policy says so, and Parsing ends in an error that lists what is wrong', async () => {
    const lenient = await tenantOf({ systems: [macd], policies: { macd: { invalidMessage: 'accept' } } });
    const { outcome } = await submitBroken(lenient);
    expect(outcome).toMatchObject({ status: 202, body: { state: 'Received', order: broken } });
    expect(responsesOf(lenient, 1)).toMatchObject([
      { Stage: 'Parsing', Status: 'Error', ResponseText: expect.stringContaining('/User/0 must have required') },
    ]);
    expect(await recordOf(lenient, 1)).toMatchObject({ state: 'Failed' });
  });
});

test('a response that is published by hand is delivered to the order and noted on it', async () => {
  await place(1);
  const Response = {
    MessageID: '000000000000000000000001',
    Timestamp: '2026-01-01T00:10:00.000Z',
    Stage: 'MobileMigrated',
    Status: 'Warning',
    ResponseText: 'By hand.',
  };
  world.tenant.apply({ kind: 'message', channel: 'macd/response', payload: { Response } });
  await world.tenant.advance(world.tenant.now() + 60_000);
  expect(sent.at(-1)).toMatchObject({ target: CALLBACK, kind: 'callback', body: { Response } });
  expect(await recordOf(world, 1)).toMatchObject({ callback: Response });
});
