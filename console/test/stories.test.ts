import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeConsole } from './setup.ts';

const folder = mkdtempSync(join(tmpdir(), 'console-stories-'));
const contract = join(process.cwd(), 'specs/connectx/bss-api.openapi.yaml');
writeFileSync(
  join(folder, 'wrong.arazzo.yaml'),
  `arazzo: 1.1.0
info: { title: A story that is wrong, version: 1.0.0, description: It expects a customer who is not there. }
sourceDescriptions:
  - { name: bss, url: ${contract}, type: openapi }
workflows:
  - workflowId: wrong
    steps:
      - stepId: list
        description: There are customers.
        operationId: $sourceDescriptions.bss.listCustomers
        successCriteria: [{ condition: $statusCode == 200 }]
      - stepId: read
        description: One of them is called nobody.
        operationId: $sourceDescriptions.bss.getCustomer
        parameters: [{ name: customerId, in: path, value: nobody }]
        successCriteria: [{ condition: $statusCode == 200 }]
`,
);

describeConsole(
  'stories',
  ({ open }) => {
    test('one is played step by step, told in large type, with what each step showed', async () => {
      const { page, complaints } = await open('play/stories');
      await page.getByRole('link', { name: /^Non-payment/ }).click();
      await page.getByLabel('Pace').selectOption('at once');
      await page.locator('main').getByRole('button', { name: 'Play', exact: true }).click();
      await page.locator('.narration').filter({ hasText: 'The end.' }).waitFor();
      const size = await page.locator('.narration').evaluate((element) => getComputedStyle(element).fontSize);
      expect(Number.parseFloat(size)).toBeGreaterThanOrEqual(28);
      await expect.poll(() => page.locator('.step .state.good').count()).toBe(12);
      await page.getByRole('button', { name: /Order in vain/ }).click();
      await page.locator('.step-detail').getByText('409').first().waitFor();
      await page.getByRole('link', { name: 'Open its world' }).click();
      await page
        .getByRole('option', { name: /subscription\/suspended/ })
        .first()
        .waitFor();
      expect(complaints.items).toEqual([]);
    });

    test('at a readable pace a step stands long enough to be read, and a click stops it', async () => {
      const { page } = await open('slow/stories');
      await page.getByRole('link', { name: /^Chargeback/ }).click();
      await page.locator('main').getByRole('button', { name: 'Play', exact: true }).click();
      await page.locator('.narration').filter({ hasText: 'A customer joins' }).waitFor();
      await page.locator('.narration').filter({ hasText: 'The first bill comes' }).waitFor();
      await page.getByRole('button', { name: 'Stop', exact: true }).last().click();
      await page.getByRole('button', { name: 'Play again' }).waitFor();
      expect(await page.locator('.step .state.good').count()).toBeLessThan(10);
    });

    test('one that fails opens at its step, and says why', async () => {
      const { page } = await open('fails/stories');
      await page.getByLabel('Find a story').fill('wrong');
      await page.getByRole('link', { name: /^A story that is wrong/ }).click();
      await page.getByLabel('Pace').selectOption('at once');
      await page.locator('main').getByRole('button', { name: 'Play', exact: true }).click();
      await page.locator('.step-detail .violation').waitFor();
      await page.locator('.narration').filter({ hasText: 'One of them is called nobody.' }).waitFor();
      await page.locator('.step-detail').getByText('404').first().waitFor();
    });

    test('the guided tour leads to its four stories', async () => {
      const { page } = await open('guided/tour');
      const titles = ['A customer’s year', 'The unpaid bill', 'An order with a failing callback', 'The chargeback'];
      for (const title of titles) {
        await page.getByRole('listitem').filter({ hasText: title }).getByRole('link', { name: 'Watch it' }).click();
        await page.locator('main').getByRole('button', { name: 'Play', exact: true }).waitFor();
        await page.goBack();
      }
    });
  },
  '--stories',
  folder,
);
