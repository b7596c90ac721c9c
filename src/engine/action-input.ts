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
  requireShape(work, input, { type: 'object', required: Object.keys(members), properties: members });
}

/**
 * Checks an action's input by a schema; refuses with 400 and names every violation.
 *
 * @example requireShape(work, input, { type: 'object', properties: { id: TEXT }, additionalProperties: false });
 */
export function requireShape(
  work: Pick<Work, 'registry'>,
  input: Readonly<Record<string, unknown>>,
  schema: Schema,
): void {
  const violations = work.registry.validation
    .check(schema)(input)
    .map((each) => ({ in: 'body' as const, ...each }));
  if (violations.length === 0) return;
  throw new Refusal(400, 'INVALID_REQUEST', 'Failed to run the action: its input is not valid. Mend what is listed.', {
    violations,
  });
}
