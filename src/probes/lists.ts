import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import type { Binding, Resource } from '../model/resource.ts';
import { thingsIn } from '../model/things-in.ts';
import { type Created, idOf, parametersIn, type Thing, withPath } from './created.ts';
import type { Finding } from './findings.ts';
import { findingOf } from './judge.ts';
import type { BoundOperation } from './plan.ts';
import { type RunParts, Skipped } from './steps.ts';

/** Pages of a list that are looked through for one thing. */
const MOST_PAGES = 5;

/**
 * Looks for something that was created in the list of its kind, page by page.
 *
 * @example await findInList(list, resource, created, contract, parts);
 */
export async function findInList(
  list: BoundOperation,
  resource: Resource,
  { id, outer, asked: created }: Created,
  contract: Contract,
  { server, judge, values: maker }: RunParts,
): Promise<readonly Finding[] | Skipped> {
  const { operation, binding } = list;
  if (parametersIn(operation.path).length > outer.length)
    return new Skipped('It lists what belongs to something that was not named when this was created.');
  const shape = binding.list ?? resource.list ?? { filters: {} };
  const found: Finding[] = [];
  const base = withPath(maker.request(operation, 'least'), outer);
  const size = sizeFor(operation, shape.pageSizeParameter ?? shape.limitParameter);
  const filter = Object.entries(shape.filters).find(
    ([, { property, op }]) => property === resource.idProperty && op === 'eq',
  )?.[0];
  let seen = 0;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const paged =
      shape.pageParameter !== undefined
        ? { [shape.pageParameter]: (shape.firstPage ?? 1) + page }
        : shape.offsetParameter !== undefined
          ? { [shape.offsetParameter]: (shape.firstOffset ?? 0) + seen }
          : {};
    const query = {
      ...base.values.query,
      ...size,
      ...(page > 0 && paged),
      ...(filter !== undefined && { [filter]: id }),
    };
    const asked = await server.ask({ ...base, values: { ...base.values, query } }, contract);
    found.push(
      ...judge.judge(operation, asked, 'accepted').filter(({ code }) => page === 0 || code !== 'undeclared-status'),
    );
    if (asked.answer === undefined || asked.answer.status >= 400)
      return found.length > 0 ? found : new Skipped(`The list is answered with ${asked.answer?.status}.`);
    const body = judge.valueOf(operation, asked);
    const items = listed(binding, resource, body);
    if (items === undefined) return found.length > 0 ? found : new Skipped('What the list holds could not be read.');
    if (items.includes(id)) return found;
    seen += items.length;
    if (items.length === 0 || Object.keys(paged).length === 0) break;
  }
  // A list that goes on by cursors may have it further on.
  if (shape.cursorParameter !== undefined && seen > 0)
    return found.length > 0 ? found : new Skipped(`It is not among the first ${seen}.`);
  return [
    ...found,
    findingOf('not-listed', `It was created as ${id}, and the list of ${seen} does not have it.`, created),
  ];
}

/** Ids of what a list holds; nothing where it does not tell them. */
export function listed(binding: Binding, resource: Resource, body: unknown): readonly string[] | undefined {
  const withList = { ...binding, list: binding.list ?? resource.list ?? { filters: {} } };
  const { items = [], form } = withList.list;
  if (form === 'ids') {
    const ids = items.reduce<unknown>((value, name) => (value as Thing | undefined)?.[name], body);
    return Array.isArray(ids) ? ids.map(String) : undefined;
  }
  const things = thingsIn(withList, body);
  if (form !== undefined && form !== 'objects') return undefined;
  const ids = things.flatMap((thing) => idOf(thing, resource) ?? []);
  return ids.length === 0 && things.length > 0 ? undefined : ids;
}

/** As many at once as the contract allows. */
function sizeFor({ parameters }: Operation, name: string | undefined): Readonly<Record<string, unknown>> {
  const schema = parameters.find((each) => each.in === 'query' && each.name === name)?.schema;
  if (name === undefined || typeof schema !== 'object') return {};
  const { maximum } = schema as { readonly maximum?: number };
  return { [name]: typeof maximum === 'number' ? Math.min(maximum, 1_000) : 100 };
}

/** Asks for a page of one. */
export async function checkPageSize(
  { operation, binding }: BoundOperation,
  contract: Contract,
  { server, judge, values }: RunParts,
): Promise<readonly Finding[] | Skipped> {
  const name = binding.list?.pageSizeParameter ?? binding.list?.limitParameter;
  if (name === undefined) return new Skipped('It takes no size of a page.');
  const base = values.request(operation, 'least');
  const asked = await server.ask(
    { ...base, values: { ...base.values, query: { ...base.values.query, [name]: 1 } } },
    contract,
  );
  const found = judge.judge(operation, asked, 'accepted');
  const things = thingsIn(binding, judge.valueOf(operation, asked));
  if (things.length <= 1) return found;
  return [...found, findingOf('ignores-page-size', `With ${name}=1 it answers with ${things.length}.`, asked)];
}
