import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const MAIN = resolve('dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'documents-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** What a command of the built program says; it must end by itself, in words, about files that it was given. */
function say(...args: readonly string[]) {
  const { status, stdout, stderr, signal } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 30_000,
    maxBuffer: 64 * 2 ** 20,
  });
  expect(signal).toBe(null);
  const text = stdout + stderr;
  expect(text).not.toMatch(/^\s+at .*(?:node:|\.js:\d)/m);
  expect(text).not.toMatch(/Maximum call stack|RangeError|ReferenceError|TypeError/);
  expect(text).not.toMatch(/root:x:|topsecret/);
  return { status, text };
}

const contract = (schemas: string): string => `openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /a:
    get:
      operationId: readA
      responses:
        '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } }
components:
  schemas:
${schemas}`;

const aliases = (rows: number): string =>
  Array.from({ length: rows }, (_, row) =>
    row === 0
      ? 'a0: &a0 [x, x]'
      : `a${row}: &a${row} [${Array(9)
          .fill(`*a${row - 1}`)
          .join(', ')}]`,
  ).join('\n');
const merges = Array.from({ length: 300 }, (_, row) =>
  row === 0
    ? 'm0: &m0 { k: 1 }'
    : `m${row}: &m${row} { <<: [${Array(9)
        .fill(`*m${row - 1}`)
        .join(', ')}], k${row}: 1 }`,
).join('\n');
const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);
const indented = (text: string): string => text.replaceAll(/^/gm, '  ');
const chain = (length: number): string =>
  Array.from({ length }, (_, at) => `    A${at || ''}: { $ref: '#/components/schemas/A${at + 1}' }`).join('\n');

describe('contracts', () => {
  const plain = "openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths: {}\n";

  test.each([
    ['a circle', contract("    A: { $ref: '#/components/schemas/A' }"), /api\.yaml:11:\d+ .*leads only back to itself/],
    [
      'a long chain',
      contract(`${chain(3_000)}\n    A3000: { $ref: '#' }`),
      /api\.yaml:\d+:\d+ A reference leads to a reference/,
    ],
    ['an alias bomb', `${plain}x-b:\n${indented(aliases(12))}`, /api\.yaml:1:1 The document stands for/],
    [
      'an alias to what it stands in',
      `${plain}x-b: &b { c: *b }`,
      /api\.yaml:1:1 The document has an alias to what it stands in/,
    ],
    ['a merge bomb', `${plain}x-m:\n${indented(merges)}`, undefined],
    [
      'lists in lists',
      `${plain}x: ${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      /api\.yaml:4:\d+ The document has values in values/,
    ],
    [
      'schemas in schemas',
      contract(`    A: ${'{ items: '.repeat(3_000)}{}${' }'.repeat(3_000)}`),
      /api\.yaml:11:\d+ The document has values/,
    ],
    [
      'a schema that is the document',
      contract("    A: { properties: { x: { $ref: '#' }, y: { $ref: '#/paths' } } }"),
      undefined,
    ],
    ['a document that is itself', "$ref: '#'", /api\.yaml:1:1/],
    [
      'a long enumeration of an old draft',
      JSON.stringify({
        $schema: 'http://json-schema.org/draft-07/schema#',
        enum: numbers(200_000).map((at) => `v${at}`),
      }),
      undefined,
    ],
    [
      'a long enumeration of a message',
      JSON.stringify({
        asyncapi: '2.6.0',
        info: { title: 'T', version: '1' },
        channels: { c: { subscribe: { message: { payload: { enum: numbers(100_000).map((at) => `v${at}`) } } } } },
      }),
      undefined,
    ],
    [
      'more mistakes than a call has arguments',
      contract(`    A: { type: string, enum: [${numbers(130_000).join()}] }`),
      /api\.yaml:11:\d+ warning: `enum` lists values/,
    ],
    [
      'a long line of parts',
      contract(
        numbers(20_000)
          .map((at) => `    A${at || ''}: { allOf: [{ $ref: '#/components/schemas/A${at + 1}' }] }`)
          .concat('    A20000: {}')
          .join('\n'),
      ),
      /api\.yaml:1:1 The document cannot be read \(it is nested too deeply\)/,
    ],
    [
      'references through references',
      contract(
        `    A: { properties: { ${numbers(3_000)
          .map((at) => `p${at}: { $ref: '#/components/schemas/A/properties/p${at + 1}/x' }`)
          .join(', ')} } }`,
      ),
      /api\.yaml:11:\d+ A reference leads to a reference/,
    ],
    [
      'references to what is not there among thousands',
      contract(
        numbers(4_000)
          .map((at) => `    A${at || ''}: { $ref: '#/components/schemas/B${at}' }`)
          .join('\n'),
      ),
      /api\.yaml:4010:\d+ `#\/components\/schemas\/B3999` leads nowhere/,
    ],
    [
      'sixty levels of two',
      contract(
        `${Array.from(
          { length: 60 },
          (_, at) =>
            `    A${at || ''}: { allOf: [{ $ref: '#/components/schemas/A${at + 1}' }, { $ref: '#/components/schemas/A${at + 1}' }] }`,
        ).join('\n')}\n    A60: {}`,
      ),
      undefined,
    ],
  ])('%s', (what, text, expected) => {
    const name = what.replaceAll(' ', '-');
    write(`${name}/api.yaml`, text);

    const said = say('check', name);

    if (expected !== undefined) expect(said.text).toMatch(expected);
  });

  test('references lead out of the folder only where that is allowed', () => {
    write('secret/other.yaml', 'A: { type: string, const: topsecret }\n');
    write(
      'inside/api.yaml',
      contract(
        "    A: { $ref: '../secret/other.yaml#/A' }\n    B: { $ref: '/etc/passwd' }\n    C: { $ref: '/dev/zero' }",
      ),
    );

    const { status, text } = say('check', 'inside');
    expect(status).toBe(2);
    expect(text).toMatch(
      /api\.yaml:11:\d+ `\.\.\/secret\/other\.yaml#\/A` leads out of the folder of the contracts\. .*--allow-refs/,
    );
    expect(text.match(/leads out of the folder/g)).toHaveLength(3);

    write('linked/api.yaml', contract("    A: { $ref: 'other.yaml#/A' }\n    B: { $ref: 'beside.yaml#/A' }"));
    symlinkSync(join(folder, 'secret', 'other.yaml'), join(folder, 'linked', 'other.yaml'));
    write('linked/own/beside.yaml', 'A: { type: string }\n');
    symlinkSync(join('own', 'beside.yaml'), join(folder, 'linked', 'beside.yaml'));
    const linked = say('check', 'linked/api.yaml');
    expect(linked.text).toMatch(/api\.yaml:11:\d+ `other\.yaml#\/A` leads out of the folder of the contracts/);
    expect(linked.text).not.toContain('beside.yaml#');

    write('allowed/api.yaml', contract("    A: { $ref: '../secret/other.yaml#/A' }"));
    expect(say('check', '--allow-refs', 'allowed').status).toBe(0);
  });

  test('a pipe is not waited for', () => {
    write('piped/api.yaml', contract("    A: { $ref: './pipe.yaml' }"));
    execFileSync('mkfifo', [join(folder, 'piped', 'pipe.yaml')]);
    expect(say('check', 'piped').text).toMatch(/api\.yaml:11:\d+ `\.\/pipe\.yaml` leads nowhere/);
    expect(say('check', 'piped/pipe.yaml').text).toContain('The file is a pipe.');
  });
});

