import { keysOf, valueAt } from './json-pointer.ts';

/** What runtime expressions of OpenAPI speak of. */
export interface Exchange {
  readonly method: string;
  readonly request: Message & {
    readonly query: Readonly<Record<string, unknown>>;
    readonly path: Readonly<Record<string, unknown>>;
  };
  readonly response: Message & { readonly status: number };
}

interface Message {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/**
 * The text that a runtime expression stands for, or a text with expressions in braces; `undefined` where anything that it
 * speaks of is not there.
 *
 * @example evaluateText('{$request.body#/callbackUrl}?id={$response.body#/id}', exchange)
 */
export function evaluateText(text: string, exchange: Exchange): string | undefined {
  if (text.startsWith('$')) return evaluate(text, exchange);
  let isWhole = true;
  const written = text.replaceAll(/\{(\$[^}]*)\}/g, (_, expression: string) => {
    const value = evaluate(expression, exchange);
    if (value === undefined) isWhole = false;
    return value ?? '';
  });
  return isWhole ? written : undefined;
}

/**
 * The properties, from the outside in, that an expression takes out of the body of a response; `undefined` for any other.
 *
 * @example bodyPathOf('$response.body#/data/id'); // ['data', 'id']
 */
export function bodyPathOf(expression: string): readonly string[] | undefined {
  const [, pointer] = /^\{?\$response\.body#(\/[^}]*)\}?$/.exec(expression) ?? [];
  return pointer === undefined ? undefined : keysOf(pointer);
}

function evaluate(expression: string, exchange: Exchange): string | undefined {
  if (expression === '$method') return exchange.method;
  if (expression === '$statusCode') return String(exchange.response.status);
  const [, side, rest = ''] = /^\$(request|response)\.(.*)$/s.exec(expression) ?? [];
  if (side === undefined) return undefined;
  const message = side === 'request' ? exchange.request : exchange.response;
  const [, source, name = ''] = /^(body|header|query|path)(?:[.#](.*))?$/s.exec(rest) ?? [];
  if (source === 'body') return toText(name === '' ? message.body : valueAt(message.body, name));
  if (source === 'header') return toText(message.headers[name.toLowerCase()]);
  if (source === 'query' || source === 'path') return toText(exchange.request[source][name]);
  return undefined;
}

function toText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
