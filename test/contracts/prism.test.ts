import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { createSamplers } from '../../src/contracts/formats/openapi/prism.ts';
import type { Operation, Response } from '../../src/model/operation.ts';
import type { Schema } from '../../src/model/schema.ts';
import { contractOf } from './contract-builder.ts';

const schema: Schema = { type: 'object', properties: { name: { type: 'string' } } };
const random = () => 0.5;
// What is generated says what for, so that a test sees whose value it is.
const createSampler = createSamplers();
const sampler = createSampler({ generate: (from, random) => ({ made: random(), from }) });

function operationOf(responses: Record<string, Partial<Response>>, method = 'GET'): Operation {
  const [operation] = contractOf({ operations: { [`${method} /shops/{id}`]: {} } }).operations;
  const whole = Object.entries(responses).map(([status, response]): [string, Response] => [
    status,
    { description: '', headers: {}, content: {}, ...response },
  ]);
  return { ...(operation as Operation), responses: Object.fromEntries(whole) };
}

const json = (examples: Record<string, unknown> = {}) => ({ content: { 'application/json': { schema, examples } } });
const shop = operationOf({
  404: json(),
  200: json({ small: { name: 'Corner' }, large: { name: 'Mall' } }),
  '5XX': json(),
});

test('Prism is not loaded before it is used', async () => {
  const loaded = () => Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('prism-http'));

  expect(loaded()).toEqual([]);
  await sampler.sample(shop, {}, random);
  expect(loaded()).not.toEqual([]);
});

test('of Prism only what chooses is loaded, because all of it takes a second and ninety megabytes', async () => {
  await sampler.sample(shop, {}, random);
  const loaded = Object.keys(createRequire(import.meta.url).cache);

  expect(loaded.filter((file) => /prism-http.dist.(?!mocker|types|withLogger)|faker|postman/.test(file))).toEqual([]);
});

test('the lowest success and its first example answer, unless something else is preferred', async () => {
  expect(await sampler.sample(shop, {}, random)).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: { name: 'Corner' },
  });
});

test('a preferred example answers', async () => {
  const outcome = await sampler.sample(shop, { prefer: { example: 'large' } }, random);

  expect(outcome.body).toEqual({ name: 'Mall' });
});

test('where the contract has no example, and where a dynamic one is preferred, ours is generated', async () => {
  const ours = { made: 0.5, from: schema };

  expect(await sampler.sample(shop, { prefer: { code: 404 } }, random)).toMatchObject({ status: 404, body: ours });
  expect(await sampler.sample(shop, { prefer: { dynamic: true } }, random)).toMatchObject({ status: 200, body: ours });
});

test('only what is sent draws on chance', async () => {
  let draws = 0;
  const counting = () => {
    draws += 1;
    return 0.5;
  };

  await sampler.sample(shop, {}, counting);
  expect(draws).toBe(0);
  await sampler.sample(shop, { prefer: { code: 404 } }, counting);
  expect(draws).toBe(1);
});

test('a code of a declared range answers', async () => {
  expect(await sampler.sample(shop, { prefer: { code: 503 } }, random)).toMatchObject({ status: 503 });
});

test('a code and an example that the contract does not have are refused', async () => {
  await expect(sampler.sample(shop, { prefer: { code: 418 } }, random)).rejects.toMatchObject({
    status: 404,
    message:
      'Failed to sample GET /shops/{id}: Requested status code 418 is not defined in the document. Its contract has the answers 200, 404, 5XX.',
  });
  await expect(sampler.sample(shop, { prefer: { example: 'huge' } }, random)).rejects.toMatchObject({ status: 404 });
});

test('the media type follows the Accept header, and one that nothing fits is refused', async () => {
  const operation = operationOf({
    200: {
      content: {
        'application/json;charset=utf-8': { schema, examples: { default: { name: 'Corner' } } },
        'text/plain': { examples: { default: 'Corner' } },
      },
    },
  });

  expect(await sampler.sample(operation, { accept: 'text/*' }, random)).toMatchObject({ body: 'Corner' });
  expect(await sampler.sample(operation, { accept: 'application/json' }, random)).toMatchObject({
    headers: { 'content-type': 'application/json;charset=utf-8' },
  });
  await expect(sampler.sample(operation, { accept: 'image/png' }, random)).rejects.toMatchObject({ status: 406 });
  await expect(sampler.sample(operation, { accept: '=;,=' }, random)).rejects.toMatchObject({ status: 406 });
});

test('declared headers are generated, and an answer without a body names no media type', async () => {
  const stamped = createSampler({ generate: () => 42 });
  const operation = operationOf({
    204: { headers: { 'X-Total-Count': { required: true, schema: { type: 'integer' } } } },
  });

  expect(await stamped.sample(operation, {}, random)).toEqual({ status: 204, headers: { 'x-total-count': '42' } });
});

test('a generator that fails is not mistaken for an unreadable Accept header', async () => {
  const broken = createSampler({
    generate: () => {
      throw new Error('no value');
    },
  });

  await expect(broken.sample(operationOf({ 200: json() }), {}, random)).rejects.toThrow(/^no value$/);
});
