import type { Operation, Parameter } from '../../model/operation.ts';
import {
  type Expression,
  type FilterOp,
  holderOfAll,
  type ListShape,
  type PlacedFigure,
} from '../../model/resource.ts';
import type { Schema, SchemaObject } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import type { FoundList } from './find-list.ts';
import { figureOfHeader, findFigures } from './list-figures.ts';
import { successOf } from './success-body.ts';
import { isSameWord } from './words.ts';

type Filter = ListShape['filters'][string];

type Paging = Pick<
  ListShape,
  | 'pageParameter'
  | 'firstPage'
  | 'pageSizeParameter'
  | 'offsetParameter'
  | 'limitParameter'
  | 'cursorParameter'
  | 'beforeParameter'
>;

/**
 * Infers how a list is wrapped, paged, sorted and filtered, from the stems of its parameter and property names.
 *
 * @example
 * inferListShape(operation, found, schema, schemas).filters; // { status: { property: 'status', op: 'eq' } }
 */
export function inferListShape(
  operation: Operation,
  { path, form, each = [] }: Pick<FoundList, 'path'> & Pick<ListShape, 'form' | 'each'>,
  thing: Schema,
  schemas: SchemaResolver,
): ListShape {
  const declared = operation.parameters.filter((parameter) => parameter.in === 'query');
  const parameters = declared.flatMap((parameter) => [parameter, ...membersOf(parameter, schemas)]);
  const objects = declared.filter((parameter) => membersOf(parameter, schemas).length > 0).map(({ name }) => name);
  const success = successOf(operation);
  const headers = Object.keys(success?.response.headers ?? {}).map((name) => name.toLowerCase());
  const properties = comparable(thing, schemas);
  const declaredPaging = withoutFilters(pagingOf(parameters, schemas), properties);
  const found =
    (path.length === 0 && form !== 'map') || form === 'first' ? [] : findFigures(success?.schema, path, schemas);
  const figures = found.map((figure) => asLink(figure, declaredPaging));
  const paging = countedFrom(declaredPaging, figures);
  return {
    ...(path.length > 0 && { items: path }),
    ...(each.length > 0 && { each }),
    ...(form !== 'objects' && { form }),
    ...(figures.length > 0 && { figures }),
    ...paging,
    ...(isCountedFromOne(parameters, figures, schemas) && { firstOffset: 1 }),
    totalHeader: headers.find((name) => /total([-_]?(count|items|results|elements|records))?$/.test(name)),
    countHeader: headers.find((name) => /result.?count/.test(name)),
    linkHeader: headers.find((name) => name === 'link'),
    ...figureHeadersOf(success?.response.headers ?? {}, schemas),
    ...(objects.length > 0 && { objects }),
    ...expressionsOf(parameters, figures, properties, schemas),
    filters: filtersOf(
      parameters.filter(({ name }) => !Object.values(paging).includes(name)),
      properties,
      schemas,
    ),
    ...sortingOf(parameters, schemas),
    fieldsParameter: parameters.find(({ name }) => /^(\$?fields|\$?select)$/i.test(name))?.name,
  };
}

/** Parameters in a language of their own: SCIM, known by what it calls its total, and selectors of labels and fields. */
function expressionsOf(
  parameters: readonly Parameter[],
  figures: NonNullable<ListShape['figures']>,
  properties: ReadonlyMap<string, Schema>,
  schemas: SchemaResolver,
): Pick<ListShape, 'expressions'> {
  const isScim = figures.some(({ path }) => path.join() === 'totalResults');
  const labels = labelsIn(properties, schemas);
  const found = parameters.flatMap(({ name, schema }): [string, Expression][] => {
    if (isNumeric(schemas.resolve(schema)) || schemas.items(schema) !== undefined) return [];
    if (isScim && name === 'filter') return [[name, { language: 'scim' }]];
    if (/^(label[-_]?selector|labels)$/i.test(name) && labels !== undefined && !properties.has(name))
      return [[name, { language: 'selector', property: labels }]];
    return /^field[-_]?selector$/i.test(name) ? [[name, { language: 'selector' }]] : [];
  });
  return found.length === 0 ? {} : { expressions: Object.fromEntries(found) };
}

/** Where things have labels, which are texts by any names: at the top, or one level down. */
function labelsIn(properties: ReadonlyMap<string, Schema>, schemas: SchemaResolver): string | undefined {
  const isMap = (schema: Schema | undefined) =>
    schema !== undefined && schemas.members(schema).size === 0 && schemas.isObject(schema);
  if (isMap(properties.get('labels'))) return 'labels';
  const outer = [...properties].find(([, schema]) => isMap(schemas.members(schema).get('labels')));
  return outer === undefined ? undefined : `${outer[0]}.labels`;
}