test.each([
  ['parentheses', `${'('.repeat(3_000)}true${')'.repeat(3_000)}`],
  ['negations', `${'!'.repeat(20_000)}true`],
  ['conditions', Array(20_000).fill('$statusCode == 200').join(' && ')],
])('a scenario with 20,000 %s has a mistake with its place', (what, condition) => {
  write('self/api.yaml', contract('    A: {}'));
  write(
    `scenarios/${what}.arazzo.yaml`,
    `arazzo: 1.0.1
info: { title: T, version: '1' }
sourceDescriptions: [{ name: s, url: ../self/api.yaml, type: openapi }]
workflows:
  - workflowId: w
    steps:
      - stepId: s
        operationId: readA
        successCriteria: [{ condition: ${JSON.stringify(condition)} }]
`,
  );

  const { status, text } = say('run', `scenarios/${what}.arazzo.yaml`);

  expect(status).toBe(2);
  expect(text).toMatch(/arazzo\.yaml:9:\d+ The condition has more than 500 operators/);
});

test.each([
  ['an alias bomb', aliases(12)],
  ['an alias to what it stands in', 'seed: &a [*a]'],
  ['lists in lists', `seed: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ['a clock of no year', 'clock: real@9999'],
  ['a clock behind the end of time', 'clock: real@9999-12-31'],
])('a configuration with %s is refused with its place', (what, text) => {
  const file = `${what.replaceAll(' ', '-')}.yaml`;
  write(file, text);

  const said = say('serve', '--port', '0', '--config', file);

  expect(said.status).toBe(2);
  expect(said.text).toMatch(new RegExp(`${file}:1:\\d+ `));
});

test.each([
  ['an alias bomb', aliases(12)],
  ['an alias to what it stands in', 'entities: &a { connectx/Customer: [*a] }'],
  ['a merge bomb', merges],
  ['lists in lists', `entities: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
])('a fixture with %s is refused with its place', (what, text) => {
  const file = `fixtures/${what.replaceAll(' ', '-')}.yaml`;
  write(file, text);

  const said = say('serve', '--port', '0', '--fixture', file);

  expect(said.status).toBe(2);
  expect(said.text).toMatch(new RegExp(`${file}:1:\\d+ `));
});

test('a device, a folder and a pipe are no fixture, no configuration and no certificate', () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  for (const file of ['/dev/zero', 'pipe', '.']) {
    for (const flag of ['--fixture', '--config', '--tls-cert', '--ca']) {
      const key = flag === '--tls-cert' ? ['--tls-key', file] : [];
      const { status, text } = say('serve', '--port', '0', flag, file, ...key);
      expect([flag, file, status]).toEqual([flag, file, 2]);
      expect(text).toMatch(/is a (?:device|pipe|folder)/);
    }
  }
});
