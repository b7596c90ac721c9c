import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { formatProblem } from '../../src/errors.ts';
import { createScenarioSources } from '../../src/scenario-sources.ts';
import { readArazzo } from '../../src/scenarios/read-arazzo.ts';

/*
 * What the examples of the Arazzo specification use, and the mistakes that are in them, in small documents of our own:
 * each loads, or is refused for the reason that the example is. The table in docs/scenarios.md tells of the originals.
 */

const KENNEL = `openapi: 3.1.0
info: { title: Kennel, version: 1.0.0 }
paths:
  /dogs:
    get: { operationId: findDogs, responses: { '200': { description: Found } } }
    post: { operationId: addDog, responses: { '201': { description: Added } } }
  /dogs/search: { get: { responses: { '200': { description: Found } } } }
  /dogs/{dogId}/treats: { get: { operationId: getTreats, responses: { '200': { description: Found } } } }
  /token: { post: { operationId: Token, responses: { '200': { description: Issued } } } }
`;
const WALKS = `asyncapi: 3.0.0
info: { title: Walks, version: 1.0.0 }
servers: { broker: { host: localhost, protocol: kafka } }
channels:
  ask: { address: walk.ask, messages: { Ask: { $ref: '#/components/messages/Ask' } } }
  confirm: { address: walk.confirm, messages: { Confirm: { $ref: '#/components/messages/Ask' } } }
operations:
  askForWalk: { action: receive, channel: { $ref: '#/channels/ask' }, reply: { channel: { $ref: '#/channels/confirm' } } }
components:
  messages: { Ask: { payload: { type: object }, correlationId: { location: $message.header#/walkId } } }
`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'examples-'));
  await writeFile(join(folder, 'kennel.yaml'), KENNEL);
  await writeFile(join(folder, 'walks.yaml'), WALKS);
  return () => rm(folder, { recursive: true });
});

/** What is wrong with a document around these workflows, a line each. */
async function problemsOf(workflows: string, { version = '1.0.0', kennel = './kennel.yaml' } = {}) {
  const walks = version.startsWith('1.1') ? '\n  - { name: walks, url: walks.yaml, type: asyncapi }' : '';
  const text = `arazzo: ${version}
info: { title: Example, summary: A kennel, description: Dogs., version: 1.0.0 }
sourceDescriptions:
  - { name: kennel, url: '${kennel}', type: openapi }${walks}
${workflows}`;
  await writeFile(join(folder, 'example.arazzo.yaml'), text);
  const { problems } = await readArazzo(['example.arazzo.yaml'], createScenarioSources({ directory: folder }));
  return problems.map(formatProblem);
}

