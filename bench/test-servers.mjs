// Holds public servers against their own contracts with `bss-simulator test`, and finds faults that are planted in one:
// `node bench/test-servers.mjs [folder] [name…]`. They are fetched from GitHub and npm into that folder, never beside ours.
// Prints the tables of docs/testing-a-server.md.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PLANTED, startPlanted } from './planted-faults.mjs';
import { SERVERS } from './tested-servers.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const PROGRAM = join(ROOT, 'dist/cli/main.js');
const LIBRARY = join(ROOT, 'bench/corpus/own/strangers/library.yaml');

const [given, ...names] = process.argv.slice(2);
const folder = resolve(given ?? mkdtempSync(join(tmpdir(), 'test-servers-')));
mkdirSync(folder, { recursive: true });

const OURS = ['connectx', 'library.yaml'].map((what) => {
  const specs = what === 'connectx' ? join(ROOT, 'specs/connectx') : LIBRARY;
  return {
    name: `bss-simulator, ${what}`,
    about: 'this project',
    start: (port) => [PROGRAM, '--specs', specs, '--port', port, '--log-level', 'silent'],
    specs,
    flags: ['--bearer', 'any'],
  };
});

const rows = [];
const planted = [];
for (const server of [...SERVERS, ...OURS]) {
  if (names.length > 0 && !names.some((name) => server.name.includes(name))) continue;
  if (server.needs !== undefined && process.env[server.needs] === undefined) {
    console.error(`Left out: ${server.name}, which needs ${server.needs}.`);
    continue;
  }
  const home = server.specs === undefined ? fetchServer(server) : folder;
  const port = String(await freePort());
  const child = spawn(process.execPath, server.start(port), {
    cwd: home,
    env: { ...process.env, PORT: port },
    stdio: 'ignore',
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    await answers(url);
    const specs = server.specs ?? (await contractOf(url, server, home));
    const report = await testOf(url + (server.base ?? ''), specs, server);
    rows.push(rowOf(server, report));
    if (report.gone.length > 0) console.error(`${server.name}: known, and not found: ${report.gone.join('; ')}`);
    if (server === SERVERS[0]) planted.push(...(await plant(url, specs, server)));
  } finally {
    child.kill();
  }
}
console.log(
  `| server | what it is | requests | passed | failed | known | other warnings | skipped |\n|---|---|---|---|---|---|---|---|\n${rows.join('\n')}`,
);
if (planted.length > 0) console.log(`\n| planted in ${SERVERS[0].name} | found as |\n|---|---|\n${planted.join('\n')}`);

function fetchServer({ name, git, packages = [], before, prepare }) {
  const own = join(folder, name.replace(/\W+/g, '-'));
  const home = git === undefined ? own : join(own, git[2]);
  if (existsSync(join(home, 'node_modules'))) return home;
  if (git === undefined) {
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'package.json'), '{"private": true}');
  } else {
    execFileSync('git', ['clone', '--quiet', git[0], own], { stdio: 'inherit' });
    execFileSync('git', ['-C', own, 'checkout', '--quiet', git[1]], { stdio: 'inherit' });
  }
  before?.(home);
  execFileSync(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--legacy-peer-deps', '--loglevel=error', ...packages],
    { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  prepare?.(home);
  return home;
}

async function contractOf(url, { contract }, home) {
  const file = join(home, 'tested.json');
  writeFileSync(file, await (await fetch(url + contract)).text());
  return file;
}

function rowOf({ name, about }, { requests, results }) {
  const count = (status) => results.filter((each) => each.status === status).length;
  const known = results.filter(({ findings }) => findings.some(({ isKnown }) => isKnown)).length;
  return `| ${name} | ${about} | ${requests} | ${count('passed')} | ${count('failed')} | ${known} | ${count('warned') - known} | ${count('skipped')} |`;
}

/** Each fault by itself: the errors that it adds. */
async function plant(url, specs, server) {
  const lines = [];
  for (const fault of PLANTED) {
    const front = await startPlanted(url, fault);
    const { results } = await testOf(front.url, specs, server);
    front.close();
    const errors = results.flatMap(({ operationId, findings }) =>
      findings.filter(({ level }) => level === 'error').map(({ code }) => `${code} ${operationId}`),
    );
    const found = [...new Set(errors)].filter((each) => each.startsWith(fault.code));
    lines.push(
      `| ${fault.about} | ${found.length === 0 ? '**not found**' : found.map((each) => `\`${each}\``).join(', ')} |`,
    );
  }
  return lines;
}

function testOf(url, specs, { flags = [], known = [] }) {
  return new Promise((done, fail) => {
    const args = [
      'test',
      url,
      '--specs',
      specs,
      '--json',
      ...flags,
      ...(known.length > 0 ? ['--known', ...known] : []),
    ];
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('close', (code) => (code === 2 ? fail(new Error(err)) : done(JSON.parse(out))));
  });
}

async function answers(url) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await wait(100);
  }
  throw new Error(`${url} does not answer`);
}

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
