import type { MediaType, Operation } from '../model/operation.ts';
import type { Role } from '../model/resource.ts';
import type { Schema } from '../model/schema.ts';
import type { SchemaResolver } from '../model/schema-resolver.ts';
import { aboutSameThing, singular, toPascalCase } from './words.ts';

/** What one collection path and its item path say together of a stored thing, before systems are looked at as wholes. */
export interface Endpoint {
  readonly name: string;
  readonly contract: string;
  readonly schema: Schema;
  readonly collectionPath?: string;
  readonly itemPath?: string;
  readonly idParameter?: string;
  readonly roles: ReadonlyMap<Role, Operation>;
  readonly list?: ListBody;
}

/** Where the items stand in the body of a list. */
export interface ListBody {
  readonly operation: Operation;
  readonly items: Schema;
  readonly itemsProperty?: string;
  /** The envelope's other properties. */
  readonly envelope: ReadonlyMap<string, Schema>;
}

/**
 * Reads the endpoints of stored things out of the operations of one system.
 *
 * A path that ends in a parameter is an item path, any other a collection path; an item path is its collection path
 * and one parameter more.
 *
 * @example
 * findEndpoints(contract.operations, createSchemaResolver([contract])).map((endpoint) => endpoint.name);
 */
export function findEndpoints(operations: readonly Operation[], schemas: SchemaResolver): Endpoint[] {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const key = withoutParameterNames(isItemPath(operation.path) ? parentPath(operation.path) : operation.path);
    groups.set(key, [...(groups.get(key) ?? []), operation]);
  }
  return [...groups.values()].map((group) => toEndpoint(group, schemas)).filter((endpoint) => endpoint !== undefined);
}

/** The path without the names of its parameters, so that `/a/{id}` and `/a/{key}` are one. */
export function withoutParameterNames(path: string): string {
  return path.replaceAll(/\{[^}]*\}/g, '{}');
}

function toEndpoint(group: readonly Operation[], schemas: SchemaResolver): Endpoint | undefined {
  const onCollection = group.filter((operation) => !isItemPath(operation.path));
  const onItem = group.filter((operation) => isItemPath(operation.path));
  const byMethod = (method: string) => onItem.find((operation) => operation.method === method);

  const read = onItem.find(
    (operation) => operation.method === 'GET' && schemas.isObject(successBody(operation)?.schema),
  );
  const list = onCollection
    .filter((operation) => operation.method === 'GET')
    .map((operation) => listBodyOf(operation, schemas))
    .find((body) => body !== undefined);
  const create = onCollection.find((operation) => operation.method === 'POST' && isCreate(operation, schemas));

  const schema =
    (read && successBody(read)?.schema) ?? list?.items ?? (create && successBody(create)?.schema) ?? undefined;
  if (schema === undefined) return undefined;

  const path = onCollection[0]?.path ?? parentPath(onItem[0]?.path ?? '');
  const name = schemas.nameOf(schema) ?? toPascalCase(singular(lastSegment(path)));
  // A list on its own may be any query. It lists stored things where the path says so: `/invoices` of `Invoice`.
  if (read === undefined && create === undefined && !aboutSameThing(lastSegment(path), name)) return undefined;

  const isOf = (operation: Operation | undefined) =>
    operation !== undefined && (schemas.nameOf(successBody(operation)?.schema) ?? name) === name;
  const isListOf = list !== undefined && (schemas.nameOf(list.items) ?? name) === name;
  const roles = new Map<Role, Operation>();
  const assign = (role: Role, operation: Operation | undefined) => operation && roles.set(role, operation);
  assign('create', isOf(create) ? create : undefined);
  // A list of summaries still lists the thing that the item path reads.
  assign('list', isListOf || read !== undefined ? list?.operation : undefined);
  assign('read', read);
  assign('replace', byMethod('PUT'));
  assign('merge', byMethod('PATCH'));
  assign('delete', byMethod('DELETE'));

  const itemPath = onItem[0]?.path;
  return {
    name,
    contract: (read ?? list?.operation ?? create)?.contract ?? '',
    schema,
    collectionPath: onCollection[0]?.path,
    itemPath,
    idParameter: itemPath === undefined ? undefined : lastSegment(itemPath).slice(1, -1),
    roles,
    list: roles.has('list') ? list : undefined,
  };
}

/**
 * Whether a POST makes what it answers with. Many a POST answers with something that it does not make (a notification
 * is answered with the subscription that asked for it), so what is sent must look like what comes back.
 */
function isCreate(operation: Operation, schemas: SchemaResolver): boolean {
  const answer = successBody(operation)?.schema;
  const request = jsonContent(operation.requestBody?.content)?.schema;
  if (request === undefined || !schemas.isObject(answer)) return false;

  const requestName = schemas.nameOf(request);
  const answerName = schemas.nameOf(answer);
  if (requestName !== undefined && answerName !== undefined && requestName.startsWith(answerName)) return true;

  const sent = schemas.properties(request);
  // Ids, links and times are in bodies of every kind: that both have one says nothing.
  return [...schemas.properties(answer)].some(
    ([property, schema]) =>
      sent.has(property) && !/(^id|Id|_id|^href|^self)$/.test(property) && !isServerMade(schema, schemas),
  );
}

function isServerMade(schema: Schema, schemas: SchemaResolver): boolean {
  const resolved = schemas.resolve(schema);
  return resolved?.format === 'date-time' || resolved?.readOnly === true;
}

/** The items of an array of objects, bare or as the one such property of an envelope that holds only paging besides. */
function listBodyOf(operation: Operation, schemas: SchemaResolver): ListBody | undefined {
  const body = successBody(operation)?.schema;
  const resolved = schemas.resolve(body);
  if (resolved?.items !== undefined) {
    return schemas.isObject(resolved.items) ? { operation, items: resolved.items, envelope: new Map() } : undefined;
  }

  const envelope = new Map(schemas.properties(body));
  const lists = [...envelope].flatMap(([property, schema]) => {
    const items = schemas.resolve(schema)?.items;
    return schemas.isObject(items) ? [{ property, items }] : [];
  });
  const [only] = lists;
  if (only?.items === undefined || lists.length > 1) return undefined;

  envelope.delete(only.property);
  const isPaging = [...envelope.keys()].every((property) =>
    /pag|total|count|size|offset|limit|cursor|next|prev|first|last|links?$|meta|self|href/i.test(property),
  );
  return isPaging ? { operation, items: only.items, itemsProperty: only.property, envelope } : undefined;
}

/** The body of success: of 201, or else of the lowest 2xx that has one (a Swagger may declare 200 and 201 at once). */
function successBody(operation: Operation): MediaType | undefined {
  const statuses = Object.keys(operation.responses).filter((status) => /^2(\d\d|XX)$/.test(status));
  const ordered = [...statuses.filter((status) => status === '201'), ...statuses.sort()];
  return ordered
    .map((status) => jsonContent(operation.responses[status]?.content))
    .find((content) => content?.schema !== undefined);
}

/** The JSON among several media types, or else the first. */
export function jsonContent(content: Readonly<Record<string, MediaType>> = {}): MediaType | undefined {
  const types = Object.keys(content);
  return content[types.find((type) => /[/+]json\b/.test(type)) ?? types[0] ?? ''];
}

function isItemPath(path: string): boolean {
  return /\/\{[^/{}]+\}$/.test(path);
}

function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
