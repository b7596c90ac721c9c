import type { Contract } from '../model/contract.ts';
import { hasQuery, type Operation } from '../model/operation.ts';
import type { Binding, ListShape, Resource, Role, ScopeLink } from '../model/resource.ts';
import { createSchemaResolver, type SchemaResolver } from '../model/schema-resolver.ts';
import { applyHints } from './hints/apply-hints.ts';
import { announcementsOf } from './inference/announcements.ts';
import { attachOperations, withoutActs } from './inference/attach-operations.ts';
import { type Endpoint, toEndpoint } from './inference/endpoint.ts';
import { groupOperations } from './inference/group-operations.ts';
import { withImpliedBodies } from './inference/implied-bodies.ts';
import { type MergedEndpoint, mergeEndpoints } from './inference/merge-endpoints.ts';
import { findMarks, initialValues, requestBody, serverOwned } from './inference/owned-properties.ts';
import { joinParts, partOf } from './inference/part-of.ts';
import { withWholes } from './inference/parts.ts';
import { parametersOf } from './inference/path-template.ts';
import { withRelations } from './inference/relations.ts';
import { findParent, furtherLinks, scopeLinks, scopeParameters } from './inference/scope.ts';
import { withShownShapes } from './inference/shown-shapes.ts';
import type { Clue } from './inference/thing.ts';
import { recogniseTmf630 } from './inference/tmf630.ts';
import { isSameWord } from './inference/words.ts';

/**
 * Infers which stored things the operations of each system imply, and puts them on the contract that has the
 * operations. It goes by shape and by stems of names, never by a route or property of a particular contract; each clue
 * is a file of its own in `inference/`.
 *
 * @example
 * const [connectx] = inferResources([contract]);
 * connectx?.resources.map((resource) => resource.name); // ['Customer', 'Subscription', 'Invoice', 'Product']
 */
export function inferResources(read: readonly Contract[]): Contract[] {
  const schemas = createSchemaResolver(read);
  const contracts = read.map((contract) => withImpliedBodies(withShownShapes(contract, schemas), schemas));
  const systems = new Set(contracts.map((contract) => contract.system));
  const inferred = [...systems].map((name) => {
    const system = contracts.filter((contract) => contract.system === name);
    return recogniseTmf630(resourcesOf(system, schemas), system, schemas);
  });
  const resources = inferred.flatMap((each) => each.resources);
  const channels = inferred.flatMap((each) => each.channels);
  const isOf = (contract: Contract) => (each: { readonly system: string; readonly contract: string }) =>
    each.system === contract.system && each.contract === contract.name;
  return contracts.map((contract) => ({
    ...contract,
    resources: resources.filter(isOf(contract)),
    channels: [...contract.channels, ...channels.filter(isOf(contract))],
  }));
}

function resourcesOf(system: readonly Contract[], schemas: SchemaResolver): Resource[] {
  const operations = system.flatMap((contract) => contract.operations);
  const groups = withWholes(groupOperations(operations), schemas);
  const merged = mergeEndpoints(withoutActs(groups.flatMap((group) => toEndpoint(group, schemas) ?? [])));
  const endpoints = attachOperations(merged, groups);
  const inferred = endpoints.map((endpoint) => toResource(endpoint, endpoints, system, schemas));
  return withRelations(joinParts(applyHints(inferred, system, schemas), schemas), operations);
}

function toResource(
  endpoint: MergedEndpoint,
  all: readonly MergedEndpoint[],
  system: readonly Contract[],
  schemas: SchemaResolver,
): Resource {
  const { name, thing, id, clues, further, isSingleton, idParameter, idSchema } = endpoint;
  const { group, schema } = thing;
  const parent = findParent(endpoint, all, schemas);
  const scope = scopeLinks(endpoint, parent, schemas);
  const marks = findMarks(thing);
  const everyClue = [...clues, ...further.map(({ clue }) => clue)];
  const bindings = [
    ...clues.map((clue) => toBinding(clue, endpoint, scope, schemas)),
    ...further.map((each) => toBinding(each.clue, endpoint, scope, schemas, each.endpoint)),
  ];
  const byRole = new Map(
    ROLES.flatMap((role) => {
      const binding = bindings.find((each) => each.role === role);
      return binding === undefined ? [] : [[role, binding] as const];
    }),
  );
  const known = [id.property, isInEveryPath(parent, everyClue) ? parent?.property : undefined, ...Object.values(marks)];
  const { operation: main } = (
    clues.find(({ role }) => role === 'read') ??
    clues.find(({ role }) => role === 'list') ??
    (clues[0] as Clue)
  ).placed;
  return {
    system: system[0]?.system ?? '',
    contract: main.contract,
    name,
    schema,
    idProperty: id.property,
    ...(id.alternatives.length > 0 && { alternativeIds: id.alternatives }),
    ...(idSchema !== undefined && { idSchema }),
    collectionPath: group.onCollection[0]?.operation.path,
    itemPath: isSingleton ? undefined : group.onItem[0]?.operation.path,
    idParameter,
    parent,
    partOf: partOf(endpoint, all, scope, schemas),
    ...(scope.length > 0 && { scope: scope.map(({ property }) => property) }),
    ...(isScopedId(everyClue, endpoint, scope, schemas) && { isScopedId: true }),
    ...(isSingleton && { isSingleton }),
    origin: originOf(everyClue, isSingleton, id.property),
    ...marks,
    serverOwned: serverOwned(thing, everyClue, known),
    initialValues: initialValues(thing, everyClue),
    list: byRole.get('list')?.list,
    operations: Object.fromEntries([...byRole].map(([role, { operation }]) => [role, operation])),
    bindings,
    announcements: system.flatMap((each) => announcementsOf(name, each)),
  };
}

