import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { openPage } from './browser.ts';
import { describeConsole } from './setup.ts';

describeConsole('the demonstration', ({ browser }) => {
  test('demo begins with traffic and a clock at 60 times, and says where the tour is', async () => {
    const program = spawn(process.execPath, ['dist/cli/main.js', 'demo', '--no-open', '--port', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    onTestFinished(() => void program.kill());
    let tour = '';
    for await (const line of createInterface({ input: program.stderr })) {
      tour = /The guided tour: (\S+)/.exec(line)?.[1] ?? '';
      if (tour !== '') break;
    }
    const { page, complaints } = await openPage(browser());
    await page.goto(tour);
    await page.getByRole('heading', { name: 'See a telecom operator live' }).waitFor();
    const read = async (path: string) => (await fetch(new URL(path, tour))).json() as Promise<Record<string, unknown>>;
    expect(await read('/_simulator/clock')).toMatchObject({ mode: 'real', rate: 60 });
    expect(await read('/_simulator/traffic')).toMatchObject({ state: 'running' });
    await page.getByRole('link', { name: 'what happens' }).click();
    await page.locator('.row').first().waitFor();
    await expect.poll(() => page.getByLabel('Speed').inputValue()).toBe('60');
    expect(complaints.items).toEqual([]);
  });
});
