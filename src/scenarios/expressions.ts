/** A runtime expression of Arazzo, read: what its text means, before anything is known of a run. */
export type Expression = {
  /** As it was written, for messages. */
  readonly text: string;
  /** Steps from the value named to a part of it: a JSON Pointer, or dots and brackets. */
  readonly tail: readonly string[];
} & ExpressionTarget;

export type ExpressionTarget =
  | { readonly kind: 'url' | 'method' | 'statusCode' | 'self' }
  | {
      readonly kind: 'exchange';
      readonly of: 'request' | 'response' | 'message';
      readonly part: 'header' | 'query' | 'path' | 'body' | 'payload';
      /** Of the header or parameter; `body` and `payload` have none. */
      readonly name?: string;
    }
  | { readonly kind: 'inputs' | 'outputs'; readonly name?: string }
  | { readonly kind: 'step'; readonly stepId: string; readonly name?: string }
  | {
      readonly kind: 'workflow';
      readonly workflowId: string;
      readonly field: 'inputs' | 'outputs' | 'steps';
      readonly stepId?: string;
      readonly name?: string;
    }
  | { readonly kind: 'source'; readonly source: string; readonly reference: string }
  | { readonly kind: 'component'; readonly type: string; readonly name: string };

/** What is wrong with an expression or condition, and where in its text, counted from 0. */
export class ExpressionError extends Error {
  readonly offset: number;
  readonly hint: string;

  constructor(message: string, offset: number, hint: string) {
    super(message);
    this.name = 'ExpressionError';
    this.offset = offset;
    this.hint = hint;
  }
}

/** A text with expressions between braces, in pieces. */
export type TextPiece = string | Expression;

const ROOTS = [
  ...['url', 'method', 'statusCode', 'self', 'request', 'response', 'message'],
  ...['inputs', 'outputs', 'steps', 'workflows', 'sourceDescriptions', 'components'],
];

/**
 * Whether a text is meant as an expression, well written or not: `$inputs.a` is, a price of `$5` is not.
 *
 * @example looksLikeExpression('$steps.a.outputs.b') // true
 */
export function looksLikeExpression(text: string): boolean {
  const root = /^\$([A-Za-z]+)(?=$|[.#[])/.exec(text)?.[1];
  return root !== undefined && ROOTS.includes(root);
}

/**
 * Reads one runtime expression; throws an `ExpressionError` where it is none.
 *
 * Beyond the grammar of Arazzo 1.1 it takes what the specification's own examples use: properties by dots and brackets
 * below bodies, payloads, inputs and outputs, and whole maps (`$steps.a.outputs`).
 *
 * @example parseExpression('$response.body#/items/0/id').tail // ['items', '0', 'id']
 */
export function parseExpression(text: string): Expression {
  const match = /^\$([A-Za-z]*)/.exec(text);
  if (match === null) {
    throw new ExpressionError(
      `\`${text}\` is no runtime expression.`,
      0,
      'Begin it with `$`, for example `$inputs.name`.',
    );
  }
  const root = match[1] ?? '';
  const cursor = new Cursor(text, match[0].length);
  switch (root) {
    case 'url':
    case 'method':
    case 'statusCode':
    case 'self':
      cursor.mustEnd();
      return { text, kind: root, tail: [] };
    case 'request':
    case 'response':
    case 'message':
      return parseExchange(cursor, root);
    case 'inputs':
    case 'outputs':
      return { text, kind: root, ...parseNameAndTail(cursor) };
    case 'steps': {
      const stepId = cursor.member('the id of a step');
      cursor.keyword('outputs');
      return { text, kind: 'step', stepId, ...parseNameAndTail(cursor) };
    }
    case 'workflows':
      return parseWorkflow(cursor);
    case 'sourceDescriptions': {
      const source = cursor.member('the name of a source description');
      cursor.dot('an operationId, a workflowId or a field such as `url`');
      return {
        text,
        kind: 'source',
        source,
        reference: cursor.rest('an operationId, a workflowId or a field'),
        tail: [],
      };
    }
    case 'components': {
      const type = cursor.member('`parameters`, `successActions` or `failureActions`');
      cursor.dot('the name of a component');
      return { text, kind: 'component', type, name: cursor.rest('the name of a component'), tail: [] };
    }
    default:
      throw new ExpressionError(
        `\`$${root}\` begins no runtime expression.`,
        0,
        `Begin it with one of ${ROOTS.map((known) => `$${known}`).join(', ')}.`,
      );
  }
}

/**
 * Splits a text at the expressions that stand in it between braces; other braces are text.
 *
 * @example parseText('id-{$inputs.id}') // ['id-', { kind: 'inputs', name: 'id', … }]
 */
export function parseText(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{$', at);
    if (open === -1) break;
    const close = text.indexOf('}', open);
    const inside = text.slice(open + 1, close === -1 ? undefined : close);
    if (!looksLikeExpression(inside)) {
      // Such as a regular expression `a{$` or a template of another language: none of ours.
      literal += text.slice(at, open + 1);
      at = open + 1;
      continue;
    }
    if (close === -1) {
      throw new ExpressionError(`The expression \`${inside}\` is not closed.`, open, 'Close it with `}`.');
    }
    literal += text.slice(at, open);
    if (literal !== '') pieces.push(literal);
    literal = '';
    pieces.push(shifted(open + 1, () => parseExpression(inside)));
    at = close + 1;
  }
  literal += text.slice(at);
  if (literal !== '' || pieces.length === 0) pieces.push(literal);
  return pieces;
}

/** Runs a reader of a part of a text, so that its errors count from the start of the whole. */
export function shifted<T>(by: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ExpressionError) throw new ExpressionError(error.message, error.offset + by, error.hint);
    throw error;
  }
}

