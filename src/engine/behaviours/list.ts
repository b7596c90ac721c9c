import type { Command, Outcome } from '../../model/command.ts';
import type { ListShape } from '../../model/resource.ts';
import type { ResourceEntry } from '../registry.ts';
import { allOf, type Filter } from '../store/filter.ts';
import type { Entity, Query } from '../store/store.ts';
import type { OperationHandler } from '../system.ts';
import type { Work } from '../work.ts';
import { collectionName, parentFilter, present, project, selectedFields } from './select.ts';

/** Page size where a list has paging figures but no parameter that sets it. */
const DEFAULT_PAGE_SIZE = 25;

/** GET of a collection: filtered, paged and wrapped as its contract has it. */
export function listBehaviour(entry: ResourceEntry): OperationHandler {
  return (work, command) => answerList(entry, work, command, {});
}

/**
 * Answers a list with a further filter or order, for systems whose query language goes beyond declared parameters.
 *
 * @example answerList(entry, work, command, { filter: equals('state', 'Active') })
 */
export function answerList(
  entry: ResourceEntry,
  work: Work,
  command: Command,
  more: Pick<Query, 'filter' | 'order'>,
): Outcome {
  const shape: ListShape = entry.resource.list ?? { filters: {} };
  const page = pageOf(shape, command);
  const filter = allOf(parentFilter(entry, work, command), ...declaredFilters(shape, command), more.filter);
  const { items, total } = work.query(collectionName(entry), { filter, order: more.order, ...page });
  const fields = selectedFields(entry, command);
  const presented =
    fields === undefined && entry.rules.present === undefined
      ? items
      : items.map((item) => project(present(entry, item), fields));
  const headers: Record<string, string> = {};
  if (shape.totalHeader !== undefined) headers[shape.totalHeader] = String(total);
  if (shape.countHeader !== undefined) headers[shape.countHeader] = String(items.length);
  const body = wrap(shape, presented, total, page);
  return { status: 200, headers, body, ...(fields === undefined ? { kept: 'items' as const } : { isPartial: true }) };
}

function declaredFilters(shape: ListShape, command: Command): (Filter | undefined)[] {
  return Object.entries(shape.filters).map(([parameter, { property, op }]) => {
    const value = command.query[parameter];
    return value === undefined ? undefined : { op, path: property, value };
  });
}

function pageOf(shape: ListShape, command: Command): { offset: number; limit: number } {
  const number = (name: string | undefined) => {
    const value = name === undefined ? undefined : command.query[name];
    return typeof value === 'number' ? value : undefined;
  };
  if (shape.pageParameter !== undefined || shape.pageSizeParameter !== undefined) {
    const limit = Math.min(Math.max(number(shape.pageSizeParameter) ?? DEFAULT_PAGE_SIZE, 1), LARGEST_PAGE);
    return { offset: (Math.max(number(shape.pageParameter) ?? 1, 1) - 1) * limit, limit };
  }
  if (shape.paging !== undefined) return pageAskedFor(shape.paging, new URLSearchParams(command.rawQuery));
  const offset = Math.max(number(shape.offsetParameter) ?? 0, 0);
  return { offset, limit: Math.max(number(shape.limitParameter) ?? Number.POSITIVE_INFINITY, 0) };
}

/**
 * The page of a list that has paging figures but no parameters for them: whoever asks by the figures' names is
 * understood, and everybody else gets everything on one page.
 */
function pageAskedFor(paging: NonNullable<ListShape['paging']>, query: URLSearchParams) {
  const positive = (name: string | undefined) => {
    const value = Number(query.get(name ?? '') ?? Number.NaN);
    return Number.isInteger(value) && value > 0 ? value : undefined;
  };
  const [page, size] = [positive(paging.page), positive(paging.pageSize)];
  if (page === undefined && size === undefined) return { offset: 0, limit: Number.POSITIVE_INFINITY };
  const limit = Math.min(size ?? DEFAULT_PAGE_SIZE, LARGEST_PAGE);
  return { offset: ((page ?? 1) - 1) * limit, limit };
}

/** Largest `pageSize` granted. */
const LARGEST_PAGE = 1_000;

function wrap(
  shape: ListShape,
  items: readonly Entity[],
  total: number,
  page: { offset: number; limit: number },
): unknown {
  if (shape.itemsProperty === undefined) return items;
  const wrapped: Record<string, unknown> = { [shape.itemsProperty]: items };
  const { paging } = shape;
  if (paging !== undefined) {
    // Without paging parameters, everything is on one page.
    const size = Number.isFinite(page.limit) ? page.limit : Math.max(total, 1);
    const figures: Record<string, unknown> = {};
    if (paging.page !== undefined) figures[paging.page] = Math.floor(page.offset / size) + 1;
    if (paging.pageSize !== undefined) figures[paging.pageSize] = size;
    if (paging.totalPages !== undefined) figures[paging.totalPages] = Math.ceil(total / size);
    if (paging.totalItems !== undefined) figures[paging.totalItems] = total;
    wrapped[paging.property] = figures;
  }
  return wrapped;
}
