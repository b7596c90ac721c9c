import type { Binding, PartOf, Resource, ScopeLink } from '../../model/resource.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import type { MergedEndpoint } from './merge-endpoints.ts';
import { parametersOf, shapeOf } from './path-template.ts';
import { findParent, scopeLinks } from './scope.ts';

/**
 * How a part is joined to the whole that shows it: by what the paths of both lead through. `undefined` where nothing is
 * kept of that, so that nobody could say which part is in which whole.
 */
export function partOf(
  { thing: { group }, clues, further }: MergedEndpoint,
  all: readonly MergedEndpoint[],
  scope: readonly ScopeLink[],
  schemas: SchemaResolver,
): PartOf | undefined {
  const { whole, steps } = group;
  if (whole === undefined) return undefined;
  const owner = all.find(({ thing, isSingleton }) => {
    const [item] = thing.group.onItem;
    return whole.shape === (isSingleton || item === undefined ? thing.group.shape : shapeOf(item.steps));
  });
  if (owner === undefined || owner.thing.group === group) return undefined;
  // What is made or read elsewhere says nothing of the whole that it may be in.
  const everyClue = [...clues, ...further.map(({ clue }) => clue)];
  const isBelow = everyClue.every(
    ({ role, placed }) => role === 'list' || `${shapeOf(placed.steps)}/`.startsWith(`${whole.shape}/`),
  );
  if (!isBelow) return undefined;
  const own = parametersOf(steps).map((parameter) => scope.find((link) => link.parameter === parameter)?.property);
  const property = owner.isSingleton ? undefined : own.pop();
  const theirs = scopeLinks(owner, findParent(owner, all, schemas), schemas).map((link) => link.property);
  const isKept = own.length === theirs.length && own.every((each) => each !== undefined);
  if (!isKept || (!owner.isSingleton && property === undefined)) return undefined;
  return {
    resource: owner.name,
    list: whole.list,
    ...(property !== undefined && { property }),
    shared: Object.fromEntries(own.map((name, index) => [name ?? '', theirs[index] ?? ''])),
  };
}

/**
 * The same resources, each part with what follows from the whole that shows it: it comes to be with that, and several
 * wholes may call parts by one id.
 */
export function joinParts(resources: readonly Resource[], schemas: SchemaResolver): Resource[] {
  return resources.map((resource) => {
    const whole = resources.find(({ name }) => name === resource.partOf?.resource);
    if (resource.partOf === undefined) return resource;
    if (whole === undefined) return { ...resource, partOf: undefined };
    const { list } = resource.partOf;
    const items = schemas.items(schemas.members(whole.schema).get(list));
    const id = schemas.members(items).get(resource.idProperty);
    const isSent = id !== undefined && schemas.resolve(id)?.readOnly !== true;
    const isScopedId = (isSent || whole.origin !== 'created') && (resource.scope?.length ?? 0) > 0;
    const told = (binding: Binding): Binding =>
      binding.role === 'create' || binding.role === 'list'
        ? { ...binding, clue: `${binding.clue}; "${list}" of ${whole.name} shows the same` }
        : binding;
    return {
      ...resource,
      origin: whole.origin === 'created' ? 'created' : resource.origin,
      ...(isScopedId && { isScopedId }),
      bindings: resource.bindings?.map(told),
    };
  });
}
