import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { afterAll, expect } from 'vitest';
import { WebSocket } from 'ws';
import { newSchema, POSTGRES } from '../support/postgres.ts';
import { type SimulatorProcess, startProcess } from '../support/process.ts';
import { serviceTest } from '../support/services.ts';
import { askAt } from '../support/simulator.ts';

const replicaTest = await serviceTest(POSTGRES.name, POSTGRES.hostname, POSTGRES.port);

const running: SimulatorProcess[] = [];
afterAll(async () => {
  for (const each of running) each.signal('SIGCONT');
  await Promise.all(running.map((each) => each.stop('SIGKILL')));
});

/** Processes that share a store of their own, with a lease that a test can wait for. */
async function startReplicas(count: number, args: readonly string[] = ['--fixture', 'empty']) {
  const { url, query } = await newSchema();
  const start = async () => {
    const replica = await startProcess(['--replicas', '--lease', 'PT1S', '--store', url, ...args]);
    running.push(replica);
    return replica;
  };
  const replicas = await Promise.all(Array.from({ length: count }, start));
  return { replicas, start, query };
}

/** Only listens: what comes on this channel is an event of the tenant that the message names. */
const WORK = {
  asyncapi: '3.0.0',
  info: { title: 'Work', version: '1.0.0' },
  channels: {
    requested: {
      address: 'work/requested',
      messages: { Requested: { payload: { type: 'object', properties: { number: { type: 'integer' } } } } },
    },
  },
  operations: { onRequested: { action: 'receive', channel: { $ref: '#/channels/requested' } } },
};

const customer = (email: string) => ({ customerType: 'Individual', email });

async function emailsAt({ url }: SimulatorProcess, tenant: string): Promise<readonly string[]> {
  const { body } = await askAt(url)('GET', `/@${tenant}/v1/customers`);
  return (body as { data: readonly { email: string }[] }).data.map(({ email }) => email);
}

replicaTest('what is asked of any replica is answered by the one that has the tenant', async () => {
  const { replicas } = await startReplicas(3);
  const [one, other, third] = replicas.map(({ url }) => askAt(url));
  if (one === undefined || other === undefined || third === undefined) throw new Error('three were started');
  expect((await one('GET', '/_simulator/health')).body).toMatchObject({ store: { kind: 'postgres', role: 'replica' } });
  for (const [index, ask] of [one, other, third, other].entries()) {
    const made = await ask('POST', '/@acme/v1/customers', customer(`c${index}@example.com`));
    expect(made).toMatchObject({ status: 201, body: { customerId: `CUS-00000${index + 1}` } });
  }
  const refused = await third('POST', '/@acme/v1/customers', { customerType: 'Person' });
  expect(refused).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
  expect((await other('POST', '/@acme/_simulator/clock/advance', { by: 'P1D' })).body).toMatchObject({
    to: '2026-01-02T00:00:00.000Z',
  });
  const digests = await Promise.all(
    [one, other, third].map(async (ask) => (await ask('GET', '/@acme/_simulator/transcript/digest')).body),
  );
  expect(new Set(digests.map((each) => JSON.stringify(each))).size).toBe(1);
  // What came by another process left no mark.
  const { body } = await one('GET', '/@acme/_simulator/requests');
  expect(JSON.stringify(body)).not.toContain('passed-on');

  expect((await third('POST', '/@acme/_simulator/tenants/twin/fork')).status).toBe(201);
  expect((await other('POST', '/_simulator/tenants/twin2/fork', { from: 'acme' })).status).toBe(201);
  expect((await one('POST', '/_simulator/tenants/twin2/fork', { from: 'acme' })).status).toBe(409);
  const { items } = (await other('GET', '/_simulator/tenants')).body as { items: readonly { name: string }[] };
  expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining(['acme', 'twin', 'twin2']));
  expect((await other('DELETE', '/_simulator/tenants/twin')).status).toBe(204);
  expect((await third('GET', '/@twin/_simulator/clock')).status).toBe(404);
});

