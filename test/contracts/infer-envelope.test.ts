import { expect, test } from 'vitest';
import { inferEnvelope } from '../../src/contracts/infer-envelope.ts';
import { createSchemaResolver } from '../../src/model/schema-resolver.ts';
import { contractOf, ref } from './contract-builder.ts';

const schemas = createSchemaResolver([
  contractOf({
    $defs: {
      Envelope: {
        properties: {
          eventId: { type: 'string' },
          eventType: { type: 'string' },
          eventTime: { type: 'string', format: 'date-time' },
          tenantId: { type: 'string' },
        },
      },
    },
  }),
]);

test('the parts of an envelope are found by name, through allOf and references', () => {
  const payload = { allOf: [ref('Envelope'), { properties: { status: {}, previousStatus: {} } }] };

  expect(inferEnvelope(payload, schemas.resolve)).toEqual({
    id: 'eventId',
    type: 'eventType',
    time: 'eventTime',
    tenant: 'tenantId',
    previous: { previousStatus: 'status' },
  });
});

test('of several times the one of the event counts', () => {
  const time = { type: 'string', format: 'date-time' };
  const payload = { properties: { timeOcurred: time, createdAt: time, eventTime: time } };

  expect(inferEnvelope(payload, schemas.resolve).time).toBe('eventTime');
});

test('a time that is no date-time, and a payload without an envelope, fill nothing', () => {
  const payload = { properties: { eventTime: { type: 'string' }, amount: { type: 'number' } } };

  expect(inferEnvelope(payload, schemas.resolve)).toEqual({ previous: {} });
});
