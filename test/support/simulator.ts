import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { SimulatorOptions } from '../../src/config.ts';
import type { Simulator } from '../../src/kit/simulator.ts';
import { createSimulator } from '../../src/simulator.ts';

/** Loaded contracts, shared by the tests of one run: its processes have the same parent. */
export const TEST_CACHE = join(tmpdir(), `bss-simulator-tests-${process.ppid}`);

/** What came back, its JSON already read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly body: any;
}

/** Asks a simulator; a body is sent as JSON, and a token goes with every request. */
export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/** Starts a simulator on a free port for the tests of this file, and stops it after them. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<{ simulator: Simulator; ask: Ask }> {
  const simulator = createSimulator({ port: 0, cache: TEST_CACHE, ...options });
  await simulator.start();
  afterAll(() => simulator.stop());
  return { simulator, ask: askAt(simulator.url) };
}

/** Asks the simulator at an address. */
export function askAt(url: string): Ask {
  return async (method, path, body, headers = {}) => {
    // A text in a media type of its own goes out as it is.
    const isRaw = typeof body === 'string' && headers['content-type'] !== undefined;
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: 'Bearer anything',
        'aps-token': 'anything',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined || isRaw ? (body as string | undefined) : JSON.stringify(body),
      redirect: 'manual',
    });
    const text = await response.text();
    const isJson = /json\b(?!-seq)/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
  };
}
