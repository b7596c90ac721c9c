import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { writeFiles } from './temp-files.ts';

test.each([
  ['connectx/bss-api.openapi.yaml'],
  ['billing-account/billing-account.swagger.yaml'],
  ['connectx/bss-events.asyncapi.yaml'],
  ['aps-subscriptions/core-resource.aps.json'],
  ['macd/delete-order.schema.json'],
])('whatever stands in %s by mistake, it is a problem and no crash', async (file) => {
  const document: unknown = parse(readFileSync(`specs/${file}`, 'utf8'));
  const steps = fc.array(fc.nat(99), { minLength: 1, maxLength: 9 });
  const junk = fc.constantFrom(null, [], {}, 'junk', 7, true, [null], { $ref: 7 }, { $ref: '#/nowhere' });
  await fc.assert(
    fc.asyncProperty(steps, junk, async (way, value) => {
      const folder = writeFiles({ [`shop/${file.split('/')[1]}`]: replaced(document, way, value) });
      const { contracts, problems } = await loadContracts([folder]);
      expect(contracts.length + problems.length).toBeGreaterThan(0);
      for (const { line, column } of problems) expect(Math.min(line, column)).toBeGreaterThan(0);
    }),
    { numRuns: Number(process.env.RUNS ?? 15), seed: Number(process.env.SEED ?? 1) },
  );
});

/** A copy of a value in which the place that the steps lead to holds something else. */
function replaced(value: unknown, steps: readonly number[], by: unknown): unknown {
  if (typeof value !== 'object' || value === null || steps.length === 0) return by;
  const keys = Object.keys(value);
  const key = keys[(steps[0] ?? 0) % keys.length];
  if (key === undefined) return by;
  const member = replaced((value as Record<string, unknown>)[key], steps.slice(1), by);
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === key ? member : item));
  return { ...value, [key]: member };
}
