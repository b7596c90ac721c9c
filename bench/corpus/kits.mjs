import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Description } from './description.mjs';
import { folderOf, readKits } from './documents.mjs';
import { Server, simulator } from './server.mjs';

/**
 * Plays TM Forum's conformance kits against their official Swagger, served alone: by the built program, or by Prism to
 * compare with. With `--loosened`, only those kits whose own bodies do not fit their Swagger, each with the overlay beside
 * this file that says how. Set CORPUS_DIR to the folder that bench/corpus/fill.mjs has filled.
 *
 * @example npm run corpus:kits -- --only TMF666
 */
const HEADERS = [
  { key: 'Accept', value: 'application/json' },
  { key: 'Content-Type', value: 'application/json' },
];

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    program: { type: 'string', default: join(here, '../../dist/cli/main.js') },
    prism: { type: 'boolean', default: false },
    loosened: { type: 'boolean', default: false },
    results: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const folder = process.env.CORPUS_DIR;
if (!folder || !existsSync(folder)) {
  console.log('Skipped the conformance kits: CORPUS_DIR is empty. Fill it with bench/corpus/fill.mjs.');
  process.exit(0);
}
const { default: newman } = await import('newman');
const results = [];
for (const kit of readKits().filter(({ name }) => options.only === undefined || name.includes(options.only))) {
  const document = join(folder, folderOf(kit.document.repository), kit.document.path);
  const home = join(folder, folderOf(kit.repository));
  if (!existsSync(document) || !existsSync(home) || (options.loosened && !existsSync(overlayOf(kit)))) continue;
  const result = { name: kit.name, ...(await play(kit, document, home)) };
  results.push(result);
  process.stderr.write(`${result.name}: ${result.failure ?? `${result.passed} of ${result.assertions}`}\n`);
}
if (options.results !== undefined) writeFileSync(options.results, `${JSON.stringify(results, null, 1)}\n`);
if (options.json) console.log(JSON.stringify(results, null, 2));
else console.log(toTable(results));
process.exit();

async function play(kit, document, home) {
  const server = await (options.prism
    ? Server.start(prism(document), '/')
    : Server.start(simulator(options.program, document, options.loosened ? ['--overlay', overlayOf(kit)] : [])));
  try {
    if (!server.isUp) return { assertions: 0, passed: 0, failure: server.output.trim().split('\n')[0] };
    const base = options.prism ? '' : basePathOf(document);
    return await run(
      await readCollection(join(home, kit.collection)),
      readJson(join(home, kit.environment)),
      `http://127.0.0.1:${server.port}${base}`,
    );
  } finally {
    await server.stop();
  }
}

function overlayOf({ name }) {
  return join(here, 'overlays', `${name}.overlay.yaml`);
}

/** The kits name their server in a variable of their own, the first in every address. */
function run(collection, environment, base) {
  const text = JSON.stringify(collection);
  const used = /"(?:raw|url)":"\{\{(\w+)\}\}(\/?)/.exec(text);
  // The kits' own starters send these with every request.
  for (const { request } of collection.item.flatMap(({ item = [] }) => item)) {
    if (request !== undefined && !(request.header?.length > 0)) request.header = HEADERS;
  }
  for (const variable of environment.values)
    if (variable.key === used?.[1]) variable.value = used[2] === '/' ? base : `${base}/`;
  if (!environment.values.some(({ key }) => key === used?.[1])) {
    environment.values.push({ key: used?.[1], value: used?.[2] === '/' ? base : `${base}/`, enabled: true });
  }
  return new Promise((done) => {
    const failures = [];
    newman
      .run({ collection, environment, reporters: [], timeoutRequest: 10_000, timeout: 300_000 })
      .on('assertion', (error, { assertion, item }) => {
        if (error) failures.push(`${item.name}: ${assertion}: ${error.message}`);
      })
      .on('exception', (_, { error }) => failures.push(`script: ${error.message}`))
      .on('done', (error, summary) => {
        const { assertions, testScripts } = summary.run.stats;
        done({
          assertions: assertions.total + testScripts.failed,
          passed: assertions.total - assertions.failed,
          failures,
          ...(error ? { failure: String(error) } : {}),
        });
      });
  });
}

function prism(document) {
  const program = join(here, '../node_modules/@stoplight/prism-cli/dist/index.js');
  return (port) => [program, 'mock', document, '--port', String(port), '--verboseLevel', 'silent'];
}

function basePathOf(document) {
  const [operation] = new Description(document).operations();
  return operation?.base ?? '';
}

/** A kit as newman plays it: the oldest is in the first version of Postman's format. */
async function readCollection(file) {
  const kit = readJson(file);
  if (kit.requests === undefined) return kit;
  const { default: transformer } = await import('postman-collection-transformer');
  return new Promise((done, fail) => {
    const versions = { inputVersion: '1.0.0', outputVersion: '2.1.0', retainIds: true };
    transformer.convert(kit, versions, (error, converted) => (error ? fail(error) : done(converted)));
  });
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function toTable(rows) {
  const lines = rows.map(({ name, passed, assertions, failure }) =>
    failure === undefined || assertions > 0
      ? `| ${name} | ${passed} | ${assertions} | ${((100 * passed) / Math.max(1, assertions)).toFixed(1)} % |`
      : `| ${name} | 0 | – | ${failure.slice(0, 80)} |`,
  );
  return ['| kit | passed | assertions | share |', '| --- | ---: | ---: | ---: |', ...lines].join('\n');
}
