import type { Parameter } from '../model/operation.ts';
import type { ListShape } from '../model/resource.ts';
import type { Schema, SchemaObject } from '../model/schema.ts';
import type { SchemaResolver } from '../model/schema-resolver.ts';
import type { ListBody } from './resource-endpoints.ts';

type Filter = ListShape['filters'][string];
type Paging = ListShape['paging'];

/**
 * Infers how a list is wrapped, paged and filtered, from the stems of its parameter and property names.
 *
 * @example
 * inferListShape(endpoint.list, endpoint, schemas).filters; // { status: { property: 'status', op: 'eq' } }
 */
export function inferListShape(list: ListBody, thing: { readonly schema: Schema }, schemas: SchemaResolver): ListShape {
  const parameters = list.operation.parameters.filter((parameter) => parameter.in === 'query');
  const findNumber = (stem: RegExp) =>
    parameters.find(({ name, schema }) => stem.test(name) && isNumeric(schemas.resolve(schema)))?.name;
  const headers = Object.entries(list.operation.responses)
    .filter(([status]) => /^2/.test(status))
    .flatMap(([, response]) => Object.keys(response.headers).map((name) => name.toLowerCase()));

  return {
    itemsProperty: list.itemsProperty,
    paging: pagingOf(list.envelope, schemas),
    pageParameter: findNumber(/^page([-_]?(no|num|number|index))?$/i),
    pageSizeParameter: findNumber(/^(page[-_]?(size|length)|per[-_]?page|size)$/i),
    offsetParameter: findNumber(/^(offset|skip|start)$/i),
    limitParameter: findNumber(/^(limit|top|max[-_]?(items|results))$/i),
    totalHeader: headers.find((name) => /total.?count/.test(name)),
    countHeader: headers.find((name) => /result.?count/.test(name)),
    filters: filtersOf(parameters, schemas.properties(thing.schema), schemas),
    fieldsParameter: parameters.find(({ name }) => /^(fields|select)$/i.test(name))?.name,
  };
}

/** The envelope's property that holds at least a page or a total, and what each figure in it is called. */
function pagingOf(envelope: ReadonlyMap<string, Schema>, schemas: SchemaResolver): Paging {
  for (const [property, schema] of envelope) {
    const names = [...schemas.properties(schema).keys()];
    const find = (stem: RegExp) => names.find((name) => stem.test(name));
    const figures = {
      page: find(/^((current|this)[-_]?)?page([-_]?(no|num|number|index))?$/i),
      pageSize: find(/^((page[-_]?)?(size|length)|per[-_]?page|limit)$/i),
      totalPages: find(/^(total[-_]?pages|pages|page[-_]?count)$/i),
      totalItems: find(/^(total([-_]?(items|elements|count|results|records))?|count)$/i),
    };
    if (Object.values(figures).some((name) => name !== undefined)) return { property, ...figures };
  }
  return undefined;
}

function filtersOf(
  parameters: readonly Parameter[],
  properties: ReadonlyMap<string, Schema>,
  schemas: SchemaResolver,
): ListShape['filters'] {
  const filters = parameters.flatMap(({ name, schema }): [string, Filter][] => {
    if (properties.has(name)) return [[name, { property: name, op: 'eq' }]];

    const bound = boundOf(name);
    const kind = kindOf(schemas.resolve(schema));
    if (bound === undefined || kind === undefined) return [];

    const comparable = [...properties].flatMap(([property, own]) =>
      kindOf(schemas.resolve(own)) === kind ? [property] : [],
    );
    const property = comparable.find((each) => isAbout(each, bound.about)) ?? comparable[0];
    return property === undefined ? [] : [[name, { property, op: bound.op }]];
  });
  return Object.fromEntries(filters);
}

/** Whether a parameter's name is that of a lower or upper bound (`fromDate`, `max_price`, `createdAfter`), and of what. */
function boundOf(name: string): { op: 'gte' | 'lte'; about: string } | undefined {
  const [, prefix, after] = /^(from|min|to|max)(?=[A-Z_-]|$)[-_]?(.*)$/.exec(name) ?? [];
  if (prefix !== undefined) return { op: prefix === 'from' || prefix === 'min' ? 'gte' : 'lte', about: after ?? '' };
  const [, before, suffix] = /^(.*?)[-_]?(after|before)$/i.exec(name) ?? [];
  if (suffix !== undefined) return { op: suffix.toLowerCase() === 'after' ? 'gte' : 'lte', about: before ?? '' };
  return undefined;
}

/** Values of one kind can be compared: dates, times, numbers. */
function kindOf(schema: SchemaObject | undefined): string | undefined {
  if (schema?.format === 'date' || schema?.format === 'date-time') return schema.format;
  return isNumeric(schema) ? 'number' : undefined;
}

function isNumeric(schema: SchemaObject | undefined): boolean {
  return schema?.type === 'integer' || schema?.type === 'number';
}

/** `created` is about `createdAt`, `price` about `monthlyPrice`. */
function isAbout(property: string, about: string): boolean {
  const [whole, part] = [property.toLowerCase(), about.toLowerCase()];
  return part !== '' && (whole.startsWith(part) || whole.endsWith(part));
}
