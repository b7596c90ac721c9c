import { expect, test } from 'vitest';
import { runCheck } from '../../src/cli/check.ts';
import { checkContracts } from '../../src/contracts/check-contracts.ts';
import { writeFiles } from './temp-files.ts';

const API = `openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /a:
    get: {operationId: readA, responses: {'200': {description: Fine.}}}
`;

test('a contract is summed up with what answers each operation', async () => {
  const { rows } = await checkContracts([writeFiles({ 'shop/api.yaml': API })], {
    loadCode: async () => ({ hasOperation: () => true, hasSystem: () => true }),
  });

  expect(rows).toEqual([
    {
      system: 'shop',
      contract: 'api',
      format: 'openapi-3.1',
      operations: 1,
      channels: 0,
      schemas: 0,
      file: 'shop/api.yaml',
      answers: [
        {
          operation: 'readA',
          method: 'GET',
          path: '/a',
          by: 'code',
          clue: 'the system shop has code for it',
          pointer: '/paths/~1a/get',
          line: 5,
          column: 5,
        },
      ],
      speech: [],
    },
  ]);
});

test('good contracts are a table on standard output and exit with 0', async () => {
  const output = createOutput();
  const code = await runCheck({ specs: [writeFiles({ 'shop/api.yaml': API })], json: false, failOn: 'error' }, output);

  expect(code).toBe(0);
  expect(output.text.stderr).toBe('');
  expect(output.text.stdout).toMatchInlineSnapshot(`
    "system  contract  format       operations  channels  schemas  state  code  sample
    shop    api       openapi-3.1           1         0        0      0     0       1

    shop/api readA: sample
    "
  `);
});

test('a wrong contract is told of on standard error and exits with 2', async () => {
  const output = createOutput();
  const folder = writeFiles({ 'shop/api.yaml': API.replace('responses', 'respones') });
  const code = await runCheck({ specs: [folder], json: false, failOn: 'error' }, output);

  expect(code).toBe(2);
  expect(output.text.stderr.split('\n')[0]).toBe(
    `${folder}/shop/api.yaml:5:31 Property \`respones\` is not expected here. Did you mean \`responses\`?`,
  );
});

test.each([
  ['error', 0],
  ['warning', 2],
] as const)('with --fail-on %s a mere warning exits with %i', async (failOn, code) => {
  const output = createOutput();
  const folder = writeFiles({ 'shop/api.yaml': API.replace("info: {title: Shop, version: '1'}\n", '') });

  expect(await runCheck({ specs: [folder], json: false, failOn }, output)).toBe(code);
  expect(output.text.stderr).toMatch(/api.yaml:1:1 warning: The field `info` must be present/);
});

const STORE = `openapi: 3.1.0
info: {title: Store, version: '1'}
paths:
  /parts:
    get: {operationId: listParts, responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Part'}}}}}}}
    post: {operationId: addPart, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Part'}}}}, responses: {'201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Part'}}}}}}
  /parts/{id}:
    get: {operationId: readPart, parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Part'}}}}}}
  /ping:
    get: {responses: {'200': {description: pong}}}
  /weather:
    get: {operationId: weather, responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {degrees: {type: number}}}}}}}}
  /note:
    get: {operationId: note, responses: {'200': {description: ok}}, x-simulator: {resource: false}}
components: {schemas: {Part: {type: object, properties: {id: {type: string}, name: {type: string}}}}}
`;

test('it explains how each operation is answered, why, and what would change it', async () => {
  const output = createOutput();
  const specs = [writeFiles({ 'store/api.yaml': STORE })];
  await runCheck({ specs, json: false, failOn: 'error', isExplained: true }, output);

  expect(output.text.stdout.split('\n\n')[1]).toMatchInlineSnapshot(`
    "store/api GET /parts (listParts): state, list of Part, because its answer is an array of things
    store/api POST /parts (addPart): state, create of Part, because it answers 201, and there is a path for one item
    store/api GET /parts/{id} (readPart): state, read of Part, because it is a GET of one Part
    store/api GET /ping: sample, because its answer has no body
    store/api GET /weather (weather): sample, because no operation creates or reads one by its id, so that this may be any answer
      store/api.yaml:12:5 x-simulator: { resource: Weather, role: read }
    store/api GET /note (note): sample, because an x-simulator hint says so
    "
  `);
});

const NEWS = `
asyncapi: 3.0.0
info: { title: News, version: '1' }
channels:
  partCreated: { address: part/created, messages: { m: { payload: { $ref: './api.yaml#/components/schemas/Part' } } } }
  prices: { address: null, messages: { m: { payload: { type: number } } } }
  asked: { address: asked, messages: { m: { payload: { type: string } } } }
  answered: { address: answered, messages: { m: { payload: { type: string } } } }
operations:
  tell: { action: send, channel: { $ref: '#/channels/partCreated' } }
  price: { action: send, channel: { $ref: '#/channels/prices' } }
  ask: { action: receive, channel: { $ref: '#/channels/asked' }, reply: { channel: { $ref: '#/channels/answered' } } }
`;

test('it explains what leads to a message on each channel, and how to speak where nothing does', async () => {
  const output = createOutput();
  const specs = [writeFiles({ 'store/api.yaml': STORE, 'store/news.yaml': NEWS })];
  await runCheck({ specs, json: false, failOn: 'error', isExplained: true }, output);

  const lines = output.text.stdout.split('\n').filter((line) => / channel [a-z]| a channel,/.test(line));
  expect(lines).toEqual([
    'store/news channel part/created: sends by itself, because what happens to Part is announced there',
    'store/news channel prices: sends when asked, because no operation leads to it',
    'store/news channel asked: listens, because the application listens there: what a client sends is checked, and it is answered on answered',
    'store/news channel answered: answers, because what comes in on asked is answered there',
    expect.stringMatching(/^Where no operation leads to a channel, .* --rate 60/),
  ]);
  expect(output.text.stderr).toBe('');
});

test('the same can be had as JSON', async () => {
  const output = createOutput();
  await runCheck({ specs: [writeFiles({ 'shop/api.yaml': API })], json: true, failOn: 'error' }, output);

  expect(JSON.parse(output.text.stdout)).toMatchObject({ problems: [], contracts: [{ contract: 'api' }] });
});

function createOutput() {
  const text = { stdout: '', stderr: '' };
  return {
    text,
    stdout: { write: (chunk: string) => (text.stdout += chunk) },
    stderr: { write: (chunk: string) => (text.stderr += chunk) },
  };
}
