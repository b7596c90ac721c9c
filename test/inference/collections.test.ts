import { expect, test } from 'vitest';
import { serveContract } from '../support/contract-text.ts';

const item = "{$ref: '#/components/schemas/Item'}";
const json = (schema: string) => `{description: ok, content: {application/json: {schema: ${schema}}}}`;
const schemas = 'Item: {type: object, properties: {id: {type: string}, text: {type: string}}}';

/** Paths that list and create things of one schema that all of them share. */
const collection = (path: string, more = '') => `
${path}:
  get: {responses: {'200': ${json(`{type: array, items: ${item}}`)}}}
  post: {requestBody: {content: {application/json: {schema: ${item}}}}, responses: {'201': ${json(item)}}}
  ${more}`;
const read = (path: string) => `
${path}/{id}: {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'200': ${json(item)}}}}`;

test.each([
  ['read', read],
  ['only listed', () => ''],
])('collections of one schema are resources of their own, where items are %s', async (_how, reading) => {
  const paths = ['/notes', '/jobs', '/marks'];
  const ask = await serveContract({
    paths: paths.map((path) => collection(path) + reading(path)).join(''),
    schemas,
  });

  const made = new Map<string, unknown>();
  for (const path of paths) made.set(path, (await ask('POST', path, { text: path })).body);
  for (const path of paths) {
    expect((await ask('GET', path)).body).toEqual([made.get(path)]);
    const { id } = made.get(path) as { id: string };
    if (reading('') !== '') expect((await ask('GET', `${path}/${id}`)).body).toEqual({ id, text: path });
  }
});

test('what has one word below two kinds of parents is of two kinds, and a list of all is a view', async () => {
  const below = 'parameters: [{name: id, in: path, required: true, schema: {type: string}}]';
  const ask = await serveContract({
    paths: ['/posts/{id}/comments', '/photos/{id}/comments']
      .map((path) => collection(path, below))
      .concat(collection('/users/{userId}/remarks', below.replace('id', 'userId')), collection('/remarks'))
      .join(''),
    schemas,
  });

  await ask('POST', '/posts/1/comments', { text: 'a' });
  expect((await ask('GET', '/posts/1/comments')).body).toMatchObject([{ text: 'a' }]);
  expect((await ask('GET', '/photos/1/comments')).body).toEqual([]);
  await ask('POST', '/users/1/remarks', { text: 'b' });
  expect((await ask('GET', '/remarks')).body).toMatchObject([{ text: 'b' }]);
  expect((await ask('GET', '/users/2/remarks')).body).toEqual([]);
});
