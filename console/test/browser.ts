import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where there is a Chromium: named, or where Debian and others put it. */
export const CHROMIUM = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Starts the program as it is shipped; answers where it is and what ends it. */
export async function startProgram(...flags: readonly string[]): Promise<{ url: string; stop: () => void }> {
  const program = spawn(process.execPath, ['dist/cli/main.js', '--port', '0', '--log-level', 'error', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    program.once('exit', () => reject(new Error('Failed to start the program: it ended. Run npm run build first.')));
    program.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /https?:\/\/[^\s/]+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
  });
  return { url, stop: () => program.kill() };
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox', '--disable-gpu'] });
}

/** What went wrong on a page that nobody may overlook: scripts that threw, what its policy refused, other origins. */
export interface Complaints {
  readonly items: string[];
}

/** A page that keeps its complaints; `theme` and the size are what the view is looked at in. */
export async function openPage(
  browser: Browser,
  { width = 1280, height = 800, theme = 'light' }: { width?: number; height?: number; theme?: 'light' | 'dark' } = {},
): Promise<{ page: Page; complaints: Complaints }> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: Complaints = { items: [] };
  const { items } = complaints;
  page.on('pageerror', (error) => items.push(`threw ${error.message}`));
  page.on('console', (message) => {
    // Answers such as 404 are the page's to show; what its policy refuses is nobody's to overlook.
    if (message.type() === 'error' && /Content Security Policy|Refused|Trusted/i.test(message.text()))
      items.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    const isOwn = page.url() === 'about:blank' || origin === new URL(page.url()).origin;
    if (protocol.startsWith('http') && !isOwn) items.push(`asked another origin: ${request.url()}`);
  });
  return { page, complaints };
}

/** What axe finds against WCAG 2.2 AA, one line each. */
export async function accessibility(page: Page): Promise<readonly string[]> {
  // By the debugger, which the page's policy does not stop as it would a script of its own.
  await page.evaluate((await import('node:fs')).readFileSync(AXE, 'utf8'));
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
      };
    };
    return axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
  });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 200)}`),
  );
}
