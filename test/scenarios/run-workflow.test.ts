import { expect, test } from 'vitest';
import { createFakePlayer, documentWith, play } from './scenario-builder.ts';

const LIST = 'operationId: $sourceDescriptions.shop.listOrders';
const steps = (text: string, more = '') =>
  documentWith(`  - workflowId: w
    steps:
${text
  .trim()
  .split('\n')
  .map((line) => `      ${line}`)
  .join('\n')}
${more}`);

test('values flow from inputs through answers to outputs', async () => {
  const player = createFakePlayer({
    answer: ({ operation }) =>
      operation.id === 'createOrder' ? { status: 201, body: { id: 'o/1' } } : { body: { state: 'Open' } },
  });
  const result = await play(
    documentWith(`  - workflowId: w
    inputs: { type: object, properties: { item: { type: string, default: pen }, count: { type: integer } }, required: [count] }
    steps:
      - stepId: create
        operationId: $sourceDescriptions.shop.createOrder
        requestBody:
          payload: { item: $inputs.item, note: '{$inputs.count} of {$inputs.item}', lines: [] }
          replacements: [{ target: /lines/-, value: $inputs.count }]
        successCriteria: [{ condition: $statusCode == 201 }]
        outputs: { id: $response.body#/id }
      - stepId: read
        operationId: $sourceDescriptions.shop.getOrder
        parameters:
          - { name: orderId, in: path, value: $steps.create.outputs.id }
          - { name: q, in: query, value: a b }
        outputs: { state: $response.body.state }
    outputs: { state: $steps.read.outputs.state, url: $steps.nothing }
`).replace(', url: $steps.nothing', ''),
    player,
    { count: 2 },
  );
  expect(result).toMatchObject({ status: 'passed', outputs: { state: 'Open' } });
  expect(player.calls[0]?.text).toBe('{"item":"pen","note":"2 of pen","lines":[2]}');
  expect(result.steps[1]?.request?.url).toBe('http://test/orders/o%2F1?q=a+b');
});

test('a JSON text is filled in as JSON: strings are escaped, structures put in whole', async () => {
  const player = createFakePlayer();
  await play(
    steps(`
- stepId: s
  operationId: $sourceDescriptions.shop.createOrder
  requestBody:
    contentType: application/json
    payload: |
      { "name": "{$inputs.name}", "all": "x {$inputs.list}", "whole": "$inputs.list" }`),
    player,
    { name: 'a"b', list: [1] },
  );
  expect(JSON.parse(player.calls[0]?.text ?? '')).toEqual({ name: 'a"b', all: 'x [1]', whole: [1] });
});

test('a form is written as a form', async () => {
  const player = createFakePlayer();
  await play(
    steps(`
- stepId: s
  operationId: $sourceDescriptions.shop.createOrder
  requestBody: { contentType: application/x-www-form-urlencoded, payload: { a: 1, b: x y } }`),
    player,
  );
  expect(player.calls[0]?.text).toBe('a=1&b=x+y');
});

test('a criterion that does not hold fails the step and the workflow, and shows what it saw', async () => {
  const result = await play(
    steps(`
- { stepId: a, ${LIST}, successCriteria: [{ condition: $statusCode == 201 }] }
- { stepId: b, ${LIST} }`),
    createFakePlayer(),
  );
  expect(result).toMatchObject({ status: 'failed', reason: 'Step `a`: `$statusCode == 201` does not hold.' });
  expect(result.steps).toMatchObject([
    { stepId: 'a', status: 'failed', criteria: [{ passed: false, seen: { $statusCode: 200 } }] },
  ]);
});

test('without criteria, an error answer is a failure', async () => {
  const result = await play(steps(`- { stepId: a, ${LIST} }`), createFakePlayer({ answer: () => ({ status: 500 }) }));
  expect(result.reason).toBe('Step `a`: The answer was 500.');
});

