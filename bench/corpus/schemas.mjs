import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** Keywords that go to the validator as they stand. */
const PLAIN = [
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'minContains',
  'maxContains',
  'format',
  'dependentRequired',
];
const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

/**
 * The schemas of a contract as plain JSON Schema for Ajv, one for each direction: what is read-only is not required of a
 * request, what is write-only not of a response. Each referenced schema is compiled once, when it is first needed.
 *
 * @example new Schemas(description, 'response').errorOf({ type: 'integer' }, description.file, 'x');
 */
export class Schemas {
  #description;
  #hidden;
  #ajv;
  #names = new Map();
  #added = new Map();
  #checks = new Map();

  constructor(description, direction) {
    this.#description = description;
    this.#hidden = direction === 'request' ? 'readOnly' : 'writeOnly';
    this.#ajv = new Ajv2020({
      strict: false,
      validateSchema: false,
      logger: false,
      multipleOfPrecision: 8,
      inlineRefs: false,
      code: { regExp: Object.assign(toRegExp, { code: 'toRegExp' }) },
    });
    addFormats.default(this.#ajv);
    // The library's own takes no address of this machine for a URL.
    this.#ajv.addFormat('url', this.#ajv.formats.uri);
  }

  /** Why a value does not fit, or undefined where it does. Throws where the schema cannot be compiled. */
  errorOf(schema, file, value) {
    let check = this.#checks.get(schema);
    if (check === undefined) {
      check = this.#ajv.compile(this.toJsonSchema(schema, file));
      if (schema !== null && typeof schema === 'object') this.#checks.set(schema, check);
    }
    if (check(value)) return undefined;
    const [error] = check.errors;
    return `${error.instancePath || '/'} ${error.message}`;
  }

  /** One JSON Schema without a reference outward, or undefined where that takes more than a few hundred schemas. */
  bundle(schema, file) {
    const root = this.toJsonSchema(schema, file);
    const $defs = {};
    const todo = [root];
    while (todo.length > 0) {
      const node = todo.pop();
      if (node === null || typeof node !== 'object') continue;
      if (typeof node.$ref === 'string' && $defs[node.$ref] === undefined) {
        if (Object.keys($defs).length >= 300) return undefined;
        $defs[node.$ref] = this.#added.get(node.$ref);
        todo.push($defs[node.$ref]);
      }
      todo.push(...Object.values(node));
    }
    const local = (node) =>
      JSON.parse(
        JSON.stringify(node, (key, value) =>
          key === '$ref' ? `#/$defs/${value.slice(2)}` : key === '$id' ? undefined : value,
        ),
      );
    return {
      ...local(root),
      $defs: Object.fromEntries(Object.entries($defs).map(([id, each]) => [id.slice(2), local(each)])),
    };
  }

  /** Whether a schema has a property of that name, at most a few objects deep. */
  mentions(schema, file, name) {
    let layer = [this.toJsonSchema(schema, file)];
    const seen = new Set();
    for (let depth = 0; depth < 24 && layer.length > 0; depth += 1) {
      const next = [];
      for (const node of layer) {
        if (node === null || typeof node !== 'object' || seen.has(node)) continue;
        seen.add(node);
        if (node.properties?.[name] !== undefined) return true;
        if (typeof node.$ref === 'string') next.push(this.#added.get(node.$ref));
        next.push(...Object.values(node.properties ?? {}), node.items);
        for (const keyword of ['allOf', 'anyOf', 'oneOf']) next.push(...(node[keyword] ?? []));
      }
      layer = seen.size < 400 ? next : [];
    }
    return false;
  }

  toJsonSchema(schema, file) {
    if (schema === true || schema === undefined || schema === null) return true;
    if (schema === false) return false;
    if (typeof schema !== 'object' || Array.isArray(schema)) return true;
    if (typeof schema.$ref === 'string') {
      const reference = this.#reference(schema.$ref, file);
      const { $ref, ...siblings } = schema;
      if (!this.#description.isModern || Object.keys(siblings).length === 0) return reference;
      return { allOf: [reference, this.toJsonSchema(siblings, file)] };
    }
    const result = {};
    for (const keyword of PLAIN)
      if (schema[keyword] !== undefined && schema[keyword] !== null) result[keyword] = schema[keyword];
    this.#scalars(schema, result);
    this.#objects(schema, file, result);
    this.#arrays(schema, file, result);
    for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
      if (!Array.isArray(schema[keyword]) || schema[keyword].length === 0) continue;
      // In an answer a discriminator names the branch, so that others may fit as well; a request takes no such chance.
      const isNamed = keyword === 'oneOf' && schema.discriminator !== undefined && this.#hidden === 'writeOnly';
      const name = isNamed ? 'anyOf' : keyword;
      const branches = schema[keyword].map((each) => this.toJsonSchema(each, file));
      if (result[name] === undefined) result[name] = branches;
      else result.allOf = [...(result.allOf ?? []), { [name]: branches }];
    }
    for (const keyword of ['not', 'if', 'then', 'else', 'contains', 'propertyNames']) {
      if (schema[keyword] !== undefined) result[keyword] = this.toJsonSchema(schema[keyword], file);
    }
    const isNullable = schema.nullable === true || schema['x-nullable'] === true;
    return isNullable ? { anyOf: [{ type: 'null' }, result] } : result;
  }

  #scalars(schema, result) {
    const types = [schema.type].flat().filter((type) => TYPES.includes(type));
    if (types.length > 0) result.type = types.length === 1 ? types[0] : [...new Set(types)];
    if (Array.isArray(schema.enum) && schema.enum.length > 0) result.enum = schema.enum;
    if ('const' in schema) result.const = schema.const;
    if (typeof schema.pattern === 'string' && compiles(schema.pattern)) result.pattern = schema.pattern;
    if (typeof schema.multipleOf === 'number' && schema.multipleOf > 0) result.multipleOf = schema.multipleOf;
    for (const [limit, exclusive] of [
      ['minimum', 'exclusiveMinimum'],
      ['maximum', 'exclusiveMaximum'],
    ]) {
      if (typeof schema[exclusive] === 'number') result[exclusive] = schema[exclusive];
      if (typeof schema[limit] === 'number') result[schema[exclusive] === true ? exclusive : limit] = schema[limit];
    }
  }

  #objects(schema, file, result) {
    // Some documents put a reference where the properties should stand; common tools follow it.
    const { node: properties, file: at } = this.#description.follow(schema.properties, file) ?? {};
    if (isRecord(properties)) {
      result.properties = Object.fromEntries(
        Object.entries(properties).map(([name, each]) => [name, this.toJsonSchema(each, at)]),
      );
    }
    if (isRecord(schema.patternProperties)) {
      result.patternProperties = Object.fromEntries(
        Object.entries(schema.patternProperties)
          .filter(([pattern]) => compiles(pattern))
          .map(([pattern, each]) => [pattern, this.toJsonSchema(each, file)]),
      );
    }
    for (const keyword of ['additionalProperties', 'unevaluatedProperties']) {
      if (schema[keyword] !== undefined && schema[keyword] !== null)
        result[keyword] = this.toJsonSchema(schema[keyword], file);
    }
    if (isRecord(schema.dependentSchemas)) {
      result.dependentSchemas = Object.fromEntries(
        Object.entries(schema.dependentSchemas).map(([name, each]) => [name, this.toJsonSchema(each, file)]),
      );
    }
    if (Array.isArray(schema.required)) {
      const required = schema.required.filter(
        (name) => typeof name === 'string' && !this.isHidden(properties?.[name], at),
      );
      if (required.length > 0) result.required = required;
    }
  }

  #arrays(schema, file, result) {
    const tuple = Array.isArray(schema.items) ? schema.items : schema.prefixItems;
    if (Array.isArray(tuple) && tuple.length > 0)
      result.prefixItems = tuple.map((each) => this.toJsonSchema(each, file));
    if (schema.items !== undefined && !Array.isArray(schema.items))
      result.items = this.toJsonSchema(schema.items, file);
    if (schema.unevaluatedItems !== undefined)
      result.unevaluatedItems = this.toJsonSchema(schema.unevaluatedItems, file);
  }

  /** Whether a property does not travel in this direction. */
  isHidden(schema, file) {
    if (schema?.[this.#hidden] === true) return true;
    return typeof schema?.$ref === 'string' && this.#description.follow(schema, file)?.node?.[this.#hidden] === true;
  }

  #reference(reference, file) {
    const place = this.#description.find(reference, file);
    if (place === undefined) return true;
    const key = place.node !== null && typeof place.node === 'object' ? place.node : `${place.file}#${place.pointer}`;
    let $id = this.#names.get(key);
    if ($id === undefined) {
      $id = `d:${this.#names.size}`;
      this.#names.set(key, $id);
      const converted = this.toJsonSchema(place.node, place.file);
      const schema =
        converted === true ? { $id } : converted === false ? { $id, not: {} } : { $id, allOf: [converted] };
      this.#added.set($id, schema);
      this.#ajv.addSchema(schema);
    }
    return { $ref: $id };
  }
}

/** A pattern as its author meant it: with Unicode where it is written for that, without where it is not. */
export function toRegExp(pattern) {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return new RegExp(pattern);
  }
}

function compiles(pattern) {
  try {
    toRegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

function isRecord(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
