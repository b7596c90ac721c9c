import { createServer } from 'node:http';
import { listen } from './listen.mjs';

/**
 * What somebody writes who needs a stateful server by noon: customers in a `Map`, nothing checked, nothing recorded, no
 * events. It fills itself with as many as the simulator has, each with the body of the one that it is given.
 */
const sample = JSON.parse(process.env.BENCH_BODY);
const subscriptions = JSON.parse(process.env.BENCH_SUBSCRIPTIONS ?? '[]');
const customers = new Map();
const idOf = (number) => `CUS-${String(number).padStart(6, '0')}`;
for (let number = 1; number <= Number(process.env.BENCH_CUSTOMERS); number += 1) {
  const customerId = idOf(number);
  customers.set(customerId, { ...sample, customerId, status: number % 10 === 0 ? 'Suspended' : 'Active' });
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const [, , , id, below] = pathname.split('/');
  if (request.method === 'GET') {
    if (below !== undefined) return send(response, 200, subscriptions);
    if (id !== undefined) return send(response, 200, customers.get(id));
    const size = Number(searchParams.get('pageSize'));
    const from = (Number(searchParams.get('page')) - 1) * size;
    const status = searchParams.get('status');
    const data = [];
    let passed = 0;
    for (const customer of customers.values()) {
      if (customer.status !== status) continue;
      if (passed >= from) data.push(customer);
      passed += 1;
      if (data.length === size) break;
    }
    return send(response, 200, { data });
  }
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString());
    const customerId = id ?? idOf(customers.size + 1);
    const customer = { ...(id === undefined ? sample : customers.get(id)), ...body, customerId };
    customers.set(customerId, customer);
    send(response, id === undefined ? 201 : 200, customer);
  });
});

function send(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

listen(server);
