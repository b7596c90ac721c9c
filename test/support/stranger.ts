import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { serveContract } from './contract-text.ts';

/** What came back, the body parsed where it is JSON. */
export interface StrangersAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: what a contract answers is what the test is about.
  readonly body: any;
}

/** Sends a text as it is, and anything else as JSON. */
export type AskStranger = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<StrangersAnswer>;

/** Notes what did not come true, with what came instead. */
export type See = (what: string, isTrue: unknown, got?: unknown) => void;

const CONTRACTS = join(import.meta.dirname, '../../bench/corpus/own/strangers');

/**
 * Serves a contract as somebody outside the project would have written it, and lives through what its reader expects of
 * it; fails with everything that did not come true.
 *
 * @example await live('clinic', async (ask, see) => see('it is there', (await ask('GET', '/patients')).status === 200));
 */
export async function live(name: string, life: (ask: AskStranger, see: See) => Promise<void>): Promise<void> {
  const asked = await serveContract(readFileSync(join(CONTRACTS, `${name}.yaml`), 'utf8'));
  const missed: string[] = [];
  await life(
    async (method, path, body, headers) => {
      const answer = await asked(method, path, body, headers);
      const own = Object.fromEntries(answer.headers);
      return { status: answer.status, headers: own, body: answer.body ?? answer.text };
    },
    (what, isTrue, got) => {
      if (!isTrue) missed.push(`${what}: ${JSON.stringify(got)?.slice(0, 600)}`);
    },
  );
  expect(missed).toEqual([]);
}
