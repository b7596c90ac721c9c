import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { readText } from '../../src/contracts/read-text.ts';
import { writeFiles } from './temp-files.ts';

const LARGE = 'Grüße, 世界 🚢\n'.repeat(100_000);

test('a large text is given back as it was, also in UTF-16, and so is a small one', () => {
  const folder = writeFiles({ 'large.yaml': LARGE, 'small.yaml': 'a: 1' });
  writeFileSync(join(folder, 'wide.yaml'), Buffer.from(`\ufeff${LARGE}`, 'utf16le'));
  const read = (name: string) => readText(join(folder, name));
  const large = read('large.yaml');

  expect(large.text === LARGE).toBe(true);
  expect(large.text === LARGE).toBe(true);
  expect(large.size).toBe(Buffer.byteLength(LARGE));
  expect(read('wide.yaml').text === LARGE).toBe(true);
  expect(read('small.yaml').text).toBe('a: 1');
});

test('the text of a large contract is told from others, as those who keep worlds do', async () => {
  const text = JSON.stringify({
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    description: LARGE,
  });
  const { documents } = await loadContracts([writeFiles({ 'shop/a.schema.json': text })]);

  expect(Object.keys(documents)).toEqual(['shop/a']);
  expect(JSON.parse(JSON.stringify(documents))['shop/a'] === text).toBe(true);
});
