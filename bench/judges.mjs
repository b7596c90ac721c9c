/**
 * Lets two judges that share no code with the simulator look at its shipped contracts, each served by this build:
 * Specmatic tests every operation with requests that it makes itself, and Prism checks, as a proxy, both sides of reads of
 * every path that needs no id. Prints what each finds.
 *
 * node bench/judges.mjs --prism <command> --specmatic <jar>     (either may be left out)
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import yaml from 'js-yaml';

const { values } = parseArgs({ options: { prism: { type: 'string' }, specmatic: { type: 'string' } } });
const CONTRACTS = [
  'specs/connectx/bss-api.openapi.yaml',
  'specs/aps-subscriptions/resources.openapi.yaml',
  'specs/billing-account/billing-account.swagger.yaml',
  'specs/billing-account/hub.openapi.yaml',
  'specs/macd/northbound.openapi.yaml',
];
const PORT = 4_690;
const CREDENTIALS = { authorization: 'Bearer any', 'aps-token': 'any' };
const folder = mkdtempSync(join(tmpdir(), 'judges-'));

for (const contract of CONTRACTS) {
  const simulator = spawn(process.execPath, ['dist/cli/main.js', '--port', String(PORT), '--log-level', 'error'], {
    stdio: 'ignore',
  });
  await answering(PORT, '/_simulator/health');
  if (values.prism !== undefined) console.log(`Prism, ${contract}: ${await askThroughPrism(contract)}`);
  if (values.specmatic !== undefined) console.log(`Specmatic, ${contract}: ${await testWithSpecmatic(contract)}`);
  simulator.kill('SIGTERM');
  await new Promise((done) => simulator.once('close', done));
}
rmSync(folder, { recursive: true });

async function askThroughPrism(contract) {
  const document = yaml.load(readFileSync(contract, 'utf8'));
  const base = basePathOf(document);
  const upstream = `http://127.0.0.1:${PORT}${base}`;
  const proxy = spawn(
    process.execPath,
    [resolve(values.prism), 'proxy', contract, upstream, '-p', String(PORT + 1), '--errors'],
    { stdio: 'ignore' },
  );
  const paths = Object.entries(document.paths).filter(([path, item]) => item.get !== undefined && !path.includes('{'));
  if (paths.length > 0) await answering(PORT + 1, paths[0][0]);
  const found = [];
  for (const [path] of paths) {
    const response = await fetch(`http://127.0.0.1:${PORT + 1}${path}`, { headers: CREDENTIALS });
    const told = response.headers.get('sl-violations') ?? (response.status >= 400 ? await response.text() : undefined);
    if (told !== undefined && told !== null) found.push(`GET ${path}: ${told.slice(0, 300)}`);
  }
  proxy.kill('SIGTERM');
  return [`${paths.length} reads, ${found.length} with something wrong`, ...found].join('\n  ');
}

async function testWithSpecmatic(contract) {
  const document = yaml.load(readFileSync(contract, 'utf8'));
  const headers = Object.entries(CREDENTIALS).map(([name, value]) => `${name}:${value}`);
  const args = [
    '-jar',
    resolve(values.specmatic),
    'test',
    resolve(contract),
    `--testBaseURL=http://127.0.0.1:${PORT}${basePathOf(document)}`,
  ];
  const text = await outputOf('java', args, { OAUTH2_TOKEN: 'any', BEARER: 'any', headers: headers.join(',') });
  const counts = /Tests run: .*/.exec(text)?.[0] ?? 'it did not run to its end';
  const failures = [...text.matchAll(/^\s*(?:>> |In scenario |API: ).*$/gm)].map(([line]) => line.trim());
  return [counts, ...new Set(failures)].slice(0, 25).join('\n  ');
}

function basePathOf({ basePath, servers }) {
  if (basePath !== undefined) return basePath.replace(/\/+$/, '');
  const [server] = servers ?? [];
  return server === undefined ? '' : new URL(server.url, 'http://localhost').pathname.replace(/\/+$/, '');
}

async function answering(port, path) {
  for (let tries = 0; tries < 600; tries += 1) {
    if (
      await fetch(`http://127.0.0.1:${port}${path}`, { headers: CREDENTIALS }).then(
        () => true,
        () => false,
      )
    )
      return;
    await wait(100);
  }
}

function outputOf(command, args, env) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...env } });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (text += data));
    child.once('close', () => done(text));
  });
}
