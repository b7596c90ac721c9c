import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { temporaryFolder } from './temp-files.ts';

interface Mistake {
  readonly file: string;
  /** Text that stands once in the file, or whose first place is meant. */
  readonly right: string;
  readonly wrong: string;
  /** The part of `wrong` that a problem has to point at. */
  readonly at: string;
  readonly message: RegExp;
  readonly hint?: RegExp;
}

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'a misspelt keyword in a schema of OpenAPI': {
    file: 'connectx/bss-api.openapi.yaml',
    right: '      required: [customerType, email]',
    wrong: '      requried: [customerType, email]',
    at: 'requried',
    message: /`requried`/,
    hint: /`required`/,
  },
  'a reference that leads nowhere': {
    file: 'connectx/bss-api.openapi.yaml',
    right: "$ref: '#/components/schemas/InvoiceList'",
    wrong: "$ref: '#/components/schemas/InvoicesList'",
    at: "'#/components",
    message: /leads nowhere/,
    hint: /`InvoiceList`/,
  },
  'an operationId used twice': {
    file: 'billing-account/hub.openapi.yaml',
    right: 'operationId: unregisterListener',
    wrong: 'operationId: registerListener',
    at: 'registerListener',
    message: /`registerListener` is not unique/,
  },
  'a wrong type in a Swagger document that others refer to': {
    file: 'billing-account/billing-account.swagger.yaml',
    right: '(3xx, 4xx, 5xx).\n    type: object\n    required: [code]',
    wrong: '(3xx, 4xx, 5xx).\n    type: object\n    required: code',
    at: 'code',
    message: /`required` must be a list of names/,
  },
  'broken YAML': {
    file: 'aps-subscriptions/resources.openapi.yaml',
    right: '      operationId: listResources',
    wrong: '      operationId: listResources: all',
    at: 'listResources',
    message: /Nested mappings/,
  },
  'a bad enum in a JSON Schema that others refer to': {
    file: 'macd/callback-response.schema.json',
    right: '"enum": ["Success", "Warning", "Error"]',
    wrong: '"enum": "Success"',
    at: '"Success"',
    message: /`enum` must be a list/,
  },
  'an unknown APS type': {
    file: 'aps-subscriptions/subscription-management-service.aps.json',
    right: '"type": "TcvLevelInfo"',
    wrong: '"type": "TcvLevelInof"',
    at: '"TcvLevelInof"',
    message: /`TcvLevelInof` is not defined/,
    hint: /`TcvLevelInfo`/,
  },
  'a draft-03 required in draft-04': {
    file: 'macd/delete-order.schema.json',
    right: '"CustomerRef": {',
    wrong: '"CustomerRef": {\n          "required": true,',
    at: 'true',
    message: /`required` is true, as draft-03 has it/,
  },
  'a path parameter that is not declared': {
    file: 'macd/northbound.openapi.yaml',
    right:
      '  /macd/orders/{messageId}:\n    get:\n      tags: [Orders]\n      operationId: getOrder\n      summary: Read one order\n      parameters:\n        - name: messageId',
    wrong:
      '  /macd/orders/{messageId}:\n    get:\n      tags: [Orders]\n      operationId: getOrder\n      summary: Read one order\n      parameters:\n        - name: messageKey',
    at: 'messageKey',
    message: /messageKey/,
    hint: /`messageId`/,
  },
  'a misspelt member of an AsyncAPI message': {
    file: 'connectx/bss-events.asyncapi.yaml',
    right:
      "      contentType: application/json\n      payload:\n        $ref: '#/components/schemas/InvoiceEventPayload'",
    wrong:
      "      contentTpe: application/json\n      payload:\n        $ref: '#/components/schemas/InvoiceEventPayload'",
    at: 'contentTpe',
    message: /contentTpe/,
    hint: /`contentType`/,
  },
};

test('ten mistakes in the shipped contracts are ten problems, each once and in its place', async () => {
  const folder = temporaryFolder();
  cpSync('specs', folder, { recursive: true });
  const expected = Object.values(MISTAKES).map((mistake) => plant(folder, mistake));
  const { problems } = await loadContracts([folder]);

  expect(problems).toHaveLength(10);
  expect(problems.map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual(expected.toSorted());
});

test.each(Object.entries(MISTAKES))('%s is told of with its place and what to do', async (_, mistake) => {
  const folder = temporaryFolder();
  cpSync('specs', folder, { recursive: true });
  const place = plant(folder, mistake);
  const { problems } = await loadContracts([folder]);

  expect(problems.map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual([place]);
  expect(problems[0]?.message).toMatch(mistake.message);
  expect(problems[0]?.hint).toMatch(mistake.hint ?? /./);
});

/** Makes one mistake and answers `file:line:column` of where it is. */
function plant(folder: string, { file, right, wrong, at }: Mistake): string {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  const start = text.indexOf(right);
  if (start === -1) throw new Error(`${file} does not say ${right}`);
  writeFileSync(path, text.slice(0, start) + wrong + text.slice(start + right.length));
  const before = (text.slice(0, start) + wrong.slice(0, wrong.indexOf(at))).split('\n');
  return `${path}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
