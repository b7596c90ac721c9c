import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startSimulator } from '../support/simulator.ts';

const folder = mkdtempSync(join(tmpdir(), 'stories-'));
writeFileSync(
  join(folder, 'mine.arazzo.yaml'),
  `arazzo: 1.1.0
info: { title: Mine, version: 1.0.0, description: What I show to others. }
sourceDescriptions:
  - { name: control, url: ${JSON.stringify(join(process.cwd(), 'specs/simulator/control.openapi.yaml'))}, type: openapi }
workflows:
  - workflowId: hopeInVain
    summary: It fails where it should
    steps:
      - stepId: look
        operationId: readClock
        successCriteria: [{ condition: $statusCode == 418 }]
`,
);
const { simulator, ask } = await startSimulator({ stories: [folder] });

/** Each test has a tenant of its own. */
async function world(name: string) {
  await ask('PUT', `/_simulator/tenants/${name}`);
  return (method: string, path: string, body?: unknown) => ask(method, `/@${name}${path}`, body);
}

test('the collections of all systems are listed with how much is in each and the columns of its contract', async () => {
  const at = await world('collections');
  const { items } = (await at('GET', '/_simulator/collections')).body;
  const customers = items.find(({ collection }: { collection: string }) => collection === 'connectx/Customer');
  const { items: listed } = (await at('GET', '/_simulator/collections/connectx/Customer?limit=10000')).body;
  expect(customers).toMatchObject({ count: listed.length, id: 'customerId', state: 'status', contract: 'bss-api' });
  expect(customers.columns).toEqual(expect.arrayContaining(['customerId', 'lastName', 'status', 'createdAt']));
  expect(items.map(({ system }: { system: string }) => system)).not.toContain('simulator');
});

test('a collection is filtered, sorted and read page by page', async () => {
  const at = await world('filtered');
  const list = async (query: string) =>
    (await at('GET', `/_simulator/collections/connectx/Subscription?${query}`)).body;
  const active = await list('filter=status==Active;monthlyCharge>=30&sort=-monthlyCharge&limit=10000');
  expect(active.items.length).toBeGreaterThan(2);
  for (const { status, monthlyCharge } of active.items) expect([status, monthlyCharge >= 30]).toEqual(['Active', true]);
  const charges = active.items.map(({ monthlyCharge }: { monthlyCharge: number }) => monthlyCharge);
  expect(charges).toEqual(charges.toSorted((a: number, b: number) => b - a));
  const first = await list('limit=2');
  const second = await list(`limit=2&page=${first.next}`);
  expect([...first.keys, ...second.keys]).toEqual((await list('limit=4')).keys);
  expect(first.total).toBeGreaterThan(4);
});

test('a word without a comparison is looked for in every text', async () => {
  const at = await world('searched');
  const [known] = (await at('GET', '/_simulator/collections/connectx/Customer?limit=1')).body.items;
  const found = await at('GET', `/_simulator/collections/connectx/Customer?filter=${known.email.toUpperCase()}`);
  expect(found.body.keys).toEqual([known.customerId]);
});

test.each([
  ['/_simulator/collections/connectx/Custmer', 404, 'connectx/Customer'],
  ['/_simulator/collections/connectx/Customer/CUS-0', 404, 'CUS-0'],
  ['/_simulator/collections/connectx/Customer?filter=statsu==Active', 400, '`status`'],
  ['/_simulator/collections/connectx/Customer?sort=-statsu', 400, '`status`'],
  ['/_simulator/graph/connectx/Customer/CUS-000001?depth=6', 400, 'depth'],
  ['/_simulator/diff', 400, 'from'],
  ['/_simulator/diff?from=SNAP-9', 404, 'SNAP-9'],
  ['/_simulator/diff?tenant=mistaks', 404, 'mistakes'],
])('%s is answered %i, with what to do', async (path, status, hint) => {
  const at = await world('mistakes');
  const answer = await at('GET', path);
  expect(answer.status).toBe(status);
  expect(answer.text).toContain(hint);
});