test('a retry waits in virtual time, as often as its limit says', async () => {
  const player = createFakePlayer({ answer: (_call, count) => ({ status: count < 3 ? 503 : 200 }) });
  const result = await play(
    steps(`
- stepId: a
  ${LIST}
  onFailure: [{ name: again, type: retry, retryAfter: 1.5, retryLimit: 2, criteria: [{ condition: $statusCode == 503 }] }]`),
    player,
  );
  expect(result).toMatchObject({ status: 'passed', duration: 3000 });
  expect(result.steps.map(({ attempt, status }) => [attempt, status])).toEqual([
    [1, 'failed'],
    [2, 'failed'],
    [3, 'passed'],
  ]);
});

test('a spent retry gives way to the next action, and Retry-After goes before retryAfter', async () => {
  const player = createFakePlayer({
    answer: ({ operation }) => ({ status: operation.id === 'listOrders' ? 503 : 200, headers: { 'retry-after': '7' } }),
  });
  const result = await play(
    steps(`
- stepId: a
  ${LIST}
  onFailure: [{ name: again, type: retry, retryAfter: 1 }, { name: away, type: goto, stepId: c }]
- { stepId: b, ${LIST} }
- { stepId: c, operationId: $sourceDescriptions.shop.createOrder }`),
    player,
  );
  expect(result.status).toBe('passed');
  expect(player.waits).toEqual([7000]);
  expect(result.steps.map(({ stepId }) => stepId)).toEqual(['a', 'a', 'c']);
});

test('goto in a circle ends', async () => {
  const result = await play(
    steps(`- { stepId: a, ${LIST}, onSuccess: [{ name: round, type: goto, stepId: a }] }`),
    createFakePlayer(),
    {},
    10,
  );
  expect(result).toMatchObject({ status: 'failed', reason: expect.stringContaining('More than 10 steps') });
});

test('end on success ends the workflow well; the step overrides the action of the workflow', async () => {
  const result = await play(
    documentWith(`  - workflowId: w
    successActions: [{ name: stop, type: end, criteria: [{ condition: 1 == 2 }] }]
    steps:
      - { stepId: a, ${LIST}, onSuccess: [{ name: stop, type: end }] }
      - { stepId: b, ${LIST} }
`),
    createFakePlayer(),
  );
  expect(result.status).toBe('passed');
  expect(result.steps).toHaveLength(1);
});

test('a nested workflow gets inputs and gives outputs; goto hands over', async () => {
  const result = await play(
    documentWith(`  - workflowId: w
    parameters: [{ name: unrelated, in: header, value: x }]
    steps:
      - { stepId: a, workflowId: sub, parameters: [{ name: n, value: 5 }], successCriteria: [{ condition: $outputs.double == 5 }, { condition: $statusCode == 200 }], outputs: { d: $outputs.double } }
      - { stepId: b, ${LIST}, onSuccess: [{ name: over, type: goto, workflowId: sub, parameters: [{ name: n, value: $steps.a.outputs.d }] }] }
  - workflowId: sub
    inputs: { type: object, properties: { n: { type: integer } }, additionalProperties: false }
    steps: [{ stepId: s, ${LIST} }]
    outputs: { double: $inputs.n }
`),
    createFakePlayer(),
  );
  expect(result).toMatchObject({ status: 'passed', outputs: { double: 5 } });
});

test('what a workflow depends on is played before it, once', async () => {
  const player = createFakePlayer({ answer: (_call, count) => ({ body: { count } }) });
  const result = await play(
    documentWith(`  - workflowId: w
    dependsOn: [first]
    steps: [{ stepId: a, ${LIST}, dependsOn: [$workflows.first.steps.s], parameters: [{ name: c, in: query, value: $workflows.first.outputs.c }] }]
  - workflowId: first
    steps: [{ stepId: s, ${LIST}, outputs: { c: $response.body.count } }]
    outputs: { c: $steps.s.outputs.c }
`),
    player,
  );
  expect(result).toMatchObject({ status: 'passed', dependencies: [{ workflowId: 'first' }] });
  expect(player.calls[1]?.query).toEqual({ c: 1 });
});

test('inputs that do not fit are told', async () => {
  const text = documentWith(`  - workflowId: w
    inputs: { type: object, properties: { n: { type: integer } }, required: [n] }
    steps: [{ stepId: s, ${LIST} }]
`);
  expect((await play(text, createFakePlayer())).reason).toContain('--input');
});

