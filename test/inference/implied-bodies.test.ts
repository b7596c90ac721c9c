import { expect, test } from 'vitest';
import { serveContract } from '../support/contract-text.ts';

/** What generators write that see what handlers take, and not what they answer. */
const done = (status: number) => `responses: {'${status}': {description: ''}}`;
const takes = (name: string) =>
  `requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/${name}'}}}}`;
const byId = `parameters: [{name: id, in: path, required: true, schema: {type: string}}]`;
const schemas = `
CreateCat: {type: object, required: [name], properties: {name: {type: string}, age: {type: integer}}}
UpdateCat: {type: object, properties: {name: {type: string}, age: {type: integer}}}`;
const cats = `
/cats:
  get: {parameters: [{name: name, in: query, schema: {type: string}}], ${done(200)}}
  post: {${takes('CreateCat')}, ${done(201)}}
/cats/{id}:
  ${byId}
  get: {${done(200)}}
  patch: {${takes('UpdateCat')}, ${done(200)}}
  delete: {${done(200)}}`;

test('where a contract describes no answer, what is sent is what is listed and read, with an id', async () => {
  const ask = await serveContract({ paths: cats, schemas });
  expect(await ask('GET', '/cats')).toMatchObject({ status: 200, body: [] });
  const { status, body: made } = await ask('POST', '/cats', { name: 'Tom', age: 3 });
  expect(status).toBe(201);
  expect(made).toEqual({ id: expect.any(String), name: 'Tom', age: 3 });
  expect((await ask('PATCH', `/cats/${made.id}`, { age: 4 })).body).toEqual({ ...made, age: 4 });
  expect((await ask('GET', `/cats/${made.id}`)).body).toEqual({ ...made, age: 4 });
  await ask('POST', '/cats', { name: 'Kitty' });
  expect((await ask('GET', '/cats?name=Tom')).body).toEqual([{ ...made, age: 4 }]);
  expect((await ask('DELETE', `/cats/${made.id}`)).status).toBe(200);
  expect((await ask('GET', `/cats/${made.id}`)).status).toBe(404);
});

test('what there is one of is answered as it was put', async () => {
  const ask = await serveContract({
    paths: `/settings: {get: {${done(200)}}, put: {${takes('UpdateCat')}, ${done(200)}}}`,
    schemas,
  });
  expect((await ask('PUT', '/settings', { name: 'x', age: 1 })).body).toEqual({ name: 'x', age: 1 });
  expect((await ask('GET', '/settings')).body).toEqual({ name: 'x', age: 1 });
});

test('a contract that describes one answer means that the others have no body', async () => {
  const health = `/health: {get: {responses: {'200': {description: ok, content: {text/plain: {schema: {type: string}}}}}}}`;
  const ask = await serveContract({ paths: `${cats}\n${health}`, schemas });
  const { headers } = await ask('POST', '/cats', { name: 'Tom' });
  expect((await ask('GET', new URL(String(headers.get('location'))).pathname)).body).toBeUndefined();
  expect((await ask('GET', '/cats')).body).toBeUndefined();
});

test('204 has no body, whatever was sent', async () => {
  const ask = await serveContract({
    paths: cats.replace(`patch: {${takes('UpdateCat')}, ${done(200)}}`, `patch: {${takes('UpdateCat')}, ${done(204)}}`),
    schemas,
  });
  const { body } = await ask('POST', '/cats', { name: 'Tom' });
  expect(await ask('PATCH', `/cats/${body.id}`, { age: 1 })).toMatchObject({ status: 204, body: undefined });
  expect((await ask('GET', `/cats/${body.id}`)).body).toMatchObject({ age: 1 });
});