function toBinding(
  { placed, ...clue }: Clue,
  endpoint: MergedEndpoint,
  main: readonly ScopeLink[],
  schemas: SchemaResolver,
  other?: Endpoint,
): Binding {
  const { operation, steps } = placed;
  const hasId =
    !endpoint.isSingleton &&
    (NAMES_ONE.has(clue.role) || clue.copies === true) &&
    clue.idFrom === undefined &&
    parametersOf(steps).length > 0;
  const parameters = scopeParameters(steps, hasId ? 1 : 0);
  const scope =
    other === undefined && parameters.length === main.length
      ? main.map((link, index) => ({ ...link, parameter: parameters[index] ?? '' }))
      : furtherLinks(parameters, steps, clue.role, endpoint, main, schemas);
  const idParameter = hasId ? steps.findLast(({ parameter }) => parameter !== undefined)?.parameter : undefined;
  const named = hasId && other?.idParameter === idParameter ? other?.id.property : undefined;
  const isOther = named !== undefined && named !== endpoint.id.property && !endpoint.id.alternatives.includes(named);
  const byProperty = isOther && endpoint.thing.members.has(named) ? named : undefined;
  return {
    ...clue,
    operation: operation.id,
    contract: operation.contract,
    ...(idParameter !== undefined && { idParameter }),
    ...(byProperty !== undefined && { byProperty }),
    ...(scope.length > 0 && { scope }),
  };
}

/** In the order in which people think of them. */
const ROLES: readonly Role[] = [
  'create',
  'list',
  'read',
  'replace',
  'merge',
  'delete',
  'act',
  'count',
  'clear',
  'createMany',
  'mergeMany',
  'deleteMany',
];

/** Roles of operations on one item. */
const NAMES_ONE: ReadonlySet<Role> = new Set<Role>(['read', 'replace', 'merge', 'delete', 'act']);

/** Where clients choose ids, one id may stand for several things below several parents. */
function isScopedId(
  clues: readonly Clue[],
  { id, isSingleton }: MergedEndpoint,
  scope: readonly ScopeLink[],
  schemas: SchemaResolver,
): boolean {
  if (scope.length === 0) return false;
  if (isSingleton) return true;
  return clues.some(({ role, placed, request = [], creates }) => {
    if (role === 'replace' || role === 'merge') return creates === true;
    if (role !== 'create') return false;
    const [first = '', ...rest] = id.property.split('.');
    const outer = schemas.members(requestBody(placed.operation, request, schemas)).get(first);
    return rest.length === 0 ? outer !== undefined : schemas.members(outer).has(rest.join('.'));
  });
}

/** Whether whoever creates says by the path what it stands below, so that no request has to. */
function isInEveryPath(parent: Resource['parent'], clues: readonly Clue[]): boolean {
  if (parent === undefined) return false;
  const creating = clues.filter(({ role }) => role === 'create' || role === 'createMany');
  return creating.every(({ placed }) => parametersOf(placed.steps).some((each) => isSameWord(each, parent.parameter)));
}

function doesSayThatItCreates({ responses, requestBody }: Operation): boolean {
  return responses['201'] !== undefined || requestBody === undefined;
}

function isToldIds({ parameters }: Operation, list: ListShape | undefined, id: string): boolean {
  return parameters.some(({ in: where, name, required }) => {
    const filter = list?.filters[name];
    return where === 'query' && required && filter?.property === id && filter.op === 'in';
  });
}

function originOf(clues: readonly Clue[], isSingleton: boolean, id: string): NonNullable<Resource['origin']> {
  if (isSingleton) return 'implied';
  // A list that has to be told the ids lists nothing that could be found otherwise.
  const isListed = clues.some(
    ({ role, placed: { operation }, list }) =>
      role === 'list' && !isToldIds(operation, list, id) && (list?.form !== 'first' || hasQuery(operation)),
  );
  // A PUT that does not say so may create, but a list that only waits for it would be of no use.
  const isMade = clues.some(
    ({ role, creates, placed }) =>
      role === 'create' ||
      role === 'createMany' ||
      (creates === true && (!isListed || doesSayThatItCreates(placed.operation))),
  );
  if (isMade) return 'created';
  return isListed ? 'seeded' : 'implied';
}
