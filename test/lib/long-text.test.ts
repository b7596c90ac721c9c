import { expect, test } from 'vitest';
import { LongText, piecesOf } from '../../src/lib/long-text.ts';

/** More than one piece, with a pair of surrogates wherever a piece may end. */
const LONG = `a${'😀'.repeat(300_000)}é`;

test('a text is the same in pieces', () => {
  expect([...piecesOf(LONG)].join('')).toBe(LONG);
  expect([...piecesOf(LONG)].length).toBeGreaterThan(2);
  expect([...piecesOf('')]).toEqual([]);
});

test('a text that is put together from many has all of them in order, and says its size', () => {
  const text = new LongText();
  for (let at = 0; at < 100_000; at += 1) text.add(`${at} é\n`);
  const whole = Array.from({ length: 100_000 }, (_, at) => `${at} é\n`).join('');

  expect(text.size).toBe(Buffer.byteLength(whole));
  expect(text.pieces().join('')).toBe(whole);
  expect(text.pieces().length).toBeGreaterThan(2);
  expect([text.isNarrow, LongText.of('plain').isNarrow]).toEqual([false, true]);
});