/** What else the headers of an answer tell of a page. */
function figureHeadersOf(
  declared: Operation['responses'][string]['headers'],
  schemas: SchemaResolver,
): Pick<ListShape, 'figureHeaders'> {
  const names = Object.keys(declared);
  const found = Object.entries(declared).flatMap(([name, { schema }]) => {
    const figure = figureOfHeader(name, schemas.resolve(schema), names);
    return figure === undefined || figure === 'total' ? [] : [[name.toLowerCase(), figure] as const];
  });
  return found.length === 0 ? {} : { figureHeaders: Object.fromEntries(found) };
}

/** Spring Data, which calls it a `number` beside `totalPages`, counts pages from zero, where nothing says otherwise. */
function countedFrom(paging: Paging, figures: NonNullable<ListShape['figures']>): Paging {
  const isOfSpring = figures.some(({ figure, path }) => figure === 'page' && path.at(-1) === 'number');
  return isOfSpring ? { firstPage: 0, ...paging } : paging;
}

/** The members of a parameter that is an object, called as a query has them: `page[number]`, `filter[status]`. */
function membersOf(parameter: Parameter, schemas: SchemaResolver): readonly Parameter[] {
  const resolved = schemas.resolve(parameter.schema);
  // `created=1700000000` or `created[gte]=1700000000`
  const forms = [parameter.schema, ...(resolved?.anyOf ?? []), ...(resolved?.oneOf ?? [])];
  const members = new Map(forms.flatMap((form) => [...schemas.members(form)]));
  return [...members].map(([name, schema]) => ({ ...parameter, name: `${parameter.name}[${name}]`, schema }));
}

/** What alone would page, and is called as a property is, filters by that. */
function withoutFilters(paging: Paging, properties: ReadonlyMap<string, Schema>): Paging {
  const names = Object.values(paging).filter((each) => typeof each === 'string');
  const [only] = names;
  return names.length === 1 && only !== undefined && properties.has(only) ? {} : paging;
}

/** Where no parameter takes a cursor, a text that leads on is a link. */
function asLink(placed: PlacedFigure, { cursorParameter, pageParameter, offsetParameter }: Paging): PlacedFigure {
  const way = /^next$/i.test(placed.path.at(-1) ?? '') ? 'next' : 'previous';
  const isWay = placed.figure === (way === 'next' ? 'nextCursor' : 'previousCursor');
  const isCalledSo = /^(next|prev(ious)?)$/i.test(placed.path.at(-1) ?? '');
  const hasPages = (pageParameter ?? offsetParameter) !== undefined && cursorParameter === undefined;
  return isWay && isCalledSo && hasPages ? { ...placed, figure: way } : placed;
}

/** What a thing can be filtered by: its properties, and those in the object that some contracts keep all of them in. */
function comparable(thing: Schema, schemas: SchemaResolver): ReadonlyMap<string, Schema> {
  const own = schemas.members(thing);
  const inner = holderOfAll([...own.keys()]);
  const nested = [...schemas.members(own.get(inner ?? ''))].map(
    ([name, schema]) => [`${inner}.${name}`, schema] as const,
  );
  return nested.length === 0 ? own : new Map([...own, ...nested]);
}

/** The name of a property without what it stands in. */
function lastOf(property: string): string {
  return property.slice(property.lastIndexOf('.') + 1);
}

