import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { toKebabCase } from '../../src/cli/option-text.ts';
import { runProgram } from '../../src/cli/program.ts';
import { serve } from '../../src/cli/serve.ts';
import type { SimulatorOptions } from '../../src/config.ts';
import { NOTHING_COVERED } from '../../src/coverage/coverage.ts';
import { SimulatorError } from '../../src/errors.ts';
import { OPTION_NAMES } from '../../src/options/option-table.ts';
import { afterWallTime } from '../../src/surfaces/wall-time.ts';
import { createFakeWallTime } from '../surfaces/test-world.ts';

let cwd = '';

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'bss-cli-'));
});

afterEach(async () => {
  await rm(cwd, { recursive: true });
});

/** A machine whose simulators do nothing but tell what is done with them. */
function createMachine() {
  const machine = {
    stdout: '',
    stderr: '',
    done: [] as string[],
    options: [] as SimulatorOptions[],
    exits: [] as number[],
    error: undefined as Error | undefined,
    contracts: [] as { system: string; name: string; file: string }[],
    signal: () => {},
    changed: () => {},
  };
  const write = (name: 'stdout' | 'stderr') => (text: string) => {
    machine[name] += text;
    machine.changed();
  };
  const output = { stdout: { write: write('stdout') }, stderr: { write: write('stderr') } };
  const createSimulator = (options: SimulatorOptions) => {
    machine.options.push(options);
    const port = options.port === 0 ? 5_000 : (options.port ?? 4_010);
    return {
      url: `http://127.0.0.1:${port}`,
      contracts: machine.contracts as never,
      coverage: () => NOTHING_COVERED,
      async start() {
        if (machine.error !== undefined) throw machine.error;
        machine.done.push(`start ${port}`);
      },
      async stop() {
        machine.done.push(`stop ${port}`);
      },
    };
  };
  const onSignal = (callback: () => void) => {
    machine.signal = callback;
    return () => {};
  };
  const exit = (code: number) => void machine.exits.push(code);
  const until = async (condition: () => boolean) => {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        machine.changed = resolve;
      });
    }
  };
  const run = (...argv: string[]) =>
    runProgram(argv, {
      output,
      environment: {},
      cwd,
      version: '1.2.3',
      home: process.cwd(),
      loadSimulator: async () => ({ createSimulator }),
      loadGenerator: () => Promise.reject(new Error('not here')),
      loadDescription: () => Promise.reject(new Error('not here')),
      loadStoreTools: () => Promise.reject(new Error('not here')),
      loadCode: async () => ({ hasOperation: () => false, hasSystem: () => false }),
      onSignal,
      exit,
    });
  return Object.assign(machine, { run, until, context: { output, createSimulator, onSignal, exit } });
}

test('without a command it serves, says where on the first line, and stops when told', async () => {
  const machine = createMachine();

  const code = machine.run('--port', '0', '--systems', 'connectx,macd', '--specs', 'a', 'b', '--strict');
  await machine.until(() => machine.stdout !== '');
  expect(machine.stdout).toBe('http://127.0.0.1:5000\n');
  expect(machine.options).toEqual([
    { logLevel: 'info', port: 0, systems: ['connectx', 'macd'], specs: ['a', 'b'], strict: true },
  ]);

  machine.signal();
  expect(await code).toBe(0);
  expect(machine.done).toEqual(['start 5000', 'stop 5000']);
});

test('people are told where the console is, and programs read the address alone', async () => {
  const machine = createMachine();
  const code = machine.run('--port', '0');
  await machine.until(() => machine.stderr !== '');
  expect(machine.stderr).toBe('The console: http://127.0.0.1:5000/_simulator/console/\n');
  machine.signal();
  await code;

  const quiet = createMachine();
  const end = quiet.run('--log-level', 'warn');
  await quiet.until(() => quiet.stdout !== '');
  quiet.signal();
  await end;
  expect(quiet.stderr).toBe('');
});

test('a second signal does not wait', async () => {
  const machine = createMachine();
  const code = machine.run('serve');
  await machine.until(() => machine.stdout !== '');

  machine.signal();
  machine.signal();

  expect(machine.exits).toEqual([1]);
  await code;
});

