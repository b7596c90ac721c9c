import { isObject } from '../lib/json-object.ts';
import { pointerTo } from '../lib/json-pointer.ts';
import type { Schema, Violation } from '../model/schema.ts';

/** One error of one keyword, as the validator finds it. */
export interface SchemaError {
  readonly keyword: string;
  /** JSON Pointer of the value that the keyword looked at. */
  readonly pointer: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message: string;
  /** The value of the keyword in the schema. */
  readonly schema: unknown;
  readonly value: unknown;
  /** Whether it is the name of a property, and not a value, that was looked at. */
  readonly isAboutName: boolean;
}

type BodyViolation = Omit<Violation, 'in'>;
type ErrorsOfBranch = (branch: Schema, value: unknown) => readonly SchemaError[];

/** Alternatives in alternatives are explained down to this depth: deeper explanations do not help, and a hostile value would make them costly. */
const DEEPEST_EXPLANATION = 5;

/**
 * Turns errors into violations a person can act on: one for each place and cause, and for a failed choice only what
 * the branch that was meant has to say.
 *
 * @example
 * toViolations(errors, (branch, value) => validateBranch(branch, value)); // [{ path: '/email', message: 'is required' }]
 */
export function toViolations(errors: readonly SchemaError[], errorsOfBranch: ErrorsOfBranch): readonly BodyViolation[] {
  return explain(errors, errorsOfBranch, 0);
}

function explain(
  errors: readonly SchemaError[],
  errorsOfBranch: ErrorsOfBranch,
  depth: number,
): readonly BodyViolation[] {
  const violations: BodyViolation[] = [];
  let remaining = errors.length;
  // From the back, because a choice's own error follows those of its branches, and says how many those are.
  while (remaining > 0) {
    remaining -= 1;
    const error = errors[remaining];
    // `if` only sums up what its `then` or `else` says; for names `propertyNames` sums up.
    if (error === undefined || error.keyword === 'if' || error.isAboutName) continue;
    if (isChoice(error)) {
      const branches = error.schema.map((branch) => errorsOfBranch(branch, error.value));
      remaining -= branches.reduce((sum, branch) => sum + branch.length, 0);
      for (const each of explainChoice(error, branches, errorsOfBranch, depth).toReversed()) violations.push(each);
    } else {
      violations.push({ path: pathOf(error), message: messageOf(error) });
    }
  }
  return distinct(violations.toReversed());
}

function isChoice(error: SchemaError): error is SchemaError & { readonly schema: readonly Schema[] } {
  return (error.keyword === 'anyOf' || error.keyword === 'oneOf') && Array.isArray(error.schema);
}

function explainChoice(
  error: SchemaError,
  branches: readonly (readonly SchemaError[])[],
  errorsOfBranch: ErrorsOfBranch,
  depth: number,
): readonly BodyViolation[] {
  const matching = branches.flatMap((branch, index) => (branch.length === 0 ? [index + 1] : []));
  if (matching.length > 0) {
    const message = `must match exactly one of ${branches.length} alternatives, but matches number ${matching.join(' and ')}`;
    return [{ path: error.pointer, message }];
  }

  const types = branches.map((branch) => (branch.length === 1 && branch[0] ? typeNamed(branch[0]) : undefined));
  if (types.every((type) => type !== undefined)) {
    return [{ path: error.pointer, message: `must be ${listed([...new Set(types)], 'or')}` }];
  }

  const summary = { path: error.pointer, message: `must match one of ${branches.length} alternatives` };
  if (depth >= DEEPEST_EXPLANATION) return [summary];

  const closest = closestOf(branches);
  const explained = closest.flatMap((branch) =>
    explain(
      branch.map((each) => ({ ...each, pointer: error.pointer + each.pointer })),
      errorsOfBranch,
      depth + 1,
    ),
  );
  return closest.length === 1 ? explained : [summary, ...explained];
}

/**
 * The branches that were most likely meant: those with the fewest errors that say "this is another kind of thing" (a
 * wrong constant, a wrong type of the whole).
 */
function closestOf(branches: readonly (readonly SchemaError[])[]): readonly (readonly SchemaError[])[] {
  const misses = branches.map(
    (branch) =>
      branch.filter(
        ({ keyword, pointer }) => keyword === 'const' || keyword === 'enum' || (keyword === 'type' && pointer === ''),
      ).length,
  );
  const fewest = Math.min(...misses);
  return branches.filter((_, index) => misses[index] === fewest);
}

function typeNamed(error: SchemaError): string | undefined {
  return error.keyword === 'type' && error.pointer === '' ? listed([error.schema].flat(), 'or') : undefined;
}

/** For a member that is missing or too much, its own pointer and not that of the object. */
function pathOf({ pointer, params }: SchemaError): string {
  const member =
    params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty ?? params.propertyName;
  const path = typeof member === 'string' ? pointerTo(pointer, member) : pointer;
  // Names are the client's, and each is told as often as there are violations below it.
  return path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path;
}

/** Characters of a path that are told. */
const LONGEST_PATH = 1_000;

function messageOf({ keyword, params, message, schema }: SchemaError): string {
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'dependentRequired':
    case 'dependencies':
      return `is required where ${JSON.stringify(params.property)} is present`;
    case 'propertyNames':
      return `has a name that is not allowed here${namesIn(schema)}`;
    case 'additionalProperties':
    case 'unevaluatedProperties':
    case 'false schema':
      return 'is not allowed here';
    case 'enum':
      return `must be one of ${listed(
        [schema].flat().map((value) => JSON.stringify(value)),
        'or',
      )}`;
    case 'const':
      return `must be ${JSON.stringify(schema)}`;
    case 'type':
      return `must be ${listed([schema].flat(), 'or')}`;
    default:
      return message;
  }
}

/** Which names are allowed, where they are listed. */
function namesIn(schema: unknown): string {
  const names = isObject(schema) && Array.isArray(schema.enum) ? schema.enum : [];
  return names.length === 0 ? '' : `: must be ${listed(names, 'or')}`;
}

function listed(words: readonly unknown[], conjunction: string): string {
  const last = String(words.at(-1));
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}

function distinct(violations: readonly BodyViolation[]): readonly BodyViolation[] {
  return [...new Map(violations.map((each) => [`${each.path} ${each.message}`, each])).values()];
}
