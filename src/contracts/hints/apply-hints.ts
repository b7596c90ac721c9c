import { parseDuration } from '../../lib/time.ts';
import type { Contract } from '../../model/contract.ts';
import { schemaRef } from '../../model/contract.ts';
import type { Lifecycle } from '../../model/lifecycle.ts';
import type { Operation } from '../../model/operation.ts';
import type { Announcement, Binding, Resource, Role } from '../../model/resource.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { type OperationHint, operationHint, type ResourceHint, resourceHints } from './hints.ts';

/**
 * The resources of a system as its hints have them: what a hint says goes before what was inferred, and all else stays.
 *
 * @example applyHints(inferred, contracts, schemas);
 */
export function applyHints(
  inferred: readonly Resource[],
  contracts: readonly Contract[],
  schemas: SchemaResolver,
): readonly Resource[] {
  let resources = inferred;
  for (const contract of contracts) {
    for (const operation of contract.operations) {
      const hint = operationHint(operation);
      if (hint !== undefined) resources = withOperation(resources, operation, hint, contract);
    }
  }
  const hints = new Map(contracts.flatMap((contract) => [...resourceHints(contract)]));
  const pathOf = (binding: Binding) =>
    contracts.find(({ name }) => name === binding.contract)?.operations.find(({ id }) => id === binding.operation)
      ?.path ?? '';
  return resources.map((resource) => {
    const hint = hints.get(resource.name) ?? hints.get(schemas.nameOf(resource.schema) ?? '');
    return hint === undefined ? resource : withHint(resource, hint, pathOf, schemas);
  });
}

const CLUE = 'an x-simulator hint says so';

/** What an operation is said to do it does nowhere else. */
function withOperation(
  resources: readonly Resource[],
  operation: Operation,
  hint: OperationHint,
  contract: Contract,
): readonly Resource[] {
  const isIt = (binding: Binding) => binding.operation === operation.id && binding.contract === contract.name;
  const before = resources.flatMap(({ name, bindings = [] }) =>
    bindings.filter(isIt).map((binding) => ({ name, binding })),
  )[0];
  const others = resources.map((resource) => rebound(resource, resource.bindings?.filter((each) => !isIt(each)) ?? []));
  if (hint.resource === false) return others.filter(({ bindings = [] }) => bindings.length > 0);
  const name = hint.resource ?? before?.name;
  const role = hint.role ?? before?.binding.role ?? usualRole(operation);
  if (name === undefined || role === undefined) return resources;
  const binding = bindingOf(operation, role, hint, before?.binding);
  if (!others.some((resource) => resource.name === name)) others.push(emptyResource(name, operation, contract));
  return others
    .map((resource) =>
      resource.name === name
        ? rebound(withPaths(resource, operation, role), [...(resource.bindings ?? []), binding])
        : resource,
    )
    .filter(({ bindings = [] }) => bindings.length > 0);
}

function bindingOf(
  operation: Operation,
  role: Role,
  { request, answer, creates, move }: OperationHint,
  before: Binding | undefined,
): Binding {
  const kept = before?.role === role ? before : undefined;
  const idParameter = kept?.idParameter ?? (ON_ONE.has(role) ? parametersIn(operation.path).at(-1) : undefined);
  return {
    ...kept,
    role,
    operation: operation.id,
    contract: operation.contract,
    clue: CLUE,
    ...(idParameter !== undefined && { idParameter }),
    request: request ?? kept?.request ?? [],
    ...(role === 'list'
      ? { list: { filters: {}, ...kept?.list, ...(answer !== undefined && { items: answer }) } }
      : {
          answer:
            answer === undefined ? (kept?.answer ?? { holds: 'item', path: [] }) : { holds: 'item', path: answer },
        }),
    ...(creates !== undefined && { creates }),
    ...(move !== undefined && { move }),
  };
}

/** A kind of thing of which only the name is known, and what the contract calls by it. */
function emptyResource(name: string, operation: Operation, contract: Contract): Resource {
  return {
    system: operation.system,
    contract: operation.contract,
    name,
    schema: Object.hasOwn(contract.$defs, name) ? { $ref: schemaRef(contract, name) } : { type: 'object' },
    idProperty: 'id',
    origin: 'created',
    serverOwned: ['id'],
    initialValues: {},
    operations: {},
    bindings: [],
    announcements: [],
  };
}

function withPaths(resource: Resource, { path }: Operation, role: Role): Resource {
  if (role === 'create' || role === 'list') return { ...resource, collectionPath: resource.collectionPath ?? path };
  const idParameter = resource.idParameter ?? parametersIn(path).at(-1);
  return role === 'act' || resource.isSingleton === true
    ? resource
    : { ...resource, itemPath: resource.itemPath ?? path, idParameter };
}

