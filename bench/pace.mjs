import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { startProgram } from './fuzz/program.mjs';

const HELP = `Measures how many events of traffic a second the built program keeps up with: first as fast as an advance can, then with a clock
that runs, with a bystander beside it, who asks a bare server as often.

node bench/pace.mjs -- [options]
  --seconds <number>  of wall time for each pace (15)
  --paces <list>      events a second (125,250,500)`;

const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '15' },
    paces: { type: 'string', default: '125,250,500' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}

const program = await startProgram();

await ask('POST', '/traffic', { rate: 600, shape: 'even' });
// What is compiled at its first use is no part of the pace.
await ask('POST', '/clock/advance', { by: 'PT5M' });
const before = (await ask('GET', '/traffic')).published;
const began = performance.now();
await ask('POST', '/clock/advance', { by: 'PT20M' });
const made = (await ask('GET', '/traffic')).published - before;
console.log(`an advance: ${Math.round((made * 1_000) / (performance.now() - began))} events a second`);

for (const pace of options.paces.split(',').map(Number)) {
  await ask('POST', '/reset', {});
  const { now } = await ask('PUT', '/clock', { mode: 'real', rate: 1 });
  const start = performance.now();
  await ask('POST', '/traffic', { rate: pace * 60, shape: 'even' });
  const probe = new Worker(new URL('./fuzz/probe.mjs', import.meta.url), {
    workerData: { port: program.port, pid: program.pid },
  });
  await new Promise((resolve) => setTimeout(resolve, Number(options.seconds) * 1_000));
  const passed = performance.now() - start;
  const [traffic, clock] = [await ask('GET', '/traffic'), await ask('GET', '/clock')];
  const nextDue = (await ask('GET', '/timers?limit=1')).items[0]?.due;
  probe.postMessage('stop');
  const [{ program: waits, bare }] = await once(probe, 'message');
  const behind = Math.max(0, Date.parse(clock.now) - Date.parse(nextDue ?? clock.now));
  console.log(
    `${pace} a second for ${Math.round(passed / 1_000)} s: ${Math.round((traffic.published * 1_000) / passed)} published, ` +
      `the clock ${Math.round(Date.parse(clock.now) - Date.parse(now) - passed)} ms from the wall's, what is due ${Math.round(behind)} ms behind; ` +
      `bystander median ${waits.median} ms, p99 ${waits.p99}, over 50 ms ${waits.long} of ${waits.asked}; bare server p99 ${bare.p99}, over 50 ms ${bare.long}`,
  );
}
await program.stop();
// Bystanders would go on listening.
process.exit(0);

async function ask(method, path, body) {
  const response = await fetch(`${program.url}/_simulator${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text.slice(0, 300)}`);
  return text === '' ? {} : JSON.parse(text);
}
