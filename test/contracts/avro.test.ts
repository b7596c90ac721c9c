import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { createValidation } from '../../src/contracts/validation.ts';
import { writeFiles } from './temp-files.ts';

const PAID = {
  type: 'record',
  namespace: 'test.shop',
  name: 'Paid',
  doc: 'A payment.',
  fields: [
    { name: 'id', type: { type: 'string', logicalType: 'uuid' } },
    { name: 'amount', type: ['null', 'double'], default: null },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'state', type: { type: 'enum', name: 'State', symbols: ['OPEN', 'DONE'] } },
    { name: 'before', type: ['null', 'State'], default: null },
    { name: 'parts', type: { type: 'array', items: 'test.shop.Paid' }, default: [] },
    { name: 'notes', type: { type: 'map', values: 'string' }, default: {} },
    { name: 'hash', type: { type: 'fixed', name: 'Hash', size: 4 }, default: '' },
  ],
};

const AVRO = 'application/vnd.apache.avro;version=1.9.0';

/** The message's schema, written in both versions of the format, and in a file of its own. */
const DOCUMENTS = {
  'in AsyncAPI 2': {
    'a.json': {
      asyncapi: '2.6.0',
      info: { title: 'T', version: '1' },
      channels: { paid: { subscribe: { message: { name: 'paid', schemaFormat: AVRO, payload: PAID } } } },
    },
  },
  'in AsyncAPI 3, at a channel without an address': {
    'a.json': {
      asyncapi: '3.0.0',
      info: { title: 'T', version: '1' },
      channels: {
        paid: {
          address: null,
          messages: { paid: { payload: { schemaFormat: AVRO, schema: { $ref: './paid.avsc' } } } },
        },
      },
      operations: { pay: { action: 'send', channel: { $ref: '#/channels/paid' } } },
    },
    'paid.avsc': PAID,
  },
};

test.each(Object.entries(DOCUMENTS))('a payload in Avro is read %s', async (_, files) => {
  const { contracts, problems } = await load(files);
  const [channel] = contracts[0]?.channels ?? [];
  const check = createValidation(contracts).check(channel?.messages[0]?.payload ?? false);
  const good = { id: '7a0e8a2c-5b63-4c1a-9b7e-0f6b2d3c4e5f', at: 1, state: 'OPEN' };

  expect(problems).toEqual([]);
  expect(channel?.address).toBe('paid');
  expect(check({ ...good, amount: 1.5, before: 'DONE', parts: [good], notes: { a: 'b' }, hash: 'abcd' })).toEqual([]);
  expect(check({ ...good, at: 'x', state: 'LOST', parts: [{}] }).map(({ path }) => path)).toEqual([
    '/at',
    '/state',
    '/parts/0/id',
    '/parts/0/at',
    '/parts/0/state',
  ]);
});

test('a payload in a language that is not read is any payload, and a warning', async () => {
  const message = { name: 'paid', schemaFormat: 'application/raml+yaml;version=1.0', payload: { type: 'object' } };
  const { contracts, problems } = await load({
    'a.json': { asyncapi: '2.6.0', info: { title: 'T', version: '1' }, channels: { paid: { subscribe: { message } } } },
  });

  expect(contracts[0]?.channels[0]?.messages[0]?.payload).toBe(true);
  expect(problems).toMatchObject([{ severity: 'warning', message: expect.stringContaining('application/raml+yaml') }]);
});

function load(files: Readonly<Record<string, unknown>>) {
  const named = Object.entries(files).map(([name, content]) => [`shop/${name}`, content]);
  return loadContracts([writeFiles(Object.fromEntries(named))]);
}
