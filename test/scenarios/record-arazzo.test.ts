import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runScenarios } from '../../src/cli/run.ts';
import { runIo } from '../support/run-io.ts';
import { type Ask, startSimulator } from '../support/simulator.ts';

const SPECS = resolve(import.meta.dirname, '../../specs');

const { ask } = await startSimulator();

/** Plays a recording on a simulator of its own. */
async function play(recording: string, seed = 1): Promise<{ code: number; output: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'recorded-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'story.arazzo.yaml'), recording);
  const { io, texts } = runIo(directory);
  const code = await runScenarios({ files: ['story.arazzo.yaml'], seed }, io);
  return { code, output: texts.out + texts.err };
}

const inTenant =
  (tenant: string): Ask =>
  (method, path, body, headers) =>
    ask(method, path, body, { 'x-simulator-tenant': tenant, ...headers });

async function recordingOf(askTenant: Ask): Promise<string> {
  const { status, text } = await askTenant(
    'GET',
    `/_simulator/transcript?as=arazzo&specs=${encodeURIComponent(SPECS)}`,
  );
  expect(status).toBe(200);
  return text;
}

test('what was done in several systems passes as recorded, at other seeds too', async () => {
  const askTenant = inTenant('recorder');
  const { body: customer } = await askTenant('POST', '/v1/customers', {
    customerType: 'Individual',
    firstName: 'Ada',
    email: 'ada@example.com',
  });
  const path = `/v1/customers/${customer.customerId}`;
  await askTenant('POST', `${path}/subscriptions`, { productId: 'PRD-BRB-010', startDate: '2026-01-10' });
  await askTenant('POST', '/_simulator/clock/advance', { by: 'P1M' });
  const { body: invoices } = await askTenant('GET', `${path}/invoices?status=Open`);
  await askTenant('POST', '/_simulator/actions/connectx/record-payment', {
    invoiceId: invoices.data[0].invoiceId,
    amount: invoices.data[0].totalAmount,
    paymentMethod: 'DirectDebit',
  });
  await askTenant('PATCH', path, { status: 'Inactive' });
  await askTenant('POST', `${path}/subscriptions`, { productId: 'PRD-TV-010', startDate: '2026-02-01' });
  const { body: account } = await askTenant('POST', '/billingaccounttmfwebservices/v2/billingAccount', {
    name: "Ada's",
  });
  await askTenant('PATCH', `/billingaccounttmfwebservices/v2/billingAccount/${account.id}`, { state: 'Active' });
  await askTenant('GET', '/aps/2/resources?implementing(http://www.odin.com/billing/Subscription/1.0),limit(0,1)');
  const recording = await recordingOf(askTenant);
  expect(recording).toContain('value: $steps.createCustomer.outputs.customerId');
  expect(recording).toContain('action: receive');
  expect(recording).not.toContain(customer.customerId);
  for (const seed of [1, 2]) {
    const { code, output } = await play(recording, seed);
    expect(code, `${output}\n${recording}`).toBe(0);
  }
}, 60_000);

test('webhooks and faults pass as recorded: secrets are made anew, and an answer that was lost is lost again', async () => {
  const askTenant = inTenant('faulty');
  const newCustomer = () =>
    askTenant('POST', '/v1/customers', { customerType: 'Individual', email: 'ada@example.com' });
  const addFault = (fault: unknown, match: unknown = { operationId: 'getCustomer' }) =>
    askTenant('POST', '/_simulator/faults', { match, fault, times: 1 });
  const secret = `whsec_${'A'.repeat(32)}`;
  for (const webhook of [
    { url: 'http://simulator/_simulator/inbox/a' },
    { url: 'http://simulator/_simulator/inbox/b', secret },
  ])
    await askTenant('POST', '/_simulator/webhooks', { ...webhook, channels: ['customer/*'] });
  await addFault({ status: 503 }, { operationId: 'createCustomer' });
  await newCustomer();
  await newCustomer();
  await addFault({ duplicate: true }, { channel: 'customer/created' });
  await newCustomer();
  for (const fault of [{ malformed: true }, { truncate: true }, { reset: true }]) {
    await addFault(fault);
    await askTenant('GET', '/v1/products').catch(() => undefined);
    await askTenant('GET', '/v1/customers/CUS-000001').catch(() => undefined);
  }

  const recording = await recordingOf(askTenant);
  expect(recording).not.toContain('redacted');
  for (const seed of [1, 2]) {
    const { code, output } = await play(recording, seed);
    expect(code, `${output}\n${recording}`).toBe(0);
  }
  // What is lost in the story is no failure; what fails to be lost is one.
  const { code } = await play(recording.replace('reset: true', 'latency: PT0S'));
  expect(code).toBe(1);
}, 60_000);

test('a recording fails where the simulator behaves otherwise', async () => {
  const askTenant = inTenant('other');
  const { body: account } = await askTenant('POST', '/billingaccounttmfwebservices/v2/billingAccount', { name: 'A' });
  await askTenant('PATCH', `/billingaccounttmfwebservices/v2/billingAccount/${account.id}`, { state: 'Active' });
  const recording = await recordingOf(askTenant);
  const { code } = await play(recording.replaceAll("'Active'", "'Suspended'"));
  expect(code).toBe(1);
}, 60_000);

test('nothing done is a scenario that says so', async () => {
  await ask('PUT', '/_simulator/tenants/idle');
  expect(await recordingOf(inTenant('idle'))).toContain('steps: []');
  // One that nobody has made is told, and not made.
  expect((await inTenant('idel')('GET', '/_simulator/transcript')).text).toContain('Did you mean `idle`?');
});
