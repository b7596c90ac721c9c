import { keysOf } from '../../../lib/json-pointer.ts';
import type { Channel } from '../../../model/channel.ts';
import { objectOr, stringOr } from '../../plain-object.ts';
import { childOf, childrenOf, type Place } from '../../source-files.ts';
import { type LoadContext, mergedBindings, messageAt, withTraits } from './messages.ts';

/** The channels of an AsyncAPI 3 document, one for each operation on them, and for replies that no operation sends. */
export function channelsOf3(context: LoadContext): Channel[] {
  const operations = childrenOf(childOf(context.root, 'operations')).map(([operationId, place]) => ({
    operationId,
    pointer: place.pointer,
    operation: withTraits(context.files.follow(place) ?? place, context),
  }));
  const channels = operations.flatMap((one) => channelOf(one, objectOr(one.operation.value).action, context));
  const replies = operations.flatMap(({ operationId, pointer, operation }) => {
    const reply = childOf(operation, 'reply');
    const place = context.files.follow(reply) ?? reply;
    const action = objectOr(operation.value).action === 'send' ? 'receive' : 'send';
    return place.value === undefined
      ? []
      : channelOf(
          { operationId: `${operationId} reply`, pointer: `${pointer}/reply`, operation: place },
          action,
          context,
        );
  });
  const isKnown = ({ channelPointer, direction }: Channel) =>
    channels.some((known) => known.channelPointer === channelPointer && known.direction === direction);
  return [...channels, ...replies.filter((reply) => !isKnown(reply))];
}

function channelOf(
  { operationId, pointer, operation }: { operationId: string; pointer: string; operation: Place },
  action: unknown,
  context: LoadContext,
): Channel[] {
  const channel = context.files.follow(childOf(operation, 'channel'));
  if (channel?.value === undefined || (action !== 'send' && action !== 'receive')) return [];
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
      bindings: mergedBindings(members.bindings, objectOr(operation.value).bindings),
      pointer,
      channelPointer: channel.pointer,
    },
  ];
}

/** An operation may name some of its channel's messages; it uses all of them otherwise. */
function messagesOf(operation: Place, channel: Place): Place[] {
  const named = childOf(operation, 'messages');
  return childrenOf(named.value === undefined ? childOf(channel, 'messages') : named).map(([, place]) => place);
}
