import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { runCheck } from '../src/cli/check.ts';
import { HINTS_SCHEMA } from '../src/contracts/hints/hints-schema.ts';
import { loadContracts } from '../src/contracts/load-contracts.ts';
import { describeLifecycles, lifecyclesOf } from '../src/engine/lifecycle/lifecycle-document.ts';
import { ERROR_CODES, type ErrorCode, SimulatorError } from '../src/errors.ts';
import { loadSystems } from '../src/operator/load-systems.ts';
import { createSimulator } from '../src/simulator.ts';
import { writeFiles } from './contracts/temp-files.ts';
import { channelTables } from './support/channel-docs.ts';
import { withCommands } from './support/command-docs.ts';
import { withControlApi } from './support/control-docs.ts';
import { withErrors } from './support/error-docs.ts';
import { fillPlaces } from './support/fill-places.ts';
import { licenceTable } from './support/licence-docs.ts';
import { publishedSchema, withOptions } from './support/options-docs.ts';
import { withPolicies } from './support/policy-docs.ts';
import { askAt } from './support/simulator.ts';

const { withPeers, withTable } = (await import('../bench/table.mjs' as string)) as Record<
  'withPeers' | 'withTable',
  (text: string, results: unknown) => string
>;
const { agentTexts } = (await import('../site/agents.mjs' as string)) as { agentTexts(): Record<string, string> };
const { checkLinks } = (await import('../site/check-links.mjs' as string)) as { checkLinks(folder: string): unknown };
const { readSections } = (await import('../site/pages.mjs' as string)) as {
  readSections(): { readonly pages: readonly { readonly file: string }[] }[];
};
const PAGES = readSections()
  .flatMap(({ pages }) => pages.map(({ file }) => file))
  .filter((file) => !file.includes('#'));

test('docs/lifecycles.md is what the engine enforces (npm run docs writes it)', async () => {
  const written = describeLifecycles(lifecyclesOf(await loadSystems()));
  await expect(written).toMatchFileSnapshot('../docs/lifecycles.md');
});

test('the table of the README is what the last run of the bench has found', () => {
  const readme = readFileSync('README.md', 'utf8');
  expect(readme).toBe(withTable(readme, JSON.parse(readFileSync('bench/results.json', 'utf8'))));
});

test('the options in the README are those of the table (npm run docs writes them)', async () => {
  await expect(withOptions(readFileSync('README.md', 'utf8'))).toMatchFileSnapshot('../README.md');
});

test('bss-simulator.schema.json is the schema that options are checked against (npm run docs writes it)', async () => {
  await expect(publishedSchema()).toMatchFileSnapshot('../bss-simulator.schema.json');
});

test('x-simulator.schema.json is the schema that hints are checked against (npm run docs writes it)', async () => {
  new Ajv2020({ strict: true, allowUnionTypes: true }).compile(HINTS_SCHEMA);
  await expect(`${JSON.stringify(HINTS_SCHEMA, null, 1)}\n`).toMatchFileSnapshot('../x-simulator.schema.json');
});

test('docs/your-own-contract.md shows a contract and an overlay that do what it says', async () => {
  const text = readFileSync('docs/your-own-contract.md', 'utf8');
  const blocks = (kind: string) =>
    [...text.matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block]) => block ?? '');
  const [api = '', overlay = ''] = blocks('yaml');
  const explained = { stdout: '', stderr: '' };
  const output = {
    stdout: { write: (chunk: string) => (explained.stdout += chunk) },
    stderr: { write: (chunk: string) => (explained.stderr += chunk) },
  };
  const specs = [writeFiles({ 'shop/orders.yaml': api })];
  await runCheck({ specs, json: false, failOn: 'warning', isExplained: true }, output);
  expect(explained.stdout.split('\n\n')[1]).toBe(blocks('text')[0]);
  expect(explained.stderr).toBe('');

  const folder = writeFiles({ 'shop/orders.yaml': api, 'shop/orders.overlay.yaml': overlay });
  expect((await loadContracts([folder])).problems).toEqual([]);
  const simulator = createSimulator({ port: 0, specs: [folder] });
  await simulator.start();
  const ask = askAt(simulator.url);
  const { body } = await ask('POST', '/v1/orders', { product: 'lamp' });
  await ask('POST', '/_simulator/clock/advance', { by: 'PT2H' });
  expect((await ask('GET', '/v1/orders')).body).toEqual([
    { id: 'ORD-1', product: 'lamp', state: 'packed' },
    { id: body.id, product: 'lamp', state: 'packed' },
  ]);
  await simulator.stop();
});

