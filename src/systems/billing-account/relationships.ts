import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { Refusal } from '../../model/command.ts';
import type { Violation } from '../../model/schema.ts';
import { ACCOUNTS } from './collections.ts';
import { accountPolicy } from './policy.ts';

interface Relationship {
  readonly relationshipType?: unknown;
  readonly account?: { readonly id?: unknown };
}

/**
 * Refuses a relationship of an account to nobody, to itself, or in a ring: one contained in itself has no place, and who
 * pays for whoever pays for them pays nothing.
 */
export function checkRelationships(work: Work, after: Entity, before: Entity | undefined): void {
  if (after.accountRelationship === before?.accountRelationship) return;
  const violations: Violation[] = relationshipsOf(after).flatMap(({ relationshipType, account }, index) => {
    const id = account?.id;
    const why =
      id === after.id
        ? 'must be another account: none relates to itself'
        : work.get(ACCOUNTS, String(id)) === undefined
          ? `must be an account that exists, but there is no "${String(id)}"`
          : leadsTo(work, String(id), kindOf(work, relationshipType), after.id)
            ? `must not lead back: "${String(id)}" has such a relationship to this account`
            : undefined;
    return why === undefined
      ? []
      : [{ in: 'body', path: `/accountRelationship/${index}/account/id`, message: why } satisfies Violation];
  });
  if (violations.length === 0) return;
  throw new Refusal(
    400,
    'INVALID_RELATIONSHIP',
    'Failed to relate the billing account: it would relate to what it cannot. Correct what is listed.',
    { violations },
  );
}

/** The types that make one ring with this one: all by which somebody pays, or it alone. */
function kindOf(work: Work, type: unknown): readonly unknown[] {
  const { payerRelationships } = accountPolicy(work);
  return payerRelationships.includes(String(type)) ? payerRelationships : [type];
}

function leadsTo(work: Work, from: string, types: readonly unknown[], target: unknown): boolean {
  const waiting = [from];
  const seen = new Set(waiting);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const { relationshipType, account } of relationshipsOf(work.get(ACCOUNTS, id) ?? {})) {
      const next = String(account?.id);
      if (!types.includes(relationshipType) || seen.has(next)) continue;
      if (next === target) return true;
      seen.add(next);
      waiting.push(next);
    }
  }
  return false;
}

function relationshipsOf({ accountRelationship = [] }: Entity): readonly Relationship[] {
  return accountRelationship as readonly Relationship[];
}
