import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { createHarReporter } from '../../src/scenarios/reporters/har.ts';
import { runScenarios } from '../../src/scenarios/run-scenarios.ts';
import { createFakePlayer, documentWith, readText } from './scenario-builder.ts';

const require = createRequire(import.meta.url);

/** Says what the published schema of HAR 1.2 finds wrong. */
function violationsOf(har: unknown): unknown {
  const schemas = require('har-schema') as Record<string, object>;
  const metaSchema = JSON.parse(readFileSync(require.resolve('ajv/dist/refs/json-schema-draft-06.json'), 'utf8'));
  // It writes `min` and `optional`, which are no keywords.
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addMetaSchema(metaSchema);
  for (const schema of Object.values(schemas)) ajv.addSchema(schema);
  const isValid = ajv.validate('har.json#', har);
  return isValid ? [] : ajv.errors;
}

async function harOf(workflows: string) {
  const { documents, problems } = await readText(documentWith(workflows));
  expect(problems).toEqual([]);
  let text = '';
  const write = (written: string) => {
    text = written;
  };
  const createPlayer = async () =>
    createFakePlayer({
      answer: ({ operation }, count) =>
        operation.id === 'createOrder'
          ? { status: 201, headers: { 'content-type': 'application/json' }, body: { id: 1 }, text: '{"id": 1}' }
          : { status: count < 3 ? 503 : 200 },
    });
  await runScenarios({ documents, createPlayer, parallel: 1, reporters: [createHarReporter(write, '1.2.3')] });
  const har = JSON.parse(text);
  expect(violationsOf(har)).toEqual([]);
  return har.log;
}

test('every call is an entry of its workflow, with its bodies as they went over the wire', async () => {
  const log = await harOf(`  - workflowId: order
    steps:
      - stepId: create
        operationId: $sourceDescriptions.shop.createOrder
        parameters: [{ name: q, in: query, value: a b }, { name: Authorization, in: header, value: Bearer secret }]
        requestBody: { payload: { item: pen } }
`);
  expect(log.creator).toEqual({ name: 'bss-simulator', version: '1.2.3' });
  expect(log.pages).toMatchObject([{ id: 'a.order', title: 'a.arazzo.yaml › order' }]);
  expect(log.entries).toMatchObject([
    {
      pageref: 'a.order',
      startedDateTime: '2026-01-01T00:00:00.000Z',
      comment: 'step create: passed',
      request: {
        method: 'POST',
        url: 'http://test/orders?q=a+b',
        queryString: [{ name: 'q', value: 'a b' }],
        postData: { mimeType: 'application/json', text: '{"item":"pen"}' },
      },
      response: {
        status: 201,
        statusText: 'Created',
        content: { size: 9, mimeType: 'application/json', text: '{"id": 1}' },
      },
    },
  ]);
  expect(JSON.stringify(log)).not.toContain('secret');
});

test('every attempt is an entry, and what a called workflow did is told once', async () => {
  const log =
    await harOf(`  - { workflowId: whole, steps: [{ stepId: call, workflowId: part, parameters: [{ name: n, value: 1 }] }] }
  - workflowId: part
    inputs: { type: object, properties: { n: { type: integer } }, required: [n] }
    steps:
      - stepId: list
        operationId: $sourceDescriptions.shop.listOrders
        onFailure: [{ name: again, type: retry, retryAfter: 2, retryLimit: 3 }]
`);
  expect(log.pages.map(({ id }: { id: string }) => id)).toEqual(['a.whole']);
  expect(log.entries).toMatchObject([
    { startedDateTime: '2026-01-01T00:00:00.000Z', comment: 'step list: failed. The answer was 503.' },
    { startedDateTime: '2026-01-01T00:00:02.000Z', comment: 'step list, attempt 2: failed. The answer was 503.' },
    { startedDateTime: '2026-01-01T00:00:04.000Z', comment: 'step list, attempt 3: passed' },
  ]);
});
