import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Entity } from '../../../src/engine/state/store/store.ts';
import type { Work } from '../../../src/engine/state/work.ts';
import { system as macd } from '../../../src/systems/macd/index.ts';
import { orderMessage, orderUser } from '../../support/macd-orders.ts';
import { type TestTenant, tenantOf } from '../../support/tenant-of.ts';
import { ask } from '../../support/wire.ts';

let world: TestTenant;
let count: number;

beforeAll(async () => {
  world = await tenantOf({ systems: [macd] });
  world.tenant.apply({ kind: 'snapshot' });
});

beforeEach(() => {
  count = 0;
  world.tenant.apply({ kind: 'restore', snapshot: 'SNAP-000001' });
});

function user(Username: string, more: Entity = {}): Entity {
  const Devices = [{ Model: 'Cisco 8841', Name: `SEP00005E00530${Username.slice(-1)}` }];
  return orderUser(Username, { Devices, ...more });
}

/** Takes an order and lets it pass its stages; answers what became of its users, and the offenders. */
async function place(on: TestTenant, operation: string, users: readonly Entity[], head: Entity = {}) {
  count += 1;
  const body = orderMessage(count, operation, users, head);
  expect((await ask(on, 'submitOrder', { body })).status).toBe(202);
  await on.tenant.advance(on.tenant.now() + 60_000);
  const responses = on.events('macd/response').map(({ Response }) => Response as Entity);
  const { MessageID } = body.Order;
  const Response = responses.find((each) => each.MessageID === MessageID && each.Stage === 'ActiveOrder') ?? {};
  const offenders = ((Response.User ?? []) as Entity[]).map(
    ({ Username, ResponseText }) => `${Username}: ${ResponseText}`,
  );
  return [Response.Status, ...offenders];
}

const subscriber = async (username: string, on = world) =>
  (await ask(on, 'getSubscriber', { path: { username } })).body as Entity;

describe('what somebody else has', () => {
  beforeEach(() =>
    place(world, 'Add', [
      user('u001', {
        FMC: [{ MobileNumber: '+447700900001', Extension: '2001', MobileBrand: 'Other Mobile Phone' }],
      }),
    ]),
  );

  test.each([
    ['a number', { Lines: [{ ExtensionNumber: '2002', DDI: '+442079462001' }] }, 'number +442079462001'],
    ['an extension', { Lines: [{ ExtensionNumber: '2002' }, { ExtensionNumber: '2001' }] }, 'extension 2001'],
    ['a device', { Devices: [{ Model: 'Cisco 8841', Name: 'SEP00005E005301' }] }, 'device SEP00005E005301'],
    [
      'a mobile number',
      { FMC: [{ MobileNumber: '+447700900001', Extension: '2001', MobileBrand: 'Other Mobile Phone' }] },
      'mobile number +447700900001',
    ],
  ])('is not given away with %s: the user is taken without it, with a warning', async (_what, more, name) => {
    expect(await place(world, 'Add', [user('u002', more)])).toEqual(['Warning', `u002: The ${name} belongs to u001.`]);
    const taken = JSON.stringify((await subscriber('u002')).user);
    expect(taken).not.toContain(name.split(' ').at(-1));
    expect(JSON.stringify((await subscriber('u001')).user)).toContain(name.split(' ').at(-1));
  });

  test('fails the user whose only line it would be', async () => {
    expect(await place(world, 'Add', [user('u002', { Lines: [{ ExtensionNumber: '2001' }] })])).toEqual([
      'Error',
      'u002: The extension 2001 belongs to u001.',
    ]);
  });

  test('fails the user where the policy says so', async () => {
    const strict = await tenantOf({ systems: [macd], policies: { macd: { inUse: 'error' } } });
    await place(strict, 'Add', [user('u001')]);
    const other = user('u002', { Devices: [{ Model: 'Cisco 8841', Name: 'SEP00005E005301' }] });
    expect(await place(strict, 'Add', [other])).toEqual(['Error', 'u002: The device SEP00005E005301 belongs to u001.']);
    expect((await ask(strict, 'getSubscriber', { path: { username: 'u002' } })).status).toBe(404);
  });

  test('is free again once its user has been disconnected', async () => {
    await place(world, 'Delete', [{ Username: 'u001' }]);
    expect(await place(world, 'Add', [user('u002', { Lines: [{ ExtensionNumber: '2001' }] })])).toEqual(['Success']);
  });

  test('may be an extension at another site', async () => {
    const elsewhere = { Location: 'LDS-Leeds', HardwareGroup: 'Meadowbank-CL2-NDL' };
    const other = user('u002', { Lines: [{ ExtensionNumber: '2001' }] });
    expect(await place(world, 'Add', [other], elsewhere)).toEqual(['Success']);
  });

  test('is swapped by one order that names both', async () => {
    await place(world, 'Add', [user('u002')]);
    const [one, two] = [user('u001'), user('u002')];
    expect(
      await place(world, 'Change', [
        { ...one, Lines: two.Lines },
        { ...two, Lines: one.Lines },
      ]),
    ).toEqual(['Success']);
    expect(await subscriber('u001')).toMatchObject({ user: { Lines: two.Lines } });
  });

  test.each([
    [
      'of another site',
      { Location: 'LDS-Leeds' },
      'The hardware group Meadowbank-CL1-NDL belongs to Meadowbank at LON-London.',
    ],
    [
      'beside the one of the site',
      { HardwareGroup: 'Meadowbank-CL9-NDL' },
      'LON-London has the hardware group Meadowbank-CL1-NDL.',
    ],
  ])('is not given away with a hardware group %s', async (_which, head, text) => {
    expect(await place(world, 'Add', [user('u002')], head)).toEqual(['Warning', `u002: ${text}`]);
  });
});

