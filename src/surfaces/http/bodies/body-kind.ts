import type { Operation } from '../../../model/operation.ts';
import type { Check, Schema, Validation, Violation } from '../../../model/schema.ts';
import type { SchemaResolver } from '../../../model/schema-resolver.ts';
import type { Typing } from '../typed-text.ts';

/** How a body of one media type is parsed and checked. */
export interface BodyKind {
  /** Takes a body apart first, where that cannot be done at once. */
  readonly unpack?: (bytes: Buffer) => Promise<readonly BodyPart[] | BodyProblem>;
  /** The value of a body, or of its parts; what is wrong with it goes to `report`. */
  parse(content: Buffer | readonly BodyPart[], report: ReportProblem): unknown;
  readonly check: Check;
}

/** One part of a body in several. */
export interface BodyPart {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bytes: Buffer;
}

/** Why a body could not be taken apart. */
export interface BodyProblem {
  readonly problem: string;
}

/** Takes a violation of the body at a JSON Pointer. */
export type ReportProblem = (path: string, message: string) => void;

/** What bodies of an operation are read with. */
export interface BodyContext {
  readonly operation: Operation;
  readonly schemas: SchemaResolver;
  readonly validation: Validation;
  readonly typingOf: (schema: Schema | undefined) => Typing;
}

/** Parsed, but so wrong that there is nothing to check. */
export const UNREADABLE = Symbol('unreadable');

export const NOTHING_WRONG: Check = () => [];

/** Hands what a parser reports on to the violations of a request. */
export function reportTo(violations: Violation[]): ReportProblem {
  return (path, message) => void violations.push({ in: 'body', path, message });
}
