import { expect, test } from 'vitest';
import { readArazzo } from '../../src/scenarios/read-arazzo.ts';
import { documentWith, readText, sourcesOf } from './scenario-builder.ts';

const one = (step: string, more = '') =>
  documentWith(`  - workflowId: w
    steps:
      - stepId: s
${step
  .split('\n')
  .map((line) => `        ${line}`)
  .join('\n')}
${more}`);

test('a document is read with its operations, channels and places', async () => {
  const { documents, problems } = await readText(
    documentWith(`  - workflowId: w
    inputs: { $ref: '#/components/inputs/Order' }
    steps:
      - stepId: create
        operationId: $sourceDescriptions.shop.createOrder
        requestBody: { payload: { item: $inputs.item } }
        outputs: { id: $response.body#/id }
      - stepId: read
        operationPath: '{$sourceDescriptions.shop.url}#/paths/~1orders~1{orderId}/get'
        parameters: [{ name: orderId, in: path, value: $steps.create.outputs.id }]
      - stepId: hear
        channelPath: '{$sourceDescriptions.events.url}#/channels/order~1created'
        action: receive
        timeout: 5000
components:
  inputs:
    Order: { type: object, properties: { item: { $ref: '#/components/inputs/Item' } } }
    Item: { type: string, default: pen }
`),
  );
  expect(problems).toEqual([]);
  expect(documents[0]?.workflows[0]).toMatchObject({
    inputs: { properties: { item: { type: 'string', default: 'pen' } } },
    steps: [
      { stepId: 'create', target: { kind: 'operation', operation: { id: 'createOrder' } } },
      { stepId: 'read', target: { kind: 'operation', operation: { id: 'getOrder' } } },
      {
        stepId: 'hear',
        timeout: 5000,
        target: { kind: 'channel', action: 'receive', channel: { address: 'order/created' } },
      },
    ],
  });
  expect(documents[0]?.workflows[0]?.steps[0]?.line()).toBe(10);
});

test('JSON is read as YAML is', async () => {
  const document = {
    arazzo: '1.0.1',
    info: { title: 'T', version: '1' },
    sourceDescriptions: [{ name: 'shop', url: 'shop.yaml' }],
    workflows: [{ workflowId: 'w', steps: [{ stepId: 's', operationId: 'listOrders' }] }],
  };
  const { documents, problems } = await readText(JSON.stringify(document));
  expect(problems).toEqual([]);
  expect(documents[0]?.workflows[0]?.steps[0]?.target).toMatchObject({
    kind: 'operation',
    operation: { id: 'listOrders' },
  });
});

