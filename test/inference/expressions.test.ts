import { expect, test } from 'vitest';
import { serveContract } from '../support/contract-text.ts';

const body = (type: string, schema: string) => `content: {${type}: {schema: ${schema}}}`;
const user = "{$ref: '#/components/schemas/User'}";
const scim = (schema: string) => `{description: ok, ${body('application/scim+json', schema)}}`;
const directory = {
  paths: `
/Users:
  get:
    parameters: [{name: filter, in: query, schema: {type: string}}]
    responses: {'200': ${scim(`{type: object, properties: {totalResults: {type: integer}, Resources: {type: array, items: ${user}}}}`)}}
  post: {requestBody: {${body('application/scim+json', user)}}, responses: {'201': ${scim(user)}}}
/Users/{id}:
  parameters: [{name: id, in: path, required: true, schema: {type: string}}]
  patch: {requestBody: {${body('application/scim+json', "{$ref: '#/components/schemas/PatchOp'}")}}, responses: {'200': ${scim(user)}}}`,
  schemas: `
User: {type: object, required: [userName], properties: {id: {type: string, readOnly: true}, userName: {type: string}, active: {type: boolean}, name: {type: object, properties: {familyName: {type: string}}}, emails: {type: array, items: {type: object, properties: {value: {type: string}, type: {type: string}}}}}}
PatchOp: {type: object, required: [Operations], properties: {Operations: {type: array, items: {type: object, required: [op], properties: {op: {type: string}, path: {type: string}, value: {}}}}}}`,
};
const SCIM = { 'content-type': 'application/scim+json' };
const ann = {
  userName: 'ann',
  active: true,
  name: { familyName: 'Archer' },
  emails: [{ value: 'ann@example.com', type: 'work' }],
};

test('a directory is searched by filters of SCIM', async () => {
  const ask = await serveContract(directory);
  for (const each of [ann, { userName: 'bob', active: false }]) await ask('POST', '/Users', JSON.stringify(each), SCIM);
  const found = async (filter: string) => {
    const answer = await ask('GET', `/Users?filter=${encodeURIComponent(filter)}`);
    return answer.status === 200
      ? answer.body.Resources.map((each: typeof ann) => each.userName).join()
      : answer.status;
  };

  const filters = {
    'userName eq "ann"': 'ann',
    'USERNAME Eq "ANN"': 'ann',
    'userName sw "b" or name.familyName co "rch"': 'ann,bob',
    'not (userName eq "ann") and active eq false': 'bob',
    'userName ne "ann"': 'bob',
    'emails[type eq "work" and value ew "example.com"]': 'ann',
    'emails[type eq "home" and value ew "example.com"]': '',
    'emails co "ann@"': 'ann',
    'emails pr': 'ann',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName gt "ann"': 'bob',
    'userName zz "a"': 400,
    'userName eq ann': 400,
    '(userName eq "ann"': 400,
    [`${'('.repeat(60)}active pr${')'.repeat(60)}`]: 400,
  };
  for (const [filter, names] of Object.entries(filters)) expect([filter, await found(filter)]).toEqual([filter, names]);
});

test('what a patch of SCIM lists is done, all of it or nothing', async () => {
  const ask = await serveContract(directory);
  const { id } = (await ask('POST', '/Users', JSON.stringify(ann), SCIM)).body;
  const patch = (...Operations: object[]) => ask('PATCH', `/Users/${id}`, JSON.stringify({ Operations }), SCIM);

  const first = await patch(
    { op: 'Replace', value: { active: false, 'name.familyName': 'Baker' } },
    { op: 'add', path: 'emails', value: [{ value: 'a@example.net', type: 'home' }] },
    { op: 'replace', path: 'emails[type eq "work"].value', value: 'ann@example.org' },
  );
  const emails = [
    { value: 'ann@example.org', type: 'work' },
    { value: 'a@example.net', type: 'home' },
  ];
  expect(first.body).toEqual({ id, userName: 'ann', active: false, name: { familyName: 'Baker' }, emails });
  expect((await patch({ op: 'remove', path: 'active' }, { op: 'remove', path: 'emails[type eq "fax"]' })).status).toBe(
    400,
  );
  expect((await patch({ op: 'remove', path: 'userName' })).status).toBe(400);
  expect((await patch({ op: 'remove', path: 'emails[type eq "home"]' })).body).toEqual({
    ...first.body,
    emails: [emails[0]],
  });
});

test('labels select, and what stands above a thing is shown beside its name', async () => {
  const json = (schema: string) => `{description: ok, ${body('application/json', schema)}}`;
  const pod = "{$ref: '#/components/schemas/Pod'}";
  const list = `responses: {'200': ${json(`{type: object, properties: {items: {type: array, items: ${pod}}}}`)}}`;
  const selectors =
    'parameters: [{name: labelSelector, in: query, schema: {type: string}}, {name: fieldSelector, in: query, schema: {type: string}}]';
  const ask = await serveContract({
    paths: `
/namespaces/{namespace}/pods:
  parameters: [{name: namespace, in: path, required: true, schema: {type: string}}]
  post: {requestBody: {${body('application/json', pod)}}, responses: {'201': ${json(pod)}}}
  get: {${list}}
/namespaces/{namespace}/pods/{name}:
  parameters: [{name: namespace, in: path, required: true, schema: {type: string}}, {name: name, in: path, required: true, schema: {type: string}}]
  get: {responses: {'200': ${json(pod)}}}
/pods: {get: {${selectors}, ${list}}}`,
    schemas:
      'Pod: {type: object, properties: {spec: {type: object}, metadata: {type: object, properties: {name: {type: string}, namespace: {type: string}, labels: {type: object, additionalProperties: {type: string}}}}}}',
  });
  const make = (namespace: string, name: string, labels: object) =>
    ask('POST', `/namespaces/${namespace}/pods`, { metadata: { name, labels } });
  const web = await make('a', 'web', { 'example.com/app': 'x', tier: 'front' });
  await make('b', 'web', { 'example.com/app': 'y' });
  expect(web.body.metadata.namespace).toBe('a');
  expect((await ask('GET', '/namespaces/b/pods/web')).body.metadata.namespace).toBe('b');

  const selected = async (query: string) => {
    const answer = await ask('GET', `/pods?${query}`);
    return answer.status === 200
      ? answer.body.items.map((each: typeof web.body) => each.metadata.namespace).join('')
      : answer.status;
  };
  const wanted = {
    'example.com/app=x': 'a',
    'example.com/app!=x,!tier': 'b',
    'example.com/app in (x, y),tier': 'a',
    'tier notin (front)': 'b',
    'a b c': 400,
  };
  for (const [selector, found] of Object.entries(wanted))
    expect([selector, await selected(`labelSelector=${encodeURIComponent(selector)}`)]).toEqual([selector, found]);
  expect(await selected('fieldSelector=metadata.namespace%3Db')).toBe('b');
});
