import { Agent, createServer, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * A bystander in a thread of its own: asks the program for one product and a bare server for nothing, one after the other, and counts
 * who kept it waiting. What the machine does to both is no fault of the program's.
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
const targets = {
  program: { port: workerData.port, path: '/@bystander/v1/products' },
  bare: { port: bare.address().port, path: '/' },
};
while (!isOver) {
  for (const [name, target] of Object.entries(targets)) waits[name].push(await ask(target));
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
}
agent.destroy();
bare.close();
bare.closeAllConnections();
parentPort.postMessage(Object.fromEntries(Object.entries(waits).map(([name, all]) => [name, summaryOf(all)])));

function ask({ port, path }) {
  return new Promise((resolve) => {
    const began = performance.now();
    const end = () => resolve(performance.now() - began);
    request({ host: '127.0.0.1', port, path, agent, headers: { authorization: 'Bearer x' } }, (response) => {
      response.resume();
      response.on('end', end);
      response.on('error', end);
    })
      .on('error', end)
      .end();
  });
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
