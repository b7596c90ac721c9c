import { type Expression, ExpressionError, parseExpression, shifted } from './expressions.ts';
import { isSameJson } from './json-values.ts';
import { evaluate, type Scope } from './scope.ts';

/** A condition of literals, operators and expressions, read. */
export type Condition =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'and' | 'or' | Comparison; readonly left: Condition; readonly right: Condition };

type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** Parentheses among them: what reads and tries a condition calls itself for each. */
const MOST_OPERATORS = 500;

/**
 * Reads a condition; throws an `ExpressionError` with the place where it cannot.
 *
 * @example parseCondition("$statusCode == 200 && $response.body#/status != 'Closed'")
 */
export function parseCondition(text: string): Condition {
  const tokens = tokenize(text);
  const surplus = tokens.filter(({ kind }) => kind === 'operator')[MOST_OPERATORS];
  if (surplus !== undefined) {
    throw new ExpressionError(
      `The condition has more than ${MOST_OPERATORS} operators.`,
      surplus.offset,
      'Split it into several criteria.',
    );
  }
  let at = 0;
  const peek = () => tokens[at];
  const take = (...kinds: readonly string[]) => {
    const token = peek();
    if (token === undefined || token.kind !== 'operator' || !kinds.includes(token.text)) return undefined;
    at += 1;
    return token.text;
  };
  const parseOr = (): Condition => {
    let left = parseAnd();
    while (take('||') !== undefined) left = { kind: 'or', left, right: parseAnd() };
    return left;
  };
  const parseAnd = (): Condition => {
    let left = parseComparison();
    while (take('&&') !== undefined) left = { kind: 'and', left, right: parseComparison() };
    return left;
  };
  const parseComparison = (): Condition => {
    const left = parseUnary();
    const operator = take('==', '!=', '<=', '>=', '<', '>') as Comparison | undefined;
    return operator === undefined ? left : { kind: operator, left, right: parseUnary() };
  };
  const parseUnary = (): Condition => {
    if (take('!') !== undefined) return { kind: 'not', of: parseUnary() };
    if (take('(') !== undefined) {
      const inside = parseOr();
      if (take(')') === undefined) {
        throw new ExpressionError('A parenthesis is not closed.', peek()?.offset ?? text.length, 'Close it with `)`.');
      }
      return inside;
    }
    const token = peek();
    if (token === undefined || token.kind === 'operator') {
      throw new ExpressionError(
        token === undefined ? 'The condition ends too early.' : `A value is missing before \`${token.text}\`.`,
        token?.offset ?? text.length,
        'Put an expression or a literal here.',
      );
    }
    at += 1;
    return token.condition;
  };
  const condition = parseOr();
  const left = peek();
  if (left !== undefined) {
    throw new ExpressionError(
      `\`${left.text}\` is not expected here.`,
      left.offset,
      'Join conditions with `&&` or `||`.',
    );
  }
  return condition;
}

/** Whether a condition holds in a scope. */
export function holds(condition: Condition, scope: Scope): boolean {
  return isTrue(operandOf(condition, scope));
}

/** The expressions of a condition, with what they stand for, to show why it failed. */
export function expressionsOfCondition(condition: Condition): readonly Expression[] {
  switch (condition.kind) {
    case 'literal':
      return [];
    case 'expression':
      return [condition.expression];
    case 'not':
      return expressionsOfCondition(condition.of);
    default:
      return [...expressionsOfCondition(condition.left), ...expressionsOfCondition(condition.right)];
  }
}

/**
 * Compares as Arazzo says: strings in any case, numeric strings as numbers where a number or an order is asked for,
 * `null` (and what is not there) equal to nothing but itself.
 *
 * @example compare('==', 'ACTIVE', 'active') // true
 */
function compare(operator: Comparison, a: unknown, b: unknown): boolean {
  const [left, right] = [a ?? null, b ?? null];
  if (operator === '!=') return !compare('==', left, right);
  if (left === null || right === null) return operator === '==' && left === right;
  if (operator === '==') return isEqual(left, right);
  const order = orderOf(left, right);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function isEqual(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') return left.toLowerCase() === right.toLowerCase();
  if (typeof left === 'number' || typeof right === 'number') {
    const [a, b] = [toNumber(left), toNumber(right)];
    return a !== undefined && a === b;
  }
  if (typeof left === 'boolean' || typeof right === 'boolean') {
    return String(left).toLowerCase() === String(right).toLowerCase();
  }
  return isSameJson(left, right);
}

function orderOf(left: unknown, right: unknown): number | undefined {
  const [a, b] = [toNumber(left), toNumber(right)];
  if (a !== undefined && b !== undefined) return a - b;
  if (typeof left !== 'string' || typeof right !== 'string') return undefined;
  const [x, y] = [left.toLowerCase(), right.toLowerCase()];
  return x < y ? -1 : x > y ? 1 : 0;
}

function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)) return undefined;
  return Number(value);
}

