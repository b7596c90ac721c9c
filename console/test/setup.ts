import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { CHROMIUM, type Complaints, openBrowser, openPage, startProgram } from './browser.ts';

export interface Console {
  /** The address of a view, such as `mine/activity`. */
  at(view: string): string;
  /** Asks the simulator itself, as a client beside the page does; answers the body. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies of any contract
  ask(tenant: string, method: string, path: string, body?: unknown): Promise<any>;
  /** A page of its own at a view, followed live, in a tenant that is there. */
  open(view: string, look?: Parameters<typeof openPage>[1]): Promise<{ page: Page; complaints: Complaints }>;
  readonly url: () => string;
  readonly browser: () => Browser;
}

/** Suites of what people do in the console: one program and one browser for all of a file, skipped by name without one. */
export function describeConsole(title: string, suite: (console: Console) => void, ...flags: readonly string[]): void {
  const isSkipped = CHROMIUM === undefined;
  describe.skipIf(isSkipped)(isSkipped ? `${title} (skipped: there is no Chromium)` : title, () => {
    let program: Awaited<ReturnType<typeof startProgram>>;
    let browser: Browser;
    beforeAll(async () => {
      program = await startProgram(...flags);
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      program?.stop();
    });
    const ask: Console['ask'] = async (tenant, method, path, body) => {
      const response = await fetch(`${program.url}/@${tenant}${path}`, {
        method,
        headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      expect(response.status, `${method} ${path}: ${text}`).toBeLessThan(400);
      return text === '' ? undefined : JSON.parse(text);
    };
    const at = (view: string) => `${program.url}/_simulator/console/${view}`;
    suite({
      at,
      ask,
      url: () => program.url,
      browser: () => browser,
      async open(view, look) {
        const [tenant = 'default'] = view.split('/');
        await ask(tenant, 'PUT', `/_simulator/tenants/${tenant}`);
        const opened = await openPage(browser, look);
        await opened.page.goto(at(view));
        await opened.page.locator('.live:not(.off)').waitFor();
        return opened;
      },
    });
  });
}
