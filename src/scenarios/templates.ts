import { jsonPathMistake, pointerKeys, queryJson } from '../lib/json-path.ts';
import {
  type Expression,
  ExpressionError,
  looksLikeExpression,
  parseExpression,
  parseText,
  shifted,
  type TextPiece,
} from './expressions.ts';
import { isRecord, valueAt } from './json-values.ts';
import { evaluate, type Scope, toText } from './scope.ts';

/** A value with expressions in it, read once and filled in for each run. */
export type Template =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'text'; readonly pieces: readonly TextPiece[] }
  | { readonly kind: 'selector'; readonly selector: Selector }
  | { readonly kind: 'array'; readonly items: readonly Template[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Template])[] };

/** A part of structured data: Arazzo 1.1's Selector Object. */
export interface Selector {
  readonly context: Expression;
  readonly selector: readonly TextPiece[];
  readonly type: 'jsonpath' | 'jsonpointer';
}

/** A mistake in a template: an `ExpressionError` with the keys that lead to its text. */
export interface TemplateMistake {
  readonly keys: readonly (string | number)[];
  readonly error: ExpressionError;
}

const XPATH_HINT = 'XPath is not supported: bodies are JSON here. Use `jsonpath` or `jsonpointer`.';

/**
 * Reads a value and reports every mistake in it. Selector objects count as such from Arazzo 1.1 on; before, an object
 * that looks like one is only an object.
 *
 * @example compileTemplate({ id: '$inputs.id', note: 'for {$inputs.name}' }, { hasSelectors: true }).template
 */
export function compileTemplate(
  value: unknown,
  { hasSelectors }: { readonly hasSelectors: boolean },
): { template: Template; mistakes: readonly TemplateMistake[] } {
  const mistakes: TemplateMistake[] = [];
  const compile = (part: unknown, keys: readonly (string | number)[]): Template => {
    if (typeof part === 'string')
      return tryTo(mistakes, keys, () => compileString(part)) ?? { kind: 'literal', value: part };
    if (Array.isArray(part))
      return { kind: 'array', items: part.map((item: unknown, index) => compile(item, [...keys, index])) };
    if (!isRecord(part)) return { kind: 'literal', value: part };
    if (hasSelectors && isSelector(part)) {
      const selector = compileSelector(part, keys, mistakes);
      return selector === undefined ? { kind: 'literal', value: undefined } : { kind: 'selector', selector };
    }
    return {
      kind: 'object',
      members: Object.entries(part).map(([key, member]) => [key, compile(member, [...keys, key])] as const),
    };
  };
  return { template: compile(value, []), mistakes };
}

/**
 * The value of a template in a scope. Members whose expression has no value are left out, so that optional inputs make
 * optional members.
 */
export function fill(template: Template, scope: Scope): unknown {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      return evaluate(template.expression, scope);
    case 'text':
      return fillText(template.pieces, scope);
    case 'selector':
      return select(template.selector, scope);
    case 'array':
      return template.items.map((item) => fill(item, scope) ?? null);
    case 'object':
      return Object.fromEntries(
        template.members.map(([key, member]) => [key, fill(member, scope)]).filter(([, value]) => value !== undefined),
      );
  }
}

/** A text with its expressions written out. */
export function fillText(pieces: readonly TextPiece[], scope: Scope): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : toText(evaluate(piece, scope)))).join('');
}

/** What a selector selects: the one value of a JSONPath that finds one, all of them where it finds several. */
function select({ context, selector, type }: Selector, scope: Scope): unknown {
  const value = evaluate(context, scope);
  const path = fillText(selector, scope);
  if (value === undefined) return undefined;
  if (type === 'jsonpointer') {
    const keys = pointerKeys(path);
    return keys === undefined ? undefined : valueAt(value, keys);
  }
  const found = queryJson(value, path);
  return found.length > 1 ? found : found[0];
}

