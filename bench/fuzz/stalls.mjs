/**
 * Preloaded into the program: tells of every section that keeps its thread busy for longer than `LONG` without a turn of the
 * event loop, with what had been asked just before and where its time went, by a profile of the whole run.
 */
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

/** Milliseconds of the thread's own work; what the machine gives to others in between is not counted. */
const LONG = 30;
const PACE = 4;
/** How often a profile is begun anew: a long one takes long to hand over. */
const PROFILE = 3_000;

if (isMainThread) {
  const asked = [];
  subscribe('http.server.request.start', ({ request }) => {
    asked.push({ at: now(), what: `${request.method} ${request.url.slice(0, 90)}` });
    if (asked.length > 60) asked.splice(0, 30);
  });
  const worker = new Worker(new URL(import.meta.url));
  worker.unref();
  worker.on('message', (text) => process.stderr.write(text));
  let last = { at: now(), work: work() };
  setInterval(() => {
    const current = { at: now(), work: work() };
    const took = current.work - last.work;
    if (took > LONG) {
      const { at } = last;
      worker.postMessage({
        from: at,
        to: current.at,
        took,
        asked: asked.filter((each) => each.at > at - 30).map(({ what }) => what),
      });
    }
    last = current;
  }, PACE).unref();
} else {
  const session = new Session();
  session.connectToMainThread();
  let stalls = [];
  parentPort.on('message', (stall) => stalls.push(stall));
  const post = (method, params) =>
    new Promise((resolve, reject) =>
      session.post(method, params, (error, result) => (error ? reject(error) : resolve(result))),
    );
  await post('Profiler.enable');
  await post('Profiler.setSamplingInterval', { interval: 1_000 });
  for (;;) {
    await post('Profiler.start');
    await new Promise((resolve) => setTimeout(resolve, PROFILE));
    const { profile } = await post('Profiler.stop');
    for (const stall of stalls) if (!isOwn(stall, profile)) parentPort.postMessage(toText(stall, profile));
    stalls = [];
  }
}

/** To hand over a profile takes a while, too. */
function isOwn({ to }, { endTime }) {
  return to > endTime / 1_000;
}

function toText({ from, to, took, asked }, { nodes, samples, timeDeltas, startTime }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const stacks = new Map();
  let at = startTime / 1_000;
  samples.forEach((id, index) => {
    at += timeDeltas[index] / 1_000;
    if (at >= from && at <= to) stacks.set(id, (stacks.get(id) ?? 0) + 1);
  });
  const lines = [...stacks]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 6)
    .map(([id, count]) => {
      const frames = [];
      for (let each = id; each !== undefined && frames.length < 30; each = parents.get(each)) {
        const { functionName, url, lineNumber } = byId.get(each).callFrame;
        frames.push(`${functionName || '?'}@${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`);
      }
      return `  ${count} ${frames.join(' < ')}`;
    });
  return `STALL ${Math.round(took)} ms of work in ${Math.round(to - from)} ms; ${asked.join(' | ')}\n${lines.join('\n')}\n`;
}

function now() {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Milliseconds that the main thread has worked. */
function work() {
  return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[0]) / 1e6;
}
