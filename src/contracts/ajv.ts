import {
  _,
  type ErrorObject,
  type Format,
  type FormatDefinition,
  type KeywordCxt,
  Name,
  type Options,
  type ValidateFunction,
} from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SchemaEnv } from 'ajv/dist/compile/index.js';
import { callRef } from 'ajv/dist/vocabularies/core/ref.js';
import addFormats from 'ajv-formats';
import { isMultipleOf } from '../lib/decimal.ts';
import { compilePattern, isPattern } from '../lib/patterns/pattern.ts';
import { type Contract, contractUri } from '../model/contract.ts';
import type { Schema } from '../model/schema.ts';
import { CheckBudget } from './check-budget.ts';
import { boundLoops, replaceCode } from './checks-in-linear-time.ts';
import { letNamesDecide } from './named-alternatives.ts';
import { VALUE_FORMATS, type ValueFormat } from './value-formats.ts';

export type { Ajv2020, ErrorObject, ValidateFunction };

/** A dialect of JSON Schema that has a metaschema to check against. */
export type Draft = 'draft-04' | 'draft-06' | 'draft-07' | '2019-09' | '2020-12';

/** Whether a property that a schema requires may be left out all the same. */
export type IsOptional = (schema: Schema, property: string) => boolean;

export interface ValueAjvOptions {
  /** With it, not all that is required has to be there: what only the server sets is missing in requests. */
  readonly isOptional?: IsOptional;
  /**
   * Compiles what a reference leads to when a value first comes to it. Otherwise a schema is compiled with all that can
   * be reached from it, which is faster at each value, and in a contract of a thousand schemas takes half a minute.
   */
  readonly isLazy?: boolean;
  /** What every check draws on. */
  readonly budget?: CheckBudget;
}

/**
 * An Ajv for the values of these contracts' schemas, which are all of the 2020-12 dialect.
 *
 * @example createValueAjv(contracts).compile({ type: 'integer' })(4) // true
 */
export function createValueAjv(
  contracts: readonly Contract[],
  { isOptional = () => false, isLazy = false, budget = new CheckBudget() }: ValueAjvOptions = {},
): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    // Violations are described from the schema and value at the place, not only from the keyword.
    verbose: true,
    // A contract's own keywords (`x-…`, `xml`, `example`) and formats say nothing about validity, and are no mistake.
    strict: false,
    logger: false,
    // The loaders have checked the documents; doing it again would double the start-up time.
    validateSchema: false,
    meta: false,
    // Schemas of two contracts may well carry the same `$id`.
    addUsedSchema: false,
    uriResolver: ADDRESSES,
    // To look through the code for what is not needed takes as long as to write it, and V8 leaves that out by itself.
    code: { regExp: linearRegExp(budget), optimize: false },
  });
  addFormats.default(ajv);
  for (const [name, format] of Object.entries(VALUE_FORMATS)) refineFormat(ajv, name, format);
  recognizeUsual(
    ajv,
    'date-time',
    new RegExp(`^[1-9]\\d{3}-${DAY_OF_YEAR}T(?:[01]\\d|2[0-3])(?::[0-5]\\d){2}\\.\\d{3}Z$`),
  );
  recognizeUsual(ajv, 'date', new RegExp(`^[1-9]\\d{3}-${DAY_OF_YEAR}$`));
  countInDecimals(ajv);
  relaxRequired(ajv, isOptional);
  if (isLazy) followLazily(ajv);
  letNamesDecide(ajv, TOOLS);
  boundLoops(ajv, TOOLS, budget);
  for (const contract of contracts) addContract(ajv, contract);
  return ajv;
}

const TOOLS = { code: _, nameOf: (name: string) => new Name(name) };

/**
 * How addresses of schemas are taken apart and put together, all of which are those of contracts (`contractUri`) or of
 * metaschemas: nothing in them would be written in another way.
 */
const ADDRESSES = {
  parse(address: string) {
    const [path = '', fragment] = address.split('#', 2);
    return { path, fragment };
  },
  serialize: ({ path = '', fragment }: { readonly path?: string; readonly fragment?: string }) =>
    fragment === undefined ? path : `${path}#${fragment}`,
  resolve(base: string, address: string): string {
    if (address === '' || address.startsWith('#')) return base.split('#', 1)[0] + address;
    return URL.canParse(address) || !URL.canParse(base) ? address : new URL(address, base).href;
  },
};

/** The month and the day of any day but 29 February. */
const DAY_OF_YEAR = [
  '(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])',
  '(?:0[13-9]|1[0-2])-(?:29|30)',
  '(?:0[13578]|1[02])-31)',
].join('|');

/**
 * Where the contract's references lead. `addSchema` would first look through the whole contract for schemas that name
 * themselves, and a loaded contract has none: they are referred to by their place (`modern-schema.ts`).
 */
function addContract(ajv: Ajv2020, contract: Contract): void {
  const uri = contractUri(contract);
  const schema = { $id: uri, $defs: contract.$defs };
  ajv.schemas[uri] = new SchemaEnv({ schema, schemaId: '$id', baseId: uri, localRefs: {} });
}

/** A value must be what the library takes for one, and what the format's definition says. */
function refineFormat(ajv: Ajv2020, name: string, { type, validate: isValid, isWhole }: ValueFormat): void {
  if (isWhole === true) {
    ajv.addFormat(name, { type, validate: isValid } as Format);
    return;
  }
  const { validate: usual, ...whole } = (ajv.formats[name] ?? {}) as Partial<FormatDefinition<string>>;
  const isUsual = typeof usual === 'function' ? (usual as (value: unknown) => unknown) : () => true;
  const validate = (value: never) => isValid(value) && isUsual(value) === true;
  ajv.addFormat(name, { ...whole, type, validate } as Format);
}

