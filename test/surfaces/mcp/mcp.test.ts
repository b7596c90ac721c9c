import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { fillPlaces } from '../../support/fill-places.ts';
import { startSimulator } from '../../support/simulator.ts';

const { simulator, ask } = await startSimulator();

describe.each([
  ['over HTTP, revision 2026-07-28', () => http('auto')],
  ['over HTTP, the revision before', () => http('legacy')],
  ['over standard input', () => stdio('--url', simulator.url)],
] as const)('an agent %s', (way, connect) => {
  test('is offered tools with the schemas of the control contract, each with the tenant and with hints', async () => {
    const { client } = await connect();

    const { tools } = await client.listTools();

    expect(tools.map(({ name }) => name)).toEqual(TOOLS);
    const advance = tools.find(({ name }) => name === 'advance_clock');
    expect(Object.keys(advance?.inputSchema.properties ?? {})).toEqual(['goOn', 'by', 'to', 'next', 'tenant']);
    expect(advance?.annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true });
    expect(tools.find(({ name }) => name === 'explain')?.annotations?.readOnlyHint).toBe(true);
  });

  test('reproduces a failing integration, explains it, and saves it as a story', async () => {
    const { call, transcript } = await connect();
    const tenant = `agent-${way.replaceAll(/\W+/g, '-')}`;

    await call('add_fault', { tenant, match: { operationId: 'createCustomer' }, fault: { status: 503 }, times: 1 });
    const customer = { customerType: 'Individual', email: 'ada@example.com' };
    const refused = await call('call_operation', { tenant, operationId: 'createCustomer', body: customer });
    expect(refused).toMatchObject({ status: 503 });
    const created = await call('call_operation', { tenant, operationId: 'connectx/createCustomer', body: customer });
    expect(created).toMatchObject({ status: 201, body: { email: 'ada@example.com' } });

    const { items } = (await call('list_activity', { tenant, kind: 'request' })) as { items: { id: string }[] };
    const explained = await call('explain', { tenant, id: items[0]?.id });
    expect(JSON.stringify(explained)).toContain('"kind":"fault"');

    const story = parse((await call('save_as_story', { tenant })) as string) as { workflows: { steps: object[] }[] };
    expect(story.workflows[0]?.steps.length).toBeGreaterThanOrEqual(2);

    // The same over every way; docs/agents.md shows it (vitest --update writes it).
    const shown = transcript().replaceAll(tenant, 'agent');
    const written = fillPlaces(readFileSync('docs/agents.md', 'utf8'), 'transcript', { story: shown });
    await expect(written).toMatchFileSnapshot('../../../docs/agents.md');
  });

  test('goes back in time, looks at what has changed, and forks', async () => {
    const { call } = await connect();
    const tenant = way.replaceAll(/\W+/g, '-');
    const { id } = (await call('snapshot', { tenant })) as { id: string };

    await call('advance_clock', { tenant, by: 'P40D' });
    const changes = (await call('changes_since', { tenant, from: id })) as { items: { collection: string }[] };
    expect(changes.items.map(({ collection }) => collection)).toContain('connectx/Invoice');
    await call('fork_tenant', { tenant, name: `${tenant}-copy` });
    await call('restore', { tenant, id });

    expect(await call('changes_since', { tenant, from: id })).toMatchObject({ items: [] });
    expect(await call('status', { tenant: `${tenant}-copy` })).toMatchObject({
      clock: { now: '2026-02-10T00:00:00.000Z' },
    });
  });

  test('runs an action with what it wants to know', async () => {
    const { call, mistake } = await connect();
    const action = { tenant: 'actor', system: 'connectx', action: 'adjust-account' };

    const input = { customerId: 'CUS-000001', amount: -5, reason: 'Goodwill' };
    expect(await call('run_action', { ...action, input })).toBeTypeOf('object');
    expect(await mistake('run_action', { ...action, input: { amount: -5 } })).toContain('customerId');
  });

  test('calls an operation with the credential that its contract wants', async () => {
    const { call } = await connect();

    expect(await call('call_operation', { operationId: 'listResources' })).toMatchObject({ status: 200 });
  });

  test('is told what to do about each mistake', async () => {
    const { client, mistake } = await connect();

    expect(await mistake('advance_clock', { days: 1 })).toContain('it takes no argument "days"');
    expect(await mistake('advance_clock', { by: 'tomorrow' })).toContain('Send one such as "P30D"');
    expect(await mistake('explain', {})).toContain('id must be given');
    expect(await mistake('call_operation', { operationId: 'creatCustomer' })).toContain('"createCustomer"');
    expect(await mistake('call_operation', { operationId: 'getCustomer' })).toContain('"customerId" must be given');
    expect(await mistake('find_entities', { system: 'connectx', resource: 'Customr' })).toContain('connectx/Customer');
    await expect(client.callTool({ name: 'advance_clok', arguments: {} })).rejects.toThrow('Did you mean');
    await expect(client.readResource({ uri: 'simulator://nothing' })).rejects.toThrow('there is no such resource');
  });

  test('reads contracts, policies, activity and coverage', async () => {
    const { client } = await connect();

    const { resources } = await client.listResources();
    for (const { uri } of resources) {
      const [content] = (await client.readResource({ uri })).contents;
      expect(content).toMatchObject({ uri, text: expect.stringMatching(/\S/) });
    }
    expect(resources.map(({ uri }) => uri)).toContain('simulator://contracts/connectx/bss-api');
  });
});

