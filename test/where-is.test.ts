import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const answers = [...readFileSync('docs/where-is.md', 'utf8').matchAll(/^\| (.+\?) \| `(.+)` \| `(.+)` \|$/gm)].map(
  ([, question = '', file = '', name = '']) => ({ question, file, name }),
);

test('docs/where-is.md answers at least thirty questions, each once', () => {
  expect(answers.length).toBeGreaterThanOrEqual(30);
  expect(new Set(answers.map(({ question }) => question)).size).toBe(answers.length);
});

test.each(answers)('$question $file defines $name', ({ file, name }) => {
  const text = readFileSync(file, 'utf8');
  const definition = new RegExp(
    `(?:class|function|interface|type|const|case) ${name}\\b|^  (?:async )?${name}(?:<[^>]*>)?\\(|^    ${name}\\(|'${name}'`,
    'm',
  );
  expect(text).toMatch(definition);
});