test('a thing is shown with what belongs to it in other systems', async () => {
  const at = await world('linked');
  const { links, title, entity } = (await at('GET', '/_simulator/collections/connectx/Customer/CUS-000001')).body;
  expect(title).toBe(`${entity.firstName} ${entity.lastName}`);
  expect(links).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ direction: 'in', rel: 'customerId', collection: 'connectx/Subscription' }),
      expect.objectContaining({
        direction: 'in',
        rel: 'relatedParty.id',
        collection: 'billing-account/BillingAccount',
      }),
    ]),
  );
  const { id } = links.find(({ collection }: { collection: string }) => collection === 'connectx/Subscription');
  const subscription = (await at('GET', `/_simulator/collections/connectx/Subscription/${id}`)).body;
  expect(subscription.links).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ direction: 'out', rel: 'customerId', id: 'CUS-000001', title }),
      expect.objectContaining({ direction: 'out', rel: 'productId', collection: 'connectx/Product' }),
    ]),
  );
});

test('every move that is shown as legal can be made by what it names', async () => {
  const at = await world('moves');
  const before = (await at('GET', '/_simulator/collections/connectx/Customer/CUS-000001')).body.lifecycle;
  expect(before).toMatchObject({ property: 'status', state: 'Active' });
  const change = before.moves.find(({ to }: { to: string }) => to === 'Suspended');
  const changed = await at(change.by.method, change.by.path, change.by.body);
  expect(changed.body).toMatchObject({ status: 'Suspended' });
  const { lifecycle, history, due } = (await at('GET', '/_simulator/collections/connectx/Customer/CUS-000001')).body;
  expect(lifecycle.state).toBe('Suspended');
  expect(lifecycle.transitions).toContainEqual(expect.objectContaining({ from: 'Active', to: 'Suspended' }));
  expect(history).toEqual(expect.arrayContaining([expect.objectContaining({ operationId: 'updateCustomer' })]));
  expect(due).toEqual(expect.any(Array));
  const end = lifecycle.moves.find(({ to }: { to: string }) => to === 'Terminated');
  expect(end.by).toEqual({ action: 'connectx/terminate-customer', input: { customerId: 'CUS-000001' } });
  expect((await at('POST', `/_simulator/actions/${end.by.action}`, end.by.input)).status).toBe(200);
});

test('a move that wants more than the id says what is missing, and one of time says when it comes', async () => {
  const at = await world('open');
  const { keys } = (await at('GET', '/_simulator/collections/connectx/Invoice?filter=status==Open&limit=1')).body;
  const { lifecycle, due } = (await at('GET', `/_simulator/collections/connectx/Invoice/${keys[0]}`)).body;
  expect(lifecycle.moves).toContainEqual({
    to: 'Paid',
    by: { action: 'connectx/record-payment', input: { invoiceId: keys[0] }, missing: ['amount', 'paymentMethod'] },
  });
  expect(lifecycle.otherwise).toEqual([{ to: 'Overdue', when: 'the day after the due date comes' }]);
  expect(due).toEqual(expect.any(Array));
});

test('the graph of a customer leads to accounts, subscriptions, products and invoices', async () => {
  const at = await world('graph');
  const { nodes, edges, isCut } = (await at('GET', '/_simulator/graph/connectx/Customer/CUS-000001?depth=2')).body;
  const kinds = new Set(nodes.map(({ collection }: { collection: string }) => collection));
  expect(kinds).toContain('connectx/Product');
  expect(kinds).toContain('billing-account/BillingAccount');
  expect(nodes[0]).toMatchObject({ id: 'CUS-000001', depth: 0, state: 'Active' });
  const ids = new Set(nodes.map(({ collection, id }: { collection: string; id: string }) => `${collection}/${id}`));
  for (const { from, to } of edges) {
    expect(ids).toContain(`${from.collection}/${from.id}`);
    expect(ids).toContain(`${to.collection}/${to.id}`);
  }
  expect(isCut).toBe(false);
  const { nodes: alone } = (await at('GET', '/_simulator/graph/connectx/Customer/CUS-000001?depth=0')).body;
  expect(alone).toHaveLength(1);
});