/** All expressions in a template, for checks of what they name. */
export function expressionsOf(template: Template): readonly Expression[] {
  switch (template.kind) {
    case 'literal':
      return [];
    case 'expression':
      return [template.expression];
    case 'text':
      return expressionsIn(template.pieces);
    case 'selector':
      return [template.selector.context, ...expressionsIn(template.selector.selector)];
    case 'array':
      return template.items.flatMap(expressionsOf);
    case 'object':
      return template.members.flatMap(([, member]) => expressionsOf(member));
  }
}

export function expressionsIn(pieces: readonly TextPiece[]): readonly Expression[] {
  return pieces.filter((piece): piece is Expression => typeof piece !== 'string');
}

/** Reads the members of a selector object; the kind of selector, alone or with its version. */
export function selectorType(type: unknown): { name?: string; version?: string } {
  if (isRecord(type)) {
    return {
      ...(typeof type.type === 'string' && { name: type.type }),
      ...(typeof type.version === 'string' && { version: type.version }),
    };
  }
  return typeof type === 'string' ? { name: type } : {};
}

/** Why a kind of selector cannot be used, and what to do; `undefined` where it can. */
export function selectorMistake(
  type: unknown,
  allowed: readonly string[],
): { message: string; hint: string } | undefined {
  const { name, version } = selectorType(type);
  if (name === 'xpath') return { message: 'The type `xpath` is not supported.', hint: XPATH_HINT };
  if (name === undefined || !allowed.includes(name)) {
    return {
      message: `${name === undefined ? 'A type is missing' : `There is no type \`${name}\``}.`,
      hint: `Take one of ${allowed.join(', ')}.`,
    };
  }
  const supported = name === 'jsonpath' ? 'rfc9535' : name === 'jsonpointer' ? 'rfc6901' : undefined;
  if (isRecord(type) && version !== supported) {
    return {
      message: `The version \`${version ?? ''}\` of \`${name}\` is not supported.`,
      hint: `Take \`${supported ?? ''}\`.`,
    };
  }
  return undefined;
}

function compileString(text: string): Template {
  if (looksLikeExpression(text)) return { kind: 'expression', expression: parseExpression(text) };
  const pieces = parseText(text);
  return pieces.every((piece) => typeof piece === 'string')
    ? { kind: 'literal', value: text }
    : { kind: 'text', pieces };
}

function isSelector(value: Readonly<Record<string, unknown>>): boolean {
  return 'context' in value && 'selector' in value && 'type' in value;
}

function compileSelector(
  value: Readonly<Record<string, unknown>>,
  keys: readonly (string | number)[],
  mistakes: TemplateMistake[],
): Selector | undefined {
  const mistake = selectorMistake(value.type, ['jsonpath', 'jsonpointer']);
  if (mistake !== undefined) {
    mistakes.push({ keys: [...keys, 'type'], error: new ExpressionError(mistake.message, 0, mistake.hint) });
  }
  const context = tryTo(mistakes, [...keys, 'context'], () => parseExpression(String(value.context)));
  const text = String(value.selector);
  const selector = tryTo(mistakes, [...keys, 'selector'], () => {
    const pieces = parseText(text);
    const isConstant = pieces.every((piece) => typeof piece === 'string');
    const type = selectorType(value.type).name;
    const wrong = !isConstant
      ? undefined
      : type === 'jsonpath'
        ? jsonPathMistake(text)
        : type === 'jsonpointer' && pointerKeys(text) === undefined
          ? 'it does not begin with `/`'
          : undefined;
    if (wrong !== undefined)
      throw new ExpressionError(`\`${text}\` cannot be read: ${wrong}.`, 0, 'Correct the selector.');
    return pieces;
  });
  if (mistake !== undefined || context === undefined || selector === undefined) return undefined;
  return { context, selector, type: selectorType(value.type).name === 'jsonpath' ? 'jsonpath' : 'jsonpointer' };
}

function tryTo<T>(mistakes: TemplateMistake[], keys: readonly (string | number)[], read: () => T): T | undefined {
  try {
    return shifted(0, read);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    mistakes.push({ keys, error });
    return undefined;
  }
}
