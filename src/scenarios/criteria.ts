import { jsonPathMistake, queryJson } from '../lib/json-path.ts';
import { compilePattern, isPattern, type Pattern } from '../lib/patterns/pattern.ts';
import { type Expression, ExpressionError, parseExpression, parseText, type TextPiece } from './expressions.ts';
import { evaluate, type Scope, toText } from './scope.ts';
import { type Condition, expressionsOfCondition, holds, parseCondition } from './simple-condition.ts';
import { expressionsIn, fillText, selectorMistake, selectorType } from './templates.ts';

/** One assertion: a Criterion Object, read. */
export type Criterion = { readonly text: string } & (
  | { readonly type: 'simple'; readonly condition: Condition }
  | { readonly type: 'regex' | 'jsonpath'; readonly context: Expression; readonly pieces: readonly TextPiece[] }
);

/** How a criterion came out, and what it saw. */
export interface CriterionResult {
  readonly text: string;
  readonly passed: boolean;
  /** The value of each expression in it, by its text. */
  readonly seen: Readonly<Record<string, unknown>>;
  /** Why it could not be evaluated, where it could not. */
  readonly error?: string;
}

/** A mistake in a criterion: which of its members, and what is wrong there. */
export class CriterionError extends Error {
  readonly member: 'condition' | 'context' | 'type';
  readonly mistake: ExpressionError;

  constructor(member: 'condition' | 'context' | 'type', mistake: ExpressionError) {
    super(mistake.message);
    this.name = 'CriterionError';
    this.member = member;
    this.mistake = mistake;
  }
}

/**
 * Reads a criterion; throws a `CriterionError` for the first mistake in it.
 *
 * @example compileCriterion({ condition: '$statusCode == 200' })
 */
export function compileCriterion(source: {
  readonly condition: string;
  readonly context?: unknown;
  readonly type?: unknown;
}): Criterion {
  const { condition: text, context, type } = source;
  const kind = type === undefined ? 'simple' : selectorType(type).name;
  if (kind === 'simple' && typeof type !== 'object') {
    return { type: 'simple', text, condition: at('condition', () => parseCondition(text)) };
  }
  const mistake = selectorMistake(type, ['simple', 'regex', 'jsonpath']);
  if (mistake !== undefined) throw new CriterionError('type', new ExpressionError(mistake.message, 0, mistake.hint));
  if (typeof context !== 'string') {
    throw new CriterionError(
      context === undefined ? 'condition' : 'context',
      new ExpressionError(
        `A \`${kind}\` criterion needs a \`context\`.`,
        0,
        'Add one, for example `context: $response.body`.',
      ),
    );
  }
  const root = at('context', () => parseExpression(context));
  const pieces = at('condition', () => {
    const read = parseText(text);
    if (read.every((piece) => typeof piece === 'string')) mustBeReadable(kind, text);
    return read;
  });
  return { type: kind === 'regex' ? 'regex' : 'jsonpath', text, context: root, pieces };
}

/** Tries a criterion. What cannot be evaluated has failed, and says why. */
export function tryCriterion(criterion: Criterion, scope: Scope): CriterionResult {
  const seen = Object.fromEntries(
    expressionsOfCriterion(criterion).map((expression) => [expression.text, evaluate(expression, scope)]),
  );
  try {
    return { text: criterion.text, passed: isMet(criterion, scope), seen };
  } catch (error) {
    return { text: criterion.text, passed: false, seen, error: error instanceof Error ? error.message : String(error) };
  }
}

export function expressionsOfCriterion(criterion: Criterion): readonly Expression[] {
  if (criterion.type === 'simple') return expressionsOfCondition(criterion.condition);
  return [criterion.context, ...expressionsIn(criterion.pieces)];
}

function isMet(criterion: Criterion, scope: Scope): boolean {
  if (criterion.type === 'simple') return holds(criterion.condition, scope);
  const value = evaluate(criterion.context, scope);
  if (value === undefined || value === null) return false;
  const text = fillText(criterion.pieces, scope);
  if (criterion.type === 'regex') return patternOf(text).test(toText(value));
  return isSelected(value, text);
}

/**
 * The specification's own examples also write a bare comparison (`$.status == 'accepted'`), which RFC 9535 does not
 * know as a query: it is asked as a filter on the whole.
 */
function isSelected(value: unknown, path: string): boolean {
  if (jsonPathMistake(path) === undefined) return queryJson(value, path).length > 0;
  return queryJson([value], asFilter(path)).length > 0;
}

function asFilter(path: string): string {
  return `$[?${path.replace(/^\$/, '@')}]`;
}

function mustBeReadable(kind: string | undefined, text: string): void {
  if (kind === 'regex') {
    patternOf(text);
    return;
  }
  const mistake = jsonPathMistake(text);
  if (mistake !== undefined && jsonPathMistake(asFilter(text)) !== undefined) {
    throw new ExpressionError(
      `The JSONPath \`${text}\` cannot be read: ${mistake}`,
      0,
      'Write it as RFC 9535 has it, for example `$[?@.id == 1]`.',
    );
  }
}

/** A pattern that is looked for in linear time. */
function patternOf(source: string): Pattern {
  const pattern = compilePattern(source);
  if (isPattern(pattern)) return pattern;
  throw new ExpressionError(`The regular expression cannot be read: it ${pattern.message}.`, 0, 'Correct it.');
}

function at<T>(member: 'condition' | 'context', read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ExpressionError) throw new CriterionError(member, error);
    throw error;
  }
}
