import type { Encoding, MediaType } from '../../../model/operation.ts';
import { isJson, type ParsedMediaType, parseMediaType } from '../media-types.ts';
import type { BodyContext, BodyKind, BodyPart } from './body-kind.ts';
import { checkItems } from './check-items.ts';
import { bytesAsText, isTextPart, jsonOf, textOf, typeProblem } from './read-part.ts';
import { splitParts } from './split-parts.ts';

/** A body in several parts that is a list: each part is an item, whatever it is called. */
export function partListBody(media: MediaType, mediaType: ParsedMediaType, context: BodyContext): BodyKind {
  const { schema, itemSchema, prefixEncoding = [], itemEncoding } = media;
  const item = context.typingOf(itemSchema ?? schema);
  const typing = itemSchema === undefined ? item.item : item;
  const boundary = mediaType.parameters.get('boundary') ?? '';
  return {
    unpack: (bytes) => splitParts(bytes, boundary),
    parse: (content, report) =>
      (content as readonly BodyPart[]).map((part, index) => {
        const sent = part.headers['content-type'];
        const sentType = sent === undefined ? undefined : parseMediaType(sent);
        const allowed = typesOf(prefixEncoding[index] ?? itemEncoding);
        const problem = typeProblem(sentType, allowed);
        if (problem !== undefined) report(`/${index}`, problem);
        const type = sentType?.type ?? allowed?.[0] ?? (typing.isObject ? 'application/json' : undefined);
        if (type !== undefined && isJson(type)) return jsonOf(part, `/${index}`, report);
        return typing.read(isTextPart(part, type) ? textOf(part, sentType) : bytesAsText(part.bytes));
      }),
    check: checkItems(schema, itemSchema, context),
  };
}

function typesOf(encoding: Encoding | undefined): readonly string[] | undefined {
  return encoding?.contentType?.split(',').map((type) => parseMediaType(type).type);
}
