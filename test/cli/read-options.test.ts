import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { flagOf } from '../../src/cli/option-flags.ts';
import { toKebabCase, toVariable } from '../../src/cli/option-text.ts';
import { readOptions } from '../../src/cli/read-options.ts';
import { resolveSettings } from '../../src/config.ts';
import type { OptionFormat } from '../../src/options/formats.ts';
import { ENTRIES, OPTION_NAMES, type OptionSchema } from '../../src/options/option-table.ts';

let cwd = '';

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'bss-config-'));
});

afterEach(async () => {
  await rm(cwd, { recursive: true });
});

const write = (text: string, name = 'bss-simulator.yaml') => writeFile(join(cwd, name), text);

test('flags win over the environment, the environment over the file', async () => {
  await write('port: 1\nhost: 0.0.0.0\nseed: 3\n');

  const options = await readOptions({
    flags: { port: 5, host: undefined },
    environment: { BSS_SIMULATOR_PORT: '4', BSS_SIMULATOR_SEED: '7', OTHER: 'x' },
    cwd,
  });

  expect(options).toEqual({ port: 5, host: '0.0.0.0', seed: 7 });
});

test('the file takes every kind of value, under names with dashes too', async () => {
  await write(
    'systems: [connectx]\nstrict: true\npublic-url: https://example.com\npolicies:\n  connectx: { dueDays: 3 }\nwatch:\n',
  );

  expect(await readOptions({ flags: {}, environment: {}, cwd })).toEqual({
    systems: ['connectx'],
    strict: true,
    publicUrl: 'https://example.com',
    policies: { connectx: { dueDays: 3 } },
  });
});

test('paths in the file are meant from where the file is', async () => {
  await write('specs: [./mine]\nfixture: small\n', 'other.yaml');

  expect(await readOptions({ flags: {}, environment: {}, cwd: tmpdir(), config: join(cwd, 'other.yaml') })).toEqual({
    specs: [join(cwd, 'mine')],
    fixture: 'small',
  });
});

test('the environment takes lists, and leaves alone what Kubernetes puts there', async () => {
  const environment = {
    BSS_SIMULATOR_SYSTEMS: 'connectx, macd',
    BSS_SIMULATOR_STRICT: '1',
    BSS_SIMULATOR_POLICIES: '{"connectx":{}}',
    BSS_SIMULATOR_PORT: 'tcp://10.0.0.1:4010',
    BSS_SIMULATOR_SERVICE_HOST: '10.0.0.1',
  };

  expect(await readOptions({ flags: {}, environment, cwd })).toEqual({
    systems: ['connectx', 'macd'],
    strict: true,
    policies: { connectx: {} },
  });
});

test('every mistake in the file is reported with its line and column', async () => {
  await write(
    'port: 4010\nprot: 1\nseed: one\n  \nstrict: "yes"\nsystems: connectx\nclock: noon\nretry-schedule: [PT5S, 5 s]\nwebhooks:\n  - { url: "ftp://a", secrets: 1 }\n',
  );

  await expect(readOptions({ flags: {}, environment: {}, cwd })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    problems: [
      {
        file: 'bss-simulator.yaml',
        line: 2,
        column: 1,
        message: 'There is no option "prot".',
        hint: 'Did you mean `port`?',
      },
      { line: 3, column: 7, message: '"seed" is "one".', hint: 'Use a whole number.' },
      { line: 5, column: 9, message: '"strict" is "yes".', hint: 'Use true or false.' },
      { line: 6, column: 10, message: '"systems" is "connectx".', hint: 'Use a list of strings.' },
      { line: 7, column: 8, message: '"clock" is "noon".', hint: expect.stringMatching(/^Use an ISO 8601 time/) },
      { line: 8, column: 24, message: '"retrySchedule[1]" is "5 s".' },
      { line: 10, column: 5, message: '"webhooks[0].channels" is missing.', hint: 'Add it.' },
      { line: 10, column: 23, message: '"webhooks[0]" has no member "secrets".', hint: 'Did you mean `secret`?' },
      { line: 10, column: 12, message: '"webhooks[0].url" is "ftp://a".', hint: 'Use an http or https address.' },
    ],
  });
});

