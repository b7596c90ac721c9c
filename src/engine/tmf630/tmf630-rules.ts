import { collectionOf, type Resource, type Tmf630, type Tmf630Event } from '../../model/resource.ts';
import type { Schema } from '../../model/schema.ts';
import { valueAtPath, withValueAt } from '../behaviours/value-at.ts';
import type { Change } from '../state/change.ts';
import type { Entity } from '../state/store/store.ts';
import type { Work } from '../state/work.ts';
import type { ResourceRules } from '../system.ts';
import { sendToListeners } from './listeners.ts';
import { withStates } from './nested-states.ts';

/**
 * What TMF630 and the contract together say of a thing: its class, the times and states that the server sets, and the
 * events that its hub sends.
 *
 * @example tmf630Rules(resource, properties).complete?.(work, { name: 'Fibre' }); // { name: 'Fibre', '@type': 'ProductOffering' }
 */
export function tmf630Rules(
  resource: Resource & { readonly tmf630: Tmf630 },
  properties: ReadonlyMap<string, Schema>,
): Required<Pick<ResourceRules, 'complete' | 'changed'>> {
  const { name, system, tmf630 } = resource;
  return {
    complete(work, draft) {
      const known: Record<string, unknown> = {};
      if (properties.has('@type')) known['@type'] = name;
      for (const date of tmf630.dates) known[date] = work.nowText;
      const { state } = tmf630;
      // A state that the contract does not enumerate is one in use.
      if (state !== undefined)
        known[state.property] = state.initial ?? (state.property === 'lifecycleStatus' ? 'Active' : undefined);
      return withStates({ ...known, ...draft }, tmf630);
    },
    changed(work, change) {
      for (const event of tmf630.events.filter(({ on }) => isMeant(on, change, tmf630))) {
        const message = work.emit(event.channel, toMessage(event, change, work));
        if (tmf630.hub === undefined) continue;
        sendToListeners(work, collectionOf({ system, name: tmf630.hub }), message.payload as Entity, message.id);
      }
    },
  };
}

function isMeant(on: Tmf630Event['on'], { before, after }: Change, { state }: Tmf630): boolean {
  if (before === undefined) return on === 'created';
  if (after === undefined) return on === 'deleted';
  const property = state?.property ?? '';
  const hasMoved = before[property] !== after[property];
  if (on === 'state') return hasMoved;
  return (
    on === 'attributes' &&
    Object.keys({ ...before, ...after }).some((name) => name !== property && before[name] !== after[name])
  );
}

function toMessage(
  { name, path, channel }: Tmf630Event,
  { before, after }: Change,
  work: Work,
): Readonly<Record<string, unknown>> {
  const entity = after ?? before ?? {};
  const { properties } = work.registry.channel(channel);
  const message = withValueAt({ eventType: name }, path, entity);
  const further: readonly (readonly [string, unknown])[] = [
    ['@type', name],
    ['id', entity.id],
    ['href', entity.href],
    ['title', name],
    ['timeOcurred', work.nowText],
    ['timeOccurred', work.nowText],
  ];
  const known = further.filter(([member, value]) => properties.has(member) && value !== undefined);
  return { ...Object.fromEntries(known), ...message, [path[0] ?? 'event']: valueAtPath(message, path.slice(0, 1)) };
}
