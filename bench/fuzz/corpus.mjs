/**
 * Everything that has once done harm, in its smallest form, and the parts that inputs are put together from. An input is
 * `{ surface, method, path, headers, body }`, where a body is a text; `raw` is sent as it is.
 */

const json = (method, path, value, headers = {}) => ({
  surface: path.startsWith('/_simulator') ? 'control' : 'http',
  method,
  path,
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof value === 'string' ? value : JSON.stringify(value),
});
const get = (path, headers = {}) => ({ surface: 'http', method: 'GET', path, headers });
const raw = (text) => ({ surface: 'raw', raw: text });
const many = (length, of) => Array.from({ length }, (_, index) => of(index));
const nested = (depth, open, close) => open.repeat(depth) + close.repeat(depth);

export const TMF = '/billingaccounttmfwebservices/v2/billingAccount';

/** Patterns that try one way after another. */
export const PATTERNS = [
  '(a+)+$',
  `${'a?'.repeat(26)}${'a'.repeat(26)}b`,
  `${'(|a)'.repeat(24)}b`,
  'a*a*a*b',
  '(.*)*x',
  '(a)\\1',
  '(?=a)b',
  '[',
  'a{1000}{1000}',
  '.{0,1000}'.repeat(100),
  `${'('.repeat(400)}a${')'.repeat(400)}`,
];

