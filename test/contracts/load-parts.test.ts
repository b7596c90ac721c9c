import { expect, test } from 'vitest';
import { LoadReader, linesOf } from '../../src/contracts/load-parts.ts';
import type { Contract } from '../../src/model/contract.ts';
import { contractOf } from './contract-builder.ts';

const long = 'Grüße, 世界. '.repeat(15_000);
const contract: Contract = {
  ...contractOf({ operations: { 'GET /shops': {}, 'GET /shops/{id}': {} } }),
  // A name like any other, to documents.
  $defs: JSON.parse(
    JSON.stringify({ A: { description: long }, ['__proto__']: { title: 'P' }, B: { description: long } }),
  ),
};

function read(lines: readonly string[]) {
  const reader = new LoadReader<{ readonly isThorough: boolean }>();
  for (const line of lines) reader.add(line);
  return reader.load;
}

test('what is written in several lines is read as it was', () => {
  const contracts = [contract, { ...contract, name: 'other', operations: [], $defs: {} }];
  const lines = [...linesOf(contracts, { isThorough: true })];

  expect(lines.length).toBeGreaterThan(1);
  expect(read(lines)).toEqual(JSON.parse(JSON.stringify({ contracts, isThorough: true })));
  expect(Object.keys(read(lines)?.contracts[0]?.$defs ?? {})).toEqual(['A', '__proto__', 'B']);
});

test('what ends between two lines is no load', () => {
  const lines = [...linesOf([contract], {})];

  expect(read(lines.slice(0, -1))).toBeUndefined();
  expect(read([])).toBeUndefined();
});
