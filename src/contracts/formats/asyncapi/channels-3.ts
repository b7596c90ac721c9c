import { keysOf } from '../../../lib/json-pointer.ts';
import type { Channel } from '../../../model/channel.ts';
import type { Place } from '../../place.ts';
import { objectOr, stringOr } from '../../plain-object.ts';
import { childOf } from '../../source-files.ts';
import { parametersOf } from './channel-parameters.ts';
import { type LoadContext, mergedBindings, messageAt, withTraits } from './messages.ts';
import { readChannels } from './read-channels.ts';

/**
 * The channels of an AsyncAPI 3 document, one for each operation on them, and for replies that no operation sends. One that
 * no operation is about can be listened to: who opens it wants to hear what it declares.
 */
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
  const used = [...channels, ...replies.filter((reply) => !isKnown(reply))];
  const pointers = new Set(used.map(({ channelPointer }) => channelPointer));
  const others = context.files.members(childOf(context.root, 'channels')).flatMap(([name, place]) =>
    readChannels(place, context, (channel) => {
      if (pointers.has(channel.pointer)) return [];
      const messages = context.files.members(childOf(channel, 'messages')).map(([, message]) => message);
      return [
        channelAt(
          channel,
          { operationId: name, pointer: place.pointer, operation: channel },
          'send',
          messages,
          context,
        ),
      ];
    }),
  );
  return [...used, ...others];
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

/** What an operation on a channel is called, and where it stands. */
interface Use {
  readonly operationId: string;
  readonly pointer: string;
  readonly operation: Place;
}

function channelOf(use: Use, action: unknown, context: LoadContext): Channel[] {
  const channel = context.files.follow(childOf(use.operation, 'channel'));
  if (channel?.value === undefined || (action !== 'send' && action !== 'receive')) return [];
  return [channelAt(channel, use, action, messagesOf(use.operation, channel, context), context)];
}

function channelAt(
  channel: Place,
  { operationId, pointer, operation }: Use,
  direction: Channel['direction'],
  messages: readonly Place[],
  context: LoadContext,
): Channel {
  const members = objectOr(channel.value);
  return {
    address: stringOr(members.address) ?? keysOf(channel.pointer).at(-1) ?? operationId,
    ...parametersOf(channel, context.files),
    system: context.root.source.system,
    contract: context.root.source.name,
    description: stringOr(members.description),
    direction,
    operationId,
    ...context.securityOf(operation),
    messages: messages.map((message) => messageAt(message, context)),
    ...(direction === 'receive' && replyOf(operation, context)),
    bindings: mergedBindings(members.bindings, objectOr(operation.value).bindings),
    pointer,
    channelPointer: channel.pointer,
  };
}

/** An operation may name some of its channel's messages; it uses all of them otherwise. */
function messagesOf(operation: Place, channel: Place, { files }: LoadContext): Place[] {
  const named = childOf(operation, 'messages');
  return files.members(named.value === undefined ? childOf(channel, 'messages') : named).map(([, place]) => place);
}
