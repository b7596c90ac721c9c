import { keysOf } from '../../../lib/json-pointer.ts';
import type { Channel } from '../../../model/channel.ts';
import type { Place } from '../../place.ts';
import { objectOr, stringOr } from '../../plain-object.ts';
import { childOf } from '../../source-files.ts';
import { parametersOf } from './channel-parameters.ts';
import { type LoadContext, mergedBindings, messageAt, withTraits } from './messages.ts';
import { readChannels } from './read-channels.ts';

/** The channels of an AsyncAPI 3 document, one for each operation on them, and for replies that no operation sends. */
export function channelsOf3(context: LoadContext): Channel[] {
  const operations = context.files.members(childOf(context.root, 'operations'));
  const channels = operations.flatMap(([operationId, place]) =>
    readChannels(place, context, (target) => {
      const operation = withTraits(target, context);
      return channelOf({ operationId, pointer: place.pointer, operation }, objectOr(operation.value).action, context);
    }),
  );
  const replies = operations.flatMap(([operationId, place]) => {
    const operation = withTraits(context.files.follow(place) ?? place, context);
    const reply = childOf(operation, 'reply');
    const action = objectOr(operation.value).action === 'send' ? 'receive' : 'send';
    return reply.value === undefined
      ? []
      : readChannels(reply, context, (target) =>
          channelOf(
            { operationId: `${operationId} reply`, pointer: `${place.pointer}/reply`, operation: target },
            action,
            context,
          ),
        );
  });
  const isKnown = ({ channelPointer, direction }: Channel) =>
    channels.some((known) => known.channelPointer === channelPointer && known.direction === direction);
  return [...channels, ...replies.filter((reply) => !isKnown(reply))];
}

/** Where an operation says that its messages are answered. */
function replyOf(operation: Place, { files }: LoadContext): Pick<Channel, 'reply' | 'replyTo'> {
  const reply = files.follow(childOf(operation, 'reply'));
  const channel = reply === undefined ? undefined : files.follow(childOf(reply, 'channel'));
  if (channel?.value === undefined) return {};
  const { location } = objectOr(reply === undefined ? undefined : files.follow(childOf(reply, 'address'))?.value);
  return {
    reply: stringOr(objectOr(channel.value).address) ?? keysOf(channel.pointer).at(-1),
    ...(typeof location === 'string' && { replyTo: location }),
  };
}

function channelOf(
  { operationId, pointer, operation }: { operationId: string; pointer: string; operation: Place },
  action: unknown,
  context: LoadContext,
): Channel[] {
  const { files } = context;
  const channel = files.follow(childOf(operation, 'channel'));
  if (channel?.value === undefined || (action !== 'send' && action !== 'receive')) return [];
  const members = objectOr(channel.value);
  return [
    {
      address: stringOr(members.address) ?? keysOf(channel.pointer).at(-1) ?? operationId,
      ...parametersOf(channel, files),
      system: context.root.source.system,
      contract: context.root.source.name,
      description: stringOr(members.description),
      direction: action,
      operationId,
      ...context.securityOf(operation),
      messages: messagesOf(operation, channel, context).map((message) => messageAt(message, context)),
      ...(action === 'receive' && replyOf(operation, context)),
      bindings: mergedBindings(members.bindings, objectOr(operation.value).bindings),
      pointer,
      channelPointer: channel.pointer,
    },
  ];
}

/** An operation may name some of its channel's messages; it uses all of them otherwise. */
function messagesOf(operation: Place, channel: Place, { files }: LoadContext): Place[] {
  const named = childOf(operation, 'messages');
  return files.members(named.value === undefined ? childOf(channel, 'messages') : named).map(([, place]) => place);
}
