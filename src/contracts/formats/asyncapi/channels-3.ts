import { keysOf } from '../../../lib/json-pointer.ts';
import type { Channel } from '../../../model/channel.ts';
import { objectOr, stringOr } from '../../plain-object.ts';
import { childOf, childrenOf, type Place } from '../../source-files.ts';
import { type LoadContext, mergedBindings, messageAt, withTraits } from './messages.ts';

/** The channels of an AsyncAPI 3 document, one for each operation on them. */
export function channelsOf3(context: LoadContext): Channel[] {
  return childrenOf(childOf(context.root, 'operations')).flatMap(([operationId, place]) => {
    const operation = withTraits(context.files.follow(place) ?? place, context);
    const { action, bindings } = objectOr(operation.value);
    const channel = context.files.follow(childOf(operation, 'channel'));
    if (channel === undefined || (action !== 'send' && action !== 'receive')) return [];
    const members = objectOr(channel.value);
    return [
      {
        address: stringOr(members.address) ?? keysOf(channel.pointer).at(-1) ?? operationId,
        system: context.root.source.system,
        contract: context.root.source.name,
        description: stringOr(members.description),
        direction: action,
        operationId,
        messages: messagesOf(operation, channel).map((message) => messageAt(message, context)),
        bindings: mergedBindings(members.bindings, bindings),
        pointer: place.pointer,
      },
    ];
  });
}

/** An operation may name some of its channel's messages; it uses all of them otherwise. */
function messagesOf(operation: Place, channel: Place): Place[] {
  const named = childOf(operation, 'messages');
  return childrenOf(named.value === undefined ? childOf(channel, 'messages') : named).map(([, place]) => place);
}
