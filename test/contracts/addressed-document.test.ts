import { expect, test } from 'vitest';
import { addressedDocument } from '../../src/contracts/addressed-document.ts';

const BASE = 'http://127.0.0.1:4010/@acme';

test('OpenAPI names the simulator and the tenant, with the base path of the contract, and nowhere another server', () => {
  const document = {
    openapi: '3.1.0',
    servers: [{ url: 'https://api.example.com/v1' }],
    paths: { '/things': { servers: [{ url: 'https://a.example' }], get: { servers: [], responses: {} } } },
  };

  const text = addressedDocument(JSON.stringify(document), { format: 'openapi-3.1', basePath: '/v1' }, BASE);

  expect(JSON.parse(text)).toEqual({
    openapi: '3.1.0',
    servers: [{ url: 'http://127.0.0.1:4010/@acme/v1' }],
    paths: { '/things': { get: { responses: {} } } },
  });
});

test('Swagger has scheme, host and base path', () => {
  const text = addressedDocument('swagger: "2.0"\nhost: a.example\n', { format: 'swagger-2.0', basePath: '/b' }, BASE);

  expect(text).toContain('host: 127.0.0.1:4010\n');
  expect(text).toContain('basePath: /@acme/b\n');
  expect(text).toContain('schemes:\n  - http\n');
});

test.each([
  ['asyncapi-2.6', { url: 'ws://127.0.0.1:4010/@acme/live', protocol: 'ws' }],
  ['asyncapi-3.0', { host: '127.0.0.1:4010', protocol: 'ws', pathname: '/@acme/live' }],
])('%s has one server, which every channel is at', (format, server) => {
  const document = { servers: { a: {}, b: {} }, channels: { c: { servers: ['a'], address: 'c' } } };

  const text = addressedDocument(JSON.stringify(document), { format, basePath: '', webSocketPath: '/live' }, BASE);

  expect(JSON.parse(text)).toEqual({ servers: { simulator: server }, channels: { c: { address: 'c' } } });
});

test('what names no servers, or cannot be read, stays as it is', () => {
  expect(addressedDocument('{"id":1}', { format: 'json-schema-draft-04', basePath: '' }, BASE)).toBe('{"id":1}');
  expect(addressedDocument('{ openapi: [', { format: 'openapi-3.0', basePath: '' }, BASE)).toBe('{ openapi: [');
});
