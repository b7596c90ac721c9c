import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SimulatorError } from '../errors.ts';
import { connect } from '../kit/connect.ts';
import type { AnyContracts, ShippedContracts } from '../kit/contract-shape.ts';
import { type RunnerOptions, runWithTenant, type TenantFixtures, TestSession, tenantName } from './session.ts';

/** What Jest puts into the scope of every test file; Vitest and Mocha with `globals` do too. */
interface TestGlobals {
  readonly test: (name: string, body: () => Promise<void>, timeout?: number) => void;
  readonly afterAll: (body: () => Promise<void>) => void;
}

/**
 * Makes a `test` of Jest whose tests share a simulator with these options, each with a tenant of its own. Jest loads
 * test files in a way that cannot load ES modules, so the simulator runs in a process of its own, which ends with the
 * file. A test that fails says what the simulator saw; one whose requests break the contract fails.
 *
 * @example
 * const { simulatorTest } = require('bss-simulator/jest');
 * const test = simulatorTest({ seed: 7 });
 * test('a customer is synchronized', async ({ tenant }) => { … });
 */
export function simulatorTest<C extends AnyContracts = ShippedContracts>(options: RunnerOptions = {}) {
  const { test, afterAll } = globalThis as unknown as TestGlobals;
  let child: ChildProcess | undefined;
  let starting: Promise<string> | undefined;
  let count = 0;
  // Waited for, because it may have something to write down.
  afterAll(async () => {
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  });
  const start = (): Promise<string> => {
    child = spawn(process.execPath, [PROGRAM, ...flagsOf(options)], { stdio: ['ignore', 'pipe', 'pipe'] });
    return addressOf(child);
  };
  return (name: string, body: (fixtures: TenantFixtures<C>) => void | Promise<void>, timeout?: number): void => {
    count += 1;
    const tenant = tenantName(name, String(count));
    test(
      name,
      async () => {
        starting ??= options.url === undefined ? start() : Promise.resolve(options.url);
        const handle = connect<C>(await starting, { tenant, adminToken: options.adminToken });
        await runWithTenant(new TestSession<C>(handle, options), body);
      },
      timeout,
    );
  };
}

const PROGRAM = join(__dirname, '..', '..', 'cli', 'main.js');

/** Options as the command line takes them: lists with commas, objects as JSON. */
function flagsOf({ contracts, url: _, allowViolations: __, ...options }: RunnerOptions): string[] {
  const all = { port: 0, logLevel: 'error', ...options, ...(contracts !== undefined && { specs: contracts }) };
  return Object.entries(all).flatMap(([name, value]) => {
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === undefined) return [];
    if (value === true) return [flag];
    if (value === false) return [`--no-${flag.slice(2)}`];
    if (Array.isArray(value)) return VARIADIC.has(name) ? [flag, ...value.map(String)] : [flag, value.join(',')];
    return [flag, typeof value === 'object' ? JSON.stringify(value) : String(value)];
  });
}

/** The flags that take a list as several arguments. */
const VARIADIC: ReadonlySet<string> = Object.freeze(new Set(['specs', 'overlay', 'queue']));

/** The address that the program writes once it listens. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let errors = '';
    child.stderr?.on('data', (text) => {
      errors += String(text);
    });
    child.stdout?.once('data', (text) => resolve(String(text).trim()));
    child.once('exit', (code) =>
      reject(
        new SimulatorError('UNREACHABLE', `Failed to start the simulator: it ended with ${code}. ${errors.trim()}`),
      ),
    );
  });
}

export type { RunnerOptions, TenantFixtures } from './session.ts';
