import { bundle, createConfig } from '@redocly/openapi-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { applyOverlays } from '../../src/contracts/overlays/apply-overlays.ts';
import { parseSourceFile } from '../../src/contracts/source-file.ts';
import { pointerTo } from '../../src/lib/json-pointer.ts';
import { writeFiles } from './temp-files.ts';

const API = `openapi: 3.1.0
info: {title: Shop, version: '1'}
tags: [{name: a}, {name: b}, {name: c}]
paths:
  /orders:
    get: {operationId: listOrders, responses: {'200': {description: ok}}}
    delete: {operationId: dropOrders, responses: {'204': {description: ok}}}
`;

function overlay(actions: string, more = ''): string {
  return `overlay: 1.0.0\ninfo: {title: O, version: '1'}\n${more}actions:\n${actions}`;
}

function source(name: string, text: string) {
  const path = `/w/${name}`;
  return parseSourceFile({ file: name, path, relative: name, system: 'w', name }, { text });
}

/** The document as the overlay leaves it, and what is said of the overlay. */
function apply(text: string, base = API) {
  const [api, changes] = [source('api.yaml', base), source('o.yaml', text)];
  const problems: string[] = [];
  const changed = applyOverlays(
    [{ overlay: changes, documents: [api] }],
    ({ source: { file, locate }, ...finding }) => {
      const { line, column } = locate(finding.pointer);
      problems.push(`${file}:${line}:${column} ${finding.message}`);
    },
  );
  return { document: changed.get(api) ?? api, problems };
}

test('objects are merged, lists grow, values are replaced, parts are removed and copied', () => {
  const { document, problems } = apply(
    overlay(`  - {target: $.info, update: {title: Store, contact: {name: Ann}}}
  - {target: $.tags, update: {name: d}}
  - {target: "$.tags[?@.name == 'b']", remove: true}
  - {target: "$.paths['/orders'].delete", remove: true}
  - {target: "$.paths['/orders'].get.operationId", update: findOrders}
  - {target: $.paths, update: {/things: {}}}
  - {target: "$.paths['/things']", copy: "$.paths['/orders']"}
`),
  );

  expect(problems).toEqual([]);
  expect(document.value).toMatchObject({
    info: { title: 'Store', version: '1', contact: { name: 'Ann' } },
    tags: [{ name: 'a' }, { name: 'c' }, { name: 'd' }],
    paths: { '/orders': { get: { operationId: 'findOrders' } }, '/things': { get: { operationId: 'findOrders' } } },
  });
});

test('what is wrong is found in the file in which it was written', () => {
  const { document } = apply(
    overlay(`  - target: $.info
    update: {title: Store, contact: {name: Ann}}
  - {target: "$.tags[0]", remove: true}
  - target: $.tags
    update: [{name: d}, {name: e}]
`),
  );

  expect(document.locate('/info/version')).toEqual({ file: 'api.yaml', line: 2, column: 30 });
  expect(document.locate('/info/title')).toEqual({ file: 'o.yaml', line: 5, column: 21 });
  expect(document.locate('/info/contact/name', true)).toEqual({ file: 'o.yaml', line: 5, column: 38 });
  expect(document.locate('/tags/0/name')).toEqual({ file: 'api.yaml', line: 3, column: 26 });
  expect(document.locate('/tags/3/name')).toEqual({ file: 'o.yaml', line: 8, column: 32 });
});

test.each([
  [
    'a target that selects nothing',
    '{target: $.paths.nothing, update: {}}',
    '`$.paths.nothing` selects nothing in api.yaml.',
  ],
  ['a target that is no JSONPath', "{target: '$[', update: {}}", expect.stringMatching(/^`\$\[` is not a JSONPath: /)],
  ['no target', '{update: {}}', 'The action has no target.'],
  ['nothing to do', '{target: $}', 'The action does nothing.'],
  ['two things to do', '{target: $, update: {}, copy: $}', 'An action cannot both update and copy.'],
  ['what cannot be merged', '{target: $, update: {info: 1}}', 'A number cannot be merged into an object at "info".'],
  ['a list for an object', '{target: $.info, update: [1]}', 'A list cannot be merged into an object.'],
  ['the removal of everything', '{target: $, remove: true}', 'A whole document cannot be removed.'],
  [
    'a copy of several values',
    "{target: $.info, copy: '$.tags[*]'}",
    '`$.tags[*]` selects 3 values, and only one can be copied.',
  ],
  ['what is no action', 'title', 'This is not an action.'],
])('%s is reported, and the rest is done', (_, action, message) => {
  const { document, problems } = apply(overlay(`  - ${action}\n  - {target: $.info, update: {title: Store}}\n`));

  expect(problems.map((problem) => problem.replace(/^o\.yaml:4:\d+ /, ''))).toEqual([message]);
  expect(document.value).toMatchObject({ info: { title: 'Store' } });
});

const DESCRIBE = `  - {target: "$.paths['/orders'].get", update: {summary: New}}\n`;

test.each([
  ['is named after the document', { 'api.overlay.yaml': overlay(DESCRIBE) }, []],
  ['extends it', { 'changes.yaml': overlay(DESCRIBE, 'extends: ./api.yaml\n') }, []],
  ['is asked for', { 'other/changes.yaml': overlay(DESCRIBE) }, ['other/changes.yaml']],
])('an overlay that %s is applied to it', async (_, overlays, asked) => {
  const folder = writeFiles({
    'shop/api.yaml': API,
    ...Object.fromEntries(Object.entries(overlays).map(([name, text]) => [`shop/${name}`, text])),
  });
  const { contracts, problems } = await loadContracts(
    [`${folder}/shop/api.yaml`, `${folder}/shop`].slice(asked.length === 0 ? 1 : 0, 2 - asked.length),
    {
      overlays: asked.map((name) => `${folder}/shop/${name}`),
      isQuick: true,
    },
  );

  expect(problems).toEqual([]);
  expect(contracts[0]?.operations[0]?.summary).toBe('New');
});