/** The parameters that page: by page and size, by offset and limit, or by a cursor. */
function pagingOf(parameters: readonly Parameter[], schemas: SchemaResolver): Paging {
  const find = (stem: RegExp, isWanted: (schema: SchemaObject | undefined) => boolean) =>
    parameters.find(({ name, schema }) => stem.test(name) && isWanted(schemas.resolve(schema)))?.name;
  const findNumber = (stem: RegExp) => find(stem, (schema) => isNumeric(schema) || isNumericText(schema));
  const pageParameter = findNumber(/^\$?(current[-_]?)?page([-_]?(no|num|number|index)|\[number\])?$|^p$/i);
  const pageSizeParameter = findNumber(
    /^(page[-_]?(size|length|limit)|per[-_]?page|size|page\[size\]|items?[-_]?per[-_]?page)$/i,
  );
  const offsetParameter = findNumber(/^\$?(offset|skip|start|start[-_]?(index|at)|from|page\[offset\])$/i);
  const limitParameter = findNumber(
    /^\$?(limit|top|max|count|max[-_]?(items|results|records|entries|page[-_]?size)|page\[limit\]|results|num[-_]?(results|items)|first)$/i,
  );
  const isText = (schema: SchemaObject | undefined) => !isNumeric(schema);
  const cursorParameter =
    find(
      /^(cursor|(start(ing)?[-_]?)?after|next([-_]?(page|token|cursor|page[-_]?token))?|page[-_]?(token|cursor)|continuation([-_]?token)?|continue|marker|page\[(after|cursor)\]|\$?skip[-_]?token|scroll[-_]?id|start[-_]?key)$/i,
      isText,
    ) ??
    find(
      /^(page|offset|start)$/i,
      (schema) => isText(schema) && pageParameter === undefined && offsetParameter === undefined,
    );
  const beforeParameter = find(
    /^((ending|end)[-_]?before|before|page\[before\])$/i,
    (schema) => isText(schema) && kindOf(schema) === undefined,
  );
  const pageSchema = schemas.resolve(parameters.find(({ name }) => name === pageParameter)?.schema);
  const first = pageSchema?.default ?? pageSchema?.minimum;
  const firstPage = first === undefined ? undefined : Number(first) === 0 ? 0 : 1;
  // Where pages are counted, a limit is how long one is.
  const isLimitOfPages =
    pageParameter !== undefined && pageSizeParameter === undefined && offsetParameter === undefined;
  return {
    pageParameter,
    ...(firstPage !== undefined && { firstPage }),
    pageSizeParameter: isLimitOfPages ? limitParameter : pageSizeParameter,
    offsetParameter,
    limitParameter: isLimitOfPages
      ? undefined
      : (limitParameter ?? (pageParameter === undefined ? pageSizeParameter : undefined)),
    ...(cursorParameter !== undefined && { cursorParameter }),
    ...(beforeParameter !== undefined && { beforeParameter }),
  };
}

/**
 * Whether the first item of all is number one: by the parameter's own bounds, or as SCIM and OpenSearch have it, whose
 * `startIndex` stands beside `itemsPerPage`.
 */
function isCountedFromOne(
  parameters: readonly Parameter[],
  figures: NonNullable<ListShape['figures']>,
  schemas: SchemaResolver,
): boolean {
  const names = figures.map(({ path }) => path.at(-1) ?? '');
  const schema = schemas.resolve(parameters.find(({ name }) => /^start[-_]?index$/i.test(name))?.schema);
  const isBesidePages = names.includes('startIndex') && names.includes('itemsPerPage');
  return schema === undefined
    ? isBesidePages
    : Number(schema.default ?? schema.minimum ?? (isBesidePages ? 1 : 0)) === 1;
}

function sortingOf(parameters: readonly Parameter[], schemas: SchemaResolver): Partial<ListShape> {
  const isDirection = ({ schema }: Parameter) =>
    (schemas.resolve(schema)?.enum ?? []).some(
      (value) => /^(asc|desc)/i.test(String(value)) && !/[^a-z]/i.test(String(value)),
    );
  const sortParameter = parameters.find(
    (parameter) =>
      /^\$?(sort|sort[-_]?by|order[-_]?by|ordering|order|sort[-_]?(field|column|key))$/i.test(parameter.name) &&
      !isDirection(parameter),
  )?.name;
  const directionParameter = parameters.find(
    (parameter) =>
      /^(order|direction|dir|sort|sort[-_]?(order|dir|direction)|order[-_]?(dir|direction))$/i.test(parameter.name) &&
      parameter.name !== sortParameter &&
      isDirection(parameter),
  )?.name;
  return {
    ...(sortParameter !== undefined && { sortParameter }),
    ...(directionParameter !== undefined && { directionParameter }),
  };
}

function filtersOf(
  parameters: readonly Parameter[],
  properties: ReadonlyMap<string, Schema>,
  schemas: SchemaResolver,
): ListShape['filters'] {
  const filters = parameters.flatMap(({ name, schema }): [string, Filter][] => {
    const filter = filterOf(name, schemas.resolve(schema), properties, schemas);
    return filter === undefined ? [] : [[name, filter]];
  });
  return Object.fromEntries(filters);
}

