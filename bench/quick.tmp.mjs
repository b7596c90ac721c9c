// dev-only A/B
import { ask, hammer, toBytes } from './client.mjs';
import { startServer } from './start.mjs';
const auth = { Authorization: 'Bearer abc' };
const get = toBytes({ path: '/v1/customers/CUS-000007', headers: auth });
const page = toBytes({ path: '/v1/customers?page=40&pageSize=25&customerType=Individual&status=Active', headers: auth });
const body = { customerType: 'Individual', firstName: 'Ada', lastName: 'Larkfield', email: 'ada@example.com', phone: '+44 1632 960001', address: { street: '1 High Street', city: 'Larkfield', state: 'Kent', postalCode: 'ZZ1 1ZZ', country: 'GB' } };
const post = toBytes({ method: 'POST', path: '/v1/customers', headers: auth, body });
const size = process.env.N ?? '100000';
const dists = (process.env.D ?? '/work/perf/new').split(',');
const ours = [];
for (const d of dists) ours.push(await startServer('ours', { BENCH_CUSTOMERS: size, BENCH_DIST: `${d}/dist` }));
const p = ours[0].port;
const bodyOf = (t) => t.slice(t.indexOf('\r\n\r\n') + 4);
const one = bodyOf(await ask(p, get)), pg = bodyOf(await ask(p, page)), created = bodyOf(await ask(p, post, 201));
if (process.env.V) console.log(one, pg.length, created);
const bareOne = await startServer('bare', { BENCH_BODY: one, BENCH_CREATED: created });
const barePage = await startServer('bare', { BENCH_BODY: pg });
const rows = { get: [get, bareOne, 200], page: [page, barePage, 200], post: [post, bareOne, 201] };
const wanted = (process.env.R ?? 'get,page,post').split(',');
const hit = async (s, req, o) => { const a = await s.cpu(); const { rate, count } = await hammer(s.port, req, o); return { rate, per: ((await s.cpu()) - a) / count * 1e6 }; };
const med = (a) => a.sort((x, y) => x - y)[a.length >> 1];
for (const r of wanted) {
  const [req, bare, status] = rows[r];
  const rounds = Number(process.env.ROUNDS ?? 5), ratios = ours.map(() => []), rates = [[], ...ours.map(() => [])], cpus = [[], ...ours.map(() => [])], cr = ours.map(() => []);
  for (const s of [bare, ...ours]) await hammer(s.port, req, { duration: 1200, status });
  for (let i = 0; i < rounds; i++) {
    const b = await hit(bare, req, { duration: 700, status }); rates[0].push(b.rate); cpus[0].push(b.per);
    for (let k = 0; k < ours.length; k++) { const x = await hit(ours[k], req, { duration: 700, status }); ratios[k].push(x.rate / b.rate); cr[k].push(b.per / x.per); rates[k + 1].push(x.rate); cpus[k + 1].push(x.per); }
  }
  console.log(r.padEnd(6), 'bare', Math.round(med(rates[0])), med(cpus[0]).toFixed(1) + 'us', ours.map((_, k) => `${dists[k].split('/').at(-1)} ${Math.round(med(rates[k + 1]))} ${med(cpus[k + 1]).toFixed(1)}us ratio ${med(ratios[k]).toFixed(3)} cpu ${med(cr[k]).toFixed(3)}`).join(' | '));
}
for (const s of [bareOne, barePage, ...ours]) await s.stop();