function isTrue(value: unknown): boolean {
  return value !== false && value !== null && value !== undefined && value !== 0 && value !== '';
}

function operandOf(condition: Condition, scope: Scope): unknown {
  switch (condition.kind) {
    case 'literal':
      return condition.value;
    case 'expression':
      return evaluate(condition.expression, scope);
    case 'not':
      return !isTrue(operandOf(condition.of, scope));
    case 'and':
      return isTrue(operandOf(condition.left, scope)) && isTrue(operandOf(condition.right, scope));
    case 'or':
      return isTrue(operandOf(condition.left, scope)) || isTrue(operandOf(condition.right, scope));
    default:
      return compare(condition.kind, operandOf(condition.left, scope), operandOf(condition.right, scope));
  }
}

type Token =
  | { readonly kind: 'operator'; readonly text: string; readonly offset: number }
  | { readonly kind: 'value'; readonly text: string; readonly offset: number; readonly condition: Condition };

const SPACE = /\s+/y;
const OPERATOR = /==|!=|<=|>=|&&|\|\||[<>!()]/y;
const STRING = /'(?:[^']|'')*'/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const WORD = /[A-Za-z_][\w.-]*/y;
/** Up to a space, an operator or a parenthesis; what stands in brackets belongs to it. */
const EXPRESSION = /\$(?:\['[^']*'\]|(?!==|!=|&&|\|\|)[^\s<>()])*/y;
const EMBEDDED = /\{(\$[^}]*)\}/y;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    const found = new RegExp(pattern.source, 'y');
    found.lastIndex = offset;
    return found.exec(text);
  };
  const push = (found: RegExpExecArray, condition: Condition) => {
    tokens.push({ kind: 'value', text: found[0], offset, condition });
    offset += found[0].length;
  };
  while (offset < text.length) {
    const space = match(SPACE);
    if (space !== null) {
      offset += space[0].length;
      continue;
    }
    const embedded = match(EMBEDDED) ?? match(EXPRESSION);
    if (embedded !== null) {
      const inside = embedded[1] ?? embedded[0];
      push(embedded, {
        kind: 'expression',
        expression: shifted(offset + (embedded[1] === undefined ? 0 : 1), () => parseExpression(inside)),
      });
      continue;
    }
    const string = match(STRING);
    const number = match(NUMBER);
    const word = match(WORD);
    const operator = match(OPERATOR);
    if (string !== null) push(string, { kind: 'literal', value: string[0].slice(1, -1).replaceAll("''", "'") });
    else if (number !== null) push(number, { kind: 'literal', value: Number(number[0]) });
    else if (word !== null) push(word, wordLiteral(word[0], offset));
    else if (operator !== null) {
      tokens.push({ kind: 'operator', text: operator[0], offset });
      offset += operator[0].length;
    } else throw unreadable(text, offset);
  }
  return tokens;
}

function wordLiteral(word: string, offset: number): Condition {
  if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
  if (word === 'null') return { kind: 'literal', value: null };
  throw new ExpressionError(`\`${word}\` is no value.`, offset, `Put a string between single quotes: \`'${word}'\`.`);
}

function unreadable(text: string, offset: number): ExpressionError {
  const rest = text.slice(offset);
  if (rest.startsWith('"')) {
    return new ExpressionError('A string stands between double quotes.', offset, "Use single quotes: `'text'`.");
  }
  if (rest.startsWith("'")) return new ExpressionError('A string is not closed.', offset, "Close it with `'`.");
  if (/^[=&|]/.test(rest)) {
    return new ExpressionError(`\`${rest[0]}\` is no operator.`, offset, `Did you mean \`${rest[0]}${rest[0]}\`?`);
  }
  return new ExpressionError(
    `\`${rest[0]}\` is not expected here.`,
    offset,
    'Use expressions, literals and operators only.',
  );
}
