import { spawn } from 'node:child_process';
import type { SimulatorOptions } from '../config.ts';
import { SimulatorError } from '../errors.ts';
import { isLoopback } from '../lib/loopback.ts';
import { secretToken } from '../surfaces/wall-time.ts';
import type { Output } from './check.ts';

export interface DemoFlags {
  /** Whether a browser is opened at the guided tour; it is unless told otherwise. */
  readonly open?: boolean;
}

export interface DemoContext {
  readonly output: Output;
  readonly fetch: (
    url: string,
    init: { readonly method: string; readonly headers: Record<string, string>; readonly body: string },
  ) => Promise<{ readonly ok: boolean; text(): Promise<string> }>;
  readonly openPage: (url: string) => void;
}

/** A minute goes by in a second. */
const RATE = 60;
/** Events a minute of the world's time, thus about as many a second of those who watch. */
const TRAFFIC = { rate: 3, shape: 'even' } as const;
/** Things that tenants hold together beyond loopback: traffic of more than a day, for people who watch and mean no harm. */
const HELD = 400_000;

/**
 * Prepares a demonstration: options to serve with, and what is done once it listens. Its clock runs at 60 times, traffic
 * comes, and a browser opens the guided tour.
 *
 * @example
 * const { options, begin } = prepareDemo({ open: false }, { port: 0 }, context);
 * await begin(url);
 */
export function prepareDemo(
  { open: isOpened = true }: DemoFlags,
  given: SimulatorOptions,
  { output, fetch, openPage }: DemoContext,
): { readonly options: SimulatorOptions; readonly begin: (url: string) => Promise<void> } {
  const isOpen = isLoopback(given.host ?? '127.0.0.1');
  const adminToken = isOpen ? given.adminToken : (given.adminToken ?? secretToken());
  const steer = async (url: string, method: string, path: string, body: object): Promise<void> => {
    const headers = {
      'content-type': 'application/json',
      ...(adminToken !== undefined && { authorization: `Bearer ${adminToken}` }),
    };
    const answer = await fetch(`${url}/_simulator${path}`, { method, headers, body: JSON.stringify(body) });
    if (answer.ok) return;
    throw new SimulatorError('CONFIG_INVALID', `Failed to begin the demonstration: ${await answer.text()}`);
  };
  return {
    options: {
      ...given,
      ...(adminToken !== undefined && { adminToken }),
      ...(!isOpen && { maxEntitiesTotal: given.maxEntitiesTotal ?? HELD }),
    },
    async begin(url) {
      await steer(url, 'PUT', '/clock', { mode: 'real', rate: RATE });
      await steer(url, 'POST', '/traffic', TRAFFIC);
      const page = `${url}/_simulator/console/default/tour`;
      output.stderr.write(`The guided tour: ${page}\n`);
      if (adminToken !== given.adminToken) output.stderr.write(`The token that it asks for: ${adminToken}\n`);
      if (isOpened) openPage(page);
    },
  };
}

/** Opens a page in the browser of whoever sits here; where there is none, its address has been printed. */
export function openInBrowser(url: string, platform: NodeJS.Platform = process.platform): void {
  const [command, ...words] = OPENERS[platform] ?? ['xdg-open'];
  const opener = spawn(command, [...words, url], { stdio: 'ignore', detached: true });
  opener.once('error', () => {});
  opener.unref();
}

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};
