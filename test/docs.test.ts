import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { describeLifecycles, lifecyclesOf } from '../src/engine/lifecycle-document.ts';
import { ERROR_CODES } from '../src/errors.ts';
import { loadSystems } from '../src/operator/load-systems.ts';
import { STANDARD_MONTHLY_IN_ADVANCE } from '../src/systems/connectx/billing/policy.ts';

test('docs/lifecycles.md is what the engine enforces (npm run docs writes it)', async () => {
  const written = describeLifecycles(lifecyclesOf(await loadSystems()));
  await expect(written).toMatchFileSnapshot('../docs/lifecycles.md');
});

test('the table of the README is what the last run of the bench has found', async () => {
  const { withTable } = (await import('../bench/table.mjs' as string)) as {
    withTable(text: string, results: unknown): string;
  };
  const readme = readFileSync('README.md', 'utf8');
  expect(readme).toBe(withTable(readme, JSON.parse(readFileSync('bench/results.json', 'utf8'))));
});

test('docs/errors.md lists the codes that there are, with their exit codes', () => {
  const rows = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \| (\d) \|/gm)];
  expect(Object.fromEntries(rows.map(([, code, exit]) => [code, Number(exit)]))).toEqual(ERROR_CODES);
});

test('docs/policies.md names every value of the billing policy with its default', () => {
  const text = readFileSync('docs/policies.md', 'utf8');
  const { name, taxRates, ...values } = STANDARD_MONTHLY_IN_ADVANCE;
  expect(text).toContain(name);
  for (const [key, value] of Object.entries(values)) expect(text).toContain(`| \`${key}\` | ${value} |`);
  for (const [country, rate] of Object.entries(taxRates)) expect(text).toContain(`${country} ${rate}`);
});

test.each(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/errors.md', 'docs/policies.md'])(
  'every link of %s to a file leads somewhere',
  (file) => {
    const targets = [...readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
      ([, target]) => target ?? '',
    );
    for (const target of targets) expect(existsSync(join(dirname(file), target)), target).toBe(true);
  },
);

test('every file that ARCHITECTURE.md names exists', () => {
  const named = [
    ...readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/`((?:src|specs|test)\/[\w./-]+|\w+\/[\w./-]+\.ts)`/g),
  ];
  for (const [, file = ''] of named) {
    const candidates = [file, join('src', file)];
    expect(
      candidates.some((candidate) => existsSync(candidate)),
      file,
    ).toBe(true);
  }
});
