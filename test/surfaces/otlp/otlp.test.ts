import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { createSimulator } from '../../../src/simulator.ts';
import { startSimulator } from '../../support/simulator.ts';
import { startReceiver } from '../webhooks/receiver.ts';

interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly attributes: { readonly key: string; readonly value: Record<string, string> }[];
}

/** A collector on loopback; `answer` says with which status it answers each request. */
async function startCollector(answer: (count: number) => number | Promise<number> = () => 200) {
  const spans: ReceivedSpan[] = [];
  const paths: string[] = [];
  let count = 0;
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request));
    paths.push(request.url ?? '');
    count += 1;
    const status = await answer(count);
    if (status === 200) for (const { scopeSpans } of body.resourceSpans) spans.push(...scopeSpans[0].spans);
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  const find = (name: RegExp) => spans.find((span) => name.test(span.name));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, paths, find };
}

const CUSTOMER = { customerType: 'Individual', email: 'ada@example.com' };
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test("a request, its event and its delivery are spans of the client's trace, each below its cause", async () => {
  const [collector, receiver] = await Promise.all([startCollector(), startReceiver()]);
  const { ask } = await startSimulator({ systems: ['connectx'], otlp: collector.url });
  await ask('POST', '/_simulator/webhooks', { url: receiver.url, channels: ['customer/created'] });
  await ask('POST', '/v1/customers', CUSTOMER, { traceparent: TRACEPARENT });
  await ask('POST', '/_simulator/clock/advance', { by: 'PT0S' });

  await expect.poll(() => collector.find(/^delivered: 204/)).toBeDefined();
  const request = collector.find(/^POST \/v1\/customers 201$/);
  const event = collector.find(/^customer\/created$/);
  const delivery = collector.find(/^webhook to /);
  const attempt = collector.find(/^delivered: 204/);
  for (const span of [request, event, delivery, attempt]) {
    expect(span?.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(span?.spanId).toMatch(/^[0-9a-f]{16}$/);
  }
  expect(event?.parentSpanId).toBe(request?.spanId);
  expect(delivery?.parentSpanId).toBe(event?.spanId);
  expect(attempt?.parentSpanId).toBe(delivery?.spanId);
  // What the receiver does with it goes on below the attempt.
  expect(receiver.received[0]?.headers.traceparent).toBe(`00-${request?.traceId}-${attempt?.spanId}-01`);
  expect([request?.kind, event?.kind, attempt?.kind]).toEqual([2, 4, 3]);
  expect(request?.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: '201' } });
  expect(request?.attributes).toContainEqual({
    key: 'bss.simulator.time',
    value: { stringValue: '2026-01-01T00:00:00.000Z' },
  });
  expect(collector.paths[0]).toBe('/v1/traces');
});

test('what a collector does not take now, it is offered again', async () => {
  const collector = await startCollector((count) => (count === 1 ? 503 : 200));
  const { ask } = await startSimulator({ systems: ['connectx'], otlp: collector.url });

  await ask('POST', '/v1/customers', CUSTOMER);

  await expect.poll(() => collector.find(/^POST \/v1\/customers 201$/), { timeout: 10_000 }).toBeDefined();
});

test('spans that wait are sent when the simulator stops', async () => {
  const collector = await startCollector();
  const simulator = createSimulator({ port: 0, systems: ['connectx'], otlp: collector.url });
  await simulator.start();
  await fetch(`${simulator.url}/v1/customers`, { headers: { authorization: 'Bearer any' } });
  await simulator.stop();

  expect(collector.find(/^GET \/v1\/customers 200$/)).toBeDefined();
});

test.each([
  ['hangs', () => new Promise<number>(() => {})],
  ['refuses everything', () => 400],
])('a collector that %s holds up nobody', async (_, answer) => {
  const collector = await startCollector(answer);
  const { ask } = await startSimulator({ systems: ['connectx'], otlp: collector.url });

  for (let count = 0; count < 20; count += 1) expect((await ask('POST', '/v1/customers', CUSTOMER)).status).toBe(201);
  expect((await ask('POST', '/_simulator/clock/advance', { by: 'P31D' })).status).toBe(200);
});

test('where nobody listens, everything goes on', async () => {
  const { ask } = await startSimulator({ systems: ['connectx'], otlp: 'http://127.0.0.1:1' });

  expect((await ask('POST', '/v1/customers', CUSTOMER)).status).toBe(201);
});
