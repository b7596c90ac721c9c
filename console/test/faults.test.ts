import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/kit/connect.ts';
import type { SimulatorTenant } from '../../src/kit/simulator-tenant.ts';
import {
  columnOf,
  EVENT_FAULTS,
  type Met,
  REQUEST_FAULTS,
  STRUCK,
  STRUCK_PATH,
  toBrokenCell,
  toCell,
} from '../../test/support/fault-kinds.ts';
import { CHROMIUM, openBrowser, startProgram } from './browser.ts';

// What docs/faults.md promises that a page sees.

describe.skipIf(CHROMIUM === undefined)(
  CHROMIUM === undefined ? 'faults in Chromium (skipped: there is none)' : 'Chromium sees',
  () => {
    let program: Awaited<ReturnType<typeof startProgram>>;
    let browser: Browser;
    let page: Page;
    beforeAll(async () => {
      program = await startProgram();
      browser = await openBrowser();
      page = await browser.newPage();
      await page.goto(`${program.url}/_simulator/health`);
    });
    afterAll(async () => {
      await browser?.close();
      program?.stop();
    });

    test.each(Object.entries(REQUEST_FAULTS))('%s as what docs/faults.md says', async (kind, strike) => {
      await using tenant = connect(program.url, { tenant: `chromium-${kind}` });
      await strike(tenant.faults);
      expect(await ask(page, `${tenant.url}${STRUCK_PATH}`)).toBe(columnOf('Chromium')[kind]);
      const made = (await tenant.events.list({ channel: 'customer/created' })).length === 1;
      expect(made ? 'yes' : 'no').toBe(columnOf('is the change made?')[kind]);
    });

    test.each(Object.entries(EVENT_FAULTS))('%s as what docs/faults.md says', async (kind, strike) => {
      await using tenant = connect(program.url, { tenant: `chromium-${kind}` });
      await strike(tenant.faults);
      const address = `${tenant.url.replace('http', 'ws')}/customer/created?access_token=any`;
      await page.evaluate(listen, address);
      await createTwo(tenant);
      const ids = await page.evaluate(heard, { droppedEvent: 1, duplicatedEvent: 3 }[kind] ?? 0);
      const count = new Set(ids.heard).size;
      const seen = ids.heard.length > count ? 'twice, with one id' : `${count} of 2`;
      expect(ids.code === undefined ? seen : `closed with ${ids.code}`).toBe(columnOf('WebSocket of Chromium')[kind]);
    });
  },
);

/** What the page meets, and what the browser calls it. */
async function ask(page: Page, url: string): Promise<string> {
  const failure = page.waitForEvent('requestfailed', { timeout: 3_000 }).catch(() => undefined);
  const met = await page.evaluate(
    async ({ address, init }): Promise<Met | { head: number }> => {
      const began = performance.now();
      let head = 0;
      try {
        const response = await fetch(address, { ...init, signal: AbortSignal.timeout(900) });
        head = performance.now() - began;
        const text = await response.text();
        return {
          status: response.status,
          contentType: String(response.headers.get('content-type')),
          retryAfter: response.headers.get('retry-after') ?? undefined,
          challenge: response.headers.get('www-authenticate') ?? undefined,
          text,
          head,
          body: performance.now() - began - head,
        };
      } catch {
        return { head };
      }
    },
    { address: url, init: STRUCK },
  );
  if ('status' in met) return toCell(met);
  return toBrokenCell(String((await failure)?.failure()?.errorText), met.head);
}

async function createTwo(tenant: SimulatorTenant): Promise<void> {
  for (let number = 0; number < 2; number += 1) await fetch(`${tenant.url}${STRUCK_PATH}`, STRUCK);
}

interface Heard {
  readonly heard: string[];
  code?: number;
}

/** Both run in the page. */
async function listen(address: string): Promise<void> {
  const state: Heard = { heard: [] };
  Object.assign(window, { state });
  const socket = new WebSocket(address);
  socket.onmessage = ({ data }) => void state.heard.push(JSON.parse(data).eventId);
  socket.onclose = ({ code }) => {
    state.code = code;
  };
  await new Promise((done) => {
    socket.onopen = done;
  });
}

async function heard(count: number): Promise<Heard> {
  const { state } = window as unknown as { state: Heard };
  const isDone = () => (count === 0 ? state.code !== undefined : state.heard.length >= count);
  while (!isDone()) await new Promise((done) => setTimeout(done, 10));
  return state;
}
