/**
 * Lets two judges that share no code with the simulator look at its shipped contracts, each served by this build:
 * Specmatic tests every operation with requests that it makes itself, and Prism checks, as a proxy, both sides of reads of
 * every path that needs no id. Prints what each finds, alike findings together.
 *
 * node bench/judges.mjs --prism <command> --specmatic <jar> [--only <text>] [--unaided]
 *
 * Specmatic knows no id, and expects success of those that it makes up: it is told of some that there are, and of what its
 * texts have to look like (`bench/judges.yaml`, which is what Specmatic calls a dictionary); `--unaided` tells it nothing.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import yaml from 'js-yaml';

const { values: options } = parseArgs({
  options: {
    prism: { type: 'string' },
    specmatic: { type: 'string' },
    only: { type: 'string', default: '' },
    unaided: { type: 'boolean', default: false },
  },
});
const CONTRACTS = [
  'specs/connectx/bss-api.openapi.yaml',
  'specs/aps-subscriptions/resources.openapi.yaml',
  'specs/billing-account/billing-account.swagger.yaml',
  'specs/billing-account/hub.openapi.yaml',
  'specs/macd/northbound.openapi.yaml',
];
const CREDENTIALS = { authorization: 'Bearer any', 'aps-token': 'any' };
/** How long something may take to come up, and how long one judge may take over one contract, in milliseconds. */
const LONGEST_START = 60_000;
const LONGEST_TRIAL = 600_000;
/** Kinds of findings that are printed for one contract. */
const MOST_FINDINGS = 25;

