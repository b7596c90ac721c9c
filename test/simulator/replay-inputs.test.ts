import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runScenarios } from '../../src/cli/run.ts';
import type { AppliedInput, Tenant } from '../../src/engine/tenant.ts';
import { createSimulator } from '../../src/simulator.ts';
import { runIo } from '../support/run-io.ts';
import { askAt, TEST_CACHE } from '../support/simulator.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** A simulator that hands over its tenants as they are made. */
function watched(seed = 1, created: (tenant: Tenant) => void) {
  return createSimulator({ port: 0, seed, strict: true, cache: TEST_CACHE }, { created });
}

test('one after another, shipped stories give their golden transcripts, and so do their inputs, as JSON, to a fresh tenant without a receiver', async () => {
  const played = new Map<string, { readonly tenant: Tenant; readonly applied: string[] }>();
  const follow = (tenant: Tenant): void => {
    const applied: string[] = [];
    tenant.follow(({ input, at }) => applied.push(JSON.stringify({ input, at })));
    played.set(tenant.name, { tenant, applied });
  };
  const { io, texts } = runIo(ROOT, { strict: true });
  const startSimulator = async ({ seed }: { readonly seed?: number }) => {
    const simulator = watched(seed, follow);
    await simulator.start();
    return simulator;
  };
  const command = { files: ['scenarios'], verify: join(ROOT, 'fixtures/transcripts'), parallel: 1 };
  expect(await runScenarios(command, { ...io, startSimulator }), texts.out + texts.err).toBe(0);

  const fresh = new Map<string, Tenant>();
  const other = watched(1, (tenant) => fresh.set(tenant.name, tenant));
  await other.start();
  const ask = askAt(other.url);
  for (const [name, { tenant, applied }] of played) {
    await ask('PUT', `/_simulator/tenants/${name}`);
    await fresh.get(name)?.replay(applied.map((text) => JSON.parse(text) as AppliedInput));
    expect(fresh.get(name)?.transcript.digest(), name).toEqual(tenant.transcript.digest());
  }
  await other.stop();
  expect(played.size).toBeGreaterThan(10);
}, 300_000);