test('an overlay beside a single file that is named after it is found', async () => {
  const folder = writeFiles({
    'shop/api.openapi.yaml': API,
    'shop/api.overlay.yaml': overlay(DESCRIBE),
    'shop/other.overlay.yaml': '',
  });
  const { contracts } = await loadContracts([`${folder}/shop/api.openapi.yaml`], { isQuick: true });

  expect(contracts[0]?.operations[0]?.summary).toBe('New');
});

test('a reference in an overlay counts from the overlay, and the file that it leads to is read', async () => {
  const schema =
    "{target: \"$.paths['/orders'].get.responses['200']\", update: {content: {application/json: {schema: {$ref: parts.yaml#/Order}}}}}";
  const folder = writeFiles({
    'shop/api.yaml': API,
    'changes/o.yaml': overlay(`  - ${schema}\n`),
    'changes/parts.yaml': 'Order: {type: object}\n',
  });
  const { contracts, problems } = await loadContracts([`${folder}/shop`], {
    overlays: [`${folder}/changes/o.yaml`],
    isQuick: true,
  });

  expect(problems).toEqual([]);
  expect(Object.values(contracts[0]?.$defs ?? {})).toEqual([{ type: 'object' }]);
});

test('a mistake that an overlay makes is found in the overlay, and an overlay for nothing is a mistake', async () => {
  const folder = writeFiles({
    'shop/api.yaml': API,
    'shop/api.overlay.yaml': overlay('  - target: $\n    update:\n      components: {schemas: {A: {requried: [a]}}}\n'),
    'shop/lost.overlay.yaml': overlay(DESCRIBE),
    'shop/new.overlay.yaml': 'overlay: 2.0.0\n',
  });
  const { problems } = await loadContracts([folder]);

  expect(
    problems.map(({ file, line, column, message }) => `${file.slice(folder.length)}:${line}:${column} ${message}`),
  ).toEqual([
    '/shop/api.overlay.yaml:6:34 `requried` is no keyword of JSON Schema.',
    '/shop/lost.overlay.yaml:1:1 This overlay changes nothing: there is no document that it extends or is named after.',
    '/shop/new.overlay.yaml:1:10 This version of overlays is not read: 2.0.0.',
  ]);
});

test('another overlay leads to another entry of the cache', async () => {
  const folder = writeFiles({ 'shop/api.yaml': API, 'o.yaml': overlay(DESCRIBE) });
  const cacheDir = writeFiles({});
  const load = async (overlays: string[]) => {
    const { contracts } = await loadContracts([`${folder}/shop`], { cacheDir, overlays, isQuick: true });
    return contracts[0]?.operations[0]?.summary;
  };

  expect([await load([]), await load([`${folder}/o.yaml`]), await load([])]).toEqual([undefined, 'New', undefined]);
});

test('an independent implementation comes to the same document', async () => {
  const config = await createConfig({ rules: {} });
  const value = fc.oneof(
    fc.constantFrom('text', 7, true),
    fc.record({ title: fc.constantFrom('A', 'B'), 'x-a': fc.constant({ b: [1] }) }),
    fc.constant([{ name: 'z' }]),
  );
  const target = fc.constantFrom(
    '$.info',
    '$.tags',
    '$.tags[*]',
    '$.tags[0].name',
    '$.paths.*.get',
    "$.paths['/orders']",
    '$..operationId',
    '$.info.title',
    '$.nothing',
  );
  const action = fc.oneof(
    fc.record({ target, update: value }),
    fc.record({
      target: fc.constantFrom('$.tags[1]', '$.tags[?@.name == "a"]', '$.paths.*.delete', '$..summary'),
      remove: fc.constant(true),
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 4 }), async (actions) => {
      const text = JSON.stringify({ overlay: '1.0.0', info: { title: 'O', version: '1' }, actions });
      const { document, problems } = apply(text);
      const folder = writeFiles({ 'api.yaml': API, 'o.json': text });
      const judged = await bundle({ ref: `${folder}/api.yaml`, config, overlays: [`${folder}/o.json`] } as Parameters<
        typeof bundle
      >[0]);
      // What one cannot do the other cannot do either, but where they stop may differ.
      const isRefused = problems.some((problem) => !problem.includes('selects nothing'));
      expect(isRefused).toBe(judged.problems.length > 0);
      // It bundles, too, and leaves room for what it might have found.
      if (!isRefused) expect({ components: {}, ...(document.value as object) }).toEqual(judged.bundle.parsed);
    }),
    { numRuns: Number(process.env.RUNS ?? 60), seed: Number(process.env.SEED ?? 1) },
  );
});

test('wherever a value is, its file says it', () => {
  const { document } = apply(
    overlay(
      `  - {target: $.tags, update: [{name: d}]}\n  - {target: "$.tags[1]", remove: true}\n  - {target: $, copy: $}\n`,
    ),
  );
  for (const [index, name] of ['a', 'c', 'd'].entries()) {
    const { file = '', line, column } = document.locate(pointerTo('/tags', index, 'name'));
    const text = file === 'api.yaml' ? API : overlay('  - {target: $.tags, update: [{name: d}]}\n');
    expect(text.split('\n')[line - 1]?.slice(column - 1, column)).toBe(name);
  }
});