const here = fileURLToPath(new URL('.', import.meta.url));
const root = dirname(here.replace(/\/$/, ''));
const known = yaml.load(readFileSync(join(here, 'judges.yaml'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'judges-'));
const children = new Set();
// Whatever ends this, it leaves nothing running.
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

for (const contract of CONTRACTS.filter((each) => each.includes(options.only))) {
  for (const [name, path, judge] of [
    ['Prism', options.prism, askThroughPrism],
    ['Specmatic', options.specmatic, testWithSpecmatic],
  ]) {
    if (path === undefined) continue;
    // A world of its own for each: what one judge has deleted, the other would miss.
    const port = await freePort();
    const simulator = start(process.execPath, [join(root, 'dist/cli/main.js'), '--port', port, '--log-level', 'error']);
    let told;
    try {
      await answering(port, '/_simulator/health', simulator);
      told = await judge(contract, port);
    } catch (error) {
      told = `it could not judge: ${error.message}`;
      process.exitCode = 1;
    }
    console.log(`${name}, ${contract}: ${told}`);
    await stop(simulator);
  }
}

async function askThroughPrism(contract, port) {
  const document = yaml.load(readFileSync(join(root, contract), 'utf8'));
  const paths = Object.entries(document.paths).filter(([path, item]) => item.get !== undefined && !path.includes('{'));
  if (paths.length === 0) return 'no path that can be read without an id';
  const own = await freePort();
  const upstream = `http://127.0.0.1:${port}${basePathOf(document)}`;
  const words = ['proxy', join(root, contract), upstream, '-p', own, '-h', '127.0.0.1', '--errors'];
  const proxy = start(process.execPath, [resolve(options.prism), ...words]);
  try {
    await answering(own, paths[0][0], proxy);
    const found = [];
    for (const [path] of paths) {
      const response = await fetch(`http://127.0.0.1:${own}${path}`, { headers: CREDENTIALS });
      const text = await response.text();
      const wrong = response.headers.get('sl-violations') ?? (response.status >= 400 ? text : undefined);
      if (wrong !== undefined && wrong !== null) found.push(`GET ${path}: ${wrong.slice(0, 300)}`);
    }
    return [`${paths.length} reads, ${found.length} with something wrong`, ...found].join('\n  ');
  } finally {
    await stop(proxy);
  }
}

async function testWithSpecmatic(contract, port) {
  const document = yaml.load(readFileSync(join(root, contract), 'utf8'));
  // Beside its contract, a dictionary is found by its name.
  const home = join(folder, String(port));
  mkdirSync(home);
  const source = join(root, dirname(contract));
  cpSync(source, home, { recursive: true });
  const name = basename(contract, '.yaml');
  const words = options.unaided ? undefined : known[name];
  if (words !== undefined) writeFileSync(join(home, `${name}_dictionary.yaml`), yaml.dump(words));
  const base = `--testBaseURL=http://127.0.0.1:${port}${basePathOf(document)}`;
  const java = start('java', ['-jar', resolve(options.specmatic), 'test', join(home, basename(contract)), base], {
    cwd: home,
    env: { ...process.env, OAUTH2_TOKEN: 'any', BEARER: 'any' },
  });
  const isOver = await Promise.race([java.closed.then(() => true), wait(LONGEST_TRIAL, false, { ref: false })]);
  await stop(java);
  const counts = /Tests run: .*?Failures: \d+/.exec(java.text)?.[0];
  if (counts === undefined) throw new Error(isOver ? lastLineOf(java.text) : 'it took too long');
  return [counts, ...findingsOf(java.text)].slice(0, MOST_FINDINGS).join('\n  ');
}

/** What failed and why, alike ones together: made-up texts, ids and numbers are left out. */
function findingsOf(text) {
  const times = new Map();
  for (const part of text.split(/^-{20}$/m)) {
    const operation = /^API: (.*)$/m.exec(part)?.[1];
    if (operation === undefined || !part.includes('has FAILED')) continue;
    const status = /Specification expected (status .*)$/m.exec(part)?.[1];
    const places = [...part.matchAll(/^\s+>> (.*)$/gm)].map(([, place]) => place.replaceAll(/\[\d+\]/g, '[]'));
    const summary = /Summary: (.*)$/m.exec(part)?.[1];
    const answer = part.slice(part.indexOf('Response at'), part.indexOf('\nScenario'));
    const said = /"(?:message|detail|reason)": "(.*)"/.exec(answer)?.[1] ?? '';
    const why = status === undefined ? `${[...new Set(places)].join(', ')}: ${summary}` : `${status}; ${said}`;
    const finding = `${operation}: ${why.replaceAll(/\\"[^"]*\\"/g, '…').slice(0, 260)}`;
    times.set(finding, (times.get(finding) ?? 0) + 1);
  }
  return [...times].sort((one, other) => other[1] - one[1]).map(([finding, count]) => `${count} times ${finding}`);
}

function basePathOf({ basePath, servers }) {
  if (basePath !== undefined) return basePath.replace(/\/+$/, '');
  const [server] = servers ?? [];
  return server === undefined ? '' : new URL(server.url, 'http://localhost').pathname.replace(/\/+$/, '');
}

/** Starts a program whose output is kept, and which does not outlive this one. */
function start(command, words, more = {}) {
  const child = spawn(command, words.map(String), { stdio: ['ignore', 'pipe', 'pipe'], ...more });
  children.add(child);
  child.text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      child.text += data;
    });
  }
  child.closed = new Promise((done) => {
    child.once('error', (error) => {
      child.text += error.message;
      done();
    });
    child.once('close', done);
  }).then(() => {
    child.isClosed = true;
    children.delete(child);
  });
  return child;
}

async function stop(child) {
  if (child.isClosed) return;
  child.kill('SIGTERM');
  if (await Promise.race([child.closed.then(() => false), wait(5_000, true, { ref: false })])) child.kill('SIGKILL');
  await child.closed;
}

/** Waits until something answers there; throws with its own last word where it has ended or does not come up. */
async function answering(port, path, child) {
  const end = performance.now() + LONGEST_START;
  while (performance.now() < end) {
    if (child.isClosed) throw new Error(`it ended before it answered: ${lastLineOf(child.text)}`);
    const isUp = await fetch(`http://127.0.0.1:${port}${path}`, { headers: CREDENTIALS }).then(
      async (response) => {
        await response.arrayBuffer();
        return true;
      },
      () => false,
    );
    if (isUp) return;
    await wait(100);
  }
  throw new Error(`nothing answers at port ${port} within ${LONGEST_START / 1_000} s: ${lastLineOf(child.text)}`);
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

function lastLineOf(text) {
  return text.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? 'it said nothing';
}