const PARTS = {
  request: ['header', 'query', 'path', 'body', 'payload'],
  response: ['header', 'query', 'path', 'body', 'payload'],
  message: ['header', 'payload', 'body'],
} as const;

function parseExchange(cursor: Cursor, of: 'request' | 'response' | 'message'): Expression {
  const { text } = cursor;
  const expected = PARTS[of].map((part) => `\`${part}\``).join(', ');
  cursor.dot(`one of ${expected}`);
  const start = cursor.offset;
  const word = cursor.word(/[A-Za-z]*/y);
  const part = PARTS[of].find((known) => known === word);
  if (part === undefined) {
    throw new ExpressionError(`\`$${of}\` has no \`${word}\`.`, start, `Take one of ${expected}.`);
  }
  if (part === 'body' || part === 'payload') return { text, kind: 'exchange', of, part, tail: cursor.tail() };
  // AsyncAPI writes `$message.header#/id`, which means the same as `$message.header.id`.
  if (part === 'header' && cursor.peek() === '#') {
    const [name, ...rest] = cursor.tail();
    if (name !== undefined) return { text, kind: 'exchange', of, part, name, tail: rest };
  }
  cursor.dot(`the name of a ${part === 'header' ? 'header' : 'parameter'}`);
  const at = cursor.offset;
  const name = cursor.rest('a name');
  if (part === 'header' && !/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
    throw new ExpressionError(`\`${name}\` is no name of a header.`, at, 'Use letters, digits and `-` only.');
  }
  return { text, kind: 'exchange', of, part, name, tail: [] };
}

function parseWorkflow(cursor: Cursor): Expression {
  const { text } = cursor;
  const workflowId = cursor.member('the id of a workflow');
  cursor.dot('`inputs` or `outputs`');
  const start = cursor.offset;
  const field = cursor.word(/[A-Za-z]*/y);
  if (field === 'inputs' || field === 'outputs') {
    return { text, kind: 'workflow', workflowId, field, ...parseNameAndTail(cursor) };
  }
  if (field !== 'steps') {
    throw new ExpressionError(
      `A workflow has no \`${field}\` to refer to.`,
      start,
      'Take `inputs`, `outputs` or `steps`.',
    );
  }
  const stepId = cursor.member('the id of a step');
  cursor.keyword('outputs');
  return { text, kind: 'workflow', workflowId, field, stepId, ...parseNameAndTail(cursor) };
}

