/** What stands behind a keyword: a schema, a list of them, a map from names to them, or plain data. */
export type KeywordKind = 'schema' | 'schemas' | 'schema-map' | 'data';

/** The kind of a keyword of any dialect from draft-03 to 2020-12, OpenAPI's own included; `undefined` if unknown. */
export function keywordKind(keyword: string): KeywordKind | undefined {
  return KINDS.get(keyword);
}

/** Every keyword that has a kind. */
export function knownKeywords(): Iterable<string> {
  return KINDS.keys();
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
  // Of the parameters of Swagger 2.0, which are schemas and more.
  ...kinds('data', 'collectionFormat allowEmptyValue'),
]);

function kinds(kind: KeywordKind, words: string): [string, KeywordKind][] {
  return words.split(' ').map((word) => [word, kind]);
}