test.each<[string, string, { version?: string }?]>([
  [
    'parameters of a workflow for all its steps, and cookies',
    `workflows:
  - workflowId: add-and-find
    parameters: [{ in: cookie, name: one, value: some }, { in: header, name: two, value: some }]
    steps:
      - { stepId: add-step, parameters: [{ in: cookie, name: session, value: secret }], operationId: $sourceDescriptions.kennel.addDog }
      - { stepId: find-step, operationId: $sourceDescriptions.kennel.findDogs }
`,
  ],
  [
    'headers of an answer, a whole body, and a path without its method where it has only one',
    `workflows:
  - workflowId: loginAndFind
    inputs: { type: object, properties: { name: { type: string } } }
    steps:
      - stepId: login
        operationId: $sourceDescriptions.kennel.Token
        parameters: [{ name: user, in: query, value: $inputs.name }]
        successCriteria: [{ condition: $statusCode == 200 }]
        outputs: { expires: $response.header.X-Expires-After, session: $response.body }
      - stepId: find
        operationPath: '{$sourceDescriptions.kennel.url}#/paths/~1dogs~1search'
        parameters: [{ name: Authorization, in: header, value: $steps.login.outputs.session }]
        outputs: { found: $response.body }
    outputs: { found: $steps.find.outputs.found }
`,
  ],
  [
    'a workflow as a step of another, forms, and a JSONPath over the answer',
    `workflows:
  - workflowId: refresh
    inputs: { type: object, properties: { my_id: { type: string } } }
    steps:
      - stepId: authorize
        workflowId: authorization
        parameters: [{ name: client_id, value: $inputs.my_id }]
        outputs: { refresh: $outputs.refresh_token }
      - stepId: renew
        operationId: Token
        requestBody:
          contentType: application/x-www-form-urlencoded
          payload: { grant_type: refresh_token, refresh_token: $steps.authorize.outputs.refresh }
        successCriteria:
          - condition: $statusCode == 200
          - { context: $response.body, condition: '$[?@.access_token != null]', type: jsonpath }
  - workflowId: authorization
    inputs: { type: object, properties: { client_id: { type: string } } }
    steps:
      - stepId: code
        operationId: Token
        successCriteria: [{ condition: $response.body#/access_token != null }]
        outputs: { refresh_token: $response.body#/refresh_token }
    outputs: { refresh_token: $steps.code.outputs.refresh_token }
`,
  ],
  [
    'inputs and parameters of the components, with values of their own',
    `workflows:
  - workflowId: find
    inputs: { $ref: '#/components/inputs/find_input' }
    steps:
      - stepId: find-dog
        operationId: findDogs
        parameters: [{ name: tags, in: query, value: $inputs.tags }, { reference: $components.parameters.page, value: 1 }]
        outputs: { dog: $response.body#/0/id }
      - stepId: reserve
        workflowId: reserve
        parameters: [{ name: dog_id, value: $steps.find-dog.outputs.dog }]
        successCriteria: [{ condition: $statusCode == 200 }]
  - workflowId: reserve
    inputs: { type: object, properties: { dog_id: { type: integer, format: int64 } } }
    steps:
      - { stepId: add, operationId: addDog, requestBody: { contentType: application/json, payload: { id: $inputs.dog_id, done: false } } }
components:
  inputs:
    find_input: { type: object, properties: { tags: { type: array, items: { type: string } }, store: { $ref: '#/components/inputs/store' } } }
    store: { type: string }
  parameters: { page: { name: page, in: query, value: 1 } }
`,
  ],
  [
    'JSON texts with expressions in them, branches, counts, and outputs of steps in conditions',
    `workflows:
  - workflowId: adopt
    inputs: { type: object, properties: { owner: { oneOf: [{ type: object }, { type: string, format: uri }] } } }
    steps:
      - stepId: check
        operationId: findDogs
        requestBody: { contentType: application/json, payload: '{ "owner": "{$inputs.owner}", "name": "{$inputs.owner#/name}" }' }
        onSuccess:
          - { name: none, type: end, criteria: [{ context: $response.body, type: jsonpath, condition: '$[?count(@.dogs) == 0]' }] }
          - { name: some, type: goto, stepId: add, criteria: [{ condition: $response.body#/visit == false }] }
        outputs: { visit: $response.body#/visit }
      - stepId: visit
        operationId: Token
        successCriteria: [{ condition: $statusCode == 200 || $statusCode == 201 }]
        onSuccess: [{ name: visited, type: goto, stepId: add, criteria: [{ condition: $steps.check.outputs.visit == true }] }]
      - { stepId: add, operationId: addDog, successCriteria: [{ condition: $response.body#/token != null }] }
`,
  ],
  [
    'messages that are sent, and received on the channel of a reply',
    `workflows:
  - workflowId: walk
    inputs: { type: object, properties: { walkId: { type: string } } }
    steps:
      - stepId: ask
        operationId: $sourceDescriptions.walks.askForWalk
        action: send
        parameters: [{ name: walkId, in: header, value: $inputs.walkId }]
        requestBody: { contentType: application/json, payload: { dog: 1 } }
      - stepId: confirm
        channelPath: '{$sourceDescriptions.walks.url}#/channels/confirm'
        correlationId: $inputs.walkId
        timeout: 6000
        action: receive
        dependsOn: [ask]
        outputs: { when: $message.payload.when }
    outputs: { when: $steps.confirm.outputs.when }
`,
    { version: '1.1.0' },
  ],
])('loads: %s', async (_what, workflows, more) => {
  expect(await problemsOf(workflows, more)).toEqual([]);
});

const step = (text: string) => `workflows:\n  - workflowId: w\n    steps:\n      - { stepId: s, ${text} }\n`;

test.each<[string, string, string, { version?: string; kennel?: string }?]>([
  [
    'a document on another host',
    step('operationId: findDogs'),
    'is on another host',
    { kennel: 'https://example.com/k.yaml' },
  ],
  ['a document that is missing', step('operationId: findDogs'), 'There is no file', { kennel: './animals.yaml' }],
  ['an operation in other letters', step('operationId: $sourceDescriptions.kennel.TOKEN'), 'Did you mean `Token`?'],
  [
    'a path parameter by another name',
    step('operationId: getTreats, parameters: [{ name: dog_id, in: path, value: 1 }]'),
    'has no parameter `dog_id`. Did you mean `dogId`?',
  ],
  [
    'an output that no step has',
    `${step('operationId: findDogs, outputs: { id: $response.body#/0 }')}    outputs: { dog: $steps.s.outputs.ids }\n`,
    'has no output `ids`. Did you mean `id`?',
  ],
  [
    'a step without its outputs',
    `${step('operationId: findDogs, outputs: { id: $response.body#/0 }')}    outputs: { dog: $steps.s.id }\n`,
    'After `$steps.s` comes `.outputs`, not `.id`.',
  ],
  ['a source in other letters', step('operationId: $sourceDescriptions.Kennel.Token'), 'Did you mean `kennel`?'],
  [
    'an id where a path belongs',
    step('operationPath: $sourceDescriptions.walks.askForWalk, action: send'),
    'An id is named with `operationId`.',
    { version: '1.1.0' },
  ],
])('is refused: %s', async (_what, workflows, reason, more) => {
  expect((await problemsOf(workflows, more)).join('\n')).toContain(reason);
});
