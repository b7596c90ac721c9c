// dev-only: node prof.tmp.mjs <dist> <row> : cpu-profile and print self time
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { hammer, toBytes, ask } from './client.mjs';
import { startServer } from './start.mjs';
const [dist, row] = process.argv.slice(2);
rmSync('/tmp/prof', { recursive: true, force: true });
const s = await startServer('ours', { BENCH_CUSTOMERS: process.env.N ?? '100000', BENCH_DIST: dist + '/dist' , }, ['--cpu-prof', '--cpu-prof-dir=/tmp/prof', '--cpu-prof-interval=200']);
const auth = { Authorization: 'Bearer abc' };
const body = { customerType: 'Individual', firstName: 'Ada', lastName: 'Larkfield', email: 'ada@example.com', phone: '+44 1632 960001', address: { street: '1 High Street', city: 'Larkfield', state: 'Kent', postalCode: 'ZZ1 1ZZ', country: 'GB' } };
const reqs = { get: [toBytes({ path: '/v1/customers/CUS-000007', headers: auth }), 200], page: [toBytes({ path: '/v1/customers?page=40&pageSize=25&customerType=Individual&status=Active', headers: auth }), 200], post: [toBytes({ method: 'POST', path: '/v1/customers', headers: auth, body }), 201] };
const [r, status] = reqs[row];
await hammer(s.port, r, { duration: 5000, status });
await s.stop();
const f = readdirSync('/tmp/prof')[0];
const { nodes, samples, timeDeltas } = JSON.parse(readFileSync('/tmp/prof/' + f));
const by = new Map(nodes.map((n) => [n.id, n])); 
const end = samples.length; const startAt = Math.floor(end * 0.0);
// only last 4.5s
let total = 0, i = end - 1, cut = 0; for (; i >= 0 && cut < 4.3e6; i--) cut += timeDeltas[i];
const self = new Map();
for (let k = i + 1; k < end; k++) { const n = by.get(samples[k]); const key = `${n.callFrame.functionName || '(anon)'} ${n.callFrame.url.split('/').slice(-2).join('/')}:${n.callFrame.lineNumber + 1}`; self.set(key, (self.get(key) ?? 0) + timeDeltas[k]); total += timeDeltas[k]; }
for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, Number(process.env.TOP ?? 45))) console.log((v / total * 100).toFixed(1).padStart(5), k);
