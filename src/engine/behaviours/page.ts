import type { Command } from '../../model/command.ts';
import type { Figure, ListShape } from '../../model/resource.ts';
import type { Page } from '../state/store/store.ts';

/** Which part of a list is asked for. */
export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
}

/** Page size where a list has paging figures but no parameter that sets it. */
const DEFAULT_PAGE_SIZE = 25;

/** Largest page size granted. */
const LARGEST_PAGE = 1_000;

/** Figures by which a list without parameters for pages is asked for one. */
const ASKED_BY: readonly Figure[] = ['page', 'pageSize'];

/**
 * The part of a list that a command asks for: by page and size, by offset and limit, or from a cursor on. `rankOf` finds
 * an item by its id, for contracts whose cursors are ids.
 *
 * @example pageOf(shape, command, () => undefined); // { offset: 20, limit: 10 }
 */
export function pageOf(shape: ListShape, command: Command, rankOf: (id: string) => number | undefined): PageRequest {
  const number = (name: string | undefined) => {
    const value = name === undefined ? undefined : command.query[name];
    const parsed = typeof value === 'string' && value !== '' ? Number(value) : value;
    return typeof parsed === 'number' && Number.isFinite(parsed) ? Math.floor(parsed) : undefined;
  };
  const { firstPage = 1, firstOffset = 0 } = shape;
  const offsetIn = (value: number | undefined) => (value === undefined ? undefined : value - firstOffset);
  const fromCursor = cursorOffset(shape, command, rankOf);
  if (
    shape.pageParameter !== undefined ||
    (shape.pageSizeParameter !== undefined && shape.limitParameter === undefined)
  ) {
    const limit = Math.min(Math.max(number(shape.pageSizeParameter) ?? DEFAULT_PAGE_SIZE, 1), LARGEST_PAGE);
    const page = number(shape.pageParameter);
    const offset = page === undefined ? offsetIn(number(shape.offsetParameter)) : undefined;
    return {
      offset: fromCursor ?? Math.max(offset ?? (Math.max(page ?? firstPage, firstPage) - firstPage) * limit, 0),
      limit,
    };
  }
  const hasParameters =
    shape.offsetParameter !== undefined || shape.limitParameter !== undefined || shape.cursorParameter !== undefined;
  const asked = shape.figures?.filter(({ figure }) => ASKED_BY.includes(figure)) ?? [];
  if (!hasParameters && asked.length > 0) return pageAskedFor(asked, new URLSearchParams(command.rawQuery));
  const limit = Math.max(number(shape.limitParameter) ?? Number.POSITIVE_INFINITY, 0);
  if (shape.beforeParameter !== undefined && typeof command.query[shape.beforeParameter] === 'string') {
    const end = rankOf(String(command.query[shape.beforeParameter])) ?? 0;
    const offset = Math.max(0, end - limit);
    return { offset, limit: Math.min(limit, end - offset) };
  }
  return { offset: fromCursor ?? Math.max(offsetIn(number(shape.offsetParameter)) ?? 0, 0), limit };
}

/**
 * The page of a list that has paging figures but no parameters for them: whoever asks by the figures' names is
 * understood, and everybody else gets everything on one page.
 */
function pageAskedFor(figures: NonNullable<ListShape['figures']>, query: URLSearchParams): PageRequest {
  const positive = (wanted: Figure) => {
    const name = figures.find(({ figure }) => figure === wanted)?.path.at(-1);
    const value = Number(query.get(name ?? '') ?? Number.NaN);
    return Number.isInteger(value) && value > 0 ? value : undefined;
  };
  const [page, size] = [positive('page'), positive('pageSize')];
  if (page === undefined && size === undefined) return { offset: 0, limit: Number.POSITIVE_INFINITY };
  const limit = Math.min(size ?? DEFAULT_PAGE_SIZE, LARGEST_PAGE);
  return { offset: ((page ?? 1) - 1) * limit, limit };
}

/** A cursor of ours says how many items come before; any other may be the id of the last of them. */
function cursorOffset(
  { cursorParameter }: ListShape,
  command: Command,
  rankOf: (id: string) => number | undefined,
): number | undefined {
  const value = cursorParameter === undefined ? undefined : command.query[cursorParameter];
  if (typeof value !== 'string' || value === '') return undefined;
  const [, offset] = /^after:(\d{1,15})$/.exec(Buffer.from(value, 'base64url').toString('latin1')) ?? [];
  if (offset !== undefined) return Number(offset);
  const rank = rankOf(value);
  return rank === undefined ? undefined : rank + 1;
}