// The cases of the specification's own test suite, written anew, and what else can be got wrong.
test.each([
  [
    'operationId: $sourceDescriptions.shop.createOrdr',
    '`shop` has no operation `createOrdr`. Did you mean `createOrder`?',
  ],
  ['operationId: $sourceDescriptions.shp.createOrder', 'No source description is named `shp`. Did you mean `shop`?'],
  [
    'operationId: listOrders',
    '`listOrders` does not say of which source it is. Write `$sourceDescriptions.shop.listOrders`.',
  ],
  ["operationPath: '{$sourceDescriptions.shop.url}#/paths/~1orders'", '`/paths/~1orders` leads to 2 operations.'],
  ['operationPath: orders', 'names no source with a pointer into it'],
  ['operationPath: $sourceDescriptions.shop.createOrder', 'An id is named with `operationId`.'],
  [
    "channelPath: '{$sourceDescriptions.events.url}#/channels/order~1creatd'\naction: receive",
    'Did you mean `order/created`?',
  ],
  [
    "channelPath: '{$sourceDescriptions.events.url}#/channels/order~1created'",
    'Add `action: receive` or `action: send`.',
  ],
  ['description: nothing', 'The step calls nothing.'],
  [
    'operationId: $sourceDescriptions.shop.listOrders\nworkflowId: w',
    '`operationId` and `workflowId`, which exclude each other',
  ],
  ['workflowId: v', 'This document has no workflow `v`.'],
  ['workflowId: w\naction: send', 'A step that calls a workflow has no `action`.'],
  [
    'operationId: $sourceDescriptions.events.place\naction: publish',
    '`action` cannot be `publish`. Take one of send, receive.',
  ],
  [
    'operationId: $sourceDescriptions.events.place\naction: send\ncorrelationId: a',
    'Only a step that receives has a `correlationId`.',
  ],
  ['operationId: $sourceDescriptions.shop.listOrders\naction: send', 'is no channel'],
  [
    'operationId: $sourceDescriptions.shop.listOrders\nparameters: [{ name: a, value: 1 }]',
    'does not say where it goes',
  ],
  [
    'operationId: $sourceDescriptions.shop.listOrders\nparameters: [{ name: a, in: query }]',
    'A parameter lacks `value`.',
  ],
  [
    'operationId: $sourceDescriptions.shop.listOrders\nparameters: [{ name: a, in: query, value: 1 }, { name: a, in: query, value: 2 }]',
    'is given twice',
  ],
  ['operationId: $sourceDescriptions.shop.getOrder', 'needs the path parameter `orderId`'],
  ['operationId: $sourceDescriptions.shop.listOrders\nsuccessCriteria: []', '`successCriteria` is empty.'],
  [
    'operationId: $sourceDescriptions.shop.listOrders\nsuccessCriteria: [{ condition: $statusCode = 200 }]',
    '11:52 `=` is no operator. Did you mean `==`?',
  ],
  [
    'operationId: $sourceDescriptions.shop.listOrders\nsuccessCriteria: [{ context: $response.body, condition: /a, type: xpath }]',
    'XPath is not supported',
  ],
  [
    'operationId: $sourceDescriptions.shop.listOrders\noutputs: { a: { expression: x, selector: $.a } }',
    'A selector has no member `expression`.',
  ],
  [
    'operationId: $sourceDescriptions.shop.listOrders\noutputs: { a: { context: $response.body, selector: $.a, type: { type: xpath, version: rfc9535 } } }',
    'The type `xpath` is not supported.',
  ],
  ['operationId: $sourceDescriptions.shop.listOrders\noutputs: { a: $steps.s.id }', 'comes `.outputs`, not `.id`'],
  ['operationId: $sourceDescriptions.shop.listOrders\noutputs: { a b: $url }', '`a b` is no name.'],
  [
    'operationId: $sourceDescriptions.shop.createOrder\nrequestBody: { replacements: [{ target: $.a, targetSelectorType: jmespath, value: 1 }] }',
    'There is no type `jmespath`.',
  ],
  [
    'operationId: $sourceDescriptions.shop.createOrder\nrequestBody: { replacements: [{ target: a, value: 1 }] }',
    'it must begin with `/`',
  ],
  ['operationId: $sourceDescriptions.shop.listOrders\ndependsOn: []', '`dependsOn` is empty.'],
  ['operationId: $sourceDescriptions.shop.listOrders\ndependsOn: [$steps.s]', '`$steps.s` names no step.'],
  ['operationId: $sourceDescriptions.shop.listOrders\ndependsOn: [s]', 'depend on each other in a circle'],
  [
    'operationId: $sourceDescriptions.shop.listOrders\nonSuccess: [{ name: a, type: goto }]',
    '`goto` does not say where to.',
  ],
  [
    'operationId: $sourceDescriptions.shop.listOrders\nonSuccess: [{ name: a, type: retry }]',
    '`type` cannot be `retry`.',
  ],
  [
    'operationId: $sourceDescriptions.shop.listOrders\nonFailure: [{ name: a, type: goto, stepId: t }]',
    'This workflow has no step `t`.',
  ],
  [
    'operationId: $sourceDescriptions.shop.listOrders\nonFailure: [{ name: a, type: retry, retryLimit: -1 }]',
    'must be a whole number, zero or more',
  ],
  [
    'operationId: $sourceDescriptions.shop.listOrders\nonFailure: [{ reference: $components.failureActions.x }]',
    'have no failureActions `x`',
  ],
  [
    'operationId: $sourceDescriptions.shop.listOrders\nsuccesCriteria: []',
    'A step has no member `succesCriteria`. Did you mean `successCriteria`?',
  ],
  [
    'operationId: $sourceDescriptions.shop.listOrders\nparameters: [{ name: a, in: query, value: $steps.t.outputs.a }]',
    'This workflow has no step `t`.',
  ],
])('%s is refused', async (step, reason) => {
  const { problems } = await readText(one(step));
  expect(problems.filter((problem) => problem.includes(reason))).toHaveLength(1);
});

test('all mistakes are told at once, in the order of lines', async () => {
  const { problems } = await readText(
    one('operationId: $sourceDescriptions.shop.lstOrders\noutputs: { a: $respons.body }'),
  );
  expect(problems.map((problem) => problem.slice(0, 4))).toEqual(['10:2', '11:2']);
});

test('what came with Arazzo 1.1 is refused in 1.0, and the version is what to change', async () => {
  const { problems } = await readText(
    documentWith('  - workflowId: w\n    steps: [{ stepId: s, operationId: listOrders, timeout: 5 }]', {
      version: '1.0.1',
    }),
  );
  expect(problems).toEqual([expect.stringContaining('It came with Arazzo 1.1')]);
});

test.each([
  ['arazzo: 2.0.0', 'Arazzo 2.0.0 is not supported.'],
  ['- a', 'This is no Arazzo document.'],
  [
    'arazzo: 1.1.0\ninfo: { title: T, version: 1 }\nworkflows: [{ workflowId: w, steps: [] }]',
    'lacks `sourceDescriptions`',
  ],
  [
    "arazzo: 1.1.0\n$self: 'https://e.com/a.yaml#/b'\ninfo: { title: T, version: '1' }\nsourceDescriptions: [{ name: s, url: shop.yaml }]\nworkflows: []",
    '`$self` has a fragment',
  ],
  [
    "arazzo: 1.1.0\ninfo: { title: T, version: '1' }\nsourceDescriptions: [{ name: s, url: nowhere.yaml, type: openapi }]\nworkflows: []",
    'There is no file `nowhere.yaml`.',
  ],
  [
    "arazzo: 1.1.0\ninfo: { title: T, version: '1' }\nsourceDescriptions: [{ name: s, url: 'https://e.com/a.yaml', type: openapi }]\nworkflows: []",
    'is on another host',
  ],
  [
    "arazzo: 1.1.0\ninfo: { title: T, version: '1' }\nsourceDescriptions: [{ name: s, url: shop.yaml, type: asyncapi }]\nworkflows: []",
    'is of the type `openapi`',
  ],
  ['arazzo: 1.1.0\ninfo: { title: "T', 'Correct the syntax here'],
])('%s is refused', async (text, reason) => {
  const { problems } = await readText(text);
  expect(problems.filter((problem) => problem.includes(reason))).toHaveLength(1);
});

