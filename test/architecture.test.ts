import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');

interface Source {
  /** Relative to src, for example `engine/tenant.ts`. */
  readonly file: string;
  readonly text: string;
  readonly imports: readonly { readonly specifier: string; readonly isTypeOnly: boolean }[];
}

const sources: readonly Source[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    return { file: file.replaceAll('\\', '/'), text, imports: importsOf(text) };
  });

/** What each part of `src/` may import of the others; what is not listed, it may not. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: ['lib'],
  lib: [],
  'errors.ts': [],
  contracts: ['model', 'lib', 'errors.ts'],
  engine: ['model', 'lib', 'errors.ts'],
  coverage: ['engine', 'model', 'lib', 'errors.ts'],
  operator: ['engine', 'model', 'lib', 'errors.ts'],
  systems: ['operator', 'engine', 'model', 'lib', 'errors.ts'],
  scenarios: ['coverage', 'engine', 'model', 'lib', 'errors.ts'],
  probes: ['engine', 'surfaces', 'model', 'lib'],
  'load-peer.ts': ['errors.ts'],
  surfaces: ['coverage', 'engine', 'model', 'lib', 'errors.ts', 'config.ts', 'load-peer.ts'],
  stores: ['engine', 'model', 'lib', 'errors.ts', 'load-peer.ts'],
  options: ['contracts', 'engine', 'lib'],
  'config.ts': ['options', 'engine', 'lib', 'errors.ts'],
  'served.ts': ['contracts', 'engine', 'operator', 'surfaces', 'model', 'lib', 'config.ts'],
  'scenario-sources.ts': ['contracts', 'scenarios', 'lib', 'errors.ts'],
  'story-index.ts': ['scenario-sources.ts', 'scenarios', 'model', 'lib'],
  'stories.ts': [
    'story-index.ts',
    'scenario-sources.ts',
    'contracts',
    'scenarios',
    'surfaces',
    'model',
    'lib',
    'errors.ts',
  ],
  'listener.ts': [
    'stories.ts',
    'served.ts',
    'contracts',
    'engine',
    'operator',
    'scenarios',
    'surfaces',
    'model',
    'lib',
    'config.ts',
  ],
  'describe-served.ts': ['served.ts', 'contracts', 'engine', 'surfaces', 'model', 'config.ts'],
  kit: ['coverage', 'surfaces', 'engine', 'model', 'lib', 'errors.ts'],
  'generate-world.ts': ['served.ts', 'contracts', 'operator', 'surfaces', 'config.ts'],
  'simulator-hooks.ts': ['contracts', 'engine', 'surfaces', 'model'],
  'legacy.ts': ['simulator-hooks.ts', 'engine', 'surfaces'],
  'kept-tenants.ts': ['served.ts', 'stores', 'engine', 'surfaces', 'model', 'lib', 'config.ts', 'errors.ts'],
  'tenant-bounds.ts': ['engine', 'lib', 'config.ts'],
  'store-tools.ts': [
    'kept-tenants.ts',
    'tenant-bounds.ts',
    'served.ts',
    'contracts',
    'engine',
    'stores',
    'surfaces',
    'model',
    'lib',
    'config.ts',
    'errors.ts',
  ],
  'secrets.ts': ['simulator-hooks.ts', 'engine', 'surfaces', 'lib', 'config.ts'],
  'traces.ts': ['surfaces', 'lib'],
  'replicas.ts': ['engine', 'model', 'surfaces', 'config.ts', 'queues.ts'],
  'queues.ts': ['served.ts', 'engine', 'surfaces', 'config.ts'],
  'simulator.ts': [
    'lib',
    'kept-tenants.ts',
    'tenant-bounds.ts',
    'replicas.ts',
    'secrets.ts',
    'simulator-handle.ts',
    'queues.ts',
    'traces.ts',
    'simulator-hooks.ts',
    'legacy.ts',
    'served.ts',
    'listener.ts',
    'kit',
    'contracts',
    'coverage',
    'engine',
    'operator',
    'surfaces',
    'model',
    'config.ts',
  ],
  'simulator-handle.ts': ['simulator-hooks.ts', 'contracts', 'coverage', 'kit', 'surfaces', 'config.ts'],
  'index.ts': ['simulator.ts', 'simulator-handle.ts', 'kit', 'model', 'config.ts', 'errors.ts'],
  runners: ['index.ts', 'coverage', 'kit', 'lib', 'config.ts', 'errors.ts'],
  cli: [
    'simulator.ts',
    'simulator-hooks.ts',
    'served.ts',
    'generate-world.ts',
    'describe-served.ts',
    'store-tools.ts',
    'scenario-sources.ts',
    'story-index.ts',
    'kit',
    'options',
    'contracts',
    'coverage',
    'engine',
    'probes',
    'scenarios',
    'surfaces',
    'model',
    'lib',
    'config.ts',
    'errors.ts',
  ],
};

test('each part imports only what the flow from contracts to the wire allows', () => {
  const broken = sources.flatMap(({ file, imports }) =>
    imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => relative(SRC, resolve(SRC, dirname(file), specifier)).replaceAll('\\', '/'))
      .filter((target) => partOf(target) !== partOf(file) && !(MAY_IMPORT[partOf(file)] ?? []).includes(partOf(target)))
      .map((target) => `${file} imports ${target}`),
  );
  expect(broken).toEqual([]);
});

test.each(['systems', 'surfaces', 'stores', 'contracts/formats'])(
  'siblings in %s never import each other',
  (folder) => {
    const broken = sources
      .filter(({ file }) => file.startsWith(`${folder}/`))
      .flatMap(({ file, imports }) =>
        imports
          .filter(({ specifier }) => specifier.startsWith('.'))
          .map(({ specifier }) => relative(SRC, resolve(SRC, dirname(file), specifier)))
          .filter((target) => {
            const [mine, other] = [siblingOf(folder, file), siblingOf(folder, target)];
            return mine !== undefined && other !== undefined && mine !== other;
          })
          .map((target) => `${file} imports ${target}`),
      );
    expect(broken).toEqual([]);
  },
);

test('no import goes round in a circle, types included', () => {
  const graph = new Map(
    sources.map(({ file, imports }) => [
      file,
      imports
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => relative(SRC, resolve(SRC, dirname(file), specifier)).replaceAll('\\', '/')),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (done.has(file) || path.includes(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  expect(circles).toEqual([]);
});

test.each([
  '@stoplight/prism-http',
  '@asyncapi/parser',
  '@redocly/openapi-core',
  'ajv',
  'json-schema-faker',
  '@faker-js/faker',
  'express',
  'jose',
  'pino',
  'commander',
  'pg',
  'pure-rand',
  'json-p3',
  '@fastify/busboy',
  'fast-xml-parser',
  're2js',
])('at most one file imports %s', (library) => {
  const files = sources
    .filter(({ imports }) =>
      imports.some(({ specifier }) => specifier === library || specifier.startsWith(`${library}/`)),
    )
    .map(({ file }) => file);
  expect(files.length, files.join(', ')).toBeLessThanOrEqual(1);
});

test('only the surface for WebSockets imports ws, to serve them and to open them', () => {
  const files = sources
    .filter(({ imports }) => imports.some(({ specifier }) => specifier === 'ws'))
    .map(({ file }) => file);
  expect(files.filter((file) => !file.startsWith('surfaces/ws/'))).toEqual([]);
});

test('wall time and chance come from the tenant: only the marked files ask the machine', () => {
  const forbidden =
    /\b(Date\.now|new Date\(\)|setTimeout|setInterval|Math\.random|randomUUID|randomBytes|performance\.now)\b/;
  const marked = new Set([
    'engine/time/clock.ts',
    'engine/values/random.ts',
    'lib/call-later.ts',
    'surfaces/wall-time.ts',
  ]);
  const broken = sources
    .filter(({ file }) => !marked.has(file))
    .flatMap(({ file, text }) =>
      text
        .split('\n')
        .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
        .filter(({ line }) => forbidden.test(line.replace(/\/\/.*|^\s*\*.*/, '')))
        .map(({ line, place }) => `${place} ${line.trim()}`),
    );
  expect(broken).toEqual([]);
});

