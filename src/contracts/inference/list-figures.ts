import type { Figure, PlacedFigure } from '../../model/resource.ts';
import type { Schema, SchemaObject } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { isSameWord } from './words.ts';

/** Objects within the envelope that are looked into. */
const MOST_NESTING = 3;

/**
 * Finds what in the envelope of a list depends on what the list holds, by name and type: counts, pages, cursors, links.
 *
 * @example findFigures(schema, ['jobs'], schemas); // [{ path: ['total'], figure: 'total' }]
 */
export function findFigures(
  envelope: Schema | undefined,
  items: readonly string[],
  schemas: SchemaResolver,
): readonly PlacedFigure[] {
  return figuresIn(envelope, items, schemas, []);
}

/**
 * What a header tells of a page by its name: `X-Next-Cursor`, `X-Total-Pages`, `X-Pagination-Page`.
 *
 * @example figureOfHeader('x-per-page', { type: 'integer' }, ['x-per-page']); // 'pageSize'
 */
export function figureOfHeader(
  name: string,
  schema: SchemaObject | undefined,
  siblings: readonly string[],
): Figure | undefined {
  const bare = (header: string) => header.replace(/^x-/i, '').replace(/^(pagination|paging)-/i, '');
  // Whether a text is a cursor or an address, only the name says.
  return /^(range|offset|size|length|limit|count|link|location|href|uri|self|url)$/i.test(bare(name))
    ? undefined
    : figureOf(bare(name), schema, siblings.map(bare), false);
}

function figuresIn(
  schema: Schema | undefined,
  items: readonly string[],
  schemas: SchemaResolver,
  path: readonly string[],
): readonly PlacedFigure[] {
  const members = [...schemas.members(schema)].filter(
    ([name]) => items[path.length] !== name || path.length !== items.length - 1,
  );
  const names = members.map(([name]) => name);
  const isLinks = path.some((step) => /links?$/i.test(step));
  return members.flatMap(([name, member]) => {
    const here = [...path, name];
    const resolved = schemas.resolve(member);
    const inner = schemas.members(member);
    if (inner.size > 0) {
      if (isLinks) {
        // `{ next: { href } }`
        const target = LINKS.find(([stem]) => stem.test(name))?.[1];
        const href = [...inner].find(([each]) => /^(href|url|uri)$/i.test(each));
        if (target !== undefined && href !== undefined)
          return [placed([...here, href[0]], target, schemas.resolve(href[1]))];
        // `{ links: { pages: { next } } }`
        return href === undefined && path.length < MOST_NESTING ? figuresIn(member, items, schemas, here) : [];
      }
      const way = /^next([-_]?page)?$/i.test(name)
        ? 'next'
        : /^prev(ious)?([-_]?page)?$/i.test(name)
          ? 'previous'
          : undefined;
      if (way !== undefined)
        return [...inner].flatMap(([part, partSchema]) =>
          figureOfWay(way, part, schemas.resolve(partSchema), [...here, part]),
        );
      return path.length < MOST_NESTING && isNested(name, items, path) ? figuresIn(member, items, schemas, here) : [];
    }
    const plain = plainOf(resolved, schemas);
    const figure = figureOf(name, plain, names, isLinks) ?? totalOf(name, plain, items);
    return figure === undefined ? [] : [placed(here, figure, plain)];
  });
}

/** A link is a path, unless the contract calls it a URI or shows it as one. */
function placed(path: readonly string[], figure: Figure, schema: SchemaObject | undefined): PlacedFigure {
  const isLink = LINKS.some(([, each]) => each === figure);
  const shown = [schema?.default, ...(Array.isArray(schema?.examples) ? schema.examples : [])];
  const isAbsolute =
    isLink &&
    (/^(uri|url|iri)$/.test(String(schema?.format ?? '')) ||
      shown.some((each) => typeof each === 'string' && /^https?:/.test(each)));
  return { path, figure, ...(isAbsolute && { isAbsolute }) };
}

/** A member of an object that leads on: `{ next_page: { offset, uri } }`. */
function figureOfWay(
  way: 'next' | 'previous',
  name: string,
  schema: SchemaObject | undefined,
  path: readonly string[],
): readonly PlacedFigure[] {
  const types = typesOf(schema);
  if (/^(href|url|uri|link|path)$/i.test(name)) return [placed(path, way, schema)];
  if (types.includes('string')) return [{ path, figure: way === 'next' ? 'nextCursor' : 'previousCursor' }];
  if (!types.includes('integer') && !types.includes('number')) return [];
  const isOffset = /offset|skip|start/i.test(name);
  return way === 'previous'
    ? [{ path, figure: 'previousPage' }]
    : [{ path, figure: isOffset ? 'nextOffset' : 'nextPage' }];
}

/** What may hold figures: an object of paging, links or both, and what the items stand in. */
function isNested(name: string, items: readonly string[], path: readonly string[]): boolean {
  const isOnTheWay = items[path.length] === name && path.every((step, index) => items[index] === step);
  return isOnTheWay || /pag|meta|links?$|cursor|count|total|result|navigation|info|summary|list/i.test(name);
}

