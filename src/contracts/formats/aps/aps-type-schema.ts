/** What an APS 2 type may say, as a JSON Schema of our own: the format has no published one. */
export const APS_TYPE_SCHEMA = {
  $defs: {
    text: { type: ['string', 'array'] },
    access: closed({ public: flag(), owner: flag(), admin: flag(), referrer: flag() }),
    schema: closed({
      type: { type: 'string' },
      title: { type: 'string' },
      headline: { type: 'string' },
      description: { type: 'string' },
      unit: { type: 'string' },
      format: { type: 'string' },
      pattern: { type: 'string', format: 'regex' },
      enum: { type: 'array', minItems: 1, uniqueItems: true },
      default: true,
      required: flag(),
      readonly: flag(),
      final: flag(),
      encrypted: flag(),
      minimum: { type: 'number' },
      maximum: { type: 'number' },
      minLength: { type: 'integer', minimum: 0 },
      maxLength: { type: 'integer', minimum: 0 },
      minItems: { type: 'integer', minimum: 0 },
      maxItems: { type: 'integer', minimum: 0 },
      uniqueItems: flag(),
      access: { $ref: '#/$defs/access' },
      items: { $ref: '#/$defs/schema' },
      properties: mapOf({ $ref: '#/$defs/schema' }),
      additionalProperties: { anyOf: [flag(), { $ref: '#/$defs/schema' }] },
      // Of parameters only; a closed schema cannot be extended from outside.
      kind: { enum: ['path', 'query', 'body'] },
    }),
    relation: closed(
      {
        types: { type: 'array', items: { type: 'string' }, minItems: 1 },
        type: { type: 'string' },
        collection: flag(),
        required: flag(),
        readonly: flag(),
        final: flag(),
        title: { type: 'string' },
        description: { type: 'string' },
        backrel: { type: 'string' },
        assign: {},
        access: { $ref: '#/$defs/access' },
      },
      [],
    ),
    operation: closed(
      {
        description: { type: 'string' },
        path: { type: 'string', pattern: '^/' },
        verb: { enum: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD'] },
        static: flag(),
        access: { $ref: '#/$defs/access' },
        parameters: mapOf({ $ref: '#/$defs/schema', required: ['kind', 'type'] }),
        response: { $ref: '#/$defs/schema' },
        errorResponse: { $ref: '#/$defs/schema' },
      },
      ['path', 'verb'],
    ),
  },
  ...closed(
    {
      $comment: { $ref: '#/$defs/text' },
      name: { type: 'string' },
      id: { type: 'string' },
      apsVersion: { type: 'string', pattern: '^2\\.' },
      title: { type: 'string' },
      description: { type: 'string' },
      implements: { type: 'array', items: { type: 'string' } },
      access: { $ref: '#/$defs/access' },
      properties: mapOf({ $ref: '#/$defs/schema' }),
      relations: mapOf({ $ref: '#/$defs/relation' }),
      structures: mapOf({ $ref: '#/$defs/schema' }),
      operations: mapOf({ $ref: '#/$defs/operation' }),
    },
    ['name', 'id', 'apsVersion'],
  ),
} as const;

/** An object without members other than these and our own notes. */
function closed(properties: object, required: readonly string[] = []) {
  return { type: 'object', properties, required, patternProperties: { '^x-': true }, additionalProperties: false };
}

function mapOf(schema: object) {
  return { type: 'object', additionalProperties: schema };
}

function flag() {
  return { type: 'boolean' };
}
