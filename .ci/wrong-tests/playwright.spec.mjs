import { expect, test } from 'bss-simulator/playwright';

const PAGE = `<button>Sign up</button><p role="status"></p>
<script>
  document.querySelector('button').addEventListener('click', async () => {
    const { status } = await fetch('http://bss.example/v1/customers', {
      method: 'POST',
      headers: { authorization: 'Bearer page', 'content-type': 'application/json' },
      body: JSON.stringify({ customerType: 'Private', email: 'ada@example.com' }),
    });
    document.querySelector('p').textContent = status === 201 ? 'Welcome' : 'Sorry';
  });
</script>`;

test('a customer signs up', async ({ page }) => {
  await page.route('http://shop.example/', (route) => route.fulfill({ body: PAGE, contentType: 'text/html' }));
  await page.goto('http://shop.example/');
  await page.getByRole('button').click();
  // The answer may be long in coming on a machine that is busy.
  await expect(page.getByRole('status')).not.toBeEmpty({ timeout: 25_000 });
  await expect(page.getByRole('status')).toHaveText('Welcome', { timeout: 1_000 });
});
