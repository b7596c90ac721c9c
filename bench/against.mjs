import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hammer, toBytes } from './client.mjs';
import { startProgram, startServer } from './start.mjs';
import { bodyOf, create, getOne, getPage } from './world.mjs';

/**
 * Compares this tree with another commit of it: both are built and started, and take turns row by row. A ratio above 1
 * means that this tree is better: faster, or smaller. Nothing is written but the table.
 *
 * @example npm run bench -- --against HEAD~5 get-one create
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DEFAULT_ROUNDS = 5;
const ROUND = { duration: 800 };
/** By requests and not by time: where others use the machine, a second is not enough to compile what is hot. */
const WARM_UP_REQUESTS = 20_000;

const ROWS = {
  'get-one': { title: 'GET one', run: rateOf(getOne, 200, '10000') },
  'get-page': { title: 'GET a page of 25, filtered, of 100,000', run: rateOf(getPage, 200, '100000') },
  create: { title: 'POST create', run: rateOf(create, 201, '1000') },
  year: { title: 'An effect of a year of 1,000 customers', run: year },
  'first-answer': { title: 'First answer, warm start', run: firstAnswer },
  memory: { title: 'Memory at rest', run: memoryAtRest },
};

/** Runs the rows named, or all of them, and prints the table. */
export async function compareWith(reference, names, rounds = DEFAULT_ROUNDS) {
  const unknown = names.filter((name) => !(name in ROWS));
  if (unknown.length > 0) {
    throw new Error(
      `Failed to compare ${unknown.join(', ')}: there is no such row. Known are: ${Object.keys(ROWS).join(', ')}.`,
    );
  }
  const before = treeOf(reference);
  const results = [];
  for (const name of names.length > 0 ? names : Object.keys(ROWS)) {
    process.stderr.write(`${name} … `);
    const { title, run } = ROWS[name];
    const pairs = await run({ now: ROOT, before, rounds });
    const ratios = pairs.map(({ ratio }) => ratio).sort((a, b) => a - b);
    const ratio = ratios[Math.floor(ratios.length / 2)];
    process.stderr.write(`${ratio.toFixed(3)}\n`);
    const remarks = new Set(pairs.flatMap(({ remark = [] }) => remark));
    results.push({ title: [title, ...remarks].join('; '), low: ratios[0], ratio, high: ratios.at(-1) });
  }
  const lines = results.map(
    ({ title, low, ratio, high }) => `| ${title} | ${low.toFixed(2)} | ${ratio.toFixed(2)} | ${high.toFixed(2)} |`,
  );
  console.log([`| this tree, of ${reference} | min | median | max |`, '|---|---:|---:|---:|', ...lines].join('\n'));
}

/** A checkout of the commit with its own dependencies and build; kept between runs, because a commit never changes. */
function treeOf(reference) {
  const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  const commit = git('rev-parse', '--verify', `${reference}^{commit}`);
  const folder = join(tmpdir(), `bss-simulator-${commit.slice(0, 12)}`);
  if (existsSync(join(folder, 'dist/cli/main.js'))) return folder;
  process.stderr.write(`building ${commit.slice(0, 12)} …\n`);
  if (!existsSync(join(folder, 'package.json'))) git('clone', '--quiet', '--no-checkout', ROOT, folder);
  execFileSync('git', ['checkout', '--quiet', '--detach', commit], { cwd: folder });
  const run = (...args) => execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  run('ci', '--no-audit', '--no-fund', '--ignore-scripts');
  run('run', 'build');
  return folder;
}

/** The two servers with the same world, one of each tree. */
async function startBoth({ now, before }, env) {
  return [await startServer('ours', env, [], now), await startServer('ours', env, [], before)];
}

function rateOf(request, status, customers) {
  return async (trees) => {
    const [mine, theirs] = await startBoth(trees, { BENCH_CUSTOMERS: customers });
    for (const server of [theirs, mine]) await warmUp(server, request, status);
    const pairs = [];
    for (let round = 0; round < trees.rounds; round += 1) {
      const before = await costOf(theirs, request, status);
      const now = await costOf(mine, request, status);
      pairs.push({ ratio: before / now });
    }
    await Promise.all([mine.stop(), theirs.stop()]);
    return pairs;
  };
}

async function warmUp(server, request, status) {
  for (let count = 0; count < WARM_UP_REQUESTS; )
    count += (await hammer(server.port, request, { ...ROUND, status })).count;
}

/** Processor time of one request: it suffers less than the rate does where others use the machine. */
async function costOf(server, request, status) {
  const began = await server.cpu();
  const { count } = await hammer(server.port, request, { ...ROUND, status });
  return ((await server.cpu()) - began) / count;
}

/** By effect, as the row of the year against a plain loop is: rules that have come since let more happen in a year. */
async function year(trees) {
  const pairs = [];
  const advance = toBytes({ method: 'POST', path: '/_simulator/clock/advance', body: { by: 'P1Y' } });
  const digest = toBytes({ path: '/_simulator/transcript/digest' });
  for (let round = 0; round < trees.rounds; round += 1) {
    const costs = [];
    const counts = [];
    const digests = [];
    for (const home of [trees.before, trees.now]) {
      const server = await startServer('ours', { BENCH_CUSTOMERS: '1000', BENCH_LIFE: 'lively' }, [], home);
      const began = await server.cpu();
      const answer = await bodyOf(server.port, advance, 200);
      costs.push((await server.cpu()) - began);
      counts.push(Number(/"count":(\d+)/.exec(answer)[1]));
      digests.push(await bodyOf(server.port, digest));
      await server.stop();
    }
    const isSame = digests[0] === digests[1];
    pairs.push({
      ratio: (costs[0] / costs[1]) * (counts[1] / counts[0]),
      remark: isSame ? [] : [`the digests differ, ${counts[1]} effects in place of ${counts[0]}`],
    });
  }
  return pairs;
}

async function firstAnswer(trees) {
  const one = { path: '/v1/customers/CUS-000007', headers: { authorization: 'Bearer benchmark' } };
  // Processor time, where the system tells it: it suffers less than the time that has passed does.
  const costOfStart = async (home) => {
    const program = await startProgram(process.execPath, [join(home, 'dist/cli/main.js'), '--port', '{port}'], one);
    await program.stop();
    return program.processor ?? program.seconds;
  };
  const pairs = [];
  for (let round = 0; round < trees.rounds; round += 1) {
    const before = await costOfStart(trees.before);
    pairs.push({ ratio: before / (await costOfStart(trees.now)) });
  }
  return pairs;
}

async function memoryAtRest(trees) {
  const used = async (home) => {
    const server = await startServer('ours', {}, ['--expose-gc'], home);
    const { rss } = await server.memory();
    await server.stop();
    return rss;
  };
  const pairs = [];
  for (let round = 0; round < trees.rounds; round += 1) {
    const before = await used(trees.before);
    pairs.push({ ratio: before / (await used(trees.now)) });
  }
  return pairs;
}