function figureOf(
  name: string,
  schema: SchemaObject | undefined,
  siblings: readonly string[],
  isLinks: boolean,
): Figure | undefined {
  const types = typesOf(schema);
  const isNumber = types.includes('integer') || types.includes('number');
  const isText = types.includes('string') || types.length === 0;
  if (types.includes('boolean')) return FLAGS.find(([stem]) => stem.test(name))?.[1];
  const isLink = isLinks || schema?.format === 'uri' || schema?.format === 'url' || /(url|uri|href|link)$/i.test(name);
  if (isText && isLink) return LINKS.find(([stem]) => stem.test(name))?.[1];
  // Where a total stands beside it, a count is that of the page.
  const hasTotal = siblings.some((each) => /^total|total$/i.test(each) && each !== name);
  if (/^(count|size)$/i.test(name) && hasTotal && (isNumber || isText)) {
    const hasPage = siblings.some((each) => /^page/i.test(each));
    return /^size$/i.test(name) && hasPage
      ? 'pageSize'
      : /^size$/i.test(name) && siblings.includes('number')
        ? 'pageSize'
        : 'count';
  }
  if (/^number$/i.test(name) && siblings.includes('totalPages')) return 'page';
  const figure = FIGURES.find(([stem]) => stem.test(name))?.[1];
  if (figure !== undefined && (isNumber || isText)) return figure;
  if (isNumber) return NUMBERS.find(([stem]) => stem.test(name))?.[1];
  return isText ? TEXTS.find(([stem]) => stem.test(name))?.[1] : undefined;
}

/** `totalMembers` beside `members`. */
function totalOf(name: string, schema: SchemaObject | undefined, items: readonly string[]): Figure | undefined {
  const [, about] = /^(?:total|num(?:ber)?(?:[-_]?of)?)[-_]?(.+)$/i.exec(name) ?? [];
  const isCount = typesOf(schema).includes('integer') && about !== undefined;
  return isCount && isSameWord(about, items.at(-1) ?? '') ? 'total' : undefined;
}

type Stem = readonly [RegExp, Figure];

const FLAGS: readonly Stem[] = [
  [/^(has[-_]?(more|next)([-_]?(page|pages|results|items|data))?|more|is[-_]?truncated|truncated)$/i, 'hasMore'],
  [/^has[-_]?prev(ious)?([-_]?(page|pages|results|items))?$/i, 'hasPrevious'],
  [/^(is[-_]?)?last([-_]?page)?$|^(is[-_]?)?(complete|end|done)$/i, 'isLast'],
  [/^(is[-_]?)?first([-_]?page)?$/i, 'isFirst'],
  [/^(is[-_]?)?empty$/i, 'isEmpty'],
];

const LINKS: readonly Stem[] = [
  [/^@?(odata\.)?next([-_]?(page|link|url|uri|href|page[-_]?(url|uri|link)))?$/i, 'next'],
  [/^prev(ious)?([-_]?(page|link|url|uri|href|page[-_]?(url|uri|link)))?$/i, 'previous'],
  [/^first([-_]?(page|link|url|uri|href|page[-_]?(url|uri|link)))?$/i, 'first'],
  [/^last([-_]?(page|link|url|uri|href|page[-_]?(url|uri|link)))?$/i, 'last'],
  [/^(self|href|uri|self[-_]?link)$/i, 'self'],
  [/^url$/i, 'list'],
];

const FIGURES: readonly Stem[] = [
  [/^((current|this)[-_]?)?page([-_]?(no|num|number|index))?$/i, 'page'],
  [/^((page[-_]?)?(size|length)|(items?[-_]?)?per[-_]?page|(page[-_]?)?limit|max[-_]?results)$/i, 'pageSize'],
  [
    /^(total[-_]?pages|pages([-_]?total)?|page[-_]?count|(number|num)[-_]?(of[-_]?)?pages|last[-_]?page)$/i,
    'totalPages',
  ],
  [
    /^@?(odata\.)?(total([-_]?(items?|elements|entries|counts?|results?|records?|size|rows|num|number|objects|hits))?|count|(item|result|record|row|entr(y|ie)|element)s?[-_]?(count|total)|(num|number)[-_]?(of[-_]?)?(items|results|records|found))$/i,
    'total',
  ],
  [/^(offset|skip|start([-_]?(index|at|ing[-_]?index))?)$/i, 'offset'],
  [/^((number|num)[-_]?of[-_]?elements|returned([-_]?count)?|current[-_]?page[-_]?(size|count))$/i, 'count'],
];

const NUMBERS: readonly Stem[] = [
  [/^next([-_]?page([-_]?(no|num|number))?)?$/i, 'nextPage'],
  [/^prev(ious)?([-_]?page([-_]?(no|num|number))?)?$/i, 'previousPage'],
  [/^next[-_]?offset$/i, 'nextOffset'],
];

const TEXTS: readonly Stem[] = [
  [
    /^(next([-_]?(page|token|cursor|marker|page[-_]?(token|cursor|key)|offset|start))?|(end|after)([-_]?cursor)?|cursor|after|offset|(scroll|pagination|continuation|page|sync)[-_]?(token|id|cursor)|continue|marker)$/i,
    'nextCursor',
  ],
  [/^(prev(ious)?([-_]?(page|token|cursor|page[-_]?(token|cursor)))?|before|start[-_]?cursor)$/i, 'previousCursor'],
  [/^first[-_]?id$/i, 'firstId'],
  [/^last[-_]?id$/i, 'lastId'],
  [/^(self|href)$/i, 'self'],
];

function typesOf(schema: SchemaObject | undefined): readonly string[] {
  return [schema?.type].flat().filter((type): type is string => type !== undefined && type !== 'null');
}

/** What it is if it is not `null`. */
function plainOf(schema: SchemaObject | undefined, schemas: SchemaResolver): SchemaObject | undefined {
  const alternatives = schema?.anyOf ?? schema?.oneOf;
  if (schema?.type !== undefined || alternatives === undefined) return schema;
  return (
    alternatives.map((each) => schemas.resolve(each)).find((each) => each !== undefined && each.type !== 'null') ??
    schema
  );
}