replicaTest('a token of one replica is good at every other', async () => {
  const { replicas } = await startReplicas(2, ['--fixture', 'empty', '--auth', 'strict']);
  const [one, other] = replicas;
  if (one === undefined || other === undefined) throw new Error('two were started');
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'me', client_secret: 'secret' });
  const answer = await fetch(`${one.url}/@acme/oauth/token`, { method: 'POST', body: form });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${token}` };
  for (const { url } of replicas) expect((await fetch(`${url}/@acme/v1/customers`, { headers })).status).toBe(200);
  expect((await fetch(`${other.url}/@acme/v1/customers`)).status).toBe(401);
});

replicaTest(
  'who listens by another replica hears everything, and goes on by event id when the owner is gone',
  async () => {
    const { replicas } = await startReplicas(2);
    const [owner, other] = replicas;
    if (owner === undefined || other === undefined) throw new Error('two were started');
    await askAt(owner.url)('POST', '/@acme/v1/customers', customer('a@example.com'));
    const socket = new WebSocket(`${other.url.replace('http', 'ws')}/@acme/_simulator/events`);
    const heard: { id: string; payload: { email: string } }[] = [];
    socket.on('message', (data) => void heard.push(JSON.parse(String(data))));
    await once(socket, 'open');
    const closed = once(socket, 'close');
    const stream = await fetch(`${other.url}/@acme/_simulator/events`, { headers: { accept: 'text/event-stream' } });
    await askAt(other.url)('POST', '/@acme/v1/customers', customer('b@example.com'));
    await expect.poll(() => heard.map(({ payload }) => payload.email)).toEqual(['b@example.com']);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('b@example.com')) text += (await reader?.read())?.value ?? '';
    await reader?.cancel();

    await owner.stop('SIGKILL');
    await closed;
    const next = await askAt(other.url)('POST', '/@acme/v1/customers', customer('c@example.com'));
    expect(next.status).toBe(201);
    const after = heard.at(-1)?.id ?? '';
    const { body } = await askAt(other.url)('GET', `/@acme/_simulator/events?after=${after}`);
    expect(JSON.stringify(body)).toContain('c@example.com');
    expect(JSON.stringify(body)).not.toContain('b@example.com');
  },
);

replicaTest(
  'a tenant of a replica that stops is another’s at once, one of a killed replica after its lease',
  async () => {
    const { replicas, start } = await startReplicas(2, ['--fixture', 'empty', '--lease', 'PT4S']);
    const [first, other] = replicas;
    if (first === undefined || other === undefined) throw new Error('two were started');
    await askAt(first.url)('POST', '/@acme/v1/customers', customer('a@example.com'));
    expect(await emailsAt(other, 'acme')).toEqual(['a@example.com']);
    expect(await first.stop()).toBe(0);
    const began = performance.now();
    expect(await emailsAt(other, 'acme')).toEqual(['a@example.com']);
    expect(performance.now() - began).toBeLessThan(2_000);

    const third = await start();
    await askAt(third.url)('POST', '/@acme/v1/customers', customer('b@example.com'));
    await other.stop('SIGKILL');
    const lost = performance.now();
    expect(await emailsAt(third, 'acme')).toEqual(['a@example.com', 'b@example.com']);
    expect(performance.now() - lost).toBeLessThan(10_000);
  },
);

replicaTest(
  'an owner that was paused, and wakes after another has taken its tenant over, changes and shows nothing',
  async () => {
    const { replicas } = await startReplicas(2);
    const [owner, other] = replicas;
    if (owner === undefined || other === undefined) throw new Error('two were started');
    await askAt(owner.url)('POST', '/@acme/v1/customers', customer('a@example.com'));
    expect(await emailsAt(other, 'acme')).toEqual(['a@example.com']);
    owner.signal('SIGSTOP');
    // Asked through the other while nobody answers there: it takes the tenant over, and is asked by it.
    expect(await emailsAt(other, 'acme')).toEqual(['a@example.com']);
    const made = await askAt(other.url)('POST', '/@acme/v1/customers', customer('b@example.com'));
    expect(made).toMatchObject({ status: 201, body: { customerId: 'CUS-000002' } });
    owner.signal('SIGCONT');
    // What it says from now on is what the new owner says.
    expect(await emailsAt(owner, 'acme')).toEqual(['a@example.com', 'b@example.com']);
    const next = await askAt(owner.url)('POST', '/@acme/v1/customers', customer('c@example.com'));
    expect(next).toMatchObject({ status: 201, body: { customerId: 'CUS-000003' } });
    expect(await emailsAt(other, 'acme')).toEqual(['a@example.com', 'b@example.com', 'c@example.com']);
  },
);

replicaTest(
  'replicas that serve the same certificate pass on over TLS, although it names none of their addresses',
  async () => {
    const tls = 'test/support/tls';
    const secured = ['--tls-cert', `${tls}/server.pem`, '--tls-key', `${tls}/server.key`];
    const { replicas } = await startReplicas(2, ['--fixture', 'empty', ...secured]);
    const [owner, other] = replicas;
    if (owner === undefined || other === undefined) throw new Error('two were started');
    const post = ({ url }: SimulatorProcess, email: string) =>
      new Promise<number>((resolve, reject) => {
        const headers = { authorization: 'Bearer any', 'content-type': 'application/json' };
        const sent = httpsRequest(`${url}/@acme/v1/customers`, { method: 'POST', headers, rejectUnauthorized: false });
        sent.once('response', (answer) => resolve(answer.resume().statusCode ?? 0)).once('error', reject);
        sent.end(JSON.stringify(customer(email)));
      });
    expect(await post(owner, 'a@example.com')).toBe(201);
    expect(await post(other, 'b@example.com')).toBe(201);
  },
);

replicaTest('what goes on by itself goes on in another replica although nobody asks, and once', async () => {
  const { replicas, query } = await startReplicas(2);
  const [owner, other] = replicas;
  if (owner === undefined || other === undefined) throw new Error('two were started');
  const ask = askAt(owner.url);
  const target = 'http://simulator/_simulator/inbox/a';
  await ask('POST', '/@acme/_simulator/webhooks', { url: target, channels: ['customer/*'] });
  // The first attempt fails, so that the next is due on a clock that runs.
  const fault = { match: { target }, fault: { status: 503 }, times: 1 };
  expect((await ask('POST', '/@acme/_simulator/faults', fault)).status).toBe(201);
  await ask('POST', '/@acme/v1/customers', customer('a@example.com'));
  await ask('PUT', '/@acme/_simulator/clock', { mode: 'real', rate: 0.001 });
  expect(await owner.stop()).toBe(0);
  const owned = async () => {
    const { rows } = await query(`select url from bss_tenants where name = 'acme' and expires > now()`);
    return (rows[0] as { url: string } | undefined)?.url;
  };
  await expect.poll(owned, { timeout: 5_000 }).toBe(other.url);
  const received = async () => {
    const { body } = await askAt(other.url)('GET', '/@acme/_simulator/inbox/a/messages');
    return (body as { items: readonly unknown[] }).items.length;
  };
  expect(await received()).toBe(0);
  await askAt(other.url)('PUT', '/@acme/_simulator/clock', { mode: 'real', rate: 1_000 });
  await expect.poll(received, { timeout: 5_000 }).toBe(1);
});

const brokerTest = await serviceTest('RabbitMQ', '127.0.0.1', 5672, replicaTest);

brokerTest(
  'what a broker hands to one replica is taken by the one that has the tenant, once and in order',
  async () => {
    const exchange = `replicas-${process.pid}`;
    const specs = await mkdtemp(join(tmpdir(), 'work-'));
    await writeFile(join(specs, 'work.asyncapi.json'), JSON.stringify(WORK));
    const queue = `amqp://guest:guest@127.0.0.1?exchange=${exchange}`;
    const { replicas } = await startReplicas(2, ['--specs', specs, '--queue', queue]);
    const connection = await connect('amqp://guest:guest@127.0.0.1');
    const channel = await connection.createChannel();
    await channel.assertExchange(exchange, 'topic', { durable: true });
    const { queue: read } = await channel.assertQueue(`${exchange}.work.requested`, {
      durable: true,
      expires: 3_600_000,
    });
    await channel.bindQueue(read, exchange, 'work.requested');
    for (let number = 1; number <= 10; number += 1) {
      const body = Buffer.from(JSON.stringify({ number }));
      channel.publish(exchange, 'work.requested', body, { headers: { 'x-simulator-tenant': 'acme' } });
    }
    const numbers = async ({ url }: SimulatorProcess) => {
      const { body } = await askAt(url)('GET', '/@acme/_simulator/events');
      return ((body as { items?: { payload: { number: number } }[] }).items ?? []).map(({ payload }) => payload.number);
    };
    const [one, other] = replicas;
    if (one === undefined || other === undefined) throw new Error('two were started');
    await expect.poll(async () => (await numbers(one)).length, { timeout: 10_000 }).toBe(10);
    expect([...(await numbers(other))].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await channel.deleteQueue(read);
    await channel.deleteExchange(exchange);
    await connection.close();
    await rm(specs, { recursive: true });
  },
);
