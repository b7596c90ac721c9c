import type { Channel } from '../../../model/channel.ts';
import type { Place } from '../../place.ts';
import { listOr, objectOr, stringOr } from '../../plain-object.ts';
import { childOf } from '../../source-files.ts';
import { parametersOf } from './channel-parameters.ts';
import { type LoadContext, mergedBindings, messageAt, withTraits } from './messages.ts';
import { readChannels } from './read-channels.ts';

/** The channels of an AsyncAPI 2 document, one for each direction that a channel item offers. */
export function channelsOf2(context: LoadContext): Channel[] {
  return context.files.members(childOf(context.root, 'channels')).flatMap(([address, place]) =>
    readChannels(place, context, (item) =>
      (['subscribe', 'publish'] as const).flatMap((action) => {
        const members = objectOr(item.value);
        if (members[action] === undefined) return [];
        const at = childOf(item, action);
        const operation = withTraits(context.files.follow(at) ?? at, context);
        const { operationId, bindings } = objectOr(operation.value);
        return [
          {
            address,
            ...parametersOf(item, context.files),
            system: context.root.source.system,
            contract: context.root.source.name,
            description: stringOr(members.description),
            // AsyncAPI 2 speaks from the reader's side: one may subscribe to what the application sends.
            direction: action === 'subscribe' ? ('send' as const) : ('receive' as const),
            operationId: stringOr(operationId) ?? `${action} ${address}`,
            ...context.securityOf(operation),
            messages: messagesOf(operation, context).map((message) => messageAt(message, context)),
            bindings: mergedBindings(members.bindings, bindings),
            pointer: `${place.pointer}/${action}`,
          },
        ];
      }),
    ),
  );
}

function messagesOf(operation: Place, { files }: LoadContext): Place[] {
  const message = files.follow(childOf(operation, 'message'));
  if (message?.value === undefined) return [];
  const alternatives = listOr(objectOr(message.value).oneOf);
  return alternatives.length > 0 ? alternatives.map((_, index) => childOf(message, 'oneOf', index)) : [message];
}
