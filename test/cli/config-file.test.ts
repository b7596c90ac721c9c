import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readOptions } from '../../src/cli/config-file.ts';

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

test('every mistake in the file is told with its line and column', async () => {
  await write('port: 4010\nprot: 1\nseed: one\n  \nstrict: "yes"\nsystems: connectx\n');

  await expect(readOptions({ flags: {}, environment: {}, cwd })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    problems: [
      {
        file: 'bss-simulator.yaml',
        line: 2,
        column: 1,
        message: 'There is no option `prot`.',
        hint: 'Did you mean `port`?',
      },
      { line: 3, column: 7, message: '`seed` must be a whole number.' },
      { line: 5, column: 9, message: '`strict` must be true or false.' },
      { line: 6, column: 10, message: '`systems` must be a list of texts.' },
    ],
  });
});

test.each(['port: [', '- port', 'port: 1\nport: 2'])('the file %j is refused with its place', async (text) => {
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

test('a variable that cannot be read is told by its name', async () => {
  await expect(readOptions({ flags: {}, environment: { BSS_SIMULATOR_MAX_BODY: 'much' }, cwd })).rejects.toThrow(
    'BSS_SIMULATOR_MAX_BODY is "much"',
  );
});
