import { HARMFUL, HEADERS, PATTERNS, TMF, TOKENS, VALUES } from './corpus.mjs';

/**
 * Makes hostile inputs, each from the seed and its number alone.
 *
 * @example createInputs(random, operations)() // { surface: 'http', method: 'POST', path: '/v1/customers', headers: {…}, body: '…' }
 */
export function createInputs(random, operations) {
  const { pick, below, chance } = random;
  const tenant = () => (chance(0.8) ? `/@fuzz${below(8)}` : '');
  const word = () =>
    chance(0.5) ? pick(VALUES) : String.fromCharCode(...Array.from({ length: below(12) }, () => below(0x2100)));
  const text = () => {
    const drawn = word();
    return typeof drawn === 'string' ? drawn : JSON.stringify(drawn);
  };
  const value = (depth = 0) => {
    if (depth > 4 || chance(0.5)) return word();
    if (chance(0.3)) return Array.from({ length: below(6) }, () => value(depth + 1));
    return Object.fromEntries(Array.from({ length: below(6) }, () => [pick(NAMES), value(depth + 1)]));
  };
  /** What a schema asks for, with a hostile value here and there: what is refused at the door reaches nothing behind it. */
  const fitting = ({ resolve }, given, depth = 0) => {
    const schema = resolve(given);
    if (chance(0.06) || depth > 6 || schema === null || typeof schema !== 'object') return value(depth);
    const { type, enum: values, format, example, allOf, oneOf, anyOf, properties, items, required = [] } = schema;
    const some = oneOf ?? anyOf;
    if (example !== undefined && chance(0.5)) return example;
    if (Array.isArray(values) && values.length > 0) return pick(values);
    if (Array.isArray(allOf)) return Object.assign({}, ...allOf.map((each) => fitting({ resolve }, each, depth + 1)));
    if (Array.isArray(some) && some.length > 0) return fitting({ resolve }, pick(some), depth + 1);
    if (properties !== undefined || type === 'object') {
      const members = Object.entries(properties ?? {}).filter(([name]) => required.includes(name) || chance(0.4));
      const made = members.map(([name, each]) => [name, fitting({ resolve }, each, depth + 1)]);
      return Object.fromEntries(chance(0.1) ? [...made, [pick(NAMES), value(depth)]] : made);
    }
    if (type === 'array' || items !== undefined)
      return Array.from({ length: below(4) }, () => fitting({ resolve }, items, depth + 1));
    if (type === 'boolean') return chance(0.5);
    if (type === 'integer' || type === 'number')
      return chance(0.7) ? below(100) : pick([-1, 0, 0.5, 1e21, 2 ** 53, -(2 ** 31)]);
    if (format === 'date-time') return chance(0.5) ? pick(TIMES) : pick(VALUES);
    if (format === 'date') return pick(['2026-02-01', '2026-02-30', '9999-12-31', '0000-01-01']);
    if (format === 'uri') return pick(URLS);
    if (format === 'email') return pick(['a@example.com', `${'x'.repeat(400)}@example.com`]);
    return chance(0.5) ? pick(WORDS) : text();
  };
  const body = (operation) => {
    const isFitting = operation?.schema !== undefined && chance(0.7);
    const whole = JSON.stringify(isFitting ? fitting(operation, operation.schema) : value()) ?? 'null';
    if (isFitting) return chance(0.97) ? whole : whole.slice(0, below(whole.length));
    if (chance(0.8)) return whole;
    const at = below(whole.length + 1);
    return chance(0.5)
      ? whole.slice(0, at)
      : whole.slice(0, at) + pick(['"', '{', ']', ',', '\u0000', '\\u', '1e999']) + whole.slice(at);
  };
  const headers = () => {
    const found = {};
    for (let count = below(3); count > 0; count -= 1) found[pick(HEADERS)] = printable(text());
    found.authorization = chance(0.5) ? 'Bearer any' : pick(TOKENS);
    return found;
  };
  const fill = (path) =>
    path.replaceAll(/\{[^}]*\}/g, () => (chance(0.4) ? pick(WORDS) : encodeURIComponent(text()) || '-'));
  const query = () => {
    if (chance(0.6)) return '';
    const pairs = Array.from(
      { length: 1 + below(4) },
      () => `${pick(QUERY)}=${encodeURIComponent(chance(0.2) ? pick(PATTERNS) : text())}`,
    );
    return `?${pairs.join('&')}`;
  };
  const request = () => {
    const operation = pick(operations);
    const { method, path } = operation;
    const isControl = path.startsWith('/_simulator');
    const made = {
      surface: isControl ? 'control' : 'http',
      method: chance(0.95) ? method : pick(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']),
      path: tenant() + fill(path) + query(),
      headers: headers(),
    };
    if (method === 'GET' || method === 'DELETE') return made;
    return {
      ...made,
      headers: { 'content-type': chance(0.9) ? 'application/json' : pick(TYPES), ...made.headers },
      body: body(operation),
    };
  };
  const frame = () => ({
    surface: 'websocket',
    path: `${tenant()}${pick(['/customer/created', '/_simulator/events', '/nope'])}${chance(0.2) ? '?after=x' : ''}`,
    frames: Array.from({ length: 1 + below(20) }, () => (chance(0.5) ? body() : text())),
  });
  const token = () => ({
    surface: 'token',
    method: 'POST',
    path: `${tenant()}${pick(TOKEN_PATHS)}`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(chance(0.5) && { authorization: pick(TOKENS) }),
    },
    body: `grant_type=${encodeURIComponent(pick(['client_credentials', text()]))}&scope=${encodeURIComponent(text())}&client_id=${below(9)}`,
  });
  return () => {
    const drawn = random.next();
    if (drawn < 0.004) {
      const known = pick(HARMFUL);
      return known.raw === undefined && chance(0.5)
        ? { ...known, path: `/@fuzz${below(8)}${known.path.replace(/^\/@[^/]*/, '')}` }
        : known;
    }
    if (drawn < 0.06) return frame();
    if (drawn < 0.1) return token();
    return drawn < 0.105
      ? {
          surface: 'raw',
          raw: `${pick(['GET', 'POST', 'X'])} ${TMF}${printable(text())} HTTP/1.1\r\n${pick(HEADERS)}: ${printable(text())}\r\n\r\n${body()}`,
        }
      : request();
  };
}

