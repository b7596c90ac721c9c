// What a test pays: from nothing to the first assertion, in process; and a tenant of its own. Beside a bare `node:http`
// server in the same run, by turns. `npm run bench:kit`
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '11' } } });

/** Wall time is that of a busy machine; what the processor did compares better. */
const STARTED = `
const started = performance.now();
const { user, system } = process.cpuUsage();
`;

const OURS = `
import { createSimulator } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
const simulator = createSimulator({ port: 0 });
await simulator.start();
const get = (url) => fetch(url, { headers: { authorization: 'Bearer any' } });
const first = await get(simulator.url + '/v1/products');
if (first.status !== 200) throw new Error(String(first.status));
await first.arrayBuffer();
${STARTED}
const each = [];
for (let number = 0; number < 50; number += 1) {
  const from = performance.now();
  const tenant = simulator.tenant('t' + number);
  await (await get(tenant.url + '/v1/products')).arrayBuffer();
  await tenant[Symbol.asyncDispose]();
  each.push(performance.now() - from);
}
`;

const BARE = `
import { createServer } from 'node:http';
const listen = async () => {
  const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end('{"data":[]}'));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { server, url: 'http://127.0.0.1:' + server.address().port };
};
const { server, url } = await listen();
const first = await fetch(url);
if (first.status !== 200) throw new Error(String(first.status));
await first.arrayBuffer();
${STARTED}
const each = [];
for (let number = 0; number < 50; number += 1) {
  const from = performance.now();
  const own = await listen();
  await (await fetch(own.url)).arrayBuffer();
  own.server.closeAllConnections();
  await new Promise((done) => own.server.close(done));
  each.push(performance.now() - from);
}
`;

const END = `
each.sort((a, b) => a - b);
console.log(JSON.stringify({ started, cpu: (user + system) / 1000, tenant: each[25] }));
process.exit(0);
`;

function measure(program) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program + END], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const pairs = Array.from({ length: Number(values.rounds) }, () => ({ ours: measure(OURS), bare: measure(BARE) }));
const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];
for (const [kind, title] of [
  ['started', 'start to first assertion'],
  ['cpu', 'processor time until then'],
  ['tenant', 'a world for a test, used and gone'],
]) {
  const ours = median(pairs.map((pair) => pair.ours[kind]));
  const bare = median(pairs.map((pair) => pair.bare[kind]));
  const ratio = median(pairs.map((pair) => pair.ours[kind] / pair.bare[kind]));
  console.log(`${title}: ${ours.toFixed(1)} ms beside ${bare.toFixed(1)} ms of node:http, ratio ${ratio.toFixed(2)}`);
}