test('names that are unknown to an expression are refused with the nearest', async () => {
  const { problems } = await readText(
    documentWith(`  - workflowId: w
    inputs: { type: object, properties: { item: { type: string } } }
    steps:
      - stepId: first
        operationId: $sourceDescriptions.shop.listOrders
        parameters: [{ name: a, in: query, value: $inputs.itm }, { name: b, in: query, value: $steps.second.outputs.id }]
        outputs: { total: $response.body#/total }
      - stepId: second
        operationId: $sourceDescriptions.shop.listOrders
        parameters: [{ name: a, in: query, value: $steps.first.outputs.totl }]
        outputs: { id: $workflows.v.outputs.id }
`),
  );
  expect(problems).toEqual([
    expect.stringContaining('has no input `itm`. Did you mean `item`?'),
    expect.stringContaining('The step `second` comes only after this one.'),
    expect.stringContaining('has no output `totl`. Did you mean `total`?'),
    expect.stringContaining('There is no workflow `v`.'),
  ]);
});

test('components are put where they are referred to, with the value that the reference sets', async () => {
  const { documents, problems } = await readText(
    one(
      'operationId: $sourceDescriptions.shop.listOrders\nparameters: [{ reference: $components.parameters.page, value: 2 }]\nonFailure: [{ reference: $components.failureActions.again }]',
      `components:
  parameters: { page: { name: page, in: query, value: 1 } }
  failureActions: { again: { name: again, type: retry, retryAfter: 1, retryLimit: 5 } }
`,
    ),
  );
  expect(problems).toEqual([]);
  expect(documents[0]?.workflows[0]?.steps[0]).toMatchObject({
    parameters: [{ name: 'page', value: { value: 2 } }],
    onFailure: [{ name: 'again', type: 'retry', retryAfter: 1, retryLimit: 5 }],
  });
});

test('steps are put behind those that they depend on', async () => {
  const { documents } = await readText(
    documentWith(`  - workflowId: w
    steps:
      - { stepId: b, operationId: $sourceDescriptions.shop.listOrders, dependsOn: [a] }
      - { stepId: a, operationId: $sourceDescriptions.shop.listOrders }
`),
  );
  expect(documents[0]?.workflows[0]?.steps.map(({ stepId }) => stepId)).toEqual(['a', 'b']);
});

test('a workflow of another document is found, by its place and by its $self', async () => {
  const other = documentWith(
    '  - workflowId: sub\n    steps: [{ stepId: s, operationId: $sourceDescriptions.shop.listOrders }]',
  ).replace('info:', '$self: https://e.com/other.yaml\ninfo:');
  const files = {
    '/w/a.arazzo.yaml': documentWith(
      '  - workflowId: w\n    steps: [{ stepId: s, workflowId: $sourceDescriptions.other.sub }]',
      { more: "  - { name: other, url: 'https://e.com/other.yaml', type: arazzo }\n" },
    ),
    '/w/b.arazzo.yaml': documentWith(
      '  - workflowId: w\n    steps: [{ stepId: s, workflowId: $sourceDescriptions.other.sub }]',
      { more: '  - { name: other, url: other.yaml, type: arazzo }\n' },
    ),
    '/w/other.yaml': other,
  };
  const { documents, problems } = await readArazzo(
    ['/w/other.yaml', '/w/a.arazzo.yaml', '/w/b.arazzo.yaml'],
    sourcesOf(files),
  );
  expect(problems).toEqual([]);
  const targets = documents.slice(1).map((document) => document.workflows[0]?.steps[0]?.target);
  expect(targets.map((target) => target?.kind === 'workflow' && target.workflow.find()?.document.file)).toEqual([
    'other.yaml',
    'other.yaml',
  ]);
});

test('a workflow that the other document lacks is told with the nearest one that it has', async () => {
  const { problems } = await readText(
    documentWith('  - workflowId: w\n    steps: [{ stepId: s, workflowId: $sourceDescriptions.other.sup }]', {
      more: '  - { name: other, url: other.yaml, type: arazzo }\n',
    }),
    {
      '/w/other.yaml': documentWith(
        '  - workflowId: sub\n    steps: [{ stepId: s, operationId: $sourceDescriptions.shop.listOrders }]',
      ),
    },
  );
  expect(problems).toEqual(['9:38 `other.yaml` has no workflow `sup`. Did you mean `sub`?']);
});
