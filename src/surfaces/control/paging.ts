import { type Command, Refusal } from '../../model/command.ts';

/** One part of a list, as every list of the control API is answered. */
export interface ListPart<T = unknown> {
  readonly items: readonly T[];
  /** What `after` takes to get the next part. */
  readonly next?: string;
}

const USUAL_LIMIT = 100;

/**
 * The part of a list that a request's `after` and `limit` ask for; refuses an `after` that is in no item, with 404.
 *
 * @example pageOf(names, (name) => name, { query: { limit: 2 } }) // { items: ['a', 'b'], next: 'b' }
 */
export function pageOf<T>(all: readonly T[], idOf: (item: T) => string, command: Pick<Command, 'query'>): ListPart<T> {
  const { after } = command.query;
  const limit = limitOf(command);
  const before = after === undefined ? -1 : all.findIndex((item) => idOf(item) === after);
  if (after !== undefined && before === -1) {
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to go on after "${String(after)}": the list has no such item. Begin again without "after".`,
    );
  }
  const items = all.slice(before + 1, before + 1 + limit);
  const last = items.at(-1);
  const hasMore = before + 1 + limit < all.length;
  return { items, ...(hasMore && last !== undefined && { next: idOf(last) }) };
}

/** The request's `limit`, or the usual one. */
export function limitOf({ query }: Pick<Command, 'query'>): number {
  return typeof query.limit === 'number' ? query.limit : USUAL_LIMIT;
}
