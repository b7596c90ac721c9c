import { expect, test } from 'vitest';
import { writeFiles } from '../contracts/temp-files.ts';
import { serveContract } from '../support/contract-text.ts';

const json = (schema: string, more = '') =>
  `{description: ok, content: {application/json: {${more} schema: ${schema}}}}`;
const id = (name: string, type = 'string') =>
  `parameters: [{name: ${name}, in: path, required: true, schema: {type: ${type}}}]`;
const ref = (name: string) => `{$ref: '#/components/schemas/${name}'}`;

const catalogue = {
  paths: `
/artists: {get: {responses: {'200': ${json(`{type: array, items: ${ref('Artist')}}`)}}}}
/artists/{id}:
  ${id('id')}
  get: {responses: {'200': ${json(ref('Artist'))}}}
/albums: {get: {parameters: [{name: artistId, in: query, schema: {type: string}}], responses: {'200': ${json(`{type: array, items: ${ref('Album')}}`)}}}}
/albums/{id}:
  ${id('id')}
  get: {responses: {'200': ${json(ref('Album'))}}}
  patch: {requestBody: {content: {application/json: {schema: {type: object, properties: {title: {type: string}}}}}}, responses: {'200': ${json(ref('Album'))}}}
  delete: {responses: {'204': {description: gone}}}`,
  schemas: `
Artist: {type: object, required: [id, name], properties: {id: {type: string}, name: {type: string}}}
Album: {type: object, required: [id, title, artistId], properties: {id: {type: string}, title: {type: string}, artistId: {type: string}}}`,
};

test('what nobody can create is there, a handful of it, related to each other', async () => {
  const ask = await serveContract(catalogue);

  const albums = (await ask('GET', '/albums')).body;
  expect(albums.length).toBeGreaterThan(1);
  expect((await ask('GET', `/albums/${albums[0].id}`)).body).toEqual(albums[0]);
  expect((await ask('GET', '/albums/none')).status).toBe(404);
  expect((await ask('GET', `/artists/${albums[0].artistId}`)).status).toBe(200);
  expect((await ask('GET', `/albums?artistId=${albums[0].artistId}`)).body).toContainEqual(albums[0]);
});

test('what is supplied can be changed and deleted like anything else', async () => {
  const ask = await serveContract(catalogue);

  const [first, ...others] = (await ask('GET', '/albums')).body;
  expect((await ask('PATCH', `/albums/${first.id}`, { title: 'Blue' })).body).toEqual({ ...first, title: 'Blue' });
  expect((await ask('GET', '/albums')).body).toEqual([{ ...first, title: 'Blue' }, ...others]);
  expect((await ask('DELETE', `/albums/${first.id}`)).status).toBe(204);
  expect((await ask('GET', `/albums/${first.id}`)).status).toBe(404);
  expect((await ask('GET', '/albums')).body).toEqual(others);
});

test('a seed supplies the same each time, another seed something else, and an empty world nothing', async () => {
  const albumsOf = async (options: object) => (await (await serveContract(catalogue, options))('GET', '/albums')).body;

  const once = await albumsOf({ seed: 1 });
  expect(await albumsOf({ seed: 1 })).toEqual(once);
  expect(await albumsOf({ seed: 2 })).not.toEqual(once);
  expect(await albumsOf({ fixture: 'empty' })).toEqual([]);
});

test('a fixture adds to what is supplied, and stands alone where it begins with nothing', async () => {
  const albumsOf = async (base: string) => {
    const [supplied] = (await (await serveContract(catalogue))('GET', '/albums')).body;
    const entities = [
      { id: 'a-1', title: 'Blue', artistId: 'joni' },
      { id: supplied.id, title: 'Hejira' },
    ];
    const folder = writeFiles({ 'world.json': JSON.stringify({ base, entities: { 'stranger/Album': entities } }) });
    const ask = await serveContract(catalogue, { fixture: `${folder}/world.json` });
    return { supplied, albums: (await ask('GET', '/albums')).body, artists: (await ask('GET', '/artists')).body };
  };

  const { supplied, albums, artists } = await albumsOf('default');
  expect(albums).toContainEqual({ id: 'a-1', title: 'Blue', artistId: 'joni' });
  expect(albums).toContainEqual({ ...supplied, title: 'Hejira' });
  expect(albums.length).toBeGreaterThan(2);
  expect(artists.length).toBeGreaterThan(1);
  const alone = await albumsOf('empty');
  expect(alone.albums.map(({ title }: { title: string }) => title)).toEqual(['Blue', 'Hejira']);
  expect(alone.artists).toEqual([]);
});

