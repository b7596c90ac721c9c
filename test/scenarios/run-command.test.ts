import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type RunCommand, runScenarios } from '../../src/cli/run.ts';
import { runIo } from '../support/run-io.ts';

const SPECS = resolve(import.meta.dirname, '../../specs');

const STORY = (specs: string) => `arazzo: 1.1.0
info: { title: A customer, version: 1.0.0 }
sourceDescriptions:
  - { name: bss, url: ${specs}/connectx/bss-api.openapi.yaml, type: openapi }
  - { name: events, url: ${specs}/connectx/bss-events.asyncapi.yaml, type: asyncapi }
  - { name: control, url: ${specs}/simulator/control.openapi.yaml, type: openapi }
workflows:
  - workflowId: newCustomer
    steps:
      - stepId: create
        operationId: $sourceDescriptions.bss.createCustomer
        requestBody:
          payload: { firstName: Ada, lastName: Example, email: ada@example.com, customerType: Individual }
        successCriteria: [{ condition: $statusCode == 201 }]
        outputs: { id: $response.body#/customerId }
      - stepId: hear
        operationId: $sourceDescriptions.events.onCustomerCreated
        action: receive
        correlationId: $steps.create.outputs.id
      - stepId: later
        operationId: $sourceDescriptions.control.advanceClock
        requestBody: { payload: { by: P1D } }
      - stepId: silence
        operationId: $sourceDescriptions.events.onCustomerUpdated
        correlationId: $steps.create.outputs.id
        action: receive
        timeout: 1000
        onFailure: [{ name: right, type: goto, stepId: read }]
        onSuccess: [{ name: wrong, type: goto, stepId: create }]
      - stepId: read
        operationId: $sourceDescriptions.bss.getCustomer
        parameters: [{ name: customerId, in: path, value: $steps.create.outputs.id }]
        successCriteria: [{ condition: "$response.body#/email == 'ada@example.com'" }]
`;

async function run(command: Partial<RunCommand> = {}, text?: string) {
  const directory = await mkdtemp(join(tmpdir(), 'run-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'story.arazzo.yaml'), text ?? STORY(relative(directory, SPECS)));
  const { io, texts } = runIo(directory);
  const again = (more: Partial<RunCommand>): Promise<number> => runScenarios({ files: ['.'], ...command, ...more }, io);
  return { code: await again({}), again, texts, directory };
}

test('a story passes on a simulator of its own, and again with the same transcript', async () => {
  const { code, again, texts, directory } = await run({
    transcripts: 'golden',
    junit: 'junit.xml',
    coverage: 'coverage.json',
  });
  expect(texts.out + texts.err).toContain('1 passed, 0 failed');
  expect(code).toBe(0);
  expect(await readFile(join(directory, 'golden/story.newCustomer.jsonl'), 'utf8')).toContain('Ada');
  expect(await readFile(join(directory, 'junit.xml'), 'utf8')).toContain('newCustomer');
  expect(await again({ transcripts: undefined, verify: 'golden' })).toBe(0);
  expect(await again({ transcripts: undefined, verify: 'golden', seed: 2 })).toBe(1);
}, 60_000);

test.each([
  [{ files: ['nowhere.yaml'] }, 'There is no such file'],
  [{ files: ['golden'] }, 'There is no such file'],
  [{ only: ['newCustomr'] }, 'Did you mean "newCustomer"?'],
  [{ input: ['x'] }, '--input name=value'],
  [{ parallel: 0 }, '--parallel'],
  [{ speed: -1 }, '--speed'],
])('bad usage is refused with exit code 2: %o', async (command, reason) => {
  const { code, texts } = await run(command);
  expect(texts.err).toContain(reason);
  expect(code).toBe(2);
});

test('a mistake in a scenario is told with its place and exit code 2', async () => {
  const { code, texts } = await run({}, STORY(SPECS).replace('createCustomer', 'createCustomr'));
  expect(texts.err).toBe(
    'story.arazzo.yaml:11:22 `bss` has no operation `createCustomr`. Did you mean `createCustomer`?\n',
  );
  expect(code).toBe(2);
});
