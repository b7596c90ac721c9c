import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inferResources } from '../../src/contracts/infer-resources.ts';
import type { Binding } from '../../src/model/resource.ts';
import { madeContracts } from './random-contracts.ts';

test('whatever the nesting, envelopes, ids and styles of a contract: what it means is inferred', () => {
  fc.assert(
    fc.property(madeContracts, ({ contract, truths }) => {
      const [inferred] = inferResources([contract]);
      const found = (inferred?.resources ?? []).map(
        ({ collectionPath, itemPath, idProperty, operations, scope, bindings = [], list }) => ({
          collectionPath,
          itemPath,
          idProperty,
          answer: bindings.find(({ role }) => role === 'read')?.answer?.path,
          request: bindings.find(({ role }) => role === 'create' || role === 'replace')?.request,
          items: list?.items ?? [],
          each: list?.each ?? [],
          ...movesOf(bindings),
          operations,
          scope: scope?.length ?? 0,
        }),
      );
      expect(found).toEqual(truths);
    }),
    { numRuns: 400 },
  );
});

test('every role of a resource says by which clue it was inferred', () => {
  fc.assert(
    fc.property(madeContracts, ({ contract }) => {
      const bindings = inferResources([contract]).flatMap(({ resources }) =>
        resources.flatMap((each) => each.bindings ?? []),
      );
      expect(bindings.filter(({ clue }) => clue.trim().split(' ').length < 4)).toEqual([]);
      expect(new Set(bindings.map(({ operation }) => operation)).size).toBe(bindings.length);
    }),
    { numRuns: 50 },
  );
});

function movesOf(bindings: readonly Binding[]) {
  const move = bindings.find(({ role }) => role === 'act')?.move;
  return move === undefined ? {} : { moves: move.to };
}
