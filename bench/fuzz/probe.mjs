import { readlinkSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { timesOf } from './scheduler.mjs';

/**
 * A bystander in a thread of its own: asks the program for one product and a bare server for nothing, one after the other,
 * and counts who kept it waiting. What the machine does to both is no fault of the program's: the time for which the
 * thread that answers, or the bystander's own, was ready to work and was given no processor is taken off, and what is left
 * is no more than what the thread that answers has worked meanwhile. (Where nobody counts that, it is the whole wait.)
 */
const LONG = 50;
const PAUSE = 15;

const agent = new Agent({ keepAlive: true });
const bare = createServer((_, response) => response.end('{}'));
await new Promise((resolve) => bare.listen(0, '127.0.0.1', resolve));
const waits = { program: [], bare: [] };
let isOver = false;
parentPort.on('message', () => {
  isOver = true;
});
const own = ownThread();
const targets = {
  program: { port: workerData.port, path: '/@bystander/v1/products', thread: workerData.pid },
  bare: { port: bare.address().port, path: '/', thread: own },
};
while (!isOver) {
  for (const [name, target] of Object.entries(targets)) waits[name].push(await ask(target));
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
}
agent.destroy();
bare.close();
bare.closeAllConnections();
parentPort.postMessage(Object.fromEntries(Object.entries(waits).map(([name, all]) => [name, summaryOf(all)])));

function ask({ port, path, thread }) {
  const withheld = () => [...new Set([own, thread])].reduce((sum, each) => sum + timesOf(each).unscheduled, 0);
  return new Promise((resolve) => {
    const [began, before, { work }] = [performance.now(), withheld(), timesOf(thread)];
    const end = () => {
      const waited = Math.max(0, performance.now() - began - (withheld() - before));
      const worked = timesOf(thread).work - work;
      resolve(Number.isNaN(worked) ? waited : Math.min(waited, worked));
    };
    request({ host: '127.0.0.1', port, path, agent, headers: { authorization: 'Bearer x' } }, (response) => {
      response.resume();
      response.on('end', end);
      response.on('error', end);
    })
      .on('error', end)
      .end();
  });
}

/** The thread that this runs in, as the system names it; `undefined` where it does not say. */
function ownThread() {
  try {
    return readlinkSync('/proc/thread-self');
  } catch {
    return undefined;
  }
}

function summaryOf(all) {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (part) => Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 10) / 10;
  return {
    asked: all.length,
    long: all.filter((wait) => wait > LONG).length,
    median: at(0.5),
    p99: at(0.99),
    worst: Math.round(sorted.at(-1) ?? 0),
  };
}