test('one file begins and ends transactions', () => {
  const files = sources
    .filter(({ file }) => !file.startsWith('engine/state/store/'))
    .filter(({ text }) => /\.(commit|rollback)\(|\b(store|createMemoryStore\(\))\.begin\(/.test(codeOf(text)))
    .map(({ file }) => file);
  expect(files).toEqual(['engine/state/transact.ts']);
  const transacting = sources
    .filter(({ imports }) => imports.some(({ specifier }) => specifier.endsWith('/transact.ts')))
    .map(({ file }) => file);
  expect(transacting.sort()).toEqual([
    'engine/keeping/checkpoint.ts',
    'engine/state/reload.ts',
    'engine/state/starting-points.ts',
    'engine/world.ts',
    'operator/make-world.ts',
  ]);
});

test('nothing but the tenant around it brings a world its inputs, or who looks after a log, and nothing but commits writes records', () => {
  const applying = sources.filter(({ text }) => /new World\(/.test(codeOf(text))).map(({ file }) => file);
  expect([...applying].sort()).toEqual([
    'engine/keeping/compact-log.ts',
    'engine/keeping/verify-log.ts',
    'engine/tenant.ts',
  ]);
  const writing = sources
    .filter(({ file }) => !file.startsWith('engine/records/'))
    .filter(({ text }) =>
      /\.(log|feed|journal|transcript|activity)\.(append|add|clear|restore|follow)\(/.test(codeOf(text)),
    )
    .map(({ file }) => file);
  expect(writing).toEqual([]);
});

test('the engine holds no word of a wire', () => {
  const words =
    /ECONNRE|whsec_|\b410\b|retry-after|traceparent|user-agent|webhook-(id|timestamp|signature)|node:(http|net|tls)/i;
  const broken = sources
    .filter(({ file, text }) => file.startsWith('engine/') && words.test(codeOf(text)))
    .map(({ file }) => file);
  expect(broken).toEqual([]);
});

test('no module keeps state that changes: two simulators in one process never meet', () => {
  const broken = sources.flatMap(({ file, text }) =>
    text
      .split('\n')
      .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
      .filter(
        ({ line }) =>
          /^(export )?(let|var) /.test(line) ||
          /^(export )?const \w+(: [^=]+)? = new (Map|Set|WeakMap|Array)\(\)/.test(line),
      )
      .map(({ line, place }) => `${place} ${line.trim()}`),
  );
  expect(broken).toEqual([]);
});

test('the engine holds no route, system name or event channel of a shipped contract', () => {
  const words = [
    'connectx',
    'aps-subscriptions',
    'macd',
    'billing-account',
    '/v1/',
    '/aps/',
    'customerId',
    'subscriptionId',
    'invoiceId',
    'lineItems',
    'accountNumber',
    'tenantId',
    'MessageID',
    'relatedParty',
    'lastModified',
  ];
  const broken = sources
    .filter(({ file }) => file.startsWith('engine/'))
    .flatMap(({ file, text }) => {
      const code = withoutComments(text);
      return words.filter((word) => new RegExp(`['"\`.]${word}\\b`).test(code)).map((word) => `${file}: ${word}`);
    });
  expect(broken).toEqual([]);
});

const SYSTEMS = readdirSync(join(SRC, 'systems'));

test('outside its folder and the operator nothing names a system', () => {
  const named = new RegExp(`['"/](${SYSTEMS.join('|')})['"/]`);
  const broken = sources
    // Types written from the contracts name what is in them.
    .filter(({ file }) => !/^(systems|operator)\/|^kit\/shipped-contracts/.test(file))
    .filter(({ text }) => named.test(withoutComments(text)))
    .map(({ file }) => file);
  expect(broken).toEqual([]);
});

test('the operator knows systems by name, event and command, but not what they store', () => {
  const collection = new RegExp(`['"](${SYSTEMS.join('|')})/[A-Z$]`);
  const broken = sources
    .filter(({ file, text }) => file.startsWith('operator/') && collection.test(withoutComments(text)))
    .map(({ file }) => file);
  expect(broken).toEqual([]);
});

test('the composition root only wires: none of its files has 200 lines', () => {
  const root = [
    'simulator.ts',
    'served.ts',
    'listener.ts',
    'legacy.ts',
    'generate-world.ts',
    'stories.ts',
    'story-index.ts',
  ];
  const long = sources
    .filter(({ file, text }) => root.includes(file) && text.split('\n').length > 200)
    .map(({ file }) => file);
  expect(long).toEqual([]);
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '');
}

/** The text without comments. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
}

function partOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file;
}

function siblingOf(folder: string, file: string): string | undefined {
  if (!file.startsWith(`${folder}/`)) return undefined;
  const rest = file.slice(folder.length + 1);
  return rest.includes('/') ? rest.slice(0, rest.indexOf('/')) : undefined;
}

function importsOf(text: string): { specifier: string; isTypeOnly: boolean }[] {
  const found: { specifier: string; isTypeOnly: boolean }[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?'([^']+)'/gm)) {
    const names = match[0];
    const isTypeOnly =
      match[1] !== undefined ||
      (/\{[^}]*\}/.test(names) && /^(import|export)\s+\{(\s*type\s+\w+( as \w+)?\s*,?)+\s*\}/.test(names));
    found.push({ specifier: match[2] ?? '', isTypeOnly });
  }
  for (const match of text.matchAll(/\bimport\(\s*'([^']+)'/g))
    found.push({ specifier: match[1] ?? '', isTypeOnly: false });
  return found;
}
