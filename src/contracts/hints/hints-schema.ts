/**
 * What `x-simulator` may say, as a JSON Schema: published as `x-simulator.schema.json`, and what hints are checked
 * against. Which of its parts holds depends on where the hint stands.
 */
export const HINTS_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'x-simulator',
  description:
    'What a contract cannot say by itself about how it is simulated; written into it, or added by an overlay.',
  anyOf: [{ $ref: '#/$defs/document' }, { $ref: '#/$defs/operation' }, { $ref: '#/$defs/schema' }],
  $defs: {
    document: closed('At the root of a document: hints for its resources, by name.', {
      resources: {
        type: 'object',
        additionalProperties: { $ref: '#/$defs/resource' },
        description: 'Each kind of stored thing, by the name that `check --explain` lists.',
      },
      endpoint: {
        type: 'string',
        pattern: '^/',
        description:
          'Of a JSON Schema: the path at which its values are created, listed, read, replaced, changed and deleted.',
      },
    }),
    operation: closed('In an operation: what it does.', {
      resource: {
        type: ['string', 'boolean'],
        description: 'The kind of stored thing that it is about, or false to have it answered by a sample.',
      },
      role: {
        enum: ['create', 'list', 'read', 'replace', 'merge', 'delete', 'act'],
        description: 'What it does with it. Default: what its method and path say.',
      },
      request: { $ref: '#/$defs/path', description: 'Where in the body of the request the thing stands.' },
      answer: { $ref: '#/$defs/path', description: 'Where in the body of the answer the thing, or the list, stands.' },
      creates: { type: 'boolean', description: 'Whether a replace or merge creates what is not there.' },
      move: closed('For `act`: what it sets.', { property: { type: 'string' }, to: {} }, ['property', 'to']),
    }),
    schema: {
      description: 'In a schema: hints for the resource that it describes, or for the value of a property.',
      ...resource({
        value: {
          description: 'What values of this schema are, in place of made-up ones: one value, or a list to choose from.',
        },
      }),
    },
    resource: { description: 'Hints for one kind of stored thing.', ...resource({}) },
    path: {
      description: 'A property, or several from the outside in; an empty list for the body itself.',
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    },
  },
} as const;

function resource(more: Readonly<Record<string, object>>) {
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      id: { type: 'string', description: 'The property that holds the id, dotted where it is nested.' },
      parent: closed(
        'What it stands below.',
        {
          resource: { type: 'string', description: 'The kind of thing.' },
          parameter: { type: 'string', description: 'The path parameter with its id.' },
          property: { type: 'string', description: 'The property with its id. Default: that of the parameter.' },
          list: {
            type: ['string', 'boolean'],
            description: 'The property of the parent with the array that shows the same things, or false for none.',
          },
        },
        ['resource', 'parameter'],
      ),
      envelope: closed('What it is wrapped in.', {
        request: { $ref: '#/$defs/path' },
        answer: { $ref: '#/$defs/path' },
        list: { $ref: '#/$defs/path' },
      }),
      lifecycle: closed(
        'Its states and the moves between them; any other move is refused with 409.',
        {
          property: { type: 'string', description: 'The property that holds the state.' },
          initial: { type: 'string', description: 'The state of a new one.' },
          moves: {
            type: 'array',
            items: closed(
              'A move.',
              {
                from: { type: 'string' },
                to: { type: 'string' },
                after: { type: 'string', description: 'Virtual time after which it happens by itself, as in PT5M.' },
                announces: { type: 'string', description: 'The channel that it is announced on.' },
              },
              ['from', 'to'],
            ),
          },
        },
        ['property', 'initial', 'moves'],
      ),
      events: closed('The channels on which its changes are announced.', {
        created: { type: 'string' },
        updated: { type: 'string' },
        deleted: { type: 'string' },
      }),
      seed: {
        type: 'array',
        items: { type: 'object' },
        description: 'Things that there are from the start; what they lack is made.',
      },
      ...more,
    },
  };
}

/** An object of these members alone. */
function closed(description: string, properties: object, required: readonly string[] = []) {
  return {
    type: 'object',
    description,
    properties,
    additionalProperties: false,
    ...(required.length > 0 && { required }),
  };
}
