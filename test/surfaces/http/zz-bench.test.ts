import { createServer } from 'node:http';
import { Agent, request } from 'node:http';
import { test } from 'vitest';
import { startHttp } from './http-world.ts';

import { Worker } from 'node:worker_threads';
const CLIENT = `
const { parentPort, workerData: { port, path, ms } } = require('node:worker_threads');
const net = require('node:net');
let n = 0; const end = performance.now() + ms; let open = 128;
const req = 'GET ' + path + ' HTTP/1.1\\r\\nHost: 127.0.0.1:' + port + '\\r\\nAuthorization: Bearer abc\\r\\n\\r\\n';
for (let i = 0; i < 128; i++) { const s = net.connect(port, '127.0.0.1', () => s.write(req)); s.setNoDelay(true);
 s.on('data', () => { n++; if (performance.now() > end) { s.destroy(); if (--open === 0) parentPort.postMessage(n * 1000 / ms); } else s.write(req); }); }
`;
function load(url: string, ms: number): Promise<number> { const u = new URL(url); return new Promise((r) => { const w = new Worker(CLIENT, { eval: true, workerData: { port: Number(u.port), path: u.pathname, ms } }); w.on('message', (n) => { r(n); void w.terminate(); }); }); }
test('bench', async () => {
  const w = await startHttp({settings:{auth:'any'}});
  await w.ask('POST', '/v1/books', { json: { title: 'x' } });
  const bare = createServer((q, s) => { const b = '{"id":"BOO-000001","title":"x","href":"http://127.0.0.1/v1/books/BOO-000001"}'; s.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(b) }); s.end(b); });
  await new Promise<void>((r) => bare.listen(0, '127.0.0.1', r));
  const bareUrl = `http://127.0.0.1:${(bare.address() as { port: number }).port}/`;
  const u = `${w.url}/v1/books/BOO-000001`;
  for (let i = 0; i < 4; i++) {
    const a = await load(bareUrl, 1500); const b = await load(u, 1500);
    console.log('bare', a | 0, 'sim', b | 0, (b / a).toFixed(2));
  }
  const { Session } = await import('node:inspector/promises');
  bare.close();
  const s = new Session(); s.connect(); await s.post('Profiler.enable'); await s.post('Profiler.start');
  await load(u, 2000);
  const { profile } = await s.post('Profiler.stop') as any;
  const self = new Map<string, number>(); const dt = profile.timeDeltas as number[];
  const byId = new Map(profile.nodes.map((x: any) => [x.id, x]));
  profile.samples.forEach((id: number, i: number) => { const n: any = byId.get(id); const k = `${n.callFrame.functionName} ${n.callFrame.url.split('/').slice(-2).join('/')}:${n.callFrame.lineNumber}`; self.set(k, (self.get(k) ?? 0) + dt[i]); });
  const total = dt.reduce((a, b) => a + b, 0);
  console.log([...self].sort((a, b) => b[1] - a[1]).slice(0, 45).map(([k, v]) => `${(100 * v / total).toFixed(1)}% ${k}`).join('\n'));
}, 60000);
