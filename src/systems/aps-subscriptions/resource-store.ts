import { isDeepStrictEqual } from 'node:util';
import { checkMove } from '../../engine/lifecycle/lifecycle.ts';
import type { Subject } from '../../engine/state/origin.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { ReadWork, Work } from '../../engine/state/work.ts';
import { type Command, Refusal } from '../../model/command.ts';
import { endContract, isEnded, renewContract } from './contracts.ts';
import { SUBSCRIPTION_LIFECYCLE, TERMINATED } from './lifecycle.ts';
import { type ApsType, findType, SERVICE, SUBSCRIPTION } from './types.ts';

/** All resources, of whatever type, by APS id. */
export const RESOURCES = 'aps-subscriptions/$resources';

/** A link to a resource, as a relation holds it. */
export interface ApsLink {
  readonly aps: { readonly id: string; readonly type: string; readonly href: string };
}

/** Stores a new resource in its envelope. */
export function provision(work: Work, type: ApsType, id: string, members: Entity): Entity {
  const aps = { id, type: type.id, status: 'aps:ready', revision: 1, modified: work.nowText };
  const resource = { aps, ...members };
  work.put(RESOURCES, id, resource);
  work.concern(subjectOf(resource));
  return resource;
}

/** What a resource is to those who look at the world: one of its type. */
export function subjectOf(resource: Entity): Subject {
  const { id, type } = resource.aps as { readonly id: string; readonly type: string };
  return { collection: `aps-subscriptions/${findType(type)?.name}`, id };
}

/** A link to the resource of this id. */
export function linkTo(type: ApsType, id: string): ApsLink {
  return { aps: { id, type: type.id, href: `/aps/2/resources/${id}` } };
}

/** The id that a relation of a resource leads to. */
export function linkedId(resource: Entity, relation: string): string | undefined {
  return (resource[relation] as ApsLink | undefined)?.aps.id;
}

/** The resource of this id; refuses with 404. */
export function requireResource(work: ReadWork, id: string): Entity {
  const resource = work.get(RESOURCES, id);
  if (resource !== undefined) return resource;
  throw new Refusal(
    404,
    'NOT_FOUND',
    `Failed to find the resource: there is none with the APS id "${id}". Check the id.`,
  );
}

/** Refuses a custom operation that is called on a resource of another type than the one that declares it. */
export function requireService(work: ReadWork, command: Command): Entity {
  const resource = requireResource(work, command.path['aps-id'] ?? '');
  if (typeOf(resource) === SERVICE.id) return resource;
  throw new Refusal(
    400,
    'WRONG_TYPE',
    `Failed to call ${command.operation.id}: the resource is of the type ${typeOf(resource)}, which has no such operation. Call it on a resource of the type ${SERVICE.id}.`,
  );
}

/** The APS type of a resource. */
export function typeOf(resource: Entity): string {
  return String((resource.aps as Entity).type);
}

/**
 * Puts members in the place of those held; revision and time follow, unless nothing changes.
 *
 * A subscription that comes to its end this way stops adding to its contract value; one that had expired may be renewed.
 * A move that its life cycle does not have is refused with 409.
 */
export function configure(work: Work, id: string, members: Entity): Entity {
  const before = requireResource(work, id);
  const aps = before.aps as Entity;
  if (isDeepStrictEqual({ ...before, ...members, aps }, before)) return before;
  const after: Entity = {
    ...before,
    ...members,
    aps: { ...aps, revision: Number(aps.revision) + 1, modified: work.nowText },
  };
  checkMembers(work, before, after);
  work.concern(subjectOf(after));
  const isSubscription = typeOf(after) === SUBSCRIPTION.id;
  if (isSubscription && before.status === TERMINATED && after.status !== TERMINATED) throw terminated(id);
  if (isSubscription) checkMove(SUBSCRIPTION_LIFECYCLE.resource, SUBSCRIPTION_LIFECYCLE, before, after);
  work.put(RESOURCES, id, after);
  if (isSubscription && isEnded(after) && !isEnded(before)) endContract(work, id);
  if (isSubscription && isEnded(before) && !isEnded(after)) renewContract(work, id);
  return after;
}

/** Says what to do instead, which the life cycle by itself cannot. */
function terminated(id: string): Refusal {
  return new Refusal(
    409,
    'ILLEGAL_TRANSITION',
    `Failed to change the subscription: "${id}" is TERMINATED, which is final. Order another one.`,
    { details: { from: TERMINATED, legal: [] } },
  );
}

/** Refuses what was sent, naming every member that is wrong. */
export function refuseMembers(violations: readonly { path: string; message: string }[]): never {
  const all = violations.map(({ path, message }) => `${path || '/'} ${message}`).join('; ');
  throw new Refusal(400, 'INVALID_RESOURCE', `Failed to change the resource: ${all}. Correct the members named.`, {
    violations: violations.map((violation) => ({ in: 'body', ...violation })),
  });
}

/** What the type's own file demands: the kinds of members, and that final ones stay as they are. */
function checkMembers(work: ReadWork, before: Entity, after: Entity): void {
  const type = findType(typeOf(after));
  if (type === undefined) return;
  const violations = [...work.registry.validation.check(type.schema)(after)];
  for (const [name, schema] of work.registry.schemas.properties(type.schema)) {
    const isFinal = work.registry.schemas.resolve(schema)?.['x-aps-final'] === true;
    if (isFinal && before[name] !== undefined && before[name] !== after[name]) {
      violations.push({ path: `/${name}`, message: 'is final: it cannot change once set' });
    }
  }
  if (violations.length > 0) refuseMembers(violations);
}
