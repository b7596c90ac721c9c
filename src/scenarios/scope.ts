import type { Expression } from './expressions.ts';
import { isRecord, valueAt } from './json-values.ts';
import type { HttpRequest, HttpResponse, ReceivedMessage } from './player.ts';

type Values = Readonly<Record<string, unknown>>;

/** Everything that an expression can name at one moment of a run. */
export interface Scope {
  readonly request?: HttpRequest;
  readonly response?: HttpResponse;
  readonly message?: ReceivedMessage;
  readonly self?: string;
  readonly inputs: Values;
  /** Of the workflow that the step has called, or of the workflow itself. */
  readonly outputs: Values;
  readonly steps: ReadonlyMap<string, { readonly outputs: Values }>;
  readonly workflows: ReadonlyMap<string, WorkflowScope>;
  readonly sources: ReadonlyMap<string, Values>;
  readonly components: Values;
}

export interface WorkflowScope {
  readonly inputs: Values;
  readonly outputs: Values;
  readonly steps: ReadonlyMap<string, { readonly outputs: Values }>;
}

/**
 * What an expression stands for, with its type kept; `undefined` where there is nothing.
 *
 * @example evaluate(parseExpression('$inputs.customer.name'), scope)
 */
export function evaluate(expression: Expression, scope: Scope): unknown {
  return valueAt(targetOf(expression, scope), expression.tail);
}

/** How a value is written inside a text: scalars as they are, parsed structures as JSON. */
export function toText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** A header by its name in any case. */
export function headerOf(headers: Readonly<Record<string, unknown>>, name: string): unknown {
  const wanted = name.toLowerCase();
  return Object.entries(headers).find(([known]) => known.toLowerCase() === wanted)?.[1];
}

function targetOf(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case 'url':
      return scope.request?.url;
    case 'method':
      return scope.request?.method;
    case 'statusCode':
      return scope.response?.status;
    case 'self':
      return scope.self;
    case 'exchange':
      return exchangePart(expression, scope);
    case 'inputs':
      return named(scope.inputs, expression.name);
    case 'outputs':
      return named(scope.outputs, expression.name);
    case 'step':
      return named(scope.steps.get(expression.stepId)?.outputs, expression.name);
    case 'workflow': {
      const workflow = scope.workflows.get(expression.workflowId);
      if (expression.field !== 'steps') return named(workflow?.[expression.field], expression.name);
      return named(workflow?.steps.get(expression.stepId ?? '')?.outputs, expression.name);
    }
    case 'source':
      return scope.sources.get(expression.source)?.[expression.reference];
    case 'component':
      return valueAt(scope.components, [expression.type, expression.name]);
  }
}

function exchangePart(expression: Extract<Expression, { kind: 'exchange' }>, scope: Scope): unknown {
  const { of, part, name = '' } = expression;
  if (of === 'message') {
    const { message } = scope;
    return part === 'header' ? headerOf(message?.headers ?? {}, name) : message?.payload;
  }
  const side = of === 'request' ? scope.request : scope.response;
  if (part === 'header') return headerOf(side?.headers ?? {}, name);
  if (part === 'body' || part === 'payload') return side?.body;
  // A response has no parameters of its own: what the grammar allows there can only mean the request's.
  return (part === 'query' ? scope.request?.query : scope.request?.path)?.[name];
}

/** A value by a name that may hold dots: the longest name there is, then properties. */
function named(values: Values | undefined, name: string | undefined): unknown {
  if (values === undefined || name === undefined) return values;
  const parts = name.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const candidate = parts.slice(0, length).join('.');
    if (isRecord(values) && Object.hasOwn(values, candidate)) return valueAt(values[candidate], parts.slice(length));
  }
  return undefined;
}
