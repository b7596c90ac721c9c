import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseClock, resolveSettings, type SimulatorOptions } from '../src/config.ts';
import { OPTION_NAMES } from '../src/options/option-table.ts';

const { SHARED_BOUNDS } = (await import('../bench/fuzz/shared-bounds.mjs' as string)) as { SHARED_BOUNDS: object };

test('every option has a default or none, and nothing else is read', () => {
  expect(resolveSettings({})).toEqual({
    port: 4010,
    rate: 1,
    host: '127.0.0.1',
    seed: 1,
    clock: { mode: 'manual', now: Date.UTC(2026, 0, 1), rate: 1 },
    auth: 'any',
    strict: false,
    allowRefs: false,
    strictContracts: false,
    watch: false,
    allowOrigins: [],
    allowHosts: [],
    allowCallbacks: [],
    webhooks: [],
    webhookTime: 'wall',
    queue: [],
    deliveryLanes: 64,
    store: 'memory',
    replicas: false,
    lease: 5_000,
    maxTenants: 1_000,
    maxBody: 1_048_576,
    maxSockets: 10_000,
    maxSocketsPerAddress: 8_000,
    maxUnansweredSockets: 4_000,
    maxStateBytes: 64 * 2 ** 20,
    maxEntities: 400_000,
    maxRecordBytes: 64 * 2 ** 20,
    maxRecordBytesTotal: 512 * 2 ** 20,
    stallTimeout: 20_000,
    disableLinks: [],
    policies: {},
    retention: {},
    logLevel: 'silent',
  });
});

test('beyond loopback, where others share it, a simulator holds less, as the fuzz asks it to', () => {
  expect(resolveSettings({ host: '0.0.0.0' })).toMatchObject(SHARED_BOUNDS);
  expect(resolveSettings({ host: '127.0.0.2' })).toEqual(
    resolveSettings({ host: '127.0.0.2', maxRecordBytesTotal: 512 * 2 ** 20 }),
  );
  expect(resolveSettings({ host: '0.0.0.0', maxEntitiesTotal: 400_000 })).toMatchObject({ maxEntitiesTotal: 400_000 });
});

test.each([
  ['2026-06-01T02:00:00+02:00', { mode: 'manual', now: Date.UTC(2026, 5, 1), rate: 1 }],
  ['2026-06-01', { mode: 'manual', now: Date.UTC(2026, 5, 1), rate: 1 }],
  ['real', { mode: 'real', now: 42, rate: 1, wall: 42 }],
  ['real@2026-06-01T00:00:00Z', { mode: 'real', now: Date.UTC(2026, 5, 1), rate: 1 }],
])('the clock "%s" is read', (text, expected) => {
  expect(parseClock(text, 42)).toEqual(expected);
});

test.each(['', 'now', 'real@', '@2026-06-01', 'real2026-06-01', '2026-13-01'])('the clock "%s" is refused', (text) => {
  expect(() => parseClock(text, 42)).toThrow(/^Failed to read the options: "clock" is ".*"\. Use an ISO 8601 time/);
});

test.each<[keyof SimulatorOptions, unknown]>([
  ['port', 65_536],
  ['port', -1],
  ['port', 1.5],
  ['port', '4010'],
  ['allowOrigins', ['localhost:3000']],
  ['allowOrigins', ['http://localhost:3000/']],
  ['allowHosts', ['bss.test:4010']],
  ['host', ''],
  ['publicUrl', 'bss.example.com'],
  ['publicUrl', 'ftp://bss.example.com'],
  ['seed', 2 ** 60],
  ['specs', []],
  ['specs', 'specs'],
  ['systems', ['connectx', '']],
  ['auth', 'none'],
  ['strict', 'yes'],
  ['adminToken', ''],
  ['webhooks', [{ url: 'ftp://example.com', channels: ['*'] }]],
  ['webhooks', [{ url: 'http://example.com', channels: [] }]],
  ['webhooks', [{ url: 'http://example.com', channels: ['*'], secret: 'whsec_c2hvcnQ=' }]],
  ['webhooks', ['http://example.com']],
  ['webhookTime', 'local'],
  ['retrySchedule', []],
  ['retrySchedule', ['5 s']],
  ['retrySchedule', ['P1M']],
  ['maxTenants', 0],
  ['maxBody', 0],
  ['cache', true],
  ['cache', ''],
  ['policies', []],
  ['retention', { requests: { count: 0 } }],
  ['retention', { events: { age: 'P1M' } }],
  ['logLevel', 'loud'],
])('%s: %j is refused by name', (name, value) => {
  expect(() => resolveSettings({ [name]: value })).toThrow(
    expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(new RegExp(`^Failed to read the options: "${name}.*" is .*\\. (Use|Add) `)),
    }),
  );
});

test.each(['open sesame', 'sesame\n', 'öffne', ' '])(
  'an admin token that no header can carry is refused: %j',
  (adminToken) => {
    expect(() => resolveSettings({ adminToken })).toThrow(
      'Failed to read the options: "adminToken" is not valid. Use letters, digits and signs of ASCII without blanks',
    );
    expect(resolveSettings({ adminToken: 'open-sesame/+=' }).adminToken).toBe('open-sesame/+=');
  },
);

test('an option that does not exist is refused with the nearest that does', () => {
  expect(() => resolveSettings({ prot: 1 } as SimulatorOptions)).toThrow(
    'Failed to read the options: there is no option "prot". Did you mean `port`?',
  );
});

test('a secret is not repeated in a message, and a long value not in full', () => {
  const webhook = { url: 'http://example.com', channels: ['*'], secret: 'hunter2' };
  expect(() => resolveSettings({ webhooks: [webhook] })).toThrow(/"webhooks\[0\]\.secret" is not valid\. Use whsec_/);
  expect(() => resolveSettings({ publicUrl: 'x'.repeat(10_000) })).toThrow(/^.{1,250}$/);
});

test('whatever an option is set to, the answer is settings or a sentence that names it', () => {
  const anything = fc.record({ name: fc.constantFrom(...OPTION_NAMES), value: fc.anything() });
  fc.assert(
    fc.property(anything, ({ name, value }) => {
      try {
        resolveSettings({ [name]: value } as SimulatorOptions);
      } catch (error) {
        expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(`"${name}`) });
      }
    }),
  );
});

test('links can be put together with the public address', () => {
  expect(resolveSettings({ publicUrl: 'https://example.com/bss/' }).publicUrl).toBe('https://example.com/bss');
});

test('the cache is in the named folder, in the usual one, or nowhere', () => {
  expect(resolveSettings({ cache: 'a' }, { cache: 'b' }).cache).toBe('a');
  expect(resolveSettings({}, { cache: 'b' }).cache).toBe('b');
  expect(resolveSettings({ cache: false }, { cache: 'b' }).cache).toBeUndefined();
});
