import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runRecord } from '../../src/cli/record.ts';
import { runScenarios } from '../../src/cli/run.ts';
import { temporaryFolder } from '../contracts/temp-files.ts';
import { runIo } from '../support/run-io.ts';
import { startSimulator } from '../support/simulator.ts';

const { simulator, ask } = await startSimulator();

/** Records in a folder of its own; answers the exit code, what was printed, and the folder. */
async function record(flags: { readonly tenant?: readonly string[]; readonly out?: string; readonly url?: string }) {
  const cwd = temporaryFolder();
  const printed = { out: '', err: '' };
  const output = {
    stdout: { write: (text: string) => (printed.out += text) },
    stderr: { write: (text: string) => (printed.err += text) },
  };
  const context = { output, cwd, home: resolve(import.meta.dirname, '../..'), fetch };
  const code = await runRecord({ url: simulator.url, ...flags }, context);
  return { code, cwd, ...printed };
}

const joinAs = (tenant: string, email: string) =>
  ask('POST', `/@${tenant}/v1/customers`, { customerType: 'Individual', email });

test('the stories of several tenants become a document that plays, a workflow for each', async () => {
  await joinAs('alice', 'alice@example.com');
  await joinAs('bob.2', 'bob@example.com');
  await ask('POST', '/@bob.2/_simulator/clock/advance', { by: 'P1D' });

  const { code, cwd, err } = await record({ tenant: ['alice,bob.2'], out: 'stories/both.arazzo.yaml' });

  expect(err).toBe('Written: stories/both.arazzo.yaml. Play it with: bss-simulator run stories/both.arazzo.yaml\n');
  expect(code).toBe(0);
  expect(await readFile(join(cwd, 'stories/both.arazzo.yaml'), 'utf8')).toMatch(
    /workflowId: alice[\s\S]*workflowId: bob_2/,
  );
  const { io, texts } = runIo(cwd);
  expect(await runScenarios({ files: ['stories/both.arazzo.yaml'] }, io), texts.out + texts.err).toBe(0);
  expect(texts.out).toContain('2 passed');
});

test('a misspelt tenant is reported with the nearest, and not made', async () => {
  await joinAs('carol', 'carol@example.com');

  const { code, err, out } = await record({ tenant: ['carl'] });

  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toBe(`Failed to record from ${simulator.url}: there is no tenant "carl". Did you mean \`carol\`?\n`);
  const { body } = await ask('GET', '/_simulator/tenants');
  expect(body.items.map(({ name }: { name: string }) => name)).not.toContain('carl');
});

test.each([
  [{ url: 'http://127.0.0.1:1' }, /it does not answer \(.*\)\. Start the simulator, or correct the --url\./],
  [{ url: `${simulator.url}/v1` }, /it answered with 404\. Check the --url and the --admin-token\./],
  [{ tenant: ['default'] }, /the tenant "default" has done nothing yet\. Send it requests first/],
])('where there is nothing to record, one sentence says so: %j', async (flags, message) => {
  const { code, err } = await record(flags);

  expect(code).toBe(2);
  expect(err).toMatch(message);
});
