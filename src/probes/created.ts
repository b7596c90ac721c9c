import type { Binding, Resource } from '../model/resource.ts';
import { thingsIn } from '../model/things-in.ts';
import type { BoundOperation, Life } from './plan.ts';
import type { ProbeRequest } from './request.ts';
import type { Asked } from './server.ts';
import type { RunParts } from './steps.ts';

export type Thing = Readonly<Record<string, unknown>>;

/** Something that was created, as it was answered. */
export interface Created {
  readonly thing: Thing;
  readonly id: string;
  /** Values of the item's path, outer ones first. */
  readonly values: readonly string[];
  /** Values of the path that it was created at. */
  readonly outer: readonly string[];
  readonly sent: unknown;
  readonly asked: Asked;
}

/**
 * What an accepted request has created, where its id can be found: in the answer, in `Location`, or in what was sent.
 *
 * @example createdBy(life, request, asked, itemPathOf(life), judge)?.id
 */
export function createdBy(
  { create, read, resource }: Pick<Life, 'create' | 'read' | 'resource'>,
  request: ProbeRequest,
  asked: Asked,
  itemPath: string,
  judge: RunParts['judge'],
): Created | undefined {
  const [thing] = thingsIn(create.binding, judge.valueOf(create.operation, asked));
  const id = idOf(thing, resource) ?? idInLocation(asked, read?.binding) ?? idSent(create.binding, request);
  if (id === undefined) return undefined;
  const names = parametersIn(create.operation.path);
  const outer = names.map((name) => String(request.values.path[name]));
  // Where a client chooses the id, the path of the request names it already.
  const isItemPath = shapeOf(create.operation.path) === shapeOf(itemPath);
  const path = parametersIn(itemPath).map((name, index, { length }) => {
    if (index === length - 1 && !isItemPath) return id;
    return (names.includes(name) ? String(request.values.path[name]) : outer[index]) ?? id;
  });
  return { thing: thing ?? {}, id, values: path, outer, sent: request.body, asked };
}

/** The path of one thing, by whichever operation is about one. */
export function itemPathOf({ resource, create, read, change, delete: gone }: Life): string {
  const step = read ?? gone ?? change;
  return step?.operation.path ?? resource.itemPath ?? `${create.operation.path}/{id}`;
}

/** A request that is about one thing, wherever the operation has its id: in the path, the query or the body. */
export function aboutThing(request: ProbeRequest, { binding }: BoundOperation, { id, values }: Created): ProbeRequest {
  const named = withPath(request, values);
  const { idFrom } = binding;
  if (idFrom === undefined) return named;
  if (idFrom.in === 'query')
    return { ...named, values: { ...named.values, query: { ...named.values.query, [idFrom.name]: id } } };
  return typeof named.body === 'object' && named.body !== null
    ? { ...named, body: { ...named.body, [idFrom.name]: id } }
    : named;
}

/** A request with these values in its path, outer ones first. */
export function withPath(request: ProbeRequest, values: readonly string[]): ProbeRequest {
  const names = parametersIn(request.operation.path);
  const known = names.flatMap((name, index) => (values[index] === undefined ? [] : [[name, values[index]] as const]));
  return { ...request, values: { ...request.values, path: { ...request.values.path, ...Object.fromEntries(known) } } };
}

export function parametersIn(path: string): readonly string[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
}

export function idOf(thing: Thing | undefined, { idProperty }: Resource): string | undefined {
  const id = idProperty.split('.').reduce<unknown>((value, name) => (value as Thing | undefined)?.[name], thing);
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

function shapeOf(path: string): string {
  return path.replace(/\{[^}]+\}/g, '{}');
}

/** The end of the path in `Location`, or the parameter in it that names a thing. */
function idInLocation({ answer }: Asked, read: Binding | undefined): string | undefined {
  const [path, query] = answer?.headers.location?.split('#')[0]?.split(/\?(.*)/s) ?? [];
  if (read?.idFrom?.in === 'query') return new URLSearchParams(query).get(read.idFrom.name) ?? undefined;
  const last = path?.split('/').filter(Boolean).at(-1);
  return last === undefined ? undefined : decodeURIComponent(last);
}

function idSent({ idFrom, idParameter }: Binding, { body, values }: ProbeRequest): string | undefined {
  const sent = idFrom?.in === 'body' ? (body as Thing | undefined)?.[idFrom.name] : values.path[idParameter ?? ''];
  return sent === undefined ? undefined : String(sent);
}
