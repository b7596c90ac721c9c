import { type Command, Refusal } from '../../model/command.ts';

/**
 * The members of a request's body; none where there is no body. The contract has been checked before, so this only
 * gives the body its type.
 */
export function bodyOf(command: Pick<Command, 'body'>): Readonly<Record<string, unknown>> {
  return isRecord(command.body) ? command.body : {};
}

/** Whether a value is an object with members, and no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A path parameter of the request. */
export function pathOf(command: Pick<Command, 'path'>, name: string): string {
  return command.path[name] ?? '';
}

/** The refusal of one member of a body. */
export function invalidMember(path: string, message: string, sentence: string): Refusal {
  return new Refusal(400, 'INVALID_REQUEST', sentence, { violations: [{ in: 'body', path, message }] });
}
