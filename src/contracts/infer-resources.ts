import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import type { Announcement, ParentLink, Resource, Role } from '../model/resource.ts';
import { createSchemaResolver, type SchemaResolver } from '../model/schema-resolver.ts';
import { inferListShape } from './infer-list-shape.ts';
import { type Endpoint, findEndpoints, jsonContent, withoutParameterNames } from './resource-endpoints.ts';
import { isNameOf } from './words.ts';

/** An endpoint whose things can be told apart. */
interface Identified extends Endpoint {
  readonly idProperty: string;
}

/**
 * Infers which stored things the operations of each system imply, and puts them on the contract that has the
 * operations. It goes by shape and by stems of names, never by a route or property of a particular contract.
 *
 * @example
 * const [connectx] = inferResources([contract]);
 * connectx?.resources.map((resource) => resource.name); // ['Customer', 'Subscription', 'Invoice', 'Product']
 */
export function inferResources(contracts: readonly Contract[]): Contract[] {
  const schemas = createSchemaResolver(contracts);
  const systems = new Set(contracts.map((contract) => contract.system));
  const resources = [...systems].flatMap((system) =>
    resourcesOf(
      contracts.filter((contract) => contract.system === system),
      schemas,
    ),
  );
  return contracts.map((contract) => ({
    ...contract,
    resources: resources.filter(
      (resource) => resource.system === contract.system && resource.contract === contract.name,
    ),
  }));
}

function resourcesOf(system: readonly Contract[], schemas: SchemaResolver): Resource[] {
  const operations = system.flatMap((contract) => contract.operations);
  const endpoints = mergeByName(findEndpoints(operations, schemas)).flatMap((endpoint): Identified[] => {
    const idProperty = idPropertyOf(endpoint, schemas);
    return idProperty === undefined ? [] : [{ ...endpoint, idProperty }];
  });
  return endpoints.map((endpoint) => toResource(endpoint, endpoints, system, schemas));
}

/**
 * The same thing may be listed below several parents: the first endpoint decides, and takes over the item operations of
 * a later one if it has none.
 */
function mergeByName(endpoints: readonly Endpoint[]): Endpoint[] {
  const merged = new Map<string, Endpoint>();
  for (const endpoint of endpoints) {
    const first = merged.get(endpoint.name);
    if (first === undefined) merged.set(endpoint.name, endpoint);
    else if (first.itemPath === undefined && endpoint.itemPath !== undefined) {
      const { itemPath, idParameter } = endpoint;
      const ofItem = [...endpoint.roles].filter(([role]) => role !== 'create' && role !== 'list');
      merged.set(endpoint.name, { ...first, itemPath, idParameter, roles: new Map([...first.roles, ...ofItem]) });
    }
  }
  return [...merged.values()];
}

/** The property named as the path parameter, or `id`, or `<name>Id`, or an id that is required or stands first. */
function idPropertyOf({ name, schema, idParameter }: Endpoint, schemas: SchemaResolver): string | undefined {
  const properties = [...schemas.properties(schema).keys()];
  const required = schemas.required(schema);
  const named = [idParameter, 'id', `${name.charAt(0).toLowerCase()}${name.slice(1)}Id`];
  return (
    named.find((property) => property !== undefined && properties.includes(property)) ??
    // `paid` and `valid` end in "id" too: the word has to begin there.
    properties.find((property, index) => /(^id|Id|ID|_id)$/.test(property) && (required.has(property) || index === 0))
  );
}

function toResource(
  endpoint: Identified,
  all: readonly Identified[],
  system: readonly Contract[],
  schemas: SchemaResolver,
): Resource {
  const { name, contract, schema, idProperty, collectionPath, itemPath, idParameter, roles } = endpoint;
  const parent = parentOf(endpoint, all, schemas);
  const createdProperty = findProperty(
    endpoint,
    schemas,
    (property, format) => /creat/i.test(property) && isTime(format),
  );
  const updatedProperty = findProperty(
    endpoint,
    schemas,
    (property, format) => /(updat|modif|chang)/i.test(property) && isTime(format),
  );
  const hrefProperty = findProperty(endpoint, schemas, (property) => property === 'href' || property === 'self');
  const known = [idProperty, parent?.property, createdProperty, updatedProperty, hrefProperty];
  return {
    system: system[0]?.system ?? '',
    contract,
    name,
    schema,
    idProperty,
    collectionPath,
    itemPath,
    idParameter,
    parent,
    createdProperty,
    updatedProperty,
    hrefProperty,
    serverOwned: serverOwnedOf(endpoint, known, schemas),
    initialValues: initialValuesOf(endpoint, schemas),
    list: endpoint.list && inferListShape(endpoint.list, endpoint, schemas),
    operations: Object.fromEntries([...roles].map(([role, operation]) => [role, operation.id])),
    announcements: system.flatMap((each) => announcementsOf(name, each)),
  };
}