test('what has changed since a snapshot is listed with its form before and after', async () => {
  const at = await world('changed');
  const { id } = (await at('POST', '/_simulator/snapshots')).body;
  expect((await at('GET', `/_simulator/diff?from=${id}`)).body).toEqual({ items: [], total: 0 });
  await at('PATCH', '/v1/customers/CUS-000001', { email: 'other@example.com' });
  const made = (
    await at('POST', '/v1/customers', {
      customerType: 'Individual',
      firstName: 'Ann',
      lastName: 'Lee',
      email: 'a@example.com',
    })
  ).body;
  const { items } = (await at('GET', `/_simulator/diff?from=${id}`)).body;
  expect(items).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        id: 'CUS-000001',
        change: 'changed',
        after: expect.objectContaining({ email: 'other@example.com' }),
      }),
      { collection: 'connectx/Customer', id: made.customerId, change: 'created', after: made },
    ]),
  );
  await at('POST', `/_simulator/snapshots/${id}/restore`);
  expect((await at('GET', `/_simulator/diff?from=${id}`)).body.items).toEqual([]);
});

test('two tenants are compared', async () => {
  const at = await world('left');
  await world('right');
  await at('PATCH', '/v1/customers/CUS-000002', { email: 'other@example.com' });
  const { items } = (await at('GET', '/_simulator/diff?tenant=right')).body;
  expect(items).toEqual(expect.arrayContaining([expect.objectContaining({ id: 'CUS-000002', change: 'changed' })]));
});

test('what a system keeps by itself is looked at as resources are: APS resources, kind by kind', async () => {
  const at = await world('kept');
  const { items: collections } = (await at('GET', '/_simulator/collections')).body;
  const aps = collections.filter(({ system }: { system: string }) => system === 'aps-subscriptions');
  const kinds = ['SubscriptionManagementService', 'PAAccount', 'BSSSubscription'];
  expect(aps.map(({ resource }: { resource: string }) => resource)).toEqual(kinds);
  const bus = (await at('GET', '/aps/2/resources')).body as { aps: { id: string; type: string } }[];
  expect(aps.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(bus.length);

  const active = '/_simulator/collections/aps-subscriptions/BSSSubscription?filter=status==ACTIVE';
  const { items, keys } = (await at('GET', active)).body;
  const path = `/_simulator/collections/aps-subscriptions/BSSSubscription/${keys[0]}`;
  const { links, lifecycle } = (await at('GET', path)).body;
  expect(lifecycle).toMatchObject({ property: 'status', state: 'ACTIVE' });
  const sold = { collection: 'connectx/Subscription', id: items[0].vendorSubscriptionId };
  expect(links).toEqual(expect.arrayContaining([expect.objectContaining({ direction: 'out', ...sold })]));

  const { id } = (await at('POST', '/_simulator/snapshots')).body;
  await at('PUT', `/aps/2/resources/${keys[0]}/disable`);
  const { history } = (await at('GET', path)).body;
  expect(history).toEqual([expect.objectContaining({ operationId: 'disableResource' })]);
  const { items: changed } = (await at('GET', `/_simulator/diff?from=${id}`)).body;
  expect(changed).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ collection: 'aps-subscriptions/BSSSubscription', id: keys[0], change: 'changed' }),
    ]),
  );
});

test('an account of the bus is no subscription, whatever its id', async () => {
  const at = await world('kinds');
  const { keys } = (await at('GET', '/_simulator/collections/aps-subscriptions/PAAccount?limit=1')).body;
  const path = '/_simulator/collections/aps-subscriptions';
  expect((await at('GET', `${path}/PAAccount/${keys[0]}`)).status).toBe(200);
  expect((await at('GET', `${path}/BSSSubscription/${keys[0]}`)).status).toBe(404);
});

test('what the contract lets clients change is a form, and its request changes it', async () => {
  const at = await world('form');
  const { form } = (await at('GET', '/_simulator/collections/connectx/Customer/CUS-000001')).body;
  const names = form.fields.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['email', 'address.city']));
  // The state moves by its life cycle, the id not at all.
  for (const name of ['customerId', 'status', 'createdAt']) expect(names).not.toContain(name);
  const changed = await at(form.method, form.path, { address: { city: 'Leeds' } });
  expect(changed.body).toMatchObject({ address: { city: 'Leeds' } });
  expect((await at('GET', '/_simulator/collections/connectx/Invoice/INV-2025-000001')).body.form).toBeUndefined();
});

