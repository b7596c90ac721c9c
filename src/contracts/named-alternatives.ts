import { type CodeTools, replaceCode } from './checks-in-linear-time.ts';
import { isPlainObject } from './plain-object.ts';

/** What the library has of a keyword that it writes code for, as far as is needed here. */
interface KeywordContext {
  readonly gen: Generator;
  readonly data: unknown;
  readonly schema: unknown;
  readonly parentSchema: unknown;
  readonly params: { readonly passing?: unknown };
  subschema(place: object, valid: unknown): unknown;
  result(valid: unknown, success: () => void, failure: () => void): void;
}

interface Generator {
  const(name: string, value: unknown): unknown;
  name(prefix: string): unknown;
  assign(name: unknown, value: unknown): void;
  code(code: unknown): void;
  if(condition: unknown, then: () => void): void;
  scopeValue(kind: 'func', value: { readonly ref: unknown }): unknown;
}

type Rules = Parameters<typeof replaceCode>[0];

/**
 * Lets a `discriminator` decide where a value is of several alternatives of a `oneOf` at once: it is valid if it is of the
 * one that it names. Most contracts describe kinds that differ by that alone, and no value of theirs would be valid else.
 *
 * @example letNamesDecide(ajv, { code: _, nameOf: (name) => new Name(name) });
 */
export function letNamesDecide(ajv: Rules, tools: CodeTools): void {
  const _ = tools.code as (parts: TemplateStringsArray, ...values: unknown[]) => unknown;
  const errors = tools.nameOf('errors');
  const list = tools.nameOf('vErrors');
  replaceCode<KeywordContext>(ajv, 'oneOf', (context, usual) => {
    const { gen, data, schema, parentSchema } = context;
    const nameOf = namingOf(parentSchema, schema);
    if (nameOf === undefined) {
      usual(context);
      return;
    }
    const decide = context.result.bind(context);
    context.result = (valid, success, failure) => {
      gen.if(_`!${valid} && Array.isArray(${context.params.passing})`, () => {
        const named = gen.const('named', _`${gen.scopeValue('func', { ref: nameOf })}(${data})`);
        for (const index of (schema as readonly unknown[]).keys()) {
          gen.if(_`${named} === ${index}`, () => {
            const before = gen.const('before', errors);
            const isNamed = gen.name('_valid');
            context.subschema(
              { keyword: 'oneOf', schemaProp: index, compositeRule: true, createErrors: false },
              isNamed,
            );
            gen.assign(valid, isNamed);
            gen.code(
              _`${errors} = ${before}; if (${list} !== null) { if (${before}) ${list}.length = ${before}; else ${list} = null; }`,
            );
          });
        }
      });
      decide(valid, success, failure);
    };
    usual(context);
  });
}

/** What finds the place of the alternative that a value names; `undefined` where the schema has no discriminator. */
function namingOf(schema: unknown, alternatives: unknown): ((value: unknown) => number | undefined) | undefined {
  const { discriminator } = isPlainObject(schema) ? schema : {};
  if (!isPlainObject(discriminator) || !Array.isArray(alternatives)) return undefined;
  const { propertyName, mapping } = discriminator;
  if (typeof propertyName !== 'string') return undefined;
  const places = new Map<string, number>();
  for (const [index, alternative] of alternatives.entries()) {
    const reference = isPlainObject(alternative) ? alternative.$ref : undefined;
    if (typeof reference !== 'string') continue;
    places.set(lastPart(reference), index);
    for (const [word, target] of Object.entries(isPlainObject(mapping) ? mapping : {}))
      if (target === reference || lastPart(String(target)) === lastPart(reference)) places.set(word, index);
  }
  return (value) => {
    const word = isPlainObject(value) ? value[propertyName] : undefined;
    return typeof word === 'string' ? places.get(word) : undefined;
  };
}

function lastPart(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