/** The resource whose item path the collection path stands below, and how a child tells whose it is. */
function parentOf(child: Identified, all: readonly Identified[], schemas: SchemaResolver): ParentLink | undefined {
  const path = child.collectionPath ?? child.itemPath ?? '';
  const above = all
    .filter((other) => other !== child && other.itemPath !== undefined && isBelow(path, other.itemPath))
    .toSorted((one, other) => depthOf(other.itemPath ?? '') - depthOf(one.itemPath ?? ''))[0];
  if (above?.itemPath === undefined) return undefined;

  // The parameter may have another name here than in the parent's own path.
  const parameter = path.split('/')[depthOf(above.itemPath)]?.slice(1, -1) ?? '';
  const properties = schemas.properties(child.schema);
  const property = [parameter, above.idProperty].find(
    (candidate) => properties.has(candidate) && candidate !== child.idProperty,
  );
  return { resource: above.name, parameter, property: property ?? '$parent' };
}

/** What every write leaves to the server: ids, links and times, read-only properties, and those that no request names. */
function serverOwnedOf(
  endpoint: Identified,
  known: readonly (string | undefined)[],
  schemas: SchemaResolver,
): readonly string[] {
  const requests = (['create', 'replace', 'merge'] as const).flatMap((role) => settableBy(role, endpoint, schemas));
  const isOpen = requests.length === 0 || requests.some((request) => request.size === 0);
  return [...schemas.properties(endpoint.schema)].flatMap(([property, schema]) => {
    const isReadOnly = schemas.resolve(schema)?.readOnly === true || (typeof schema === 'object' && schema.readOnly);
    const isSettable = isOpen || requests.some((request) => request.has(property));
    return known.includes(property) || isReadOnly || !isSettable ? [property] : [];
  });
}

/** What an enumerated property starts with where the create request cannot say it. */
function initialValuesOf(endpoint: Identified, schemas: SchemaResolver): Readonly<Record<string, unknown>> {
  const [settable] = settableBy('create', endpoint, schemas);
  const values = [...schemas.properties(endpoint.schema)].flatMap(([property, schema]): [string, unknown][] => {
    const resolved = schemas.resolve(schema);
    if (resolved?.enum === undefined || settable?.has(property)) return [];
    const own = typeof schema === 'object' ? schema.default : undefined;
    return [[property, own ?? resolved.default ?? resolved.enum[0]]];
  });
  return Object.fromEntries(values);
}

/** The properties that a request can carry; nothing where the contract has no such request. */
function settableBy(role: Role, endpoint: Identified, schemas: SchemaResolver): ReadonlySet<string>[] {
  const operation: Operation | undefined = endpoint.roles.get(role);
  const request = jsonContent(operation?.requestBody?.content)?.schema;
  return request === undefined ? [] : [new Set(schemas.properties(request).keys())];
}

/** Channels that name the thing in one segment and in the last what became of it. */
function announcementsOf(name: string, contract: Contract): Announcement[] {
  return contract.channels.flatMap((channel): Announcement[] => {
    const segments = channel.address.split(/[/.]/);
    const last = segments.at(-1) ?? '';
    const stem = CHANGES.find(({ pattern }) => pattern.test(last));
    const isSent = channel.direction === 'send' && segments.slice(0, -1).some((segment) => isNameOf(segment, name));
    return stem !== undefined && isSent ? [{ on: stem.on, channel: channel.address }] : [];
  });
}

const CHANGES: readonly { on: Announcement['on']; pattern: RegExp }[] = [
  { on: 'created', pattern: /^creat/i },
  { on: 'updated', pattern: /^(updat|chang|modif)/i },
  { on: 'deleted', pattern: /^(delet|remov)/i },
];

function findProperty(
  { schema }: Endpoint,
  schemas: SchemaResolver,
  matches: (property: string, format: string | undefined) => boolean,
): string | undefined {
  return [...schemas.properties(schema)].find(([property, own]) =>
    matches(property, schemas.resolve(own)?.format),
  )?.[0];
}

function isTime(format: string | undefined): boolean {
  return format === 'date-time';
}

function isBelow(path: string, itemPath: string): boolean {
  return withoutParameterNames(path).startsWith(`${withoutParameterNames(itemPath)}/`);
}

/** Index of the last segment when the path is split at its slashes. */
function depthOf(path: string): number {
  return path.split('/').length - 1;
}
