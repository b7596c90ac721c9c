import type { SystemDefinition } from '../system.ts';
import { lifecyclesOf } from './lifecycle-document.ts';

/** The moves of all life cycles, as `<system>/<Resource> <from> -> <to>`, none of them made yet. */
export function unmadeMoves(systems: readonly SystemDefinition[]): Map<string, boolean> {
  const moves = lifecyclesOf(systems).flatMap(({ collection, lifecycle }) =>
    lifecycle.moves.map(({ from, to }) => `${collection} ${from} -> ${to}`),
  );
  return new Map(moves.map((move) => [move, false]));
}
