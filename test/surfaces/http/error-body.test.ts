import { expect, test } from 'vitest';
import { Refusal } from '../../../src/model/command.ts';
import type { Schema } from '../../../src/model/schema.ts';
import { createSchemaResolver } from '../../../src/model/schema-resolver.ts';
import { createErrorWriter } from '../../../src/surfaces/http/error-body.ts';
import { operation, response } from './http-world.ts';

const refusal = new Refusal(409, 'ILLEGAL_TRANSITION', 'Failed to move the order.', {
  details: { legal: ['Paid'] },
  violations: [{ in: 'body', path: '/state', message: 'is final' }],
});

const NOW = '2026-01-01T00:00:00.000Z';

function write(errorSchema: Schema | undefined, own?: () => unknown) {
  const registry = {
    schemas: createSchemaResolver([]),
    system: () => (own === undefined ? undefined : { name: 'library', errorBody: own }),
  };
  return createErrorWriter(operation('GET', '/a', 'a'), { errorSchema, operations: [] }, registry)(refusal, NOW);
}

test('members are filled by what they are usually called, in the type that they have', () => {
  const schema: Schema = {
    properties: {
      code: { type: 'integer' },
      status: { type: 'string' },
      reason: { type: 'string' },
      message: { type: 'string' },
      referenceError: { type: 'string', format: 'uri' },
    },
  };
  expect(write(schema)).toEqual({
    contentType: 'application/json',
    body: {
      code: 409,
      status: '409',
      reason: 'Conflict',
      message: 'Failed to move the order.',
      legal: ['Paid'],
      errors: refusal.violations,
    },
  });
});

test('what the schema has no room for is left out, and what it demands is there', () => {
  const schema: Schema = {
    required: ['kind', 'count'],
    properties: { message: { type: 'string' }, kind: { enum: ['fault'] }, count: { type: 'integer' } },
    additionalProperties: false,
  };
  expect(write(schema).body).toEqual({ message: 'Failed to move the order.', kind: 'fault', count: 0 });
});

test('what the schema demands and describes nowhere is there, too', () => {
  const schema: Schema = { required: ['name', 'error_code'], properties: { message: { type: 'string' } } };
  expect(write(schema).body).toMatchObject({ name: expect.any(String), error_code: 'ILLEGAL_TRANSITION' });
});

test('without an error schema the body is problem details', () => {
  expect(write(undefined)).toEqual({
    contentType: 'application/problem+json',
    body: {
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      detail: 'Failed to move the order.',
      code: 'ILLEGAL_TRANSITION',
      legal: ['Paid'],
      errors: refusal.violations,
    },
  });
});

test('a system writes its own, where it has code for it', () => {
  expect(write(undefined, () => ({ own: true }))).toEqual({ contentType: 'application/json', body: { own: true } });
});

test('the schema that is declared for the status wins, and so does its media type', () => {
  const declared = operation('GET', '/a', 'a', {
    responses: { '4XX': response({ properties: { title: { type: 'string' } } }, 'application/problem+json') },
  });
  const registry = { schemas: createSchemaResolver([]), system: () => undefined };
  const errorSchema = { properties: { message: { type: 'string' } } };
  expect(createErrorWriter(declared, { errorSchema, operations: [] }, registry)(refusal, NOW)).toMatchObject({
    contentType: 'application/problem+json',
    body: { title: 'Conflict' },
  });
});