const NAMES = [
  'id',
  'name',
  'email',
  'customerType',
  'state',
  '__proto__',
  'constructor',
  'toString',
  'channels',
  'url',
  'match',
  'fault',
  'path',
  'payload',
  'channel',
  'rate',
  'mode',
  'by',
  'to',
  'clock',
  'seed',
  'User',
  'Order',
  'Operation',
  'creditLimit',
  'accountRelationship',
  'address',
  '',
  'a.b',
  '$ref',
  '@type',
  'href',
];
const QUERY = [
  'name.regex',
  'limit',
  'offset',
  'page',
  'pageSize',
  'after',
  'channel',
  'fields',
  'sort',
  'state',
  'filter',
  'name',
  'creditLimit.value.gt',
  '__proto__',
  'and(',
  'like(name,*a*)',
  'x',
];
const TYPES = [
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/merge-patch+json',
  'application/json; charset=utf-16',
  '',
];
const TIMES = [
  '2026-02-01T00:00:00Z',
  '2026-02-01T00:00:00+14:00',
  '9999-12-31T23:59:59.999Z',
  '0000-01-01T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '2016-12-31T23:59:60Z',
];
const URLS = [
  'http://simulator/_simulator/inbox/a',
  'http://simulator/v1/customers',
  'http://simulator/../@fuzz1/_simulator/inbox/a',
  'http://127.0.0.1:9/x',
  'http://[::1]:9/',
  'file:///etc/passwd',
  'http://x'.repeat(200),
];
const WORDS = [
  'P1D',
  'PT5M',
  'P1M',
  'customer/created',
  'invoice/*',
  '*',
  'CUS-000001',
  'SUB-000001',
  'connectx',
  'listCustomers',
  '/v1/*',
  'Individual',
  'default',
  'fuzz1',
  '1',
];
const TOKEN_PATHS = ['/v1/oauth/token', '/oauth2/token', '/oauth/token', '/_simulator/token'];

/** A header holds no line ends, and no letter beyond Latin-1. */
function printable(text) {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 2_000);
}