/** What a parameter filters by, as its name says; `undefined` where it does not filter. */
function filterOf(
  name: string,
  schema: SchemaObject | undefined,
  properties: ReadonlyMap<string, Schema>,
  schemas: SchemaResolver,
): Filter | undefined {
  const isList = schema?.type === 'array';
  if (properties.has(name)) return { property: name, op: isList ? 'in' : 'eq' };

  const bound = boundOf(name);
  const kind = kindOf(schema);
  if (bound !== undefined && kind !== undefined) {
    const comparable = [...properties].flatMap(([property, own]) =>
      kindOf(schemas.resolve(own)) === kind ? [property] : [],
    );
    const property = comparable.find((each) => isAbout(lastOf(each), bound.about)) ?? comparable[0];
    return property === undefined ? undefined : { property, op: bound.op };
  }
  const [, inner, sign] =
    /^(?:filters?\[)?([\w.]+?)\]?(?:\[(\w+)\]|__(\w+)|\.(eq|gte?|lte?|in)|_(gte?|lte?|in))?$/.exec(name) ?? [];
  const suffix = /(?:\[|__|\.|_)(eq|in|gte?|lte?|contains|like)\]?$/.exec(name)?.[1];
  const about = suffix !== undefined && inner !== undefined ? inner : name.replace(/^filters?\[(.*)\]$/, '$1');
  const property = [...properties.keys()].find((each) => isSameWord(lastOf(each), about));
  if (property !== undefined) {
    // `ids` are several in one text.
    const isSeveral = isSameWord(`${lastOf(property)}s`, about) && !isSameWord(lastOf(property), `${about}s`);
    const isPlural = isList || isSeveral || sign === 'in' || suffix === 'in';
    const op = suffix === undefined || suffix === 'eq' || suffix === 'in' ? (isPlural ? 'in' : 'eq') : OPS[suffix];
    return op === undefined ? undefined : { property, op };
  }
  const isText = schema === undefined || schema.type === undefined || schema.type === 'string';
  if (
    isText &&
    schema?.enum === undefined &&
    /^(q|query|search|search[-_]?(term|text|query)?|keywords?|term|text|filter[-_]?text)$/i.test(name)
  ) {
    return { property: '*', op: 'contains' };
  }
  const contained = /^(.+?)[-_]?(contains|like)$/i.exec(name)?.[1];
  const text = contained && [...properties.keys()].find((each) => isSameWord(each, contained));
  return text === undefined || text === '' ? undefined : { property: text, op: 'contains' };
}

const OPS: Readonly<Record<string, FilterOp>> = {
  gt: 'gt',
  gte: 'gte',
  lt: 'lt',
  lte: 'lte',
  contains: 'contains',
  like: 'contains',
};

/** Whether a parameter's name is that of a lower or upper bound (`fromDate`, `max_price`, `createdAfter`), and of what. */
function boundOf(name: string): { op: FilterOp; about: string } | undefined {
  const [, prefix, after] = /^(from|since|min|start|to|until|till|max|end)(?=[A-Z_-]|$)[-_]?(.*)$/.exec(name) ?? [];
  if (prefix !== undefined) {
    return {
      op: /^(from|since|min|start)$/.test(prefix) ? 'gte' : 'lte',
      about: /^(date|time)$/i.test(after ?? '') ? '' : (after ?? ''),
    };
  }
  const [, before, suffix] = /^(.*?)[-_]?(after|since|from|min|before|until|to|max)$/i.exec(name) ?? [];
  if (suffix !== undefined)
    return { op: /^(after|since|from|min)$/i.test(suffix) ? 'gte' : 'lte', about: before ?? '' };
  const [, compared, sign] = /^(.+?)(?:\[|__|\.|_)(gte?|lte?)\]?$/.exec(name) ?? [];
  return sign === undefined ? undefined : { op: sign as FilterOp, about: compared ?? '' };
}

/** Values of one kind can be compared: dates, times, numbers. */
function kindOf(schema: SchemaObject | undefined): string | undefined {
  if (schema?.format === 'date' || schema?.format === 'date-time') return schema.format;
  return isNumeric(schema) ? 'number' : undefined;
}

function isNumeric(schema: SchemaObject | undefined): boolean {
  const types = [schema?.type].flat();
  return types.includes('integer') || types.includes('number');
}

/** Some contracts write numbers as texts and show one. */
function isNumericText(schema: SchemaObject | undefined): boolean {
  const shown = schema?.default ?? (Array.isArray(schema?.examples) ? schema.examples[0] : undefined);
  return (
    (typeof shown === 'string' && /^\d+$/.test(shown)) ||
    typeof shown === 'number' ||
    /^int/.test(String(schema?.format ?? ''))
  );
}

/** `created` is about `createdAt`, `price` about `monthlyPrice`. */
function isAbout(property: string, about: string): boolean {
  const bare = (word: string) => word.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  const [whole, part] = [bare(property), bare(about)];
  return part !== '' && (whole.startsWith(part) || whole.endsWith(part));
}
