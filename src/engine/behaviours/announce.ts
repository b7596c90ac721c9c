import type { Resource } from '../../model/resource.ts';
import type { Entity } from '../state/store/store.ts';
import type { ResourceRules } from '../system.ts';
import type { BehaviourParts } from './behaviour-parts.ts';

/**
 * Makes what a message about a thing carries beyond the properties that have its names: the thing itself where a property
 * is one, and what else the contract demands. The envelope is left to whoever publishes it.
 *
 * @example createAnnouncer(order, parts)(work, { after: order }, 'orderCreated') // { data: order, version: 1 }
 */
export function createAnnouncer(
  { schema, system, name }: Pick<Resource, 'schema' | 'system' | 'name'>,
  parts: BehaviourParts,
): NonNullable<ResourceRules['announce']> {
  const own = parts.schemas.nameOf(schema);
  const declared = parts.schemas.members(schema);
  const resource = { declares: (property: string) => declared.has(property) };
  return (work, change, address) => {
    const { properties, envelope, channel, describe } = work.registry.channel(address);
    const entity = change.after ?? change.before;
    const holders = [...properties].filter(([, member]) => own !== undefined && parts.schemas.nameOf(member) === own);
    const held = Object.fromEntries(holders.map(([property]) => [property, entity]));
    const payload = channel.messages[0]?.payload;
    if (payload === undefined) return held;
    const known: Entity = { ...describe(change, resource), ...held };
    const series = `${system}/${name}/${address}`;
    const filled = parts.filler(payload)(known, (missing, path) => parts.make(missing, work, series, path));
    const published = new Set([envelope.id, envelope.type, envelope.time, envelope.tenant]);
    return Object.fromEntries(
      Object.entries(filled).filter(
        ([property]) => Object.hasOwn(held, property) || !(Object.hasOwn(known, property) || published.has(property)),
      ),
    );
  };
}