describe('a date in the future', () => {
  const JUNE = '2026-06-01T00:00:00.000Z';

  test('holds an addition until then', async () => {
    expect(await place(world, 'Add', [user('u001', { ActivationDate: JUNE })])).toEqual(['Success']);
    expect(await subscriber('u001')).toMatchObject({ activation_state: 'Scheduled', goLiveDate: JUNE });
    await world.tenant.advance(Date.parse(JUNE));
    expect(await subscriber('u001')).toMatchObject({ activation_state: 'Live', goLiveDate: JUNE });
  });

  test.each([
    ['Europe/London', '2026-03-28', '2026-03-28T00:00'],
    ['Europe/London', '2026-03-29', '2026-03-29T00:00'],
    ['Europe/London', '2026-03-30', '2026-03-29T23:00'],
    ['Europe/London', '2026-10-25', '2026-10-24T23:00'],
    ['Europe/London', '2026-10-26', '2026-10-26T00:00'],
    ['Australia/Sydney', '2026-04-05', '2026-04-04T13:00'],
    ['Australia/Sydney', '2026-04-06', '2026-04-05T14:00'],
    ['America/New_York', '2026-03-09', '2026-03-09T04:00'],
  ])(
    'begins in %s at the midnight of %s, which is %s in UTC: users go live, change and leave then',
    async (timeZone, date, midnight) => {
      const local = await tenantOf({ systems: [macd], policies: { operator: { timeZone } } });
      const text = `${date}T00:00:00.000Z`;
      await place(local, 'Add', [user('u001', { ActivationDate: text }), user('u002'), user('u003')]);
      await place(local, 'Change', [user('u002', { LastName: 'Moss', ChangeDate: text })]);
      await place(local, 'Delete', [{ Username: 'u003', DisconnectionDate: text }]);
      const seen = async () => {
        const [one, two, three] = await Promise.all(['u001', 'u002', 'u003'].map((name) => subscriber(name, local)));
        return [one?.activation_state, (two?.user as Entity | undefined)?.LastName, three?.activation_state];
      };
      await local.tenant.advance(Date.parse(`${midnight}Z`) - 1);
      expect(await seen()).toEqual(['Scheduled', 'Felt', 'Live']);
      await local.tenant.advance(Date.parse(`${midnight}Z`));
      expect(await seen()).toEqual(['Live', 'Moss', 'Disconnected']);
      expect(await subscriber('u001', local)).toMatchObject({ goLiveDate: `${midnight}:00.000Z` });
    },
  );

  test('holds a change and a deletion, and the subscriber shows them', async () => {
    await place(world, 'Add', [user('u001')]);
    await place(world, 'Change', [user('u001', { LastName: 'Moss', ChangeDate: JUNE })]);
    expect(await subscriber('u001')).toMatchObject({
      user: { LastName: 'Felt' },
      scheduledChange: { operation: 'Change', effectiveDate: JUNE },
    });
    await world.tenant.advance(Date.parse(JUNE));
    expect(await subscriber('u001')).toMatchObject({ user: { LastName: 'Moss' } });
    await place(world, 'Delete', [{ Username: 'u001', DisconnectionDate: '2026-12-31T00:00:00Z' }]);
    expect(await subscriber('u001')).toMatchObject({
      activation_state: 'Live',
      scheduledChange: { operation: 'Delete' },
    });
    await world.tenant.advance(Date.parse('2026-12-31T00:00:00Z'));
    const gone = await subscriber('u001');
    expect(gone).toMatchObject({ activation_state: 'Disconnected' });
    expect(gone).not.toHaveProperty('scheduledChange');
  });

  test('lets the users of one order swap what they have on it', async () => {
    await place(world, 'Add', [user('u001'), user('u002')]);
    const [one, two] = [user('u001'), user('u002')];
    const swapped = [
      { ...one, Lines: two.Lines, ChangeDate: JUNE },
      { ...two, Lines: one.Lines, ChangeDate: JUNE },
    ];
    expect(await place(world, 'Change', swapped)).toEqual(['Success']);
    expect(await subscriber('u001')).toMatchObject({ user: { Lines: one.Lines } });
    await world.tenant.advance(Date.parse(JUNE));
    expect(await subscriber('u001')).toMatchObject({ user: { Lines: two.Lines } });
    expect(await subscriber('u002')).toMatchObject({ user: { Lines: one.Lines } });
    expect(await subscriber('u002')).not.toHaveProperty('scheduledChange');
  });

  test('gives nothing away that its owner only gives up later', async () => {
    await place(world, 'Add', [user('u001'), user('u002')]);
    const [one, two] = [user('u001'), user('u002')];
    const later = { ChangeDate: '2026-07-01T00:00:00.000Z' };
    const [status, ...offenders] = await place(world, 'Change', [
      { ...one, Lines: two.Lines, ChangeDate: JUNE },
      { ...two, Lines: [{ ExtensionNumber: '2009' }], ...later },
    ]);
    expect([status, offenders.length]).toEqual(['Warning', 1]);
    await world.tenant.advance(Date.parse(later.ChangeDate));
    expect(await subscriber('u001')).toMatchObject({ user: { Lines: one.Lines } });
  });

  test('holds a change of one who goes live before it', async () => {
    await place(world, 'Add', [user('u001', { ActivationDate: JUNE })]);
    await place(world, 'Change', [user('u001', { LastName: 'Moss', ChangeDate: '2026-07-01T00:00:00Z' })]);
    await world.tenant.advance(Date.parse(JUNE));
    expect(await subscriber('u001')).toMatchObject({ activation_state: 'Live', user: { LastName: 'Felt' } });
    await world.tenant.advance(Date.parse('2026-07-01T00:00:00Z'));
    expect(await subscriber('u001')).toMatchObject({ activation_state: 'Live', user: { LastName: 'Moss' } });
  });

  test('holds a change and a deletion of one who has yet to go live', async () => {
    await place(
      world,
      'Add',
      ['u001', 'u002'].map((name) => user(name, { ActivationDate: JUNE })),
    );
    await place(world, 'Change', [user('u001', { LastName: 'Moss', ChangeDate: '2026-05-01T00:00:00Z' })]);
    await place(world, 'Delete', [{ Username: 'u002', DisconnectionDate: '2026-05-01T00:00:00Z' }]);
    await world.tenant.advance(Date.parse('2026-05-01T00:00:00Z'));
    expect(await subscriber('u001')).toMatchObject({ activation_state: 'Scheduled', user: { LastName: 'Moss' } });
    expect(await subscriber('u002')).toMatchObject({ activation_state: 'Disconnected' });
    await world.tenant.advance(Date.parse(JUNE));
    expect(await subscriber('u001')).toMatchObject({ activation_state: 'Live', goLiveDate: JUNE });
    expect(await subscriber('u002')).toMatchObject({ activation_state: 'Disconnected' });
  });

  test('carries out what an earlier version has held, whose timers are of another kind', async () => {
    const actions = {
      ...macd.actions,
      'hold-as-before': (work: Work, data: Entity) => {
        work.cancel(`macd/carry-out-held/${data.username}`);
        const key = `macd/take-effect/${data.username}`;
        work.schedule({ key, due: Date.parse(JUNE), kind: 'macd/take-effect', data });
      },
    };
    const before = await tenantOf({ systems: [{ ...macd, actions }] });
    await place(before, 'Add', [user('u001'), user('u002')]);
    await place(before, 'Change', [user('u001', { LastName: 'Moss', ChangeDate: JUNE })]);
    await place(before, 'Delete', [{ Username: 'u002', DisconnectionDate: JUNE }]);
    for (const username of ['u001', 'u002']) {
      const { scheduledChange } = (await subscriber(username, before)) as { scheduledChange: Entity };
      await before.act('macd/hold-as-before', { username, messageId: scheduledChange.messageId });
    }
    await before.tenant.advance(Date.parse(JUNE));
    expect(await subscriber('u001', before)).toMatchObject({ activation_state: 'Live', user: { LastName: 'Moss' } });
    expect(await subscriber('u002', before)).toMatchObject({ activation_state: 'Disconnected' });
  });

  test('is forgotten with a deletion that comes first', async () => {
    await place(world, 'Add', [user('u001', { ActivationDate: JUNE })]);
    expect(await place(world, 'Delete', [{ Username: 'u001' }])).toEqual(['Success']);
    await world.tenant.advance(Date.parse(JUNE));
    expect(await subscriber('u001')).toMatchObject({ activation_state: 'Disconnected' });
  });
});

test('a deletion has to name the site that the user is at', async () => {
  await place(world, 'Add', [user('u001')]);
  expect(await place(world, 'Delete', [{ Username: 'u001' }], { Location: 'LDS-Leeds' })).toEqual([
    'Error',
    'u001: The user is at LON-London, not at LDS-Leeds.',
  ]);
  expect(await subscriber('u001')).toMatchObject({ activation_state: 'Live' });
});

test('a message that is older than the last one for its user is stale', async () => {
  await place(world, 'Add', [user('u001')], { Timestamp: '2026-01-01T10:00:00Z' });
  const older = { Timestamp: '2026-01-01T09:59:59Z' };
  expect(await place(world, 'Change', [user('u001', { LastName: 'Moss' })], older)).toEqual([
    'Error',
    'u001: The message is older than the last one for this user.',
  ]);
  expect(await subscriber('u001')).toMatchObject({ user: { LastName: 'Felt' } });
});
