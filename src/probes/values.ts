import type { Generator } from '../engine/values/generator.ts';
import type { Chance } from '../engine/values/random.ts';
import type { Operation, Parameter } from '../model/operation.ts';
import type { Schema, SchemaObject, Validation } from '../model/schema.ts';
import type { SchemaResolver } from '../model/schema-resolver.ts';
import { createOmitter } from '../surfaces/http/omit-properties.ts';
import { type Breakage, LEFT_OUT, Repeat } from './break-schema.ts';
import type { KnownItem, KnownThings } from './known-things.ts';
import { jsonMedia, type Variant } from './plan.ts';
import type { Place, ProbeRequest } from './request.ts';

export interface ValueParts {
  readonly schemas: SchemaResolver;
  readonly validation: Validation;
  readonly generator: Generator;
  readonly chance: Chance;
  readonly known: KnownThings;
  /** The time that dates are near to. */
  readonly now: string;
}

/** Properties of query parameters that choose how an answer is shown, and not what it is about. */
const OF_THE_SHOWING =
  /^(?:fields|select|expand|include|embed|sort|order|orderby|direction|filter|search|q|query|cursor|after|before|page_?token|if-.*|prefer|range|accept.*)$/i;

/**
 * Makes valid requests, and breaks them.
 *
 * @example new Values(parts).request(operation, 'least')
 */
export class Values {
  readonly #parts: ValueParts;
  /** Keys against doing something twice that were made. */
  #keys = 0;

  constructor(parts: ValueParts) {
    this.#parts = parts;
  }

