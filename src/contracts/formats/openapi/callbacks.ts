import type { Channel } from '../../../model/channel.ts';
import type { Callback, RequestBody } from '../../../model/operation.ts';
import { inferEnvelope } from '../../infer-envelope.ts';
import type { Place } from '../../place.ts';
import { childOf } from '../../source-files.ts';
import type { Dialect, LoadContext } from './dialect.ts';

/** What a document says it sends, and does not take. */
export interface SendingContext extends LoadContext {
  readonly dialect: Pick<Dialect, 'requestBody'>;
}

/** The requests that an operation promises to send. */
export function callbacksOf(operation: Place, context: SendingContext): Callback[] {
  const { files } = context;
  return files.members(childOf(operation, 'callbacks')).flatMap(([name, place]) =>
    files
      .members(files.follow(place) ?? place)
      .filter(([url]) => !url.startsWith('x-'))
      .flatMap(([url, item]) =>
        requestsAt(item, context).map(({ method, body }): Callback => ({ name, url, method, ...mediaOf(body) })),
      ),
  );
}

/** The webhooks of a document: channels on which it sends, each under its own name. */
export function webhooksOf(context: SendingContext): Channel[] {
  const { files, root, definitions } = context;
  return files.members(childOf(root, 'webhooks')).flatMap(([name, item]) =>
    requestsAt(item, context)
      .slice(0, 1)
      .map(({ place, body, id }): Channel => {
        const { schema: payload = true, contentType = 'application/json' } = mediaOf(body);
        const envelope = inferEnvelope(payload, definitions.resolve);
        return {
          address: name,
          system: root.source.system,
          contract: root.source.name,
          direction: 'send',
          operationId: id ?? name,
          messages: [{ name, contentType, payload, envelope }],
          bindings: {},
          pointer: place.pointer,
        };
      }),
  );
}

function requestsAt(item: Place, context: SendingContext) {
  const { files, dialect } = context;
  const target = files.follow(item) ?? item;
  return ['post', 'put', 'patch', 'get', 'delete'].flatMap((method) => {
    const place = files.follow(childOf(target, method));
    if (place?.value === undefined) return [];
    const { operationId } = place.value as { operationId?: unknown };
    const id = typeof operationId === 'string' ? operationId : undefined;
    return [{ method: method.toUpperCase(), place, id, body: dialect.requestBody(place, [], context) }];
  });
}

function mediaOf(body: RequestBody | undefined): Pick<Callback, 'contentType' | 'schema'> {
  const types = Object.entries(body?.content ?? {});
  const [contentType, media] = types.find(([type]) => /json/i.test(type)) ?? types[0] ?? [];
  return {
    ...(contentType !== undefined && !contentType.includes('*') && { contentType }),
    ...(media?.schema !== undefined && { schema: media.schema }),
  };
}