test('what the contract shows comes first', async () => {
  const ask = await serveContract({
    paths: `
/plans: {get: {responses: {'200': ${json(`{type: array, items: ${ref('Plan')}}`, 'example: [{id: basic, price: 5}, {id: gold, price: 50}],')}}}}
/plans/{id}:
  ${id('id')}
  get: {responses: {'200': ${json(ref('Plan'))}}}`,
    schemas: 'Plan: {type: object, required: [id], properties: {id: {type: string}, price: {type: integer}}}',
  });

  expect((await ask('GET', '/plans')).body.slice(0, 2)).toEqual([
    { id: 'basic', price: 5 },
    { id: 'gold', price: 50 },
  ]);
  expect((await ask('GET', '/plans/gold')).body).toEqual({ id: 'gold', price: 50 });
});

test('what nothing creates or lists is whatever a path names, and stays the same', async () => {
  const ask = await serveContract({
    paths: `
/weather/{city}:
  ${id('city')}
  get: {responses: {'200': ${json(ref('Weather'))}}}`,
    schemas:
      'Weather: {type: object, required: [city, degrees], properties: {city: {type: string}, degrees: {type: integer}}}',
  });

  const oslo = (await ask('GET', '/weather/Oslo')).body;
  expect(oslo).toMatchObject({ city: 'Oslo' });
  expect((await ask('GET', '/weather/Oslo')).body).toEqual(oslo);
  expect((await ask('GET', '/weather/Rome')).body).toMatchObject({ city: 'Rome' });
});

test('what a client cannot send and an answer needs is made, and stays', async () => {
  const ask = await serveContract({
    paths: `
/links:
  post: {requestBody: {content: {application/json: {schema: {type: object, required: [amount], properties: {amount: {type: integer}}}}}}, responses: {'201': ${json(ref('Link'))}}}
/links/{id}:
  ${id('id')}
  get: {responses: {'200': ${json(ref('Link'))}}}`,
    schemas:
      'Link: {type: object, required: [id, url, team], properties: {id: {type: string}, amount: {type: integer}, url: {type: string, format: uri}, team: {type: object, required: [size], properties: {size: {type: integer, minimum: 3}}}}}',
  });

  const { body } = await ask('POST', '/links', { amount: 1 });
  expect(body).toMatchObject({ amount: 1, url: expect.stringMatching(/^https:/), team: { size: expect.any(Number) } });
  expect((await ask('GET', `/links/${body.id}`)).body).toEqual(body);
});

test('what is supplied can be deleted first of all', async () => {
  const ask = await serveContract(catalogue);

  const [first, ...others] = (await ask('GET', '/albums')).body;
  expect((await ask('DELETE', `/albums/${first.id}`)).status).toBe(204);
  expect((await ask('GET', `/albums/${first.id}`)).status).toBe(404);
  expect((await ask('GET', '/albums')).body).toEqual(others);
});

test('what is listed below a parent and read without it is one thing', async () => {
  const ask = await serveContract({
    paths: `
/users/{userId}/sessions:
  ${id('userId')}
  get: {responses: {'200': ${json(`{type: array, items: ${ref('Session')}}`)}}}
/sessions/{id}:
  ${id('id')}
  get: {responses: {'200': ${json(ref('Session'))}}}`,
    schemas:
      'Session: {type: object, required: [id, device], properties: {id: {type: string}, device: {type: string}}}',
  });

  const [session] = (await ask('GET', '/users/7/sessions')).body;
  expect((await ask('GET', `/sessions/${session.id}`)).body).toEqual(session);
  expect((await ask('GET', '/sessions/none')).status).toBe(404);
});

test('what says by itself whose it is stands below that alone', async () => {
  const ask = await serveContract({
    ...catalogue,
    paths: `${catalogue.paths}
/artists/{id}/albums:
  ${id('id')}
  get: {responses: {'200': ${json(`{type: array, items: ${ref('Album')}}`)}}}`,
  });

  const [artist, other] = (await ask('GET', '/artists')).body;
  const albums = (await ask('GET', `/artists/${artist.id}/albums`)).body;

  expect(albums.length).toBeGreaterThan(0);
  expect(albums).toEqual((await ask('GET', `/albums?artistId=${artist.id}`)).body);
  expect((await ask('GET', `/artists/${other.id}/albums`)).body).not.toEqual(albums);
});