/** The same resource with other operations. */
function rebound(resource: Resource, bindings: readonly Binding[]): Resource {
  const operations: Partial<Record<Role, string>> = {};
  for (const { role, operation } of bindings) operations[role] ??= operation;
  const isCreated = bindings.some(
    ({ role, creates }) => role === 'create' || role === 'createMany' || creates === true,
  );
  return {
    ...resource,
    bindings,
    operations,
    list: bindings.find(({ role }) => role === 'list')?.list ?? resource.list,
    ...(isCreated && { origin: 'created' as const }),
  };
}

function withHint(
  resource: Resource,
  hint: ResourceHint,
  pathOf: (binding: Binding) => string,
  schemas: SchemaResolver,
): Resource {
  const { id = resource.idProperty, parent, lifecycle, events, seeds } = hint;
  const announcements = announcementsOf(resource, events);
  const states = lifecycle === undefined ? undefined : lifecycleOf(resource, lifecycle, schemas);
  const property = parent?.property ?? parent?.parameter ?? '';
  return {
    ...resource,
    idProperty: id,
    serverOwned: [...new Set(resource.serverOwned.map((name) => (name === resource.idProperty ? id : name)))],
    ...(parent !== undefined && { ...placedBelow(parent, property, resource.partOf), scope: [property] }),
    bindings: resource.bindings?.map((binding) => withEnvelope(binding, hint, pathOf(binding))),
    ...(hint.list !== undefined && { list: { filters: {}, ...resource.list, items: hint.list } }),
    ...(states !== undefined && {
      lifecycle: states,
      initialValues: { ...resource.initialValues, [states.property]: states.initial },
    }),
    announcements,
    ...(seeds.length > 0 && { seeds, origin: 'created' as const }),
  };
}

function placedBelow(
  { resource, parameter, list }: NonNullable<ResourceHint['parent']>,
  property: string,
  partOf: Resource['partOf'],
): Pick<Resource, 'parent' | 'partOf'> {
  const parent = { resource, parameter, property };
  if (list === undefined) return { parent, partOf: partOf && { ...partOf, property } };
  return { parent, partOf: list === false ? undefined : { resource, list, property, shared: {} } };
}

function withEnvelope(binding: Binding, { request, answer, list, parent }: ResourceHint, path: string): Binding {
  const property = parent?.property ?? parent?.parameter ?? '';
  const isBelow = parent !== undefined && path.includes(`{${parent.parameter}}`);
  return {
    ...binding,
    ...(request !== undefined && SENDS_ONE.has(binding.role) && { request }),
    ...(answer !== undefined && binding.answer?.holds === 'item' && { answer: { ...binding.answer, path: answer } }),
    ...(list !== undefined && binding.role === 'list' && { list: { filters: {}, ...binding.list, items: list } }),
    ...(isBelow && { scope: [{ parameter: parent.parameter, property }] }),
  };
}

function announcementsOf(resource: Resource, events: ResourceHint['events']): readonly Announcement[] {
  const said = (['created', 'updated', 'deleted'] as const).flatMap((on) => {
    const channel = events[on];
    return channel === undefined ? [] : [{ on, channel }];
  });
  return [...resource.announcements.filter(({ on }) => events[on] === undefined), ...said];
}

/** States that the schema does not have are reported where hints are checked, and no life cycle is better than one. */
function lifecycleOf(
  resource: Resource,
  { property, initial, moves }: NonNullable<ResourceHint['lifecycle']>,
  schemas: SchemaResolver,
): Lifecycle | undefined {
  const states = schemas.resolve(schemas.members(resource.schema).get(property))?.enum;
  const named = [initial, ...moves.flatMap(({ from, to }) => [from, to])];
  if (states !== undefined && named.some((state) => !states.includes(state))) return undefined;
  return {
    resource: resource.name,
    property,
    initial,
    moves: moves.map(({ after, ...move }) => {
      const isTimed = after !== undefined && parseDuration(after) !== undefined;
      return { ...move, when: isTimed ? `after ${after}` : 'a client asks for it', ...(isTimed && { after }) };
    }),
  };
}

/** What an operation most likely does, by its method and by whether its path ends in a parameter. */
export function usualRole({ method, path }: Operation): Role | undefined {
  const isOne = path.endsWith('}');
  switch (method) {
    case 'GET':
      return isOne ? 'read' : 'list';
    case 'POST':
      return isOne ? 'merge' : 'create';
    case 'PUT':
      return 'replace';
    case 'PATCH':
      return 'merge';
    case 'DELETE':
      return 'delete';
    default:
      return undefined;
  }
}

const ON_ONE: ReadonlySet<Role> = new Set<Role>(['read', 'replace', 'merge', 'delete', 'act']);
const SENDS_ONE: ReadonlySet<Role> = new Set<Role>(['create', 'replace', 'merge']);

function parametersIn(path: string): string[] {
  return [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name ?? '');
}
