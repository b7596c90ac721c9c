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

test('what is left of a text is added in turns, or at once where somebody asks for all of it', async () => {
  function* parts(): Generator<string, void, undefined> {
    for (let at = 0; at < 10_000; at += 1) yield `${at} é\n`;
  }
  const whole = [...parts()].join('');
  const [inTurns, atOnce] = [new LongText(parts()), new LongText(parts())];
  for (const text of [inTurns, atOnce]) text.addSome(1_000);
  expect(inTurns.isWhole).toBe(false);

  let turns = 0;
  await inTurns.complete(async function* (pieces) {
    for (const piece of pieces) {
      turns += 1;
      yield piece;
    }
  });
  expect([turns > 9_000, inTurns.isWhole]).toEqual([true, true]);
  for (const text of [inTurns, atOnce]) {
    expect(text.size).toBe(Buffer.byteLength(whole));
    expect(text.pieces().join('')).toBe(whole);
  }
});
