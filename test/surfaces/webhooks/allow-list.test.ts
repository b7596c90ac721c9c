import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAllowList } from '../../../src/surfaces/webhooks/allow-list.ts';

/** What a client could write for an IPv4 address, and `URL` or a resolver makes of it. */
const hostOf = (text: string) => new URL(`http://${text}/`).hostname;
const permits = (entries: readonly string[], host: string, address: string, port = 80) =>
  createAllowList(entries).permits({ host: hostOf(host), port }, address);

test.each<[string[], string, string, number, boolean]>([
  [['receiver.example'], 'receiver.example', '203.0.113.7', 80, true],
  [['receiver.example'], 'RECEIVER.example.', '203.0.113.7', 80, true],
  [['receiver.example'], 'other.example', '203.0.113.7', 80, false],
  [['receiver.example'], 'receiver.example', '10.1.2.3', 80, true],
  [['receiver.example:8080'], 'receiver.example', '203.0.113.7', 8080, true],
  [['receiver.example:8080'], 'receiver.example', '203.0.113.7', 80, false],
  [['receiver.example:80'], 'receiver.example', '203.0.113.7', 8080, false],
  [['*.example'], 'a.b.example', '203.0.113.7', 80, true],
  [['*.example'], 'example', '203.0.113.7', 80, false],
  [['*.example'], 'badexample', '203.0.113.7', 80, false],
  [['*.example'], 'inside.example', '10.1.2.3', 80, false],
  [['*'], 'any.example', '203.0.113.7', 80, true],
  [['*'], 'any.example', '169.254.169.254', 80, false],
  [['*:443'], 'any.example', '203.0.113.7', 80, false],
  [['*', '10.0.0.0/8'], 'any.example', '10.1.2.3', 80, true],
  [['10.0.0.0/8'], 'any.example', '11.0.0.1', 80, false],
  [['10.0.0.7'], '10.0.0.7', '10.0.0.7', 80, true],
  [['10.0.0.7'], 'rebound.example', '10.0.0.8', 80, false],
  [['10.0.0.7:8080'], '10.0.0.7', '10.0.0.7', 80, false],
  [['0x0a.7'], '10.0.0.7', '10.0.0.7', 80, true],
  [['[fd00::1]:8080'], '[fd00::1]', 'fd00::1', 8080, true],
  [['fd00::/8'], '[fd12::1]', 'fd12::1', 80, true],
  [['::ffff:10.0.0.0/104'], '10.1.2.3', '10.1.2.3', 80, true],
  [[], 'receiver.example', '203.0.113.7', 80, false],
])('%j and http://%s at %s port %i: %s', (entries, host, address, port, expected) => {
  expect(permits(entries, host, address, port)).toBe(expected);
});

/** First and last of each range, and the neighbours outside. */
const SPECIAL = [
  '0.0.0.0',
  '10.0.0.0',
  '10.255.255.255',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.0',
  '172.31.255.255',
  '192.168.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
];
const PUBLIC = [
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '223.255.255.255',
];

test.each(SPECIAL)('%s is behind no wildcard, in whatever form', (address) => {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const number = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (value: number) => value.toString(16).padStart(2, '0');
  const groups = `${hex(a)}${hex(b)}:${hex(c)}${hex(d)}`;
  const written = [
    address,
    String(number),
    `0x${number.toString(16)}`,
    `0${number.toString(8)}`,
    `0${a.toString(8)}.0x${hex(b)}.${c * 256 + d}`,
    `[::ffff:${address}]`,
    `[::ffff:${groups}]`,
    `[0:0:0:0:0:FFFF:${groups}]`,
    `[::${address}]`,
    `[64:ff9b::${address}]`,
    `[2002:${groups}::1]`,
  ];
  for (const host of written) expect([host, permits(['*'], host, hostOf(host))]).toEqual([host, false]);
});

test.each(PUBLIC)('%s is an address like any other', (address) => {
  expect(permits(['*'], address, address)).toBe(true);
  expect(permits(['*'], `[::ffff:${address}]`, `::ffff:${address}`)).toBe(true);
});

test.each(['::', '::1', 'fc00::1', 'fdff::1', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'ff02::1', '100::1'])(
  '%s is behind no wildcard',
  (address) => {
    expect(permits(['*'], 'any.example', address)).toBe(false);
  },
);

test('what an address is written as changes nothing: the decision is about the address', () => {
  const forms = [
    ([a, b, c, d]: readonly number[]) => `${a}.${b}.${c}.${d}`,
    ([a = 0, b = 0, c = 0, d = 0]: readonly number[]) => String(((a * 256 + b) * 256 + c) * 256 + d),
    (bytes: readonly number[]) => bytes.map((byte) => `0x${byte.toString(16)}`).join('.'),
    (bytes: readonly number[]) => bytes.map((byte) => `0${byte.toString(8)}`).join('.'),
    (bytes: readonly number[]) => `[::ffff:${bytes.join('.')}]`,
  ];
  const byte = fc.nat(255);
  const entries = fc.subarray(['*', '10.0.0.0/8', '127.0.0.1', '172.20.0.0/14', '0.0.0.0/0', 'any.example']);
  fc.assert(
    fc.property(fc.tuple(byte, byte, byte, byte), fc.constantFrom(...forms), entries, (bytes, write, list) => {
      const plain = bytes.join('.');
      const host = hostOf(write(bytes));
      expect(permits(list, host, host)).toBe(permits(list, plain, plain));
    }),
    { numRuns: 500 },
  );
});

test.each([
  '10.0.0.0/33',
  'fd00::/129',
  'example.com/path',
  'http://example.com',
  'a b',
  'user@example.com',
  '*a',
  'a*',
  '**',
  '',
])('the entry "%s" is refused', (entry) => {
  expect(() => createAllowList([entry])).toThrow(/^Failed to read the allowed callbacks: .*\. Use entries such as /);
});
