import type { Contract } from '../model/contract.ts';
import type { Check, Schema, SchemaObject, Validation } from '../model/schema.ts';
import { createSchemaResolver, type SchemaResolver } from '../model/schema-resolver.ts';
import { type Ajv2020, createValueAjv, type ErrorObject, type IsOptional, type ValidateFunction } from './ajv.ts';
import { CheckBudget, TooCostly } from './check-budget.ts';
import { type SchemaError, toViolations } from './violations.ts';

/**
 * Makes what compiles the schemas of these contracts to checks; each is compiled when it is first used, and kept.
 *
 * @example
 * const validation = createValidation(contracts);
 * validation.check({ type: 'integer' })('four'); // [{ path: '', message: 'must be integer' }]
 */
export function createValidation(contracts: readonly Contract[]): Validation {
  const schemas = createSchemaResolver(contracts);
  const isMarked = (mark: 'readOnly' | 'writeOnly') => (schema: Schema, name: string) => {
    const property = schemas.properties(schema).get(name);
    return [property, schemas.resolve(property)].some((one) => typeof one === 'object' && one[mark] === true);
  };
  const budget = new CheckBudget();
  // Each reads all contracts, and many a server only ever reads.
  const answers = createCompiler(contracts, { isOptional: isMarked('writeOnly'), budget, schemas });
  const requests = createCompiler(contracts, { isOptional: isMarked('readOnly'), budget, schemas });
  const create = (compile: Compile, schema: Schema) => createCheck(compile, schema, budget);
  return {
    check: keep((schema) => create(answers, schema)),
    checkPartial: keep((schema) => create(answers, withoutRequired(schema, schemas))),
    checkRequest: keep((schema) => create(requests, schema)),
    checkPatch: keep((schema) => create(requests, withoutRequired(schema, schemas))),
  };
}

function keep(create: (schema: Schema) => Check): (schema: Schema) => Check {
  const kept = new WeakMap<SchemaObject, Check>();
  return (schema) => {
    if (typeof schema === 'boolean') return create(schema);
    const check = kept.get(schema) ?? create(schema);
    kept.set(schema, check);
    return check;
  };
}

type Compile = (schema: Schema) => ValidateFunction;

/** A schema that leads to more others than this is compiled reference by reference: most values come to a few of them. */
const MOST_COMPILED_AT_ONCE = 12;

function createCompiler(
  contracts: readonly Contract[],
  { isOptional, budget, schemas }: { isOptional: IsOptional; budget: CheckBudget; schemas: SchemaResolver },
): Compile {
  const made = new Map<boolean, Ajv2020>();
  const make = (isLazy: boolean): Ajv2020 => {
    const ajv = made.get(isLazy) ?? createValueAjv(contracts, { isOptional, isLazy, budget });
    made.set(isLazy, ajv);
    return ajv;
  };
  let mayCompileAtOnce = true;
  const attempt = (schema: Schema, isLazy: boolean): ValidateFunction | undefined => {
    try {
      return make(isLazy).compile(schema);
    } catch {
      // What was compiled with it may call what could not be; reference by reference, the rest is not affected.
      if (isLazy) made.delete(isLazy);
      else mayCompileAtOnce = false;
      return undefined;
    }
  };
  // What no check can be made of checks nothing; a loader has reported what is wrong with it.
  return (schema) => {
    const isLazy = !mayCompileAtOnce || leadsFar(schema, schemas);
    return attempt(schema, isLazy) ?? attempt(schema, true) ?? make(true).compile(true);
  };
}

/** Whether a schema leads to more others than are compiled at once. */
function leadsFar(schema: Schema, schemas: SchemaResolver): boolean {
  const found = new Set<string>();
  const waiting: unknown[] = [schema];
  while (waiting.length > 0 && found.size <= MOST_COMPILED_AT_ONCE) {
    const part = waiting.pop();
    if (typeof part !== 'object' || part === null) continue;
    waiting.push(...Object.values(part));
    const { $ref } = part as { readonly $ref?: unknown };
    if (typeof $ref !== 'string' || found.has($ref)) continue;
    found.add($ref);
    waiting.push(schemas.resolve({ $ref }));
  }
  return found.size > MOST_COMPILED_AT_ONCE;
}

function createCheck(compile: Compile, schema: Schema, budget: CheckBudget): Check {
  // Compiled at its first value, by what it then takes the place of: for a branch V8 would compile whoever checks anew.
  let compiled: Pick<ValidateFunction, 'errors'> & ((value: unknown) => boolean) = (value) => {
    compiled = compile(schema);
    return compiled(value);
  };
  // Branches are looked at again when an `anyOf` or `oneOf` fails, to find which one was meant.
  const branches = new WeakMap<object, ValidateFunction>();
  const errorsOfBranch = (branch: Schema, value: unknown): readonly SchemaError[] => {
    if (typeof branch === 'boolean') return validate(compile(branch), value);
    const check = branches.get(branch) ?? compile(branch);
    branches.set(branch, check);
    return validate(check, value);
  };

  return (value) => {
    budget.begin(value);
    try {
      return compiled(value) ? [] : toViolations((compiled.errors ?? []).map(toSchemaError), errorsOfBranch);
    } catch (error) {
      // Compiled checks call themselves for schemas that contain themselves, so a hostile value can exhaust the stack.
      if (error instanceof RangeError) return [{ path: '', message: 'is nested too deeply to be checked' }];
      if (error instanceof TooCostly) return [{ path: '', message: 'takes too many steps to be checked' }];
      throw error;
    }
  };
}

function validate(check: ValidateFunction, value: unknown): readonly SchemaError[] {
  return check(value) ? [] : (check.errors ?? []).map(toSchemaError);
}

function toSchemaError(error: ErrorObject): SchemaError {
  return {
    keyword: error.keyword,
    pointer: error.instancePath,
    params: error.params,
    message: error.message ?? `must satisfy "${error.keyword}"`,
    schema: error.schema,
    value: error.data,
    isAboutName: error.propertyName !== undefined,
  };
}

/** The schema without the `required` of its top level, looked for through references and `allOf` parts. */
function withoutRequired(schema: Schema, schemas: SchemaResolver, passed: readonly SchemaObject[] = []): Schema {
  if (typeof schema === 'boolean' || passed.includes(schema)) return schema;
  const relax = (part: Schema) => withoutRequired(part, schemas, [...passed, schema]);
  const { required: _, $ref, allOf = [], ...own } = schema;
  // A list of parts is a part, too: each item of it has only what was asked for.
  const rest = own.items === undefined ? own : { ...own, items: relax(own.items) };
  if ($ref === undefined && allOf.length === 0) return rest;
  const target = $ref === undefined ? [] : [schemas.resolve(schema) ?? { $ref }];
  return { ...rest, allOf: [...allOf, ...target].map(relax) };
}