test.each([
  [['--prot', '1'], "unknown option '--prot'. Did you mean --port?"],
  [['--port', 'many'], '--port is "many". Use a whole number from 0 to 65535.'],
  [['--port'], "option '--port <number>' argument missing. Use --help to see the options."],
  [['run', '--seed', 'abc', 'scenarios'], '--seed is "abc". Use a whole number.'],
  [['generate', '--seed', '1.5'], '--seed is "1.5". Use a whole number.'],
  [['run'], "missing required argument 'files'. Use --help to see the options."],
  [['server'], 'there is no command "server". Did you mean `serve`?'],
  [['rum', 'scenarios', '--verify', 'x'], 'there is no command "rum". Did you mean `run`?'],
  [['weave'], 'there is no command "weave". Use one of: help, serve, demo, check, '],
  [['serve', 'more'], "too many arguments for 'serve'"],
])('%j is bad usage, and one sentence says why and what to do', async (argv, message) => {
  const machine = createMachine();

  expect(await machine.run(...argv)).toBe(2);
  expect(machine.stderr).toMatch(
    /^Failed to read the command line: .*\nCONFIG_INVALID: see docs.errors.md#config_invalid\n$/,
  );
  expect(machine.stderr).toContain(message);
  expect(machine.stdout).toBe('');

  machine.stderr = '';
  expect(await machine.run(...argv, '--json')).toBe(2);
  expect(JSON.parse(machine.stderr)).toMatchObject({ code: 'CONFIG_INVALID' });
});

test('a configuration file that was named and is not there is bad usage', async () => {
  const machine = createMachine();

  expect(await machine.run('--config', 'missing.yaml')).toBe(2);
  expect(machine.stderr).toContain('there is no such file');
});

test('a list can be given with commas or by repeating its flag, and a switch be turned off again', async () => {
  const machine = createMachine();
  await writeFile(join(cwd, 'bss-simulator.yaml'), 'strict: true\n');

  const code = machine.run('--systems', 'connectx,macd', '--systems', 'billing-account', '--no-strict');
  await machine.until(() => machine.stdout !== '');
  expect(machine.options).toEqual([
    { logLevel: 'info', systems: ['connectx', 'macd', 'billing-account'], strict: false },
  ]);

  machine.signal();
  await code;
});

test('an error is shown with its problems, and decides the exit code', async () => {
  const machine = createMachine();
  const problems = [{ file: 'a.yaml', line: 3, column: 5, message: 'Wrong.', hint: 'Correct it.' }];
  machine.error = new SimulatorError('CONTRACT_INVALID', 'Failed to load the contracts.', { problems });

  expect(await machine.run()).toBe(2);
  expect(machine.stderr).toBe(
    'a.yaml:3:5 Wrong. Correct it.\nFailed to load the contracts.\nCONTRACT_INVALID: see docs/errors.md#contract_invalid\n',
  );

  machine.stderr = '';
  expect(await machine.run('--json')).toBe(2);
  expect(JSON.parse(machine.stderr)).toEqual({
    code: 'CONTRACT_INVALID',
    message: 'Failed to load the contracts.',
    problems,
    help: 'docs/errors.md#contract_invalid',
  });
});

test('help lists every option of serve with its default, and the version stands alone', async () => {
  const machine = createMachine();

  expect(await machine.run('--help')).toBe(0);
  for (const name of OPTION_NAMES) expect(machine.stdout).toContain(`  --${toKebabCase(name)}`);
  expect(machine.stdout).toMatch(/--port <number> +port to listen on; 0 picks a free one \(default: 4010\)/);

  machine.stdout = '';
  expect(await machine.run('--version')).toBe(0);
  expect(machine.stdout).toBe('1.2.3\n');
});

test('check tells what is wrong in the contracts', async () => {
  const machine = createMachine();
  await writeFile(
    join(cwd, 'wrong.openapi.yaml'),
    'openapi: 3.1.0\ninfo: { title: A, version: 1 }\npaths: { /a: { get: { respones: {} } } }\n',
  );

  expect(await machine.run('check', join(cwd, 'wrong.openapi.yaml'))).toBe(2);
  expect(machine.stderr).toContain('wrong.openapi.yaml:3:23 ');
});

