import { expect, test } from 'vitest';
import { type Ask, startSimulator } from '../support/simulator.ts';

const { ask } = await startSimulator({ auth: 'strict' });

const BASE = '/billingaccounttmfwebservices/v2';
const LISTENER = `http://simulator${BASE}/listener/billingAccountStateChangeEvent`;

/** A token of the tenant's own, with all scopes. */
async function tokenOf(tenant: string): Promise<string> {
  const form = 'grant_type=client_credentials&client_id=crm&client_secret=crm';
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return (await ask('POST', `/@${tenant}/authorizationserver/oauth/token`, form, headers)).body.access_token;
}

/** What came of the events that a suspended account is announced by. */
async function deliveriesOf(at: Ask): Promise<readonly string[]> {
  await at('PATCH', `${BASE}/billingAccount/BA-000001`, { state: 'Suspended' });
  await at('POST', '/_simulator/clock/advance', { by: 'PT1S' });
  const { items } = (await at('GET', '/_simulator/deliveries')).body;
  return items.map(({ attempts }: { attempts: { status: number }[] }) => String(attempts[0]?.status));
}

test("the simulator's own listener, which is secured, takes events with the credentials that it was registered with", async () => {
  const token = await tokenOf('keen');
  const at: Ask = (method, path, body) => ask(method, `/@keen${path}`, body, { authorization: `Bearer ${token}` });
  const query = 'eventType=BillingAccountStateChangeEvent';
  const registered = await at('POST', `${BASE}/hub`, { callback: LISTENER, query, credentials: { token } });
  expect(registered.status).toBe(201);
  expect(await deliveriesOf(at)).toEqual(['201']);
  const records = [
    (await at('GET', '/_simulator/transcript')).text,
    (await at('GET', '/_simulator/requests')).text,
    (await at('GET', '/_simulator/collections/billing-account/EventSubscription')).text,
    (await at('GET', '/_simulator/deliveries')).text,
  ];
  expect(records.map((text) => text.includes(token))).toEqual([false, false, false, false]);
});

test('a listener without credentials is refused there, and so are two kinds of them at once', async () => {
  const token = await tokenOf('bare');
  const at: Ask = (method, path, body) => ask(method, `/@bare${path}`, body, { authorization: `Bearer ${token}` });
  await at('POST', `${BASE}/hub`, { callback: LISTENER });
  expect(await deliveriesOf(at)).toContain('401');
  const both = { token, username: 'ann', password: 'sesame' };
  const refused = await at('POST', `${BASE}/hub`, { callback: LISTENER, credentials: both });
  expect(refused.status).toBe(400);
  expect((await at('GET', '/_simulator/requests')).text).not.toContain('sesame');
});

test('where tokens are over after an hour, a listener that names its token endpoint is sent new ones', async () => {
  const at: Ask = async (method, path, body) =>
    ask(method, `/@lasting${path}`, body, { authorization: `Bearer ${await tokenOf('lasting')}` });
  const client = { clientId: 'hub', clientSecret: 'open sesame' };
  const query = 'eventType=BillingAccountStateChangeEvent';
  const register = (tokenUrl: string) =>
    at('POST', `${BASE}/hub`, { callback: LISTENER, query, credentials: { tokenUrl, ...client } });
  expect((await register('ftp://simulator/token')).body).toMatchObject({ errors: [{ path: '/credentials/tokenUrl' }] });
  const registered = await register('http://simulator/authorizationserver/oauth/token');
  expect(registered.status).toBe(201);
  for (const state of ['Suspended', 'Active', 'Suspended']) {
    await at('PATCH', `${BASE}/billingAccount/BA-000001`, { state });
    await at('POST', '/_simulator/clock/advance', { by: 'PT3H' });
  }
  const { items } = (await at('GET', '/_simulator/deliveries')).body;
  const statuses = items.map(({ attempts }: { attempts: { status: number }[] }) =>
    attempts.map(({ status }) => status),
  );
  expect(statuses).toEqual([[201], [201], [201]]);
  await at('DELETE', `${BASE}/hub/${registered.body.id}`);
  // Nobody there: said of the attempt, which is made again later.
  await register('http://simulator/nowhere');
  await at('PATCH', `${BASE}/billingAccount/BA-000001`, { state: 'Active' });
  await at('POST', '/_simulator/clock/advance', { by: 'PT1S' });
  const pending = (await at('GET', '/_simulator/deliveries?state=pending')).body.items;
  expect(pending).toMatchObject([{ attempts: [{ error: 'the token endpoint answered 404' }] }]);
  const records = ['transcript', 'requests', 'deliveries', 'collections/billing-account/EventSubscription'];
  for (const path of records) expect((await at('GET', `/_simulator/${path}`)).text).not.toContain('sesame');
});
