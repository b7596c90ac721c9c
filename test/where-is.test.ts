import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const answers = [...readFileSync('docs/where-is.md', 'utf8').matchAll(/^\| (.+\?) \| `(.+)` \| `(.+)` \|$/gm)].map(
  ([, question = '', file = '', name = '']) => ({ question, file, name }),
);

test('docs/where-is.md answers thirty-two questions, each once', () => {
  expect(new Set(answers.map(({ question }) => question)).size).toBe(32);
  expect(answers).toHaveLength(32);
});

test.each(answers)('$question $file defines $name', ({ file, name }) => {
  const text = readFileSync(file, 'utf8');
  const definition = new RegExp(
    `(?:class|function|interface|type|const|case) ${name}\\b|^  (?:async )?${name}(?:<[^>]*>)?\\(|^    ${name}\\(|'${name}'`,
    'm',
  );
  expect(text).toMatch(definition);
});