  /** A valid request; `turn` makes another one of it. */
  request(operation: Operation, variant: Variant, turn = 0): ProbeRequest {
    const known = this.#parts.known.valuesFor(operation);
    const values: Record<Place, Record<string, unknown>> = { path: {}, query: {}, header: {}, cookie: {} };
    for (const parameter of operation.parameters) {
      const { in: where, name, required } = parameter;
      if (where === 'querystring') continue;
      if (!required && where !== 'path' && (variant === 'least' || OF_THE_SHOWING.test(name))) continue;
      values[where][name] =
        where === 'path' && known[name] !== undefined ? known[name] : this.#valueOf(parameter, operation, turn);
    }
    const made = this.body(operation, variant, turn);
    const item = this.#parts.known.itemOf(operation);
    return { operation, values, ...made, ...(item && { body: this.#named(made.body, item, operation) }) };
  }

  /** The body of a valid request; nothing where the operation takes none that can be made. */
  body(
    operation: Operation,
    variant: Variant,
    turn = 0,
    isAlwaysSent = false,
  ): Pick<ProbeRequest, 'contentType' | 'body'> {
    const { requestBody } = operation;
    const [contentType, schema] =
      jsonMedia(operation) ??
      Object.entries(requestBody?.content ?? {}).flatMap(([type, media]) =>
        /^application\/x-www-form-urlencoded/.test(type) ? [type, media.schema ?? true] : [],
      );
    if (typeof contentType !== 'string' || schema === undefined || typeof schema === 'string') return {};
    if (requestBody?.required !== true && variant === 'least' && !isAlwaysSent) return {};
    const examples = Object.values(requestBody?.content[contentType]?.examples ?? {});
    const shown = variant === 'example' ? examples.find((each) => this.#isValid(schema, each)) : undefined;
    const made = shown ?? this.#made(schema, operation.id, 'body', turn);
    const whole = this.#withIds(made, schema, schema);
    return { contentType, body: variant === 'least' ? this.#least(whole, schema, schema) : whole };
  }

  /** The same with the id of the thing that the path names: no body gives it another. */
  #named(body: unknown, { resource: { idProperty }, id }: KnownItem, operation: Operation): unknown {
    if (typeof body !== 'object' || body === null || !Object.hasOwn(body, idProperty)) return body;
    const [, schema] = jsonMedia(operation) ?? [];
    return (
      [id, Number(id)]
        .map((value) => ({ ...body, [idProperty]: value }))
        .find((named) => schema !== undefined && this.#isValid(schema, named)) ?? body
    );
  }

  /** A value that is valid, and of nothing that is known. */
  stranger(parameter: Parameter): unknown {
    const ready = ['no-such-thing', 987_654_321, '987654321', '00000000-0000-4000-8000-00000000dead'];
    const made = this.#made(parameter.schema, parameter.name, 'stranger');
    return [...ready, made].find(
      (value) => value !== undefined && value !== '' && this.#isValid(parameter.schema, value),
    );
  }

  /** Bodies that break a constraint, of a valid one that has a value at the place. */
  brokenBodies(operation: Operation, { path, values }: Breakage): readonly unknown[] {
    const [, schema] = jsonMedia(operation) ?? [];
    if (schema === undefined) return [];
    const { body } = this.body(operation, 'full');
    const base = this.#reaching(body, schema, path);
    return values.map((value) => withBroken(base, path, value));
  }

  /** Values of a parameter that break a constraint of its. */
  brokenParameters(parameter: Parameter, { path, values }: Breakage): readonly unknown[] {
    return values
      .filter((value) => value !== LEFT_OUT)
      .map((value) => {
        if (value instanceof Repeat)
          return Array.from({ length: value.times }, () =>
            this.#made(this.#parts.schemas.items(parameter.schema) ?? {}, parameter.name),
          );
        if (path.length === 0) return value;
        return path[0] === '0' ? [value] : { [path[0] ?? '']: value };
      });
  }

  #valueOf(parameter: Parameter, operation: Operation, turn: number): unknown {
    const { name, schema } = parameter;
    // Each request is another one, and says so.
    if (parameter.in === 'header' && /idempotency/i.test(name)) {
      this.#keys += 1;
      return this.#made(schema, operation.id, name, 'key', this.#keys);
    }
    const id = this.#parts.known.idFor(name);
    if (id !== undefined && this.#isValid(schema, id)) return id;
    const { default: usual, examples, example } = (this.#parts.schemas.resolve(schema) ?? {}) as SchemaObject;
    const shown = [example, ...(Array.isArray(examples) ? examples : []), usual].find(
      (value) => value !== undefined && this.#isValid(schema, value),
    );
    if (shown !== undefined && turn === 0) return shown;
    const made = this.#made(schema, operation.id, name, turn);
    // An empty segment is another path.
    return parameter.in === 'path' && (made === '' || made === undefined || made === null) ? 'x' : made;
  }

  #made(schema: Schema, ...purpose: readonly (string | number)[]): unknown {
    const { generator, chance, schemas, now } = this.#parts;
    try {
      const value = generator.generate(schema, chance.source('test', ...purpose), { now });
      return createOmitter(schema, schemas, 'readOnly')?.(value) ?? value;
    } catch {
      return undefined;
    }
  }

  #isValid(schema: Schema, value: unknown): boolean {
    return this.#parts.validation.checkRequest(schema)(value).length === 0;
  }

  /** The same with ids of things that are there, where members are named after such. */
  #withIds(value: unknown, schema: Schema, whole: Schema): unknown {
    const { schemas, known } = this.#parts;
    if (Array.isArray(value)) {
      const items = schemas.items(schema);
      return items === undefined ? value : value.map((item) => this.#withIds(item, items, items));
    }
    if (typeof value !== 'object' || value === null) return value;
    const members = schemas.members(schema);
    const found = Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        const id = typeof member === 'string' ? known.idFor(name) : undefined;
        const property = members.get(name);
        if (id !== undefined && (property === undefined || this.#isValid(property, id))) return [name, id];
        return [name, property === undefined ? member : this.#withIds(member, property, property)];
      }),
    );
    return schema !== whole || this.#isValid(whole, found) ? found : value;
  }

  /** The same without what need not be sent. */
  #least(value: unknown, schema: Schema, whole: Schema): unknown {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const required = this.#parts.schemas.required(schema);
    const left = Object.fromEntries(Object.entries(value).filter(([name]) => required.has(name)));
    return this.#isValid(whole, left) ? left : value;
  }

  /** The same with something at the place that a path leads to. */
  #reaching(value: unknown, schema: Schema, path: readonly string[]): unknown {
    const [name, ...rest] = path;
    if (name === undefined) return value;
    const { schemas } = this.#parts;
    const isItem = name === '0' && schemas.items(schema) !== undefined;
    const inner = isItem ? schemas.items(schema) : schemas.members(schema).get(name);
    if (inner === undefined) return value;
    if (isItem) {
      const items = Array.isArray(value) && value.length > 0 ? value : [this.#made(inner, 'item')];
      return [this.#reaching(items[0], inner, rest), ...items.slice(1)];
    }
    const object =
      typeof value === 'object' && value !== null && !Array.isArray(value) ? value : this.#made(schema, 'member');
    if (typeof object !== 'object' || object === null) return value;
    const member = (object as Readonly<Record<string, unknown>>)[name] ?? this.#made(inner, 'member', name);
    return { ...object, [name]: this.#reaching(member, inner, rest) };
  }
}

function withBroken(value: unknown, path: readonly string[], broken: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) {
    if (!(broken instanceof Repeat)) return broken;
    const [first = 'x'] = Array.isArray(value) ? (value as readonly unknown[]) : [];
    return Array.from({ length: broken.times }, () => first);
  }
  if (Array.isArray(value)) return [withBroken(value[0], rest, broken), ...value.slice(1)];
  const object = typeof value === 'object' && value !== null ? value : {};
  if (broken === LEFT_OUT && rest.length === 0) {
    return Object.fromEntries(Object.entries(object).filter(([each]) => each !== name));
  }
  return { ...object, [name]: withBroken((object as Readonly<Record<string, unknown>>)[name], rest, broken) };
}