test('the published schema is one, and allows the options as a file spells them', () => {
  const check = new Ajv2020({ strict: true }).compile(JSON.parse(publishedSchema()) as object);
  expect(check({ $schema: 'x', port: 0, publicUrl: 'https://bss.example.com', cache: false })).toBe(true);
  expect(check({ 'public-url': 'https://bss.example.com', webhooks: [{ url: 'http://a', channels: ['*'] }] })).toBe(
    true,
  );
  expect(check({ prot: 1 })).toBe(false);
  expect(check({ 'max-body': 0 })).toBe(false);
});

test('docs/errors.md has an entry for every code that an error can carry (npm run docs writes it)', async () => {
  const written = withErrors(readFileSync('docs/errors.md', 'utf8'));
  await expect(written).toMatchFileSnapshot('../docs/errors.md');
  for (const code of Object.keys(ERROR_CODES)) {
    const { help } = new SimulatorError(code as ErrorCode, 'Failed.');
    expect(written.toLowerCase()).toContain(`\n### ${help.replace('docs/errors.md#', '')}\n`);
  }
});

test('docs/licences.md lists everything that is installed with the package (npm run docs writes it)', async () => {
  const written = fillPlaces(readFileSync('docs/licences.md', 'utf8'), 'licences', { production: licenceTable() });
  await expect(written).toMatchFileSnapshot('../docs/licences.md');
});

test('the tables of docs/policies.md are those that tenants get their policies from (npm run docs writes them)', async () => {
  await expect(await withPolicies(readFileSync('docs/policies.md', 'utf8'))).toMatchFileSnapshot('../docs/policies.md');
});

test('docs/commands.md tells every option of every command (npm run docs writes them)', async () => {
  await expect(withCommands(readFileSync('docs/commands.md', 'utf8'))).toMatchFileSnapshot('../docs/commands.md');
});

test('docs/control-api.md tells every operation of the control API, and what actions take (npm run docs writes it)', async () => {
  const written = await withControlApi(readFileSync('docs/control-api.md', 'utf8'));
  await expect(written).toMatchFileSnapshot('../docs/control-api.md');
});

test('docs/channels.md tells every channel of the shipped contracts (npm run docs writes it)', async () => {
  const files = readdirSync('specs', { recursive: true, encoding: 'utf8' }).filter((file) =>
    /asyncapi\.yaml$/.test(file),
  );
  const { contracts } = await loadContracts(files.map((file) => join('specs', file)));
  const written = fillPlaces(readFileSync('docs/channels.md', 'utf8'), 'channels', channelTables(contracts));
  await expect(written).toMatchFileSnapshot('../docs/channels.md');
});

test('docs/comparison.md shows what the last run of the bench has found of the peers', () => {
  const text = readFileSync('docs/comparison.md', 'utf8');
  expect(text).toBe(withPeers(text, JSON.parse(readFileSync('bench/results.json', 'utf8'))));
});

test('llms.txt and the skills name every page of the site, and their links lead somewhere', () => {
  const texts = agentTexts();
  expect(Object.keys(texts).filter((file) => file.startsWith('skills/'))).toHaveLength(3);
  for (const [file, text] of Object.entries(texts)) {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) =>
      join(dirname(file), target),
    );
    expect(targets.filter((target) => !existsSync(target))).toEqual([]);
    expect(PAGES.filter((page) => !targets.includes(join(page)))).toEqual([]);
  }
});

test.each(PAGES)('every link of %s to a file leads somewhere', (file) => {
  const targets = [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
    ([, target]) => target ?? '',
  );
  for (const target of targets) expect(existsSync(join(dirname(file), target)), target).toBe(true);
});

test('a link of the site that leads nowhere is found, be it to a page or to a place on one', () => {
  const folder = writeFiles({
    'a.html':
      '<h1 id="here"><a href="sub/b.html#there">b</a> <a href="#here">a</a> <a href="https://example.com/">c</a></h1>',
    'sub/b.html': '<a href="../a.html#gone">a</a> <a href="gone.html">gone</a>',
  });
  expect(checkLinks(folder)).toEqual({
    pages: 2,
    links: 4,
    problems: [
      'a.html: sub/b.html#there names no place on sub/b.html',
      'sub/b.html: ../a.html#gone names no place on a.html',
      'sub/b.html: gone.html is no file of the site',
    ],
  });
});

test('every file that ARCHITECTURE.md names exists', () => {
  const named = [
    ...readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/`((?:src|specs|test)\/[\w./-]+|\w+\/[\w./-]+\.ts)`/g),
  ];
  for (const [, file = ''] of named) {
    const candidates = [file, join('src', file)];
    expect(
      candidates.some((candidate) => existsSync(candidate)),
      file,
    ).toBe(true);
  }
});
