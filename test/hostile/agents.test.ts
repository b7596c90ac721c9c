import { afterAll, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';

const simulator = await startProcess(['--fixture', 'empty']);
afterAll(() => simulator.stop());

async function send(message: unknown): Promise<{ status: number; text: string }> {
  const response = await fetch(`${simulator.url}/_simulator/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
    },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  });
  return { status: response.status, text: await response.text() };
}

const call = (name: string, args: unknown) =>
  send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } });

test.each([
  ['status', { tenant: { toString: null } }, /\\"tenant\\" must be of the type string/],
  ['list_operations', { search: { toString: null } }, /\\"search\\" must be of the type string/],
  ['list_operations', { limit: { valueOf: 1 } }, /\\"limit\\" must be of the type integer/],
  ['call_operation', { operationId: { toString: null } }, /\\"operationId\\" must be of the type string/],
  ['call_operation', { operationId: 'x', headers: [] }, /\\"headers\\" must be of the type object/],
  ['call_operation', { operationId: '__proto__' }, /there is no such operation/],
  ['constructor', {}, /there is no such tool/],
  ['status', { constructor: 1 }, /takes no argument/],
  ['due_next', { tenant: '../@victim' }, /Failed to choose the tenant/],
  ['run_story', { id: 'toString' }, /there is none of this id/],
])('an agent that calls %s with %j is told what is wrong', async (name, args, said) => {
  const { status, text } = await call(name, args);
  expect(status).toBe(200);
  expect(text).toMatch(said);
  expect(text).not.toMatch(/-32603|\n\s+at /);
});

test('what an agent misspells is not said back at length', async () => {
  const long = 'x'.repeat(300_000);
  for (const answer of [call(long, {}), call('call_operation', { operationId: long }), call('status', { [long]: 1 })])
    expect((await answer).text.length).toBeLessThan(5_000);
});

test('messages that are none, and too many of them at once, are refused', async () => {
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  for (const body of ['null', '[]', '{"jsonrpc":"2.0"}', Array.from({ length: 2_000 }, () => message)])
    expect((await send(body)).status).toBe(400);
});
