import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { documentsOf, repositories } from './documents.mjs';
import { missedGoals, summaryOf, toKinds, toTable } from './report.mjs';

const HELP = `Tries public API documents on the built program, each alone: does it load, is every operation answered as the
contract says, and do its resources live? Set CORPUS_DIR to the folder that bench/corpus/fill.mjs has filled.

npm run corpus -- [options]
  --own              try the contracts of our own in bench/corpus/own instead
  --only <text>      documents whose name has the text
  --suite <name>     industry, telecom, events or tck
  --invalid          also the documents that are invalid on purpose: they may be refused, never crash
  --limit <number>   at most so many documents
  --every <number>   only every n-th document, for a quick look at all kinds
  --jobs <number>    documents at once, 1 or 2 (1)
  --program <file>   the program to try (dist/cli/main.js)
  --results <file>   where the result of every document goes (results.json in CORPUS_DIR)
  --resume           keep what that file holds of the same build, and try the rest
  --from <file>      try nothing, and report such results
  --json             print JSON
  --goals            end with 1 where a goal is missed`;

/** How long one document may take in all: on a busy machine, many times what it takes alone. */
const LONGEST = 1_800_000;
/** The most memory that the judging of one document may take, in MiB. */
const LARGEST_HEAP = 3_072;

const here = fileURLToPath(new URL('.', import.meta.url));
const { values: options } = parseArgs({
  options: {
    own: { type: 'boolean', default: false },
    only: { type: 'string' },
    suite: { type: 'string' },
    invalid: { type: 'boolean', default: false },
    limit: { type: 'string' },
    every: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '1' },
    program: { type: 'string', default: join(here, '../../dist/cli/main.js') },
    results: { type: 'string' },
    resume: { type: 'boolean', default: false },
    from: { type: 'string' },
    json: { type: 'boolean', default: false },
    goals: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
if (!existsSync(options.program)) {
  console.error(`Failed to run the corpus: ${options.program} is not there. Run npm run build first.`);
  process.exit(2);
}
const folder = options.own ? join(here, 'own') : process.env.CORPUS_DIR;
if (options.from === undefined && (!folder || !existsSync(folder))) {
  console.log('Skipped the corpus of public documents: CORPUS_DIR is empty. Fill it with bench/corpus/fill.mjs.');
  process.exit(0);
}
const file = options.results ?? (options.own || options.from ? undefined : join(folder, 'results.json'));
const build = buildOf(options.program);
const results = options.from !== undefined ? readResults(options.from) : options.resume ? readResults(file) : [];
const done = new Set(results.map(({ name }) => name));
// The small ones first, as whatever is wrong with many shows early; the test kit, which is many tiny ones, last.
const documents = (options.from !== undefined ? [] : options.own ? ownDocuments() : publicDocuments())
  .sort((one, other) => (one.suite === 'tck') - (other.suite === 'tck') || sizeOf(one) - sizeOf(other))
  .filter((_, place) => place % Number(options.every) === 0)
  .slice(0, Number(options.limit ?? Number.POSITIVE_INFINITY));
const queue = documents.filter(({ name }) => !done.has(name));
await Promise.all(Array.from({ length: Math.min(2, Number(options.jobs)) }, work));
const summary = summaryOf(results);
const kinds = toKinds(results);
if (options.json) {
  console.log(JSON.stringify({ summary, kinds, documents: results.map(({ findings, ...rest }) => rest) }, null, 2));
} else {
  const lines = kinds.map(
    ({ kind, documents: count, times, example }) => `${count} documents, ${times} times: ${kind}\n    ${example}`,
  );
  console.log(`${toTable(results)}\n\n${lines.join('\n')}`);
}
const missed = missedGoals(summary);
for (const line of missed) console.error(line);
process.exit(options.goals && missed.length > 0 ? 1 : 0);

async function work() {
  for (let document = queue.shift(); document !== undefined; document = queue.shift()) {
    const began = performance.now();
    const result = await judge(join(folder, document.file), document.allowRefs ? ['--allow-refs'] : []);
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    results.push({ ...document, build, seconds, ...result });
    process.stderr.write(`${results.length}/${documents.length} ${lineOf(results.at(-1))}\n`);
    if (file !== undefined) writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
  }
}

/** Which build was tried: results of another one are no results of this. */
function buildOf(program) {
  const dist = dirname(dirname(resolve(program)));
  const hash = createHash('sha256');
  for (const each of readdirSync(dist, { recursive: true }).sort()) {
    if (each.endsWith('.js')) hash.update(each).update(readFileSync(join(dist, each)));
  }
  return hash.digest('hex').slice(0, 12);
}

/** What a results file holds; with `--resume`, only what this very build gave, and only where a judge came to an end. */
function readResults(from) {
  if (from === undefined || !existsSync(from)) return [];
  const held = JSON.parse(readFileSync(from, 'utf8'));
  return options.resume ? held.filter((each) => each.build === build && each.judgeFailed === undefined) : held;
}

function sizeOf(document) {
  return statSync(join(folder, document.file)).size;
}

/** One document in a process of its own. */
function judge(file, switches) {
  return new Promise((done) => {
    const words = [
      `--max-old-space-size=${LARGEST_HEAP}`,
      join(here, 'judge.mjs'),
      resolve(options.program),
      file,
      ...switches,
    ];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let out = '';
    let errors = '';
    child.stdout.on('data', (bytes) => {
      out += bytes;
    });
    child.stderr.on('data', (bytes) => {
      errors = (errors + bytes).slice(-2_000);
    });
    const timer = setTimeout(() => {
      errors = `not done within ${LONGEST / 1_000} s`;
      process.kill(-child.pid, 'SIGKILL');
    }, LONGEST);
    child.once('close', () => {
      clearTimeout(timer);
      try {
        done(JSON.parse(out));
      } catch {
        done({ loads: false, judgeFailed: errors || 'no result', findings: [] });
      }
    });
  });
}

function publicDocuments() {
  return repositories()
    .flatMap(documentsOf)
    .filter(({ file }) => existsSync(join(folder, file)))
    .filter(({ invalid }) => options.invalid || !invalid)
    .filter(
      ({ name, suite }) =>
        (options.only === undefined || name.includes(options.only)) && (options.suite ?? suite) === suite,
    );
}

function ownDocuments() {
  return readdirSync(folder, { recursive: true })
    .filter(
      (file) =>
        /\.(ya?ml|json)$/.test(file) &&
        /^\s*"?(openapi|swagger|asyncapi)"?:/m.test(readFileSync(join(folder, file), 'utf8')),
    )
    .sort()
    .filter((file) => options.only === undefined || file.includes(options.only))
    .map((file) => ({ name: file, file, suite: 'own', invalid: false }));
}

function lineOf({ name, loads, judgeFailed, operations, answered, resources, channels, seconds }) {
  if (judgeFailed !== undefined) return `${name}: the judge failed: ${judgeFailed.split('\n')[0]}`;
  if (!loads) return `${name}: refused`;
  const parts = [
    operations === undefined ? '' : `${answered}/${operations} operations`,
    resources?.seen > 0 ? `${resources.living}/${resources.seen} living` : '',
    channels === undefined ? '' : `${channels.delivered}/${channels.declared} channels`,
  ];
  return `${name}: ${parts.filter(Boolean).join(', ')} (${seconds} s)`;
}