/** 19.99 is a multiple of 0.01, though not for a computer. */
function countInDecimals(ajv: Ajv2020): void {
  replaceCode<KeywordCxt>(ajv, 'multipleOf', (context) => {
    const isMultiple = context.gen.scopeValue('func', { ref: isMultipleOf });
    context.fail(_`!${isMultiple}(${context.data}, ${context.schemaValue})`);
  });
}

/** A property may be described by the schema that requires it, or by one that has this as its part. */
function relaxRequired(ajv: Ajv2020, isOptional: IsOptional): void {
  const wholes = new WeakMap<object, Schema[]>();
  replaceCode<KeywordCxt>(ajv, 'allOf', (context, usual) => {
    for (const part of context.schema as readonly Schema[]) {
      if (typeof part !== 'object') continue;
      wholes.set(part, [
        ...(wholes.get(part) ?? []),
        context.parentSchema,
        ...(wholes.get(context.parentSchema) ?? []),
      ]);
    }
    usual(context);
  });
  replaceCode<KeywordCxt>(ajv, 'required', (context, usual) => {
    const { parentSchema, schema } = context;
    const schemas: readonly Schema[] = [parentSchema, ...(wholes.get(parentSchema) ?? [])];
    const needed = (schema as readonly string[]).filter((name) => !schemas.some((one) => isOptional(one, name)));
    if (needed.length < (schema as readonly string[]).length) Object.assign(context, { schema: needed });
    usual(context);
  });
}

/** References call what compiles their targets, each at its first value. */
function followLazily(ajv: Ajv2020): void {
  const targets = new Map<string, LazyCheck>();
  replaceCode<KeywordCxt>(ajv, '$ref', (context) => {
    const ref = String(context.schema);
    const target = targets.get(ref) ?? createLazyCheck(() => ajv.getSchema(ref));
    targets.set(ref, target);
    callRef(context, context.gen.scopeValue('func', { ref: target }));
  });
}

/** What compiled code expects of a check that it calls. */
interface LazyCheck extends Pick<ValidateFunction, 'errors' | 'evaluated'> {
  (value: unknown, place: unknown): boolean;
}

/** What no check can be made of checks nothing, as everywhere. */
function createLazyCheck(compile: () => ((value: never) => unknown) | undefined): LazyCheck {
  // As in validation.ts, what compiles is no branch of what checks.
  let compiled: LazyCheck = (value, place) => {
    compiled = attempt(compile) ?? (() => true);
    return compiled(value, place);
  };
  const lazy: LazyCheck = (value, place) => {
    const isValid = compiled(value, place);
    // Written only where it is news: a function that is written to costs as much as a small check.
    if (!isValid) lazy.errors = compiled.errors;
    const evaluated = compiled.evaluated ?? NOTHING_EVALUATED;
    if (lazy.evaluated !== evaluated) lazy.evaluated = evaluated;
    return isValid;
  };
  lazy.evaluated = NOTHING_EVALUATED;
  return lazy;
}

const NOTHING_EVALUATED = { dynamicProps: false, dynamicItems: false };

function attempt(compile: () => ((value: never) => unknown) | undefined): LazyCheck | undefined {
  try {
    return compile() as LazyCheck | undefined;
  } catch {
    return undefined;
  }
}

/** Lets texts as programs write them pass at a look: the library takes each of them apart. All others are left to it. */
function recognizeUsual(ajv: Ajv2020, format: string, usual: RegExp): void {
  const { validate, ...whole } = ajv.formats[format] as FormatDefinition<string>;
  if (typeof validate !== 'function') return;
  ajv.addFormat(format, { ...whole, validate: (text: string) => usual.test(text) || validate(text) === true });
}

/** What cannot be looked for in linear time checks nothing; a loader has reported it. */
function linearRegExp(budget: CheckBudget) {
  const create = (source: string) => {
    const pattern = compilePattern(source);
    if (!isPattern(pattern)) return { test: () => true, toString: () => source };
    return {
      test(text: string) {
        budget.spend((text.length * pattern.weight) / CHARACTERS_A_STEP);
        return pattern.test(text);
      },
      // By it, the library tells one from another.
      toString: () => source,
    };
  };
  return Object.assign(create as unknown as (pattern: string, flags: string) => RegExp, { code: 'new RegExp' });
}

/** So many characters of a text cost as much as to follow a reference. */
const CHARACTERS_A_STEP = 10;

/**
 * An Ajv for documents of one draft; each draft is loaded when a document of it has to be checked. With `validateSchema`
 * off it takes schemas as they are: those of ours are known to be right, and to compile a metaschema takes longest.
 */
export async function createMetaAjv(draft: Draft, { validateSchema = true } = {}) {
  const options = {
    strict: false,
    allErrors: true,
    logger: false,
    validateFormats: false,
    verbose: true,
    validateSchema,
    uriResolver: ADDRESSES,
  } as const;
  const ajv = await newMetaAjv(draft, options);
  boundLoops(ajv, TOOLS);
  return ajv;
}

async function newMetaAjv(draft: Draft, options: Options) {
  switch (draft) {
    case 'draft-04':
      return new (await import('ajv-draft-04')).default.default(options);
    case '2019-09':
      return new (await import('ajv/dist/2019.js')).Ajv2019(options);
    case '2020-12':
      return new Ajv2020(options);
    default: {
      const ajv = new (await import('ajv')).Ajv(options);
      if (draft === 'draft-06') {
        const { default: metaschema } = await import('ajv/dist/refs/json-schema-draft-06.json', {
          with: { type: 'json' },
        });
        ajv.addMetaSchema(metaschema);
      }
      return ajv;
    }
  }
}
