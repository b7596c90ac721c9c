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
  const { rows } = await checkContracts([writeFiles({ 'shop/api.yaml': API })], { hasCode: () => true });

  expect(rows).toEqual([
    {
      system: 'shop',
      contract: 'api',
      format: 'openapi-3.1',
      operations: 1,
      channels: 0,
      schemas: 0,
      answers: [{ operation: 'readA', by: 'code' }],
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
