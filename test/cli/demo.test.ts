import { expect, test } from 'vitest';
import { type DemoContext, prepareDemo } from '../../src/cli/demo.ts';
import type { SimulatorOptions } from '../../src/config.ts';

/** Somebody at a terminal, whose simulator answers as told. */
function createTerminal(ok = true) {
  const terminal = { asked: [] as unknown[], said: '', opened: [] as string[] };
  const context: DemoContext = {
    output: { stdout: { write: () => true }, stderr: { write: (text: string) => (terminal.said += text) } },
    fetch: async (url, { method, headers, body }) => {
      terminal.asked.push([method, url, JSON.parse(body), headers.authorization]);
      return { ok, text: async () => 'no' };
    },
    openPage: (url) => void terminal.opened.push(url),
  };
  return { terminal, context };
}

test('a demonstration has a clock at 60 times and traffic, and opens the guided tour', async () => {
  const { terminal, context } = createTerminal();
  const { options, begin } = prepareDemo({}, { port: 0 }, context);
  expect(options).toEqual({ port: 0 });
  await begin('http://127.0.0.1:5000');
  expect(terminal.asked).toEqual([
    ['PUT', 'http://127.0.0.1:5000/_simulator/clock', { mode: 'real', rate: 60 }, undefined],
    ['POST', 'http://127.0.0.1:5000/_simulator/traffic', { rate: 3, shape: 'even' }, undefined],
  ]);
  const page = 'http://127.0.0.1:5000/_simulator/console/default/tour';
  expect(terminal.opened).toEqual([page]);
  expect(terminal.said).toBe(`The guided tour: ${page}\n`);
});

test('with --no-open the address is printed and nothing is opened', async () => {
  const { terminal, context } = createTerminal();
  await prepareDemo({ open: false }, {}, context).begin('http://127.0.0.1:5000');
  expect(terminal.opened).toEqual([]);
  expect(terminal.said).toContain('/tour');
});

test('beyond loopback it makes a token where none was given, uses it and tells it', async () => {
  const { terminal, context } = createTerminal();
  const { options, begin } = prepareDemo({ open: false }, { host: '0.0.0.0' }, context);
  await begin('http://10.0.0.1:4010');
  expect(options.adminToken).toMatch(/\S{16,}/);
  expect(terminal.asked).toEqual([
    expect.arrayContaining([`Bearer ${options.adminToken}`]),
    expect.arrayContaining([`Bearer ${options.adminToken}`]),
  ]);
  expect(terminal.said).toContain(`The token that it asks for: ${options.adminToken}`);

  const given = prepareDemo({}, { host: '0.0.0.0', adminToken: 'mine' }, createTerminal().context);
  expect(given.options.adminToken).toBe('mine');
});

test('beyond loopback it holds as much as traffic of a day brings, unless told otherwise', () => {
  const held = (given: SimulatorOptions) => prepareDemo({}, given, createTerminal().context).options.maxEntitiesTotal;
  expect(held({})).toBeUndefined();
  expect(held({ host: '0.0.0.0' })).toBe(400_000);
  expect(held({ host: '0.0.0.0', maxEntitiesTotal: 1_000 })).toBe(1_000);
});

test('what is refused at the beginning ends it', async () => {
  const { context } = createTerminal(false);
  const { begin } = prepareDemo({ open: false }, {}, context);
  await expect(begin('http://127.0.0.1:5000')).rejects.toThrow('Failed to begin the demonstration: no');
});