test('with --watch it begins anew when a contract changes, and keeps the old ones while they are wrong', async () => {
  const machine = createMachine();
  const wallTime = createFakeWallTime();
  const file = join(cwd, 'a.openapi.yaml');
  await writeFile(file, 'one');
  // Editors cause several changes, so the quiet time is over only once it has been asked for.
  const afterWallTime = (milliseconds: number, callback: () => void) => {
    const callOff = wallTime.afterWallTime(milliseconds, callback);
    machine.changed();
    return callOff;
  };
  const code = serve(
    { options: { watch: true, port: 0 }, json: false, watched: [cwd] },
    { ...machine.context, afterWallTime },
  );
  await machine.until(() => machine.stdout !== '');

  machine.error = new SimulatorError('CONTRACT_INVALID', 'Failed to load the contracts.');
  await writeFile(file, 'two');
  await machine.until(() => wallTime.waiting() > 0);
  wallTime.pass(100);
  await machine.until(() => machine.stderr.includes('still served'));
  expect(machine.done).toEqual(['start 5000']);

  machine.error = undefined;
  await writeFile(file, 'three');
  await machine.until(() => wallTime.waiting() > 0);
  wallTime.pass(100);
  await machine.until(() => machine.stderr.includes('Reloaded'));
  // A trial first; only then the one that serves is stopped.
  expect(machine.done.slice(0, 5)).toEqual(['start 5000', 'start 5000', 'stop 5000', 'stop 5000', 'start 5000']);

  machine.signal();
  expect(await code).toBe(0);
  expect(machine.done.at(-1)).toBe('stop 5000');
});

test('with --watch a contract that cannot be read for a moment is served as it was, and one that is removed is not', async () => {
  const machine = createMachine();
  const files = ['a.openapi.yaml', 'b.openapi.yaml'];
  const served = files.map((file) => ({
    system: basename(cwd),
    name: file.slice(0, 1),
    file: `${basename(cwd)}/${file}`,
  }));
  for (const file of files) await writeFile(join(cwd, file), 'one');
  machine.contracts = served;
  const code = serve(
    { options: { watch: true, port: 0 }, json: false, watched: [cwd] },
    { ...machine.context, afterWallTime: (_, callback) => afterWallTime(20, callback) },
  );
  await machine.until(() => machine.stdout !== '');

  machine.contracts = served.slice(1);
  await writeFile(join(cwd, 'a.openapi.yaml'), 'two: [');
  await machine.until(() => machine.stderr.includes('a.openapi.yaml cannot be read any more'));
  expect(machine.stderr).not.toContain('Reloaded');

  await rm(join(cwd, 'a.openapi.yaml'));
  await machine.until(() => machine.stderr.includes('Reloaded'));

  machine.signal();
  expect(await code).toBe(0);
});

test('with --watch a file that was replaced, and one in a new folder, are watched too', async () => {
  const machine = createMachine();
  const file = join(cwd, 'a.openapi.yaml');
  await writeFile(file, 'one');
  const code = serve(
    { options: { watch: true, port: 0 }, json: false, watched: [cwd] },
    { ...machine.context, afterWallTime: (_, callback) => afterWallTime(20, callback) },
  );
  await machine.until(() => machine.stdout !== '');
  const reloads = () => machine.stderr.split('Reloaded').length - 1;
  const changes = [
    () => writeFile(join(cwd, 'b'), 'two').then(() => rename(join(cwd, 'b'), file)),
    () => writeFile(file, 'three'),
    () => mkdir(join(cwd, 'more')),
    () => writeFile(join(cwd, 'more', 'c.openapi.yaml'), 'four'),
  ];
  for (const change of changes) {
    const before = reloads();
    await change();
    await vi.waitFor(() => expect(reloads()).toBeGreaterThan(before), 2_000);
  }

  machine.signal();
  expect(await code).toBe(0);
});

test('with --watch an overlay that is put beside a single file is seen', async () => {
  const machine = createMachine();
  const file = join(cwd, 'a.openapi.yaml');
  await writeFile(file, 'one');
  const code = serve(
    { options: { watch: true, port: 0 }, json: false, watched: [file] },
    { ...machine.context, afterWallTime: (_, callback) => afterWallTime(20, callback) },
  );
  await machine.until(() => machine.stdout !== '');
  const reloads = () => machine.stderr.split('Reloaded').length - 1;

  await writeFile(join(cwd, 'a.overlay.yaml'), 'two');
  await vi.waitFor(() => expect(reloads()).toBeGreaterThan(0), 2_000);

  machine.signal();
  expect(await code).toBe(0);
});
