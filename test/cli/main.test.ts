import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { SimulatorOptions } from '../../src/config.ts';
import { FORMATS } from '../../src/options/formats.ts';
import { OPTION_NAMES } from '../../src/options/option-table.ts';
import { optionsSchema } from '../../src/options/options-schema.ts';
import { createSimulator } from '../../src/simulator.ts';
import { temporaryFolder, writeFiles } from '../contracts/temp-files.ts';
import { newerNodeTest } from '../support/newer-node.ts';
import { startProcess } from '../support/process.ts';

const MAIN = resolve('dist/cli/main.js');
const STORY = resolve('scenarios/macd/change.arazzo.yaml');

test.each(['12.22.12', '18.20.8', '20.18.3'])('Node %s is refused in one line', (version) => {
  const folder = writeFiles({
    'old.cjs': `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`,
  });

  const { status, stderr, stdout } = spawnSync(process.execPath, ['--require', join(folder, 'old.cjs'), MAIN], {
    encoding: 'utf8',
  });

  expect(stderr).toBe(
    `Failed to start bss-simulator: it needs Node.js 20.19 or newer, and this is ${version}. Install a newer Node.js.\n`,
  );
  expect(stdout).toBe('');
  expect(status).toBe(2);
});

newerNodeTest('a newer Node keeps what it has compiled for the next start', (node) => {
  const folder = temporaryFolder();
  const { stdout } = spawnSync(node, [MAIN, '--version'], {
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: folder },
  });

  expect(stdout).toMatch(/^\d/);
  expect(readdirSync(join(folder, 'node-compile-cache'))).toHaveLength(1);
});

test('the oldest Node that is let in is the one that the package promises', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
  expect(engines.node).toBe('>=20.19');
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s stops it cleanly', async (signal) => {
  const simulator = await startProcess();

  expect(await simulator.stop(signal)).toBe(0);
  expect(simulator.log()).toBe('');
});

test('what a server by HTTPS is asked with, where only a private authority vouches for it, is said and works', async () => {
  const tls = (name: string) => resolve('test/support/tls', name);
  const simulator = await startProcess([
    '--systems',
    'connectx',
    '--tls-cert',
    tls('server.pem'),
    '--tls-key',
    tls('server.key'),
  ]);
  onTestFinished(() => void simulator.stop());
  const ask = (env: NodeJS.ProcessEnv, ...args: string[]) =>
    spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env: { ...process.env, ...env } });

  const untold = ask({}, 'record', '--url', simulator.url);
  const told = ask({ NODE_EXTRA_CA_CERTS: tls('ca.pem') }, 'call', 'listProducts', '--url', simulator.url);

  expect(untold.stderr).toMatch(
    /it does not answer \(.*certificate.*\)\. Name the authority that signed its certificate: NODE_EXTRA_CA_CERTS=/,
  );
  expect(told.stderr).toBe('GET /v1/products → 200 OK\n');
});

test('the built program records from a running proxy', async () => {
  const cwd = temporaryFolder();
  const behind = await startProcess(['--systems', 'connectx']);
  onTestFinished(() => void behind.stop());
  const proxy = spawn(process.execPath, [MAIN, 'proxy', behind.url, '--port', '0', '--systems', 'connectx'], { cwd });
  onTestFinished(() => void proxy.kill());
  const [said] = (await once(proxy.stdout, 'data')) as [Buffer];
  const url = said.toString().trim();
  await fetch(`${url}/v1/customers/CUS-000001`, { headers: { authorization: 'Bearer s3cret-t0ken' } });

  const { stderr, status } = spawnSync(
    process.execPath,
    [MAIN, 'record', '--from', 'proxy', '--url', url, '--out', 'seen.arazzo.yaml', 'seen.yaml'],
    { cwd, encoding: 'utf8' },
  );

  expect(status, stderr).toBe(0);
  const [story, world] = ['seen.arazzo.yaml', 'seen.yaml'].map((file) => readFileSync(join(cwd, file), 'utf8'));
  expect(story).toContain('getCustomer');
  expect(world).toContain('customerId: CUS-000001');
  expect(`${story}${world}`).not.toContain('s3cret-t0ken');
});

test('reports are written into folders that are made for them', async () => {
  const cwd = temporaryFolder();
  const files = [
    '--junit',
    'a/junit.xml',
    '--ctrf',
    'b/c/ctrf.json',
    '--har',
    'd/calls.har',
    '--coverage',
    'e/all.json',
  ];

  const child = spawn(process.execPath, [MAIN, 'run', STORY, ...files], { cwd, stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));

  expect(await once(child, 'exit')).toEqual([0, null]);
  for (const file of files.filter((each) => !each.startsWith('--'))) expect(existsSync(join(cwd, file))).toBe(true);
});

test('a report that cannot be written is one sentence, and exit code 2', () => {
  const folder = writeFiles({ taken: 'a file' });

  const { status, stderr } = spawnSync(
    process.execPath,
    [MAIN, 'generate', '--customers', '1', '--out', join(folder, 'taken', 'world.json')],
    { encoding: 'utf8' },
  );

  expect(stderr).toBe(
    `Failed to write ${join(folder, 'taken', 'world.json')}: a file stands where a folder should be. Name another file.\nCONFIG_INVALID: see docs/errors.md#config_invalid\n`,
  );
  expect(status).toBe(2);
});

test('the check of options that the build has compiled lets pass what their schema does', () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
  const isGood = ajv.compile(optionsSchema());
  const value = fc.oneof(fc.anything(), fc.string(), fc.integer(), fc.constantFrom('any', 'real', false, true, []));
  fc.assert(
    fc.property(fc.constantFrom('prot', ...OPTION_NAMES), value, (name, given) => {
      const options = { [name]: given };
      fc.pre(given !== undefined && typeof given !== 'function');
      // Replicas share a database: what the schema lets pass is nothing without the other option.
      const company = name === 'replicas' ? { store: 'postgres://localhost/test' } : {};
      if (isGood(options)) createSimulator({ ...company, ...options } as SimulatorOptions);
      else expect(() => createSimulator(options as SimulatorOptions)).toThrow(`"${name}`);
    }),
    { numRuns: 500 },
  );
});
