import { pointerTo } from '../lib/json-pointer.ts';
import { didYouMean } from './nearest-word.ts';
import { isPlainObject } from './plain-object.ts';
import type { Finding, SourceFile } from './source-file.ts';

/** What stands behind a keyword: a schema, a list of them, a map from names to them, or plain data. */
export type KeywordKind = 'schema' | 'schemas' | 'schema-map' | 'data';

/** The kind of a keyword of any dialect from draft-03 to 2020-12, OpenAPI's own included; `undefined` if unknown. */
export function keywordKind(keyword: string): KeywordKind | undefined {
  return KINDS.get(keyword);
}

/** Misspelt and unknown keywords of a JSON Schema and everything in it. */
export function unknownKeywords(source: SourceFile, schema: unknown, pointer: string): Finding[] {
  if (Array.isArray(schema)) {
    return schema.flatMap((item, index) => unknownKeywords(source, item, pointerTo(pointer, index)));
  }
  if (!isPlainObject(schema)) return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const here = pointerTo(pointer, keyword);
    const kind = keywordKind(keyword);
    if (kind === undefined) return keyword.startsWith('x-') ? [] : [unknownKeyword(source, here, keyword)];
    if (kind === 'data') return [];
    if (kind !== 'schema-map') return unknownKeywords(source, value, here);
    return Object.entries(isPlainObject(value) ? value : {}).flatMap(([name, member]) =>
      // `dependencies` also takes lists of names.
      isPlainObject(member) ? unknownKeywords(source, member, pointerTo(here, name)) : [],
    );
  });
}

const KINDS: ReadonlyMap<string, KeywordKind> = new Map([
  ...kinds('schema', 'additionalItems additionalProperties contains contentSchema else extends if items not'),
  ...kinds('schema', 'propertyNames then unevaluatedItems unevaluatedProperties'),
  ...kinds('schemas', 'allOf anyOf oneOf prefixItems'),
  ...kinds('schema-map', '$defs definitions dependencies dependentSchemas patternProperties properties'),
  ...kinds('data', '$anchor $comment $dynamicAnchor $dynamicRef $id $recursiveAnchor $recursiveRef $ref $schema'),
  ...kinds('data', '$vocabulary const contentEncoding contentMediaType default dependentRequired deprecated'),
  ...kinds('data', 'description disallow discriminator divisibleBy enum example examples exclusiveMaximum'),
  ...kinds('data', 'exclusiveMinimum externalDocs format id maxContains maxItems maxLength maxProperties maximum'),
  ...kinds('data', 'minContains minItems minLength minProperties minimum multipleOf nullable pattern readOnly'),
  ...kinds('data', 'required title type uniqueItems writeOnly xml'),
]);

function kinds(kind: KeywordKind, words: string): [string, KeywordKind][] {
  return words.split(' ').map((word) => [word, kind]);
}

function unknownKeyword(source: SourceFile, pointer: string, keyword: string): Finding {
  return {
    source,
    pointer,
    onKey: true,
    message: `\`${keyword}\` is no keyword of JSON Schema.`,
    hint: didYouMean(keyword, KINDS.keys(), 'Remove it, or let its name start with `x-`.'),
  };
}
