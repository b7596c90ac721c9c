/**
 * Measures the start of a document with 1,200 operations, as JSON and as YAML, of this build without a cache and of Prism,
 * one after the other: time and processor time until the first operation is answered, and the memory held then.
 *
 * node bench/large-start.mjs [rounds] [path of Prism's command]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import yaml from 'js-yaml';
import { largeDocument } from './large-document.mjs';

const [rounds = 3, prism = 'bench/node_modules/.bin/prism'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'large-'));
const document = largeDocument();
const files = { json: join(folder, 'large.openapi.json'), yaml: join(folder, 'large.openapi.yaml') };
writeFileSync(files.json, JSON.stringify(document, null, 1));
writeFileSync(files.yaml, yaml.dump(document, { noRefs: true, lineWidth: 120 }));
const [first] = Object.keys(document.paths);
const port = 4_790 + (process.pid % 100);

const servers = {
  'this build': (file) => ({
    args: [
      resolve('dist/cli/main.js'),
      '--specs',
      file,
      '--port',
      String(port),
      '--cache',
      join(folder, `cache-${Math.random()}`),
    ],
    path: `/v1${first}`,
  }),
  Prism: (file) => ({ args: [resolve(prism), 'mock', file, '-p', String(port), '-h', '127.0.0.1'], path: first }),
};

for (const [format, file] of Object.entries(files)) {
  for (const [name, command] of Object.entries(servers)) {
    const found = [];
    for (let round = 0; round < Number(rounds); round += 1) found.push(await measure(command(file)));
    const middle = (key) => found.map((each) => each[key]).sort((a, b) => a - b)[Math.floor(found.length / 2)];
    console.log(
      `${format} ${name}: ${(middle('time') / 1_000).toFixed(2)} s, ${middle('cpu').toFixed(2)} s of processor, ${Math.round(middle('memory'))} MB, at most ${Math.round(middle('peak'))} MB`,
    );
  }
}
rmSync(folder, { recursive: true });

async function measure({ args, path }) {
  const begin = performance.now();
  const server = spawn(process.execPath, args, { stdio: 'ignore' });
  const closed = new Promise((done) => server.once('close', done));
  let time;
  let cpu;
  while (time === undefined && server.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(60_000) }).catch(
      () => undefined,
    );
    if (answer?.status === 200) {
      time = performance.now() - begin;
      cpu = processorTime(server.pid);
    } else await wait(20);
  }
  // Once what is done after the first answer is done, too.
  await wait(5_000);
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
  const read = (field) => Number(new RegExp(`${field}:\\s*(\\d+)`).exec(status)?.[1]) / 1_024;
  const found = { time, cpu, memory: read('VmRSS'), peak: read('VmHWM') };
  server.kill('SIGTERM');
  await closed;
  return found;
}

/** Seconds that a process has used of the processor, on a machine that others use, too. */
function processorTime(pid) {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}
