// What the console costs, in Chromium: its size, its first paint, the time from a POST to its line beside a page of a bare
// event stream in the same run, frames while 500 activities a second arrive, memory after an hour of the demonstration.
// `node bench/console.mjs` after a build; the hour goes by the clock, not by waiting.
import { existsSync, statSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { startProgram } from './fuzz/program.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });
const ROUNDS = Number(values.rounds);
const LINES = 40;
const PER_SECOND = 500;
const SECONDS = 10;

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
);
if (executablePath === undefined) {
  console.error('Failed to measure the console: there is no Chromium. Install it, or name it with CHROMIUM.');
  process.exit(2);
}

const folder = fileURLToPath(new URL('../dist/console/', import.meta.url));
const sizes = Object.fromEntries(
  ['index.html', 'main.js', 'style.css'].map((name) => [name, statSync(`${folder}${name}.gz`).size]),
);

const program = await startProgram([]);
const bare = await startBare();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
const figures = {
  compressed: `${(Object.values(sizes).reduce((sum, size) => sum + size) / 1024).toFixed(1)} KB`,
  ...(await firstPaint()),
  ...(await toItsLine()),
  ...(await frames()),
  ...(await anHour()),
};
for (const [name, figure] of Object.entries(figures)) console.log(`${name.padEnd(40)} ${figure}`);
await browser.close();
await program.stop();
bare.server.close();
bare.server.closeAllConnections();
agent.destroy();

async function openTenant(name) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await send(`${program.url}/_simulator/tenants/${name}`, 'PUT');
  await page.goto(`${program.url}/_simulator/console/${name}/activity`);
  await page.locator('.live:not(.off)').waitFor();
  return page;
}

async function firstPaint() {
  const paints = [];
  const shown = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const page = await openTenant('paint');
    const paint = await page.evaluate(() => ({
      first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      now: performance.now(),
    }));
    paints.push(paint.first);
    shown.push(paint.now);
    await page.context().close();
  }
  return {
    'first contentful paint': `${median(paints).toFixed(0)} ms`,
    'until the page follows live': `${median(shown).toFixed(0)} ms`,
  };
}

/** From just before a POST is sent until a line with its mark is in the page; both pages in turn. */
async function toItsLine() {
  const ours = await openTenant('line');
  const plain = await (await browser.newContext()).newPage();
  await plain.goto(bare.url);
  await plain.waitForFunction(() => globalThis.isOpen === true);
  for (const page of [ours, plain]) await page.evaluate(watchForLines);
  const times = { ours: [], plain: [] };
  for (let index = 0; index < LINES; index += 1) {
    for (const [name, page, url, body] of [
      ['ours', ours, `${program.url}/@line/v1/customers`, customer(index)],
      ['plain', plain, `${bare.url}post`, { title: `POST CUS-${index}` }],
    ]) {
      await page.bringToFront();
      // Looked for before it is sent: what came before anybody looked would be waited for in vain.
      await page.evaluate(() => {
        globalThis.seen = globalThis.nextLine();
      });
      const sent = performance.timeOrigin + performance.now();
      await send(url, 'POST', body);
      times[name].push((await page.evaluate(() => globalThis.seen)) - sent);
    }
  }
  await ours.context().close();
  await plain.context().close();
  return {
    'POST to its line': `${spread(times.ours)} (bare event stream ${spread(times.plain)}, ratio ${(median(times.ours) / median(times.plain)).toFixed(2)})`,
  };
}

function watchForLines() {
  let found = () => {};
  globalThis.nextLine = () =>
    new Promise((resolve) => {
      found = resolve;
    });
  new MutationObserver((changes) => {
    const isLine = changes.some(({ addedNodes }) => [...addedNodes].some((node) => /POST /.test(node.textContent)));
    if (isLine) found(performance.timeOrigin + performance.now());
  }).observe(document.body, { childList: true, subtree: true });
}

async function frames() {
  const page = await openTenant('frames');
  const still = await countFrames(page, async () => new Promise((resolve) => setTimeout(resolve, 3_000)));
  const busy = await countFrames(page, async () => {
    const begun = performance.now();
    const pending = [];
    for (let sent = 0; sent < PER_SECOND * SECONDS; ) {
      const due = ((performance.now() - begun) / 1_000) * PER_SECOND;
      for (; sent < due && sent < PER_SECOND * SECONDS; sent += 1)
        pending.push(send(`${program.url}/@frames/v1/products?pageSize=1`, 'GET'));
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    await Promise.all(pending);
  });
  const shown = await page.locator('.count').innerText();
  await page.context().close();
  const told = ({ rate, p95 }) => `${rate.toFixed(0)} a second, p95 ${p95.toFixed(0)} ms`;
  return {
    'frames, nothing happens': told(still),
    [`frames, ${PER_SECOND} activities a second`]: `${told(busy)} (${shown} after ${SECONDS} s)`,
  };
}

async function countFrames(page, work) {
  await page.evaluate(() => {
    globalThis.gaps = [];
    let last = performance.now();
    const each = () => {
      const now = performance.now();
      globalThis.gaps.push(now - last);
      last = now;
      globalThis.frame = requestAnimationFrame(each);
    };
    globalThis.frame = requestAnimationFrame(each);
  });
  await work();
  const gaps = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.frame);
    return globalThis.gaps;
  });
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return { rate: (gaps.length / total) * 1_000, p95: gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length * 0.95)] };
}

/** An hour of people who watch is sixty of the world, as `demo` has them: with its traffic, and the page open. */
async function anHour() {
  const page = await openTenant('hour');
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize / 2 ** 20;
  };
  const before = await heap();
  const at = `${program.url}/@hour/_simulator`;
  await send(`${at}/traffic`, 'POST', { rate: 3, shape: 'even' });
  for (let hour = 0; hour < 60; hour += 1) {
    await send(`${at}/clock/advance`, 'POST', { by: 'PT1H' });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
  await page.waitForTimeout(1_000);
  const after = await heap();
  const shown = await page.locator('.count').innerText();
  await page.context().close();
  return {
    'memory of the page, an hour of demo': `${before.toFixed(1)} MB before, ${after.toFixed(1)} MB after (${shown})`,
  };
}

function send(url, method, body) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = { authorization: 'Bearer any', ...(text !== undefined && { 'content-type': 'application/json' }) };
    request(url, { method, agent, headers }, (response) => {
      response.resume().once('end', resolve);
    })
      .once('error', reject)
      .end(text);
  });
}

function customer(index) {
  return { customerType: 'Individual', firstName: 'Ada', lastName: `Line ${index}`, email: 'ada@example.com' };
}

/** The least that shows on a page what was posted: an event stream, and a line for each event. */
async function startBare() {
  const listeners = new Set();
  const page = `<!doctype html><body><script>
const source = new EventSource('/stream');
source.onopen = () => { globalThis.isOpen = true; };
source.onmessage = ({ data }) => {
  const line = document.createElement('div');
  line.textContent = JSON.parse(data).title;
  document.body.prepend(line);
};
</script>`;
  const server = createServer((request, response) => {
    if (request.url === '/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
      listeners.add(response);
    } else if (request.method === 'POST') {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.once('end', () => {
        for (const listener of listeners) listener.write(`data: ${text}\n\n`);
        response.end('{}');
      });
    } else response.writeHead(200, { 'content-type': 'text/html' }).end(page);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function spread(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return `${median(sorted).toFixed(1)} ms, p95 ${sorted[Math.floor(sorted.length * 0.95)].toFixed(1)}`;
}
