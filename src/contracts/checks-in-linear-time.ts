import { _, type KeywordCxt, Name } from 'ajv';
import type { Ajv2020 } from 'ajv/dist/2020.js';
import type { CheckBudget } from './check-budget.ts';

/** Errors that one list or map is looked through for: nobody reads more, and the library joins them again and again. */
const MOST_ERRORS = 1_000;

type WriteCode = (context: KeywordCxt) => void;

/**
 * Makes the code that the library writes take time in proportion to the value: a list or map that has a thousand errors
 * is not looked at further, items are told apart by one look at each, and references draw on a budget.
 *
 * @example boundLoops(ajv, budget);
 */
export function boundLoops(ajv: Ajv2020, budget: CheckBudget): void {
  for (const keyword of LOOPS) {
    replaceCode(ajv, keyword, (context, usual) => {
      inLoops(
        context,
        () => usual(context),
        (most) => {
          // What has failed stays so, whatever comes behind.
          context.gen.if(_`${ERRORS} > ${most}`, () => context.gen.break());
        },
      );
    });
  }
  replaceCode(ajv, 'contains', (context, usual) => {
    inLoops(
      context,
      () => usual(context),
      (most) => {
        // One of the items behind may be what is looked for, so only their errors are let go of.
        context.gen.if(_`${ERRORS} > ${most}`, () => context.gen.code(_`${V_ERRORS}.length = ${ERRORS} = ${most}`));
      },
    );
  });
  replaceCode(ajv, 'uniqueItems', (context, usual) => {
    if (context.schema !== true) {
      usual(context);
      return;
    }
    const find = context.gen.scopeValue('func', { ref: findTwins });
    const twins = context.gen.const('twins', _`${find}(${context.data})`);
    context.setParams({ i: _`${twins}[0]`, j: _`${twins}[1]` });
    context.fail(_`${twins} !== undefined`);
  });
  for (const keyword of ['$ref', '$dynamicRef']) {
    replaceCode(ajv, keyword, (context, usual) => {
      const spend = context.gen.scopeValue('func', { ref: budget.spend });
      context.gen.code(_`${spend}(1)`);
      usual(context);
    });
  }
}

/** Puts other code in the place of a keyword's, so that errors keep their order. */
export function replaceCode(
  ajv: Ajv2020,
  keyword: string,
  code: (context: KeywordCxt, usual: WriteCode) => void,
): void {
  const rule = ajv.RULES.all[keyword];
  if (typeof rule !== 'object' || !('code' in rule.definition)) return;
  const usual: WriteCode = rule.definition.code;
  Object.assign(rule.definition, { code: (context: KeywordCxt) => code(context, usual) });
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

/** As the library calls its count of errors, and their list. */
const ERRORS = new Name('errors');
const V_ERRORS = new Name('vErrors');

/** Writes something behind each round of the loops that a keyword writes itself, and not of those within them. */
function inLoops({ gen }: KeywordCxt, write: () => void, atEnd: (most: Name) => void): void {
  const own = gen as unknown as Record<'forRange' | 'forIn', unknown>;
  const release = (): void => {
    delete own.forRange;
    delete own.forIn;
  };
  const hold = (): void => {
    own.forRange = (name: string, from: unknown, to: unknown, body: (key: Name) => void) =>
      loop('forRange', [name, from, to], body);
    own.forIn = (name: string, object: unknown, body: (key: Name) => void) => loop('forIn', [name, object], body);
  };
  const loop = (kind: 'forRange' | 'forIn', parts: unknown[], body: (key: Name) => void): unknown => {
    release();
    const most = gen.const('most', _`${ERRORS} + ${MOST_ERRORS}`);
    const withEnd = (key: Name): void => {
      body(key);
      atEnd(most);
    };
    const written = (gen[kind] as (...all: unknown[]) => unknown)(...parts, withEnd);
    hold();
    return written;
  };
  hold();
  write();
  release();
}

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