const BOMB = [
  'a0: &a0 1',
  ...Array.from({ length: 8 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`),
].join('\n');

test.each(['port: [', '- port', 'port: 1\nport: 2', BOMB])('the file %j is refused with its place', async (text) => {
  await write(text);

  await expect(readOptions({ flags: {}, environment: {}, cwd })).rejects.toMatchObject({
    problems: [{ file: 'bss-simulator.yaml', line: expect.any(Number), column: expect.any(Number) }],
  });
});

test('an empty file is no mistake, a missing one that was named is', async () => {
  await write('# nothing yet\n');
  expect(await readOptions({ flags: {}, environment: {}, cwd })).toEqual({});

  await expect(readOptions({ flags: {}, environment: {}, cwd, config: 'missing.yaml' })).rejects.toThrow(
    'Failed to read the configuration missing.yaml: there is no such file. Correct the path.',
  );
});

test('the file may name its schema, for editors', async () => {
  await write('$schema: ./bss-simulator.schema.json\nport: 1\n');

  expect(await readOptions({ flags: {}, environment: {}, cwd })).toEqual({ port: 1 });
});

test('a variable that nearly names an option is refused with what was meant, a stranger is mentioned', async () => {
  const warnings: string[] = [];
  const read = (environment: Record<string, string>) =>
    readOptions({ flags: {}, environment, cwd, warn: (message) => warnings.push(message) });

  await expect(read({ BSS_SIMULATOR_PROT: '1' })).rejects.toThrow(
    'Failed to read the environment: there is no option for BSS_SIMULATOR_PROT. Did you mean BSS_SIMULATOR_PORT?',
  );
  expect(await read({ BSS_SIMULATOR_URL: 'http://127.0.0.1:4010' })).toEqual({});
  expect(warnings).toEqual(['The environment variable BSS_SIMULATOR_URL is ignored: it names no option.']);
});

test.each(['BSS_SIMULATOR_PORT_4010_TCP', 'BSS_SIMULATOR_PORT_4010_TCP_ADDR', 'BSS_SIMULATOR_SERVICE_PORT_HTTP'])(
  '%s is what Kubernetes puts there, and no slip',
  async (variable) => {
    const warnings: string[] = [];
    const environment = { [variable]: 'tcp://10.0.0.1:4010' };

    expect(await readOptions({ flags: {}, environment, cwd, warn: (text) => warnings.push(text) })).toEqual({});
    expect(warnings).toEqual([]);
  },
);

test.each(OPTION_NAMES)('%s is the same by flag, variable and file, and good in process', async (name) => {
  const value = sampleOf(ENTRIES[name]);
  const text = isList(value) ? value.join(',') : typeof value === 'string' ? value : JSON.stringify(value);
  const { parse } = flagOf(name);

  expect(await readOptions({ flags: {}, environment: { [toVariable(name)]: text }, cwd })).toEqual({ [name]: value });
  expect(parse === undefined ? true : parse(text, undefined)).toEqual(value);
  await write(`${toKebabCase(name)}: ${JSON.stringify(value)}\n`);
  expect(await readOptions({ flags: {}, environment: {}, cwd })).toEqual({ [name]: value });
  // Replicas share a database, and so are nothing without one.
  const company = name === 'replicas' ? { store: 'postgres://localhost/test' } : {};
  expect(Object.keys(resolveSettings({ ...company, [name]: value }))).toContain(name);
});

test('a variable that cannot be read is reported by its name', async () => {
  await expect(readOptions({ flags: {}, environment: { BSS_SIMULATOR_MAX_BODY: 'much' }, cwd })).rejects.toThrow(
    'BSS_SIMULATOR_MAX_BODY is "much"',
  );
});

/** Texts of each format, absolute where they are paths: those in a file would start from its folder. */
const TEXTS: Readonly<Record<OptionFormat, string>> = {
  'bearer-token': 'open-sesame',
  clock: 'real@2026-06-01T00:00:00Z',
  'fixed-duration': 'PT5S',
  'host-name': 'bss.test',
  'http-origin': 'https://bss.example.com',
  'http-url': 'http://receiver.example.com/hook',
  origin: 'http://localhost:3000',
  store: 'memory',
  'webhook-secret': `whsec_${'A'.repeat(32)}`,
  path: '/folder',
  'name-or-path': 'empty',
};

/** A value that a schema allows. */
function sampleOf({ type, format, minimum = 7, properties = {}, ...schema }: OptionSchema): unknown {
  if (schema.enum !== undefined) return schema.enum.at(-1);
  if (schema.anyOf !== undefined) return sampleOf(schema.anyOf.at(-1) ?? {});
  if (format !== undefined) return TEXTS[format];
  if (type === 'integer') return Math.max(minimum, 0);
  if (type === 'number') return 2.5;
  if (type === 'boolean') return true;
  if (type === 'array') return [sampleOf(schema.items ?? {})];
  if (type !== 'object') return 'text'.padEnd(schema.minLength ?? 0, '-');
  return Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, sampleOf(member)]));
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
