import type { CheckBudget } from './check-budget.ts';

/** Errors that one list or map is looked through for: nobody reads more, and the library joins them again and again. */
const MOST_ERRORS = 1_000;

/** What the library writes code with; only one file knows the library. */
export interface CodeTools {
  readonly code: (parts: TemplateStringsArray, ...values: never[]) => unknown;
  /** A name that stands for itself. */
  readonly nameOf: (name: string) => unknown;
}

/** What the library has of a keyword that it writes code for, as far as is needed here. */
interface KeywordContext {
  readonly gen: object;
  readonly schema: unknown;
  readonly data: unknown;
  setParams(params: object): void;
  fail(condition: unknown): void;
}

interface Generator {
  const(name: string, value: unknown): unknown;
  code(code: unknown): void;
  if(condition: unknown, then: () => void): void;
  break(): void;
  scopeValue(kind: 'func', value: { readonly ref: unknown }): unknown;
}

interface Rules {
  readonly RULES: { readonly all: Readonly<Record<string, unknown>> };
}

type WriteCode<C> = (context: C) => void;

/**
 * Makes the code that the library writes take time in proportion to the value: a list or map that has a thousand errors
 * is not looked at further, items are told apart by one look at each, and references draw on a budget where there is one.
 *
 * @example boundLoops(ajv, { code: _, nameOf: (name) => new Name(name) }, budget);
 */
export function boundLoops(ajv: Rules, tools: CodeTools, budget?: CheckBudget): void {
  const _ = tools.code as (parts: TemplateStringsArray, ...values: unknown[]) => unknown;
  const errors = tools.nameOf('errors');
  const list = tools.nameOf('vErrors');
  /** Writes something behind each round of the loops that a keyword writes itself, and not of those within them. */
  const inLoops = (gen: Generator, write: () => void, atEnd: (most: unknown) => void): void => {
    const own = gen as unknown as Record<'forRange' | 'forIn', unknown>;
    const release = (): void => {
      delete own.forRange;
      delete own.forIn;
    };
    const loop = (kind: 'forRange' | 'forIn', parts: readonly unknown[]): unknown => {
      release();
      const most = gen.const('most', _`${errors} + ${MOST_ERRORS}`);
      const withEnd = (key: unknown): void => {
        (parts.at(-1) as (key: unknown) => void)(key);
        atEnd(most);
      };
      const written = (own[kind] as (...all: unknown[]) => unknown).call(gen, ...parts.slice(0, -1), withEnd);
      hold();
      return written;
    };
    const hold = (): void => {
      own.forRange = (...parts: readonly unknown[]) => loop('forRange', parts);
      own.forIn = (...parts: readonly unknown[]) => loop('forIn', parts);
    };
    hold();
    write();
    release();
  };
  for (const keyword of LOOPS) {
    replaceCode<KeywordContext>(ajv, keyword, (context, usual) => {
      const gen = context.gen as Generator;
      // What has failed stays so, whatever comes behind.
      const stop = (most: unknown) => gen.if(_`${errors} > ${most}`, () => gen.break());
      inLoops(gen, () => usual(context), stop);
    });
  }
  replaceCode<KeywordContext>(ajv, 'contains', (context, usual) => {
    const gen = context.gen as Generator;
    // One of the items behind may be what is looked for, so only their errors are let go of.
    const cut = (most: unknown) =>
      gen.if(_`${errors} > ${most}`, () => gen.code(_`${list}.length = ${errors} = ${most}`));
    inLoops(gen, () => usual(context), cut);
  });
  replaceCode<KeywordContext>(ajv, 'uniqueItems', (context, usual) => {
    if (context.schema !== true) {
      usual(context);
      return;
    }
    const gen = context.gen as Generator;
    const find = gen.scopeValue('func', { ref: findTwins });
    const twins = gen.const('twins', _`${find}(${context.data})`);
    context.setParams({ i: _`${twins}[0]`, j: _`${twins}[1]` });
    context.fail(_`${twins} !== undefined`);
  });
  if (budget === undefined) return;
  for (const keyword of ['$ref', '$dynamicRef']) {
    replaceCode<KeywordContext>(ajv, keyword, (context, usual) => {
      const gen = context.gen as Generator;
      gen.code(_`${gen.scopeValue('func', { ref: budget.spend })}(1)`);
      usual(context);
    });
  }
}

/** Puts other code in the place of a keyword's, so that errors keep their order. */
export function replaceCode<C>(ajv: Rules, keyword: string, code: (context: C, usual: WriteCode<C>) => void): void {
  const rule = ajv.RULES.all[keyword];
  if (typeof rule !== 'object' || rule === null || !('definition' in rule)) return;
  const definition = rule.definition as { code?: WriteCode<C> };
  const usual = definition.code;
  if (usual !== undefined) definition.code = (context) => code(context, usual);
}

/** The keywords that look at one item or member after another. */
const LOOPS = [
  'items',
  'additionalItems',
  'additionalProperties',
  'patternProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
];

/** The places of two items that are equal, where there are such. */
function findTwins(items: readonly unknown[]): readonly [number, number] | undefined {
  const places = new Map<unknown, number>();
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    const key = typeof item === 'number' || typeof item === 'boolean' ? item : keyOf(item);
    const before = places.get(key);
    if (before !== undefined) return [index, before];
    places.set(key, index);
  }
  return undefined;
}

/** The same text for equal values, whatever the order of their members. */
function keyOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`;
  const names = Object.keys(value);
  if (names.length > 1) names.sort();
  let key = '{';
  for (const name of names) key += `${JSON.stringify(name)}:${keyOf((value as Record<string, unknown>)[name])},`;
  return `${key}}`;
}
