import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern, isPattern, type Pattern } from '../../../src/lib/patterns/pattern.ts';

/** The pattern; the test fails where there is none. */
function compiled(source: string): Pattern {
  const pattern = compilePattern(source);
  if (!isPattern(pattern)) throw new Error(pattern.message);
  return pattern;
}

const EVIL = `${'a'.repeat(100_000)}!`;

describe('time', () => {
  test.each([
    '^(a+)+$',
    '(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '^(a?){50}a{50}$',
    `${'a?'.repeat(26)}${'a'.repeat(26)}b`,
    '(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)(|a)b',
    'a*a*a*a*a*b',
    'a*b',
    '\\s*$x',
    '^(.*a){20}$',
    '^(\\w+\\s?)*$',
    '^([a-z0-9]+)*\\.$',
    '^(?=(a+)+$).*$',
    '^(?!(a+)+b)a',
    '^.*.*.*b$',
    '^(?:a{0,100}){0,100}b$',
    '^(a|b?|a?)*!c$',
  ])('%s is looked for in a hostile text at once', (source) => {
    const pattern = compilePattern(source);
    const before = performance.now();

    if (isPattern(pattern)) pattern.test(EVIL);

    expect(performance.now() - before).toBeLessThan(4_000);
  });

  test('what is left to V8 costs one step a character', () => {
    for (const source of [
      '^[a-z]+$',
      '^\\d{4}-\\d{2}$',
      '^[A-Z]{2,3}$',
      '^[A-Za-z0-9]+(-[a-z]+)*$',
      '^.{1,4000}$',
      '(abc|abd)',
    ])
      expect(compiled(source).weight).toBe(1);
  });
});

describe('the same texts as with V8', () => {
  test.each([
    ['^\\s+x+\\s*\\S*$', [' x', '\u00a0x', '\ufeffxy', 'x', ' \u2028x']],
    ['^.+.+$', ['ab', 'a\nb', 'a\u2028b', '\u{1f600}\u{1f600}', 'a']],
    ['.*\\bfoo\\b.*', ['a foo b', 'afoo', 'foo']],
    ['^[^\\w\\s]+[^a]*$', ['!!', 'a', '! a']],
    ['^(?=.*[A-Z])(?=.*\\d)(?!.*\\s).{8,}$', ['Abcdefg1', 'abcdefg1', 'Abcdefgh', 'Abc efg1', 'Ab1']],
    ['^[\\w-.]+.*$', ['a-b', '!']],
    ['^\\p{Lu}\\p{L}*.*$', ['Éa', 'éa']],
    ['^(?:a|)+b$', ['b', 'aab', 'c']],
    ['(?:)a*?b*$', ['', 'ab']],
    ['^\\u{1f600}.*x*$', ['\u{1f600}x', 'x']],
    ['^[^]*$.*', ['a\nb']],
    ['^a{1001,}.*$', ['a'.repeat(1000), 'a'.repeat(1001)]],
  ] as const)('%s', (source, texts) => {
    const pattern = compiled(source);

    for (const text of texts) expect([text, pattern.test(text)]).toEqual([text, native(source).test(text)]);
  });

  test('whatever the pattern and the text', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '.',
      '\\d',
      '\\s',
      '\\w',
      '\\W',
      '[ab]',
      '[^a]',
      '[a-c1]',
      '\\b',
      ' ',
      '1',
      '\\.',
    );
    const { pattern: patterns } = fc.letrec((tie) => ({
      pattern: fc
        .array(fc.oneof({ depthSize: 'small' }, atom, tie('repeated'), tie('group')), { maxLength: 4 })
        .map((parts) => parts.join('')),
      repeated: fc
        .tuple(
          fc.oneof(fc.constantFrom('a', '[ab]', '.', '\\w'), tie('group')),
          fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '*?', '{2,}'),
        )
        .map((parts) => parts.join('')),
      group: fc.array(tie('pattern'), { minLength: 1, maxLength: 3 }).map((parts) => `(${parts.join('|')})`),
    }));
    const anchored = fc
      .tuple(
        fc.constantFrom('', '^', '^(?=.*a)', '^(?!b+)'),
        patterns as fc.Arbitrary<string>,
        fc.constantFrom('', '$'),
      )
      .map((parts) => parts.join(''));
    const texts = fc.array(fc.constantFrom('a', 'b', 'c', '1', ' ', '.', '\n', '\u2028', 'é'), { maxLength: 8 });
    fc.assert(
      fc.property(anchored, texts, (source, parts) => {
        const text = parts.join('');
        expect(compiled(source).test(text)).toBe(native(source).test(text));
      }),
      { numRuns: 500, seed: 14 },
    );
  });
});

test('what conditions at the start repeat is counted for each of them, as each is looked for by itself', () => {
  const conditions = ['a', 'c', 'd', 'e', 'f'].map((letter) => `(?=(?:${letter}|${letter}b){0,400}x)`);
  expect(compiled(`^${conditions.join('')}.`).test('x')).toBe(true);
});

test.each([
  ['(a)\\1', 'unbounded'],
  ['a(?=b)', 'unbounded'],
  ['(?<=a)b+', 'unbounded'],
  ['(a{1000}){1000}', 'unbounded'],
  ['('.repeat(4_000) + 'a+'.repeat(2) + ')'.repeat(4_000), 'unbounded'],
  ['a'.repeat(10_001), 'unbounded'],
  ['a{1,5}'.repeat(1_600), 'unbounded'],
  // To make an automaton of it would take seconds.
  ['.{0,1000}'.repeat(1_100), 'unbounded'],
  ['[a', 'malformed'],
  ['*', 'malformed'],
  ['a{2,1}', 'malformed'],
])('%.30s is no pattern: %s', (source, mistake) => {
  expect(compilePattern(source)).toMatchObject({ mistake });
});

function native(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    return new RegExp(source);
  }
}