test('a new tenant begins at a snapshot of another, which stays where it is', async () => {
  const at = await world('trunk');
  const { id } = (await at('POST', '/_simulator/snapshots')).body;
  await at('POST', '/_simulator/clock/advance', { by: 'P1M' });
  const made = await at('POST', '/_simulator/tenants/branch/fork', { snapshot: id });
  expect(made.status).toBe(201);
  expect((await ask('GET', '/@branch/_simulator/clock')).body.now).toBe('2026-01-01T00:00:00.000Z');
  expect((await at('GET', '/_simulator/clock')).body.now).toBe('2026-02-01T00:00:00.000Z');
  const refused = await at('POST', '/_simulator/tenants/twig/fork', { snapshot: 'SNAP-999999' });
  expect([refused.status, refused.text]).toEqual([404, expect.stringContaining('SNAP-999999')]);
  expect((await ask('GET', '/@twig/_simulator/clock')).status).toBe(404);
});

test.each(['connectx/bss-api', 'aps-subscriptions/resources', 'billing-account/billing-account', 'macd/northbound'])(
  'no example of %s is refused for what is in it',
  async (contract) => {
    const at = await world(`try-${contract.replace('/', '-')}`);
    const { operations } = (await at('GET', `/_simulator/contracts/${contract}/examples`)).body;
    const refused: string[] = [];
    for (const { operationId, method, path, parameters, body } of operations) {
      const filled = path.replaceAll(/\{([^}]+)\}/g, (_: string, name: string) =>
        encodeURIComponent(parameters.find((each: { name: string }) => each.name === name).example),
      );
      const { status } = await at(method, filled, body?.example);
      if (status === 400 || status === 404) refused.push(`${operationId} ${status}`);
    }
    // The callback is about an order that the simulator would have to have sent.
    expect(refused).toEqual(contract === 'macd/northbound' ? ['receiveCallback 404'] : []);
  },
);

test('a shipped story is played in a tenant of its own, and what came of it can be looked at there', async () => {
  const { items } = (await ask('GET', '/_simulator/stories?limit=1000')).body;
  const story = items.find(({ workflowId }: { workflowId: string }) => workflowId === 'suspendForDebtAndReinstate');
  expect(story).toMatchObject({ title: 'Overdue, suspended, paid in two parts, reinstated' });
  expect(story.purpose).toContain('stays unpaid');
  const { items: reports } = (await ask('POST', `/_simulator/stories/${story.id}/play`)).body;
  expect(reports.map(({ kind }: { kind: string }) => kind)).toEqual([
    'started',
    ...story.steps.map(() => 'step'),
    'ended',
  ]);
  expect(reports.at(-1)).toMatchObject({ status: 'passed', steps: story.steps.length });
  const { now } = (await ask('GET', `/@${reports[0].tenant}/_simulator/clock`)).body;
  expect(now > '2026-03-01').toBe(true);
});

test('a story that was given is told step by step as events, and says why it failed', async () => {
  const { items } = (await ask('GET', '/_simulator/stories?limit=1000')).body;
  const { id, purpose } = items.find(({ workflowId }: { workflowId: string }) => workflowId === 'hopeInVain');
  expect(purpose).toBe('What I show to others.');
  const response = await fetch(`${simulator.url}/_simulator/stories/${id}/play`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
    body: JSON.stringify({ tenant: 'stage' }),
  });
  const events = (await response.text()).split('\n\n').filter((part) => part !== '');
  expect(events.map((part) => part.split('\n')[0])).toEqual(['event: started', 'event: step', 'event: ended']);
  const [, step, ended] = events.map((part) => JSON.parse(part.slice(part.indexOf('data: ') + 'data: '.length)));
  expect(step).toMatchObject({
    tenant: 'stage',
    step: { stepId: 'look', status: 'failed', response: { status: 200 } },
  });
  expect(ended).toMatchObject({ status: 'failed' });
});

test('an unknown story is 404', async () => {
  expect((await ask('POST', '/_simulator/stories/none/play')).status).toBe(404);
});

test('every playbook can be started as it stands', async () => {
  const at = await world('playbooks');
  const { items } = (await ask('GET', '/_simulator/playbooks')).body;
  expect(new Set(items.map(({ strikes }: { strikes: string }) => strikes))).toEqual(
    new Set(['requests', 'events', 'deliveries']),
  );
  for (const { id, faults } of items)
    for (const fault of faults) expect([id, (await at('POST', '/_simulator/faults', fault)).status]).toEqual([id, 201]);
  expect((await at('GET', '/v1/products')).status).toBe(503);
});