test('a message is received, each once, and in the order it came', async () => {
  const player = createFakePlayer({
    messages: [1, 2, 3].map((id) => ({ id: String(id), channel: 'order/created', payload: { id } })),
  });
  const hear = '$sourceDescriptions.events.onCreated';
  const result = await play(
    steps(`
- { stepId: a, operationId: ${hear}, action: receive, outputs: { id: $message.payload.id } }
- { stepId: b, operationId: ${hear}, correlationId: '3', action: receive, outputs: { id: $message.payload.id } }
- { stepId: c, operationId: ${hear}, outputs: { id: $message.payload.id } }`),
    player,
  );
  expect(result.steps.map(({ outputs }) => outputs.id)).toEqual([1, 3, 2]);
});

test('a message that does not come in time fails the step', async () => {
  const player = createFakePlayer({ messages: [{ channel: 'order/created', payload: { id: 1 }, after: 9000 }] });
  const result = await play(
    steps('- { stepId: a, operationId: $sourceDescriptions.events.onCreated, action: receive, timeout: 6000 }'),
    player,
  );
  expect(result).toMatchObject({
    status: 'failed',
    duration: 6000,
    reason: 'Step `a`: No message came on `order/created` within 6000 ms.',
  });
});

test('a contract that places the correlation id is heeded; sending sends', async () => {
  const player = createFakePlayer({
    messages: [
      { channel: 'order/placed', payload: { id: 'x', meta: { id: 'y' } } },
      { channel: 'order/placed', payload: { meta: { id: 'x' } } },
    ],
  });
  const result = await play(
    steps(`
- { stepId: a, operationId: $sourceDescriptions.events.place, action: receive, correlationId: x, outputs: { all: $message.payload } }
- { stepId: b, operationId: $sourceDescriptions.events.place, action: send, requestBody: { payload: { id: $steps.a.outputs.all#/meta/id } }, parameters: [{ name: k, in: header, value: v }] }`),
    player,
  );
  expect(result.steps[0]?.outputs.all).toEqual({ meta: { id: 'x' } });
  expect(player.sent).toEqual([{ channel: 'order/placed', payload: { id: 'x' }, headers: { k: 'v' } }]);
});

test('a player that breaks down fails the step', async () => {
  const player = createFakePlayer({
    answer: () => {
      throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') });
    },
  });
  expect((await play(steps(`- { stepId: a, ${LIST} }`), player)).reason).toBe(
    'Step `a`: There was no answer: fetch failed (ECONNREFUSED).',
  );
});

test('a step that calls an operation waits for its answer no longer than its timeout', async () => {
  const player = createFakePlayer();
  await play(steps(`- { stepId: a, ${LIST}, timeout: 250 }\n- { stepId: b, ${LIST} }`), player);
  expect(player.calls.map(({ timeout }) => timeout)).toEqual([250, undefined]);
});

test.each([
  [
    'waits for a message',
    '{ stepId: s, operationId: $sourceDescriptions.events.onCreated, action: receive }',
    'within 5000 ms',
  ],
  [
    'waits to try again',
    `{ stepId: s, ${LIST}, successCriteria: [{ condition: $statusCode == 201 }], onFailure: [{ name: r, type: retry, retryAfter: 9 }] }`,
    'A retry after 9000 ms would come when the time of the calling step is over',
  ],
])('the timeout of a step that calls a workflow counts for all in it: %s', async (_what, step, reason) => {
  const player = createFakePlayer();
  const result = await play(
    documentWith(`  - { workflowId: w, steps: [{ stepId: call, workflowId: part, timeout: 5000 }] }
  - workflowId: part
    steps: [${step}]
`),
    player,
  );
  expect(result.reason).toContain(reason);
  expect(result.duration).toBeLessThanOrEqual(5000);
});

test('a called workflow that took longer than the step allows has failed', async () => {
  const player = createFakePlayer({
    answer: () => {
      void player.wait(9000);
      return {};
    },
  });
  const result = await play(
    documentWith(`  - { workflowId: w, steps: [{ stepId: call, workflowId: part, timeout: 5000 }] }
  - { workflowId: part, steps: [{ stepId: advance, ${LIST} }] }
`),
    player,
  );
  expect(result.reason).toContain('`part` took 9000 ms, longer than the 5000 ms that it has');
});