export const HARMFUL = [
  json('POST', '/macd/orders', { User: many(4_000, () => ({})) }),
  json('POST', '/macd/orders', { Operation: { toString: null } }),
  json('POST', '/macd/orders', { Operation: '__proto__' }),
  json('POST', TMF, { accountRelationship: many(4_000, () => ({})) }),
  json('POST', '/v1/customers/CUS-000001/subscriptions', { addons: many(20_000, () => 1) }),
  json(
    'POST',
    '/v1/customers',
    many(20_000, () => ({})),
  ),
  json('POST', '/v1/customers', { [`${'n'.repeat(30_000)}`]: many(5_000, () => ({})) }),
  json('POST', '/v1/customers', nested(10_000, '[', ']')),
  json('POST', '/v1/customers', nested(150, '{"a":', '}').replace(':}', ':1}')),
  json('POST', '/v1/customers', '{"__proto__":{"a":1}}'),
  json('POST', '/v1/customers', {
    tenantId: 'x',
    eventId: 'x',
    eventType: 'x',
    eventTime: 'x',
    email: 'a@example.com',
  }),
  json('POST', '/v1/customers', '{"customerType":"Individual","email":"\\ud800"}'),
  ...PATTERNS.map((pattern) => get(`${TMF}?name.regex=${encodeURIComponent(pattern)}`)),
  get(`${TMF}?name=${many(2_500, String).join()}`),
  get(`${TMF}?sort=${many(2_500, (index) => `a${index}`).join()}`),
  get(`/aps/2/resources?${'and('.repeat(200)}${')'.repeat(200)}`),
  get(`/aps/2/resources?like(name,${'*a'.repeat(500)})`),
  get('/@%zz/v1/products'),
  get('/v1/products?x=%E0%A4'),
  get('/@__proto__/v1/products'),
  get(`/v1/customers/${'~'.repeat(7_000)}`),
  get('/v1/customers', { prefer: 'dynamic=true' }),
  get('/v1/customers', { prefer: 'code=500, example=__proto__' }),
  get('/v1/customers', { 'x-simulator-tenant': '../etc' }),
  get('/v1/customers', { host: 'evil"/><script>' }),
  get('/v1/customers', { origin: 'null', 'sec-fetch-site': 'cross-site' }),
  json('POST', '/_simulator/reset', { fixture: '/dev/zero' }),
  json('POST', '/_simulator/reset', { clock: '9999-12-31T23:59:59Z' }),
  json('POST', '/_simulator/reset', { clock: 'real@9999' }),
  json('POST', '/_simulator/webhooks', {
    url: 'http://simulator/_simulator/inbox/x',
    channels: ['customer/'.repeat(20_000)],
  }),
  json('POST', '/_simulator/webhooks', { url: 'http://simulator/../@victim/_simulator/inbox/x', channels: ['*'] }),
  json('POST', '/_simulator/events', { channel: 'x'.repeat(100_000) }),
  json('POST', '/_simulator/events', { channel: 'customer/created', payload: { eventId: '__proto__' } }),
  json('POST', '/_simulator/traffic', { rate: 60_000, count: 5 }),
  json('POST', '/_simulator/traffic', { rate: 60_000, duration: 'P999999999Y' }),
  json('PUT', '/_simulator/clock', { mode: 'real', rate: 1_000_000 }),
  json('PUT', '/_simulator/clock', { mode: 'manual' }),
  json('POST', '/_simulator/clock/advance', { by: 'P999999999Y' }),
  json('POST', '/_simulator/clock/advance', { by: 'PT1S' }),
  json('POST', '/_simulator/clock/advance', { to: '9999-12-31T23:59:59Z', next: true }),
  json('POST', '/_simulator/faults', { match: { path: '*'.repeat(5_000) }, fault: { headers: { a: '\u0001' } } }),
  json('POST', '/_simulator/faults', { match: { path: '/nowhere' }, fault: { headers: { 'x-é': 'ł' } }, times: 1 }),
  json('POST', '/_simulator/faults', { match: { path: '/nowhere' }, fault: { latency: 'P999999999Y' }, times: 1 }),
  json('POST', '/_simulator/actions/connectx/__proto__', {}),
  json('POST', '/_simulator/actions/connectx/constructor', {}),
  json('POST', '/_simulator/actions/__proto__/toString', {}),
  json('POST', '/_simulator/requests/verify', { path: `${'*a'.repeat(2_000)}b`, body: { a: 1 } }),
  json('POST', '/_simulator/requests/verify', { schema: { $ref: '#/%' } }),
  json('POST', '/_simulator/inbox/x', 'x'.repeat(100_000), { 'content-type': 'text/plain' }),
  get('/_simulator/events?channel=*&limit=10000'),
  get('/_simulator/requests?limit=-1'),
  get('/_simulator/activity?after=__proto__'),
  get('/_simulator/contracts/__proto__/constructor'),
  raw(
    'GET /nope HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\nx',
  ),
  raw('GET / HTTP/9.9\r\nHost: a\r\n\r\n'),
  raw('POST /v1/customers HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
  raw(
    'POST /v1/customers HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  ),
  raw(
    'POST /v1/customers HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}',
  ),
  raw('GET /_simulator/contracts/simulator/control/operations HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(500)),
  raw('\u0016\u0003\u0001\0\0'),
];

/** Tokens that are none, or look like ones. */
export const TOKENS = [
  'Bearer',
  'Bearer x',
  'Bearer a.b.c',
  'Bearer eyJhbGciOiJub25lIn0.e30.',
  'Bearer eyJhbGciOiJIUzI1NiJ9.eyJ0ZW5hbnQiOiJ4In0.AAAA',
  'Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6Il9fcHJvdG9fXyJ9.bnVsbA.AAAA',
  `Bearer ${'a.'.repeat(2_000)}`,
  'Basic Og==',
  'Basic ====',
  'Digest x',
];

/** What stands in bodies, queries and paths where something else is meant. */
export const VALUES = [
  null,
  true,
  -1,
  1e308,
  0.1,
  '',
  '__proto__',
  'constructor',
  '\u0000',
  'é\u2028',
  'x'.repeat(3_000),
  'CUS-000001',
  '2026-02-30',
  '9999-12-31T23:59:59Z',
  'P1M',
  '-PT1S',
  [],
  [[]],
  {},
  { toString: null },
  { $ref: '#' },
  [null],
];

export const HEADERS = [
  'accept',
  'prefer',
  'if-match',
  'content-type',
  'content-encoding',
  'x-simulator-tenant',
  'traceparent',
  'range',
  'cookie',
  'idempotency-key',
  'authorization',
  'aps-token',
  'origin',
  'expect',
  'last-event-id',
];

/** Documents, for `check`; `{n}` is drawn. */
export const DOCUMENT_PARTS = [
  "$ref: '#'",
  "{ $ref: '#/components/schemas/A' }",
  '{ allOf: [{ $ref: "#/components/schemas/A" }, { $ref: "#/components/schemas/B" }] }',
  '{ oneOf: [{ $ref: "#/components/schemas/A" }, { type: "null" }] }',
  '{ type: string, pattern: "(a+)+$" }',
  '{ type: string, pattern: "[" }',
  '{ type: array, minItems: 1000000000, items: { type: array, minItems: 1000000000 } }',
  '{ minLength: 1e9, type: string }',
  '{ pattern: "^a{100000000}$" }',
  '{ enum: [] }',
  '{ type: [string, nothing], required: x, properties: 7 }',
  '{ properties: { __proto__: {}, constructor: { type: string } } }',
  '{ $ref: /dev/zero }',
  '{ $ref: ../../../etc/passwd }',
  '{ $ref: "http://localhost:1/x" }',
  '&a [*a]',
  '!!js/function "x"',
  '{ discriminator: { propertyName: x, mapping: { a: "#/nowhere" } } }',
  '~',
  '[[[[[[[[]]]]]]]]',
  '{ multipleOf: 0 }',
  '{ patternProperties: { "(x|x)*y": {} }, additionalProperties: false }',
];