/** Names may hold dots, so only a run shows where a name ends and a property begins: dots stay in the name. */
function parseNameAndTail(cursor: Cursor): { name?: string; tail: readonly string[] } {
  if (cursor.isAtEnd()) return { tail: [] };
  if (cursor.peek() !== '.') return { tail: cursor.tail() };
  cursor.dot('a name');
  const start = cursor.offset;
  const name = cursor.word(/[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*/y);
  if (name === '')
    throw new ExpressionError('A name is missing here.', start, 'Names hold letters, digits, `.`, `-` and `_`.');
  return { name, tail: cursor.tail() };
}

/** Reads a text from left to right. */
class Cursor {
  readonly text: string;
  offset: number;

  constructor(text: string, offset: number) {
    this.text = text;
    this.offset = offset;
  }

  isAtEnd(): boolean {
    return this.offset >= this.text.length;
  }

  peek(): string {
    return this.text[this.offset] ?? '';
  }

  word(pattern: RegExp): string {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = this.offset;
    const found = sticky.exec(this.text)?.[0] ?? '';
    this.offset += found.length;
    return found;
  }

  dot(expected: string): void {
    if (this.peek() !== '.') throw this.#error(`\`${this.text}\` ends too early.`, `Go on with \`.\` and ${expected}.`);
    this.offset += 1;
  }

  member(expected: string): string {
    this.dot(expected);
    const found = this.word(/[A-Za-z0-9_-]+/y);
    if (found === '') throw this.#error(`Here must stand ${expected}.`, 'Ids hold letters, digits, `-` and `_`.');
    return found;
  }

  keyword(keyword: string): void {
    const start = this.offset;
    this.dot(`\`${keyword}\``);
    const found = this.word(/[A-Za-z0-9_-]*/y);
    if (found !== keyword) {
      throw new ExpressionError(
        `After \`${this.text.slice(0, start)}\` comes \`.${keyword}\`, not \`.${found}\`.`,
        start + 1,
        `Write \`${this.text.slice(0, start)}.${keyword}.<name>\`.`,
      );
    }
  }

  rest(expected: string): string {
    const found = this.text.slice(this.offset);
    if (found === '') throw this.#error(`Here must stand ${expected}.`, 'Complete the expression.');
    this.offset = this.text.length;
    return found;
  }

  mustEnd(): void {
    if (!this.isAtEnd())
      throw this.#error(`\`${this.text.slice(0, this.offset)}\` has no parts.`, 'Remove what follows.');
  }

  /** `#` and a JSON Pointer, or any number of `.name`, `[0]` and `['name']`. */
  tail(): string[] {
    if (this.peek() === '#') {
      const start = this.offset;
      const pointer = this.text.slice(start + 1);
      this.offset = this.text.length;
      if (pointer !== '' && !pointer.startsWith('/')) {
        throw new ExpressionError(`\`#${pointer}\` is no JSON Pointer.`, start, 'Begin it with `#/`.');
      }
      const bad = /~(?![01])/.exec(pointer);
      if (bad !== null) {
        throw new ExpressionError('`~` is not escaped.', start + 1 + bad.index, 'Write `~0` for `~` and `~1` for `/`.');
      }
      return pointer
        .split('/')
        .slice(1)
        .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    }
    const keys: string[] = [];
    while (!this.isAtEnd()) {
      const found = this.word(/\.[^.[\]#\s]+|\[\d+\]|\['[^']*'\]/y);
      if (found === '')
        throw this.#error(
          `\`${this.text.slice(this.offset)}\` leads to nothing.`,
          "Write `.name`, `[0]`, `['name']` or `#/pointer`.",
        );
      keys.push(
        found.startsWith('.') ? found.slice(1) : found.startsWith("['") ? found.slice(2, -2) : found.slice(1, -1),
      );
    }
    return keys;
  }

  #error(message: string, hint: string): ExpressionError {
    return new ExpressionError(message, this.offset, hint);
  }
}
