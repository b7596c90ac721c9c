import { Refusal } from '../model/command.ts';
import type { Schema } from '../model/schema.ts';
import type { Work } from './state/work.ts';

/** A text that is not empty, for the ids that actions take. */
export const TEXT: Schema = { type: 'string', minLength: 1 };

/**
 * Checks an action's input, of which every member named must be there; refuses with 400 and names every violation.
 *
 * @example requireInput(work, input, { invoiceId: TEXT, amount: { type: 'number' } });
 */
export function requireInput(
  work: Pick<Work, 'registry'>,
  input: Readonly<Record<string, unknown>>,
  members: Readonly<Record<string, Schema>>,
): void {
  const check = work.registry.validation.check({ type: 'object', required: Object.keys(members), properties: members });
  const violations = check(input).map((violation) => ({ in: 'body' as const, ...violation }));
  if (violations.length === 0) return;
  throw new Refusal(400, 'INVALID_REQUEST', 'Failed to run the action: its input is not valid. Mend what is listed.', {
    violations,
  });
}
