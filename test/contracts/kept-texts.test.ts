import { expect, test } from 'vitest';
import { keepTexts } from '../../src/contracts/kept-texts.ts';

test('a large text is given back as it was, a small one is kept as it is', async () => {
  const large = 'Grüße, 世界 🚢\n'.repeat(100_000);
  const kept = await keepTexts({ 'shop/large': large, 'shop/small': 'a: 1' });

  expect(Object.keys(kept)).toEqual(['shop/large', 'shop/small']);
  expect(kept['shop/large'] === large).toBe(true);
  expect(kept['shop/small']).toBe('a: 1');
  // Whoever keeps worlds tells contracts from others by all that they say.
  expect(JSON.parse(JSON.stringify(kept))['shop/large'] === large).toBe(true);
});
