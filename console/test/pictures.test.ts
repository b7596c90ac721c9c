import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { animate, type Frame } from './animation.ts';
import { describeConsole } from './setup.ts';

// The pictures of README.md and docs/console.md. `npm run pictures` writes them; otherwise they are made and let go.

const FOLDER = 'docs/pictures';
const SIZE = { width: 1200, height: 750 };
const MOST_BYTES = 1_000_000;
const NAMES = ['tour', 'activity', 'life-cycle', 'trouble', 'story'];

describeConsole('pictures', ({ open, ask, url }) => {
  test('each view of the README is pictured, and a walk through time is put together from pictures', async () => {
    const { page, complaints } = await open('larkfield/activity', SIZE);
    const pictures = new Map<string, Buffer>();
    const frames: Frame[] = [];
    const show = async (milliseconds = 2_200): Promise<void> => {
      frames.push({ image: await picture(page), milliseconds });
    };
    const keep = async (name: string): Promise<void> => {
      pictures.set(name, await picture(page));
    };
    const isAt = (day: string) => page.locator('.time-now time').filter({ hasText: day }).waitFor();

    await ask('larkfield', 'POST', '/_simulator/traffic', { rate: 0.02 });
    await page.getByRole('button', { name: '+1 day' }).click();
    await isAt('2026-01-02');
    await page.locator('.row').nth(9).waitFor();
    await show();
    await page.getByRole('button', { name: '+1 month' }).click();
    await isAt('2026-02-02');
    await page.getByRole('button', { name: 'Restore point of 2026-01-02' }).waitFor();
    await show();

    await page.getByLabel('Kind').selectOption('event');
    await page.getByLabel('Text').fill('invoice/created');
    await page
      .getByRole('option', { name: /billing\/invoice\/created/ })
      .nth(5)
      .click();
    await page.getByLabel('Message', { exact: true }).getByText('totalAmount').waitFor();
    await page.locator('.tree-item.here').waitFor();
    await show();
    await keep('activity');

    await page.goto(`${url()}/_simulator/console/larkfield/data/connectx/Customer/CUS-000003`);
    const life = page.getByRole('region', { name: 'Life cycle' });
    await life.getByText('it is here').waitFor();
    await page.locator('.timeline-point').first().waitFor();
    await show();
    await life.getByRole('listitem').filter({ hasText: 'Suspended' }).getByRole('button').first().click();
    await page.getByRole('heading', { level: 2 }).getByText('Suspended').waitFor();
    await quiet(page);
    await show();
    await keep('life-cycle');
    await page.getByRole('link', { name: 'What belongs together' }).click();
    await page.locator('.node').nth(3).waitFor();
    await show();

    await page.getByRole('button', { name: /Restore point of 2026-01-02/ }).click();
    await page.getByRole('button', { name: 'Go back there' }).waitFor();
    await show();
    await page.getByRole('button', { name: 'Go back there' }).click();
    await isAt('2026-01-02');
    await page.locator('.node.here').getByText('Active').waitFor();
    await quiet(page);
    await show();

    await page.getByRole('link', { name: 'Trouble', exact: true }).click();
    await page.getByRole('switch', { name: /One request in four fails/ }).click();
    await page.getByRole('switch', { name: /Events come twice/ }).click();
    await page.getByRole('switch', { name: /Events come twice/, checked: true }).waitFor();
    for (let count = 0; count < 12; count += 1)
      await fetch(`${url()}/@larkfield/v1/products`, { headers: { authorization: 'Bearer any' } });
    await page
      .locator('.card.on')
      .getByText(/struck [1-9]/)
      .first()
      .waitFor();
    await page.mouse.move(SIZE.width / 2, SIZE.height - 1);
    await quiet(page);
    await keep('trouble');

    await page.getByRole('button', { name: 'Use the dark theme' }).click();
    await page.getByRole('link', { name: 'Stories', exact: true }).click();
    await page.getByRole('link', { name: /^Non-payment/ }).click();
    await page.getByLabel('Pace').selectOption('fast');
    await page.locator('main').getByRole('button', { name: 'Play', exact: true }).click();
    await page.locator('.step .state.good').nth(4).waitFor();
    await show();
    await keep('story');
    expect(complaints.items).toEqual([]);

    pictures.set('tour', animate(frames, SIZE));
    expect(await framesOf(page, pictures.get('tour') as Buffer)).toBe(frames.length);
    expect([...pictures.keys()].toSorted()).toEqual(NAMES.toSorted());
    const bytes = [...pictures.values()].reduce((sum, each) => sum + each.length, 0);
    expect(bytes).toBeLessThan(MOST_BYTES);
    if (process.env.PICTURES !== undefined) {
      mkdirSync(FOLDER, { recursive: true });
      for (const [name, image] of pictures) writeFileSync(`${FOLDER}/${name}.webp`, image);
    }
  });

  test('the README and docs/console.md show every picture that there is, and all together are small', () => {
    const shown = readFileSync('README.md', 'utf8') + readFileSync('docs/console.md', 'utf8');
    for (const name of NAMES) {
      expect(shown).toContain(`pictures/${name}.webp)`);
      expect(existsSync(`${FOLDER}/${name}.webp`), `${name}: npm run pictures makes it`).toBe(true);
    }
    const bytes = NAMES.reduce((sum, name) => sum + statSync(`${FOLDER}/${name}.webp`).size, 0);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });
});

/** In WebP, which Chromium takes by its debugger alone. */
async function picture(page: Page): Promise<Buffer> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 78 });
  await session.detach();
  return Buffer.from(data, 'base64');
}

/** What was said of the last thing done is gone by itself; a picture does without it. */
async function quiet(page: Page): Promise<void> {
  const dismiss = page.getByRole('button', { name: 'Dismiss' });
  if ((await dismiss.count()) > 0) await dismiss.click();
}

/** How many pictures a browser finds in an animation. */
async function framesOf(page: Page, image: Buffer): Promise<number> {
  return page.evaluate(async (text) => {
    const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const decoder = new ImageDecoder({ data, type: 'image/webp' });
    await decoder.completed;
    await decoder.tracks.ready;
    const count = decoder.tracks.selectedTrack?.frameCount ?? 0;
    // The last one is decoded, so that what is broken between is found.
    const { image: last } = await decoder.decode({ frameIndex: count - 1 });
    last.close();
    return count;
  }, image.toString('base64'));
}