/** What a client sends to go on behind so many items. */
export function cursorAt(offset: number): string {
  return Buffer.from(`after:${offset}`).toString('base64url');
}

/** What figures are worked out from. */
export interface ListFacts {
  readonly shape: ListShape;
  readonly command: Command;
  readonly page: PageRequest;
  readonly found: Page;
  readonly idOf: (index: number) => unknown;
}

/** The value of a figure; `undefined` where there is none, as of a next page behind the last. */
export function figureOf(figure: Figure, facts: ListFacts): unknown {
  const { shape, page, found, command } = facts;
  const { total, items } = found;
  const { firstPage = 1, firstOffset = 0 } = shape;
  // Without paging parameters, everything is on one page.
  const size = Number.isFinite(page.limit) ? Math.max(page.limit, 1) : Math.max(total, 1);
  const number = Math.floor(page.offset / size) + firstPage;
  const pages = Math.ceil(total / size);
  const end = page.offset + items.length;
  const hasNext = end < total && page.limit > 0;
  const hasPrevious = page.offset > 0;
  const before = Math.max(0, page.offset - size);
  switch (figure) {
    case 'page':
      return number;
    case 'pageSize':
      return size;
    case 'totalPages':
      return pages;
    case 'total':
      return total;
    case 'count':
      return items.length;
    case 'offset':
      return page.offset + firstOffset;
    case 'hasMore':
      return hasNext;
    case 'hasPrevious':
      return hasPrevious;
    case 'isFirst':
      return !hasPrevious;
    case 'isLast':
      return !hasNext;
    case 'isEmpty':
      return items.length === 0;
    case 'nextPage':
      return hasNext ? number + 1 : undefined;
    case 'previousPage':
      return hasPrevious ? number - 1 : undefined;
    case 'nextOffset':
      return hasNext ? end + firstOffset : undefined;
    case 'nextCursor':
      return hasNext ? cursorAt(end) : undefined;
    case 'previousCursor':
      return hasPrevious ? cursorAt(before) : undefined;
    case 'self':
      return `${pathOf(command)}${command.rawQuery === '' ? '' : `?${command.rawQuery}`}`;
    case 'list':
      return pathOf(command);
    case 'first':
      return linkTo(facts, 0, size);
    case 'last':
      return linkTo(facts, Math.max(0, (pages - 1) * size), size);
    case 'next':
      return hasNext ? linkTo(facts, end, size) : undefined;
    case 'previous':
      return hasPrevious ? linkTo(facts, before, size) : undefined;
    case 'firstId':
      return facts.idOf(0);
    case 'lastId':
      return facts.idOf(items.length - 1);
  }
}

/** The value of a `Link` header (RFC 8288) for this page and its neighbours; targets are paths. */
export function linkHeaderOf(facts: ListFacts): string | undefined {
  const links = (['first', 'previous', 'next', 'last'] as const).flatMap((figure) => {
    const target = figureOf(figure, facts);
    return target === undefined ? [] : [`<${String(target)}>; rel="${figure === 'previous' ? 'prev' : figure}"`];
  });
  return links.length === 0 ? undefined : links.join(', ');
}

/** The path and query of the part of a list that begins at an offset. */
function linkTo({ shape, command }: ListFacts, offset: number, size: number): string {
  const query = new URLSearchParams(command.rawQuery);
  const { firstPage = 1, pageParameter, pageSizeParameter, offsetParameter, limitParameter, cursorParameter } = shape;
  const sizeParameter = pageSizeParameter ?? limitParameter;
  if (pageParameter !== undefined) query.set(pageParameter, String(Math.floor(offset / size) + firstPage));
  else if (offsetParameter !== undefined) query.set(offsetParameter, String(offset + (shape.firstOffset ?? 0)));
  else if (cursorParameter !== undefined && offset > 0) query.set(cursorParameter, cursorAt(offset));
  else if (cursorParameter !== undefined) query.delete(cursorParameter);
  if (sizeParameter !== undefined && (query.has(sizeParameter) || pageParameter !== undefined))
    query.set(sizeParameter, String(size));
  const text = query.toString();
  return `${pathOf(command)}${text === '' ? '' : `?${text}`}`;
}

function pathOf({ operation, path }: Command): string {
  return operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
}