test('over standard input, a simulator beyond loopback is spoken to with the token that was made for it', async () => {
  const { call } = await stdio('--host', '0.0.0.0');

  expect(await call('status', {})).toMatchObject({ clock: { now: '2026-01-01T00:00:00.000Z' } });
});

test('a page of another origin is refused', async () => {
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

  const answer = await ask('POST', '/_simulator/mcp', message, { origin: 'https://evil.example' });

  expect(answer.status).toBe(403);
});

test('what is no message is answered as JSON-RPC has it, and no session is asked for', async () => {
  const answer = await ask('POST', '/_simulator/mcp', { hello: 1 }, { accept: 'application/json, text/event-stream' });

  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) } });
  expect((await ask('GET', '/_simulator/mcp')).status).toBe(405);
});

const TOOLS = [
  'status',
  'list_operations',
  'call_operation',
  'due_next',
  'advance_clock',
  'find_entities',
  'list_requests',
  'list_activity',
  'explain',
  'changes_since',
  'snapshot',
  'restore',
  'fork_tenant',
  'run_action',
  'add_fault',
  'run_story',
  'verify_requests',
  'save_as_story',
];

async function http(mode: 'auto' | 'legacy') {
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${simulator.url}/_simulator/mcp`)));
  return inHand(client);
}

async function stdio(...flags: string[]) {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const args = [resolve('dist/cli/main.js'), 'mcp', ...flags];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
  return inHand(client);
}

function inHand(client: Client) {
  onTestFinished(() => client.close());
  const said: string[] = [];
  const texts = async (name: string, args: Record<string, unknown>) => {
    const { content, isError = false } = await client.callTool({ name, arguments: args });
    const [first] = content as { text: string }[];
    const text = first?.text ?? '';
    said.push(`→ ${name} ${JSON.stringify(args)}`, `← ${shortened(text)}`);
    return { text, isError };
  };
  return {
    client,
    /** What has been called, and what has been answered, for people to read. */
    transcript: () => ['```text', ...said, '```'].join('\n'),
    /** What a tool answers, read where it is JSON. */
    async call(name: string, args: Record<string, unknown>): Promise<unknown> {
      const { text, isError } = await texts(name, args);
      expect({ text, isError }).toMatchObject({ isError: false });
      return text.startsWith('{') ? JSON.parse(text) : text;
    },
    /** What is said of a mistake. */
    async mistake(name: string, args: Record<string, unknown>): Promise<string> {
      const { text, isError } = await texts(name, args);
      expect(isError).toBe(true);
      return text;
    },
  };
}

/** Of a long answer its beginning, of text whole lines. */
function shortened(text: string): string {
  const lines = text.trimEnd().split('\n');
  if (lines.length > 1) return [...lines.slice(0, 24), ...(lines.length > 24 ? ['…'] : [])].join('\n  ');
  return text.length > 700 ? `${text.slice(0, 700)}…` : text;
}
