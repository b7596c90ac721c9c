import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runRecord } from '../../src/cli/record.ts';
import { runScenarios } from '../../src/cli/run.ts';
import { temporaryFolder, writeFiles } from '../contracts/temp-files.ts';
import { SHOP_DOCUMENT } from '../support/faulty-shop.ts';
import { runIo } from '../support/run-io.ts';
import { startSimulator } from '../support/simulator.ts';

const { simulator, ask } = await startSimulator();

/** Records in a folder of its own; answers the exit code, what was printed, and the folder. */
async function record(flags: {
  readonly tenant?: readonly string[];
  readonly out?: readonly string[];
  readonly url?: string;
}) {
  const cwd = temporaryFolder();
  const printed = { out: '', err: '' };
  const output = {
    stdout: { write: (text: string) => (printed.out += text) },
    stderr: { write: (text: string) => (printed.err += text) },
  };
  const context = { output, cwd, specs: [resolve(import.meta.dirname, '../../specs')], fetch };
  const code = await runRecord({ url: simulator.url, ...flags }, context);
  return { code, cwd, ...printed };
}

const joinAs = (tenant: string, email: string) =>
  ask('POST', `/@${tenant}/v1/customers`, { customerType: 'Individual', email });

test('the stories of several tenants become a document that plays, a workflow for each', async () => {
  await joinAs('alice', 'alice@example.com');
  await joinAs('bob.2', 'bob@example.com');
  await ask('POST', '/@bob.2/_simulator/clock/advance', { by: 'P1D' });

  const { code, cwd, err } = await record({ tenant: ['alice,bob.2'], out: ['stories/both.arazzo.yaml'] });

  expect(err).toBe('Written: stories/both.arazzo.yaml. Play it with: bss-simulator run stories/both.arazzo.yaml\n');
  expect(code).toBe(0);
  expect(await readFile(join(cwd, 'stories/both.arazzo.yaml'), 'utf8')).toMatch(
    /workflowId: alice[\s\S]*workflowId: bob_2/,
  );
  const { io, texts } = runIo(cwd);
  expect(await runScenarios({ files: ['stories/both.arazzo.yaml'] }, io), texts.out + texts.err).toBe(0);
  expect(texts.out).toContain('2 passed');
});

test('what a tenant was shown becomes a starting world, each thing as it was seen last', async () => {
  const { body: made } = await joinAs('dora', 'dora@example.com');
  await ask('PATCH', `/@dora/v1/customers/${made.customerId}`, { email: 'dora@example.org' });

  const { code, cwd, err } = await record({
    tenant: ['dora'],
    out: ['seen/dora.yaml', 'dora.json', 'dora.arazzo.yaml'],
  });

  expect(code, err).toBe(0);
  expect(err).toContain('Written: seen/dora.yaml. Serve it with: bss-simulator --fixture seen/dora.yaml\n');
  const world = JSON.parse(await readFile(join(cwd, 'dora.json'), 'utf8'));
  expect(world).toMatchObject({
    base: 'empty',
    entities: { 'connectx/Customer': [{ customerId: made.customerId, email: 'dora@example.org' }] },
  });
  const { ask: askAgain } = await startSimulator({ fixture: join(cwd, 'seen/dora.yaml') });
  expect((await askAgain('GET', `/v1/customers/${made.customerId}`)).body).toMatchObject({ email: 'dora@example.org' });
});

test('a story names its contracts where they are, and says which nobody has named', async () => {
  const shop = await startSimulator({ specs: [writeFiles({ 'shop/api.yaml': SHOP_DOCUMENT })] });
  await shop.ask('POST', '/orders', { item: 'router', quantity: 2 });

  const { out, err } = await record({ url: shop.simulator.url });

  expect(out).toContain('url: shop/api.yaml');
  expect(err).toBe('Where shop/api.yaml is, nobody said: name it with --specs, or write its url into the story.\n');
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
  [{ out: ['world.yaml'] }, /the tenant "default" was shown nothing that a world can begin with\. Ask for things/],
  [{ out: ['world.yaml'], tenant: ['alice,default'] }, /a starting world is that of one tenant\. Name one --tenant/],
  [{ tenant: ['default'] }, /the tenant "default" has done nothing yet\. Send it requests first/],
])('where there is nothing to record, one sentence says so: %j', async (flags, message) => {
  const { code, err } = await record(flags);

  expect(code).toBe(2);
  expect(err).toMatch(message);
});
