import { Refusal } from '../model/command.ts';
import type { Schema } from '../model/schema.ts';
import type { Work } from './state/work.ts';

/** A text that is not empty, for the ids that actions take. */
export const TEXT: Schema = { type: 'string', minLength: 1 };

/**
 * The schema of an action's input; every member named must be there, but for those whose names end in `?`.
 *
 * @example inputOf({ invoiceId: TEXT, amount: { type: 'number' }, 'note?': TEXT })
 */
export function inputOf(members: Readonly<Record<string, Schema>>): Schema {
  const entries = Object.entries(members);
  return {
    type: 'object',
    required: entries.map(([name]) => name).filter((name) => !name.endsWith('?')),
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
  };
}

/** Checks an action's input by a schema; refuses with 400 and names every violation. */
function requireShape(work: Pick<Work, 'registry'>, input: Readonly<Record<string, unknown>>, schema: Schema): void {
  const violations = work.registry.validation
    .check(schema)(input)
    .map((each) => ({ in: 'body' as const, ...each }));
  if (violations.length === 0) return;
  throw new Refusal(400, 'INVALID_REQUEST', 'Failed to run the action: its input is not valid. Mend what is listed.', {
    violations,
  });
}

/**
 * Runs an action as a client asks for it; refuses with 400 an input that it does not take.
 *
 * @example requestAction(work, 'shop', 'close-order', { orderId: 'ORD-1' });
 */
export function requestAction(
  work: Work,
  system: string,
  name: string,
  input: Readonly<Record<string, unknown>>,
): unknown {
  const described = work.registry.actions.find((each) => each.system === system && each.name === name);
  if (described !== undefined) requireShape(work, input, described.input);
  return work.perform(system, name, input);
}
