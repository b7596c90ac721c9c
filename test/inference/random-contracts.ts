import fc from 'fast-check';
import type { Contract } from '../../src/model/contract.ts';
import type { Operation, Response, ResponseLink } from '../../src/model/operation.ts';
import type { Schema, SchemaObject } from '../../src/model/schema.ts';

/** What a made contract means by one of its resources. */
export interface Truth {
  readonly collectionPath: string;
  readonly itemPath: string;
  /** The dotted property of the id; a leading `$` where it has none. */
  readonly idProperty: string;
  /** Where the thing stands in the answer of its read, and the items in that of its list. */
  readonly answer: readonly string[];
  readonly request: readonly string[];
  readonly items: readonly string[];
  /** Where in an item of the list the thing stands. */
  readonly each: readonly string[];
  /** The value that the verb below an item leads to, where there is one. */
  readonly moves?: string;
  /** Role to operation id. */
  readonly operations: Readonly<Record<string, string>>;
  /** How many path parameters stand before its own. */
  readonly scope: number;
}

export interface MadeContract {
  readonly contract: Contract;
  readonly truths: readonly Truth[];
}

/** A way of writing resources that real contracts have. */
interface Style {
  readonly id: IdStyle;
  readonly wrap: 'none' | 'data' | 'result' | 'own-name';
  readonly wrapsRequest: boolean;
  readonly list: 'array' | 'items' | 'data' | 'plural' | 'nested' | 'edges' | 'map';
  /** Whether the list shows another schema than the read. */
  readonly isSummary: boolean;
  /** What makes things: a POST of the collection, or a PUT of the item. */
  readonly makes: 'post' | 'put';
  /** How a verb stands below an item. */
  readonly verb: 'none' | 'plain' | 'colon' | 'noun' | 'among-actions';
  /** What a path for several at once ends in. */
  readonly bulk: 'none' | 'bulk' | 'batch' | 'createWithList' | 'import';
  /** Whether HEAD says if a thing is there. */
  readonly hasHead: boolean;
  /** Whether others come along with a thing in its envelope. */
  readonly hasCompany: boolean;
  readonly hasCount: boolean;
  readonly total: 'none' | 'total' | 'meta' | 'has_more';
  readonly update: 'PUT' | 'PATCH' | 'POST' | 'both';
  readonly isInline: boolean;
  readonly createAnswers: 'thing' | 'nothing' | 'receipt';
  readonly casing: 'camel' | 'snake';
}

type IdStyle = 'id' | 'nameId' | 'gid' | 'number' | 'nested' | 'hidden' | 'chosen' | 'linked';

const style: fc.Arbitrary<Style> = fc.record({
  id: fc.constantFrom<IdStyle>('id', 'nameId', 'gid', 'number', 'nested', 'hidden', 'chosen', 'linked'),
  wrap: fc.constantFrom('none', 'data', 'result', 'own-name'),
  wrapsRequest: fc.boolean(),
  list: fc.constantFrom('array', 'items', 'data', 'plural', 'nested', 'edges', 'map'),
  isSummary: fc.boolean(),
  makes: fc.constantFrom('post', 'post', 'put'),
  verb: fc.constantFrom('none', 'plain', 'colon', 'noun', 'among-actions'),
  bulk: fc.constantFrom('none', 'bulk', 'batch', 'createWithList', 'import'),
  hasHead: fc.boolean(),
  hasCompany: fc.boolean(),
  hasCount: fc.boolean(),
  total: fc.constantFrom('none', 'total', 'meta', 'has_more'),
  update: fc.constantFrom('PUT', 'PATCH', 'POST', 'both'),
  isInline: fc.boolean(),
  createAnswers: fc.constantFrom('thing', 'nothing', 'receipt'),
  casing: fc.constantFrom('camel', 'snake'),
});

const NOUNS = [
  ...['order', 'invoice', 'server', 'billing account', 'category', 'box', 'parcel', 'subscription', 'sim card'],
  ...['address', 'policy', 'trouble ticket', 'device', 'match', 'price plan', 'holiday', 'quote'],
] as const;

/**
 * Contracts of one to three resources, below each other or side by side, in any mixture of styles, with what each means.
 *
 * @example fc.assert(fc.property(madeContracts, ({ contract, truths }) => …));
 */
export const madeContracts: fc.Arbitrary<MadeContract> = fc
  .record({
    nouns: fc.uniqueArray(fc.constantFrom(...NOUNS), { minLength: 1, maxLength: 3 }),
    isNested: fc.boolean(),
    style,
    base: fc.constantFrom('', '/v1', '/api/v2'),
  })
  .map(({ nouns, isNested, style: each, base }) => {
    const made = nouns.map((noun, index) => {
      const above = isNested ? nouns.slice(0, index) : [];
      const prefix =
        base + above.map((parent) => `/${pathWord(plural(parent))}/{${parameterOf(parent, each)}}`).join('');
      return makeResource(noun, prefix, each);
    });
    const contract: Contract = {
      system: 'made',
      name: 'api',
      title: 'Made',
      version: '1',
      format: 'openapi-3.1',
      file: 'made/api.yaml',
      basePath: base,
      operations: made.flatMap(({ operations }) => operations),
      channels: [],
      $defs: Object.assign({}, ...made.map(({ $defs }) => $defs)),
      securitySchemes: {},
      resources: [],
    };
    return { contract, truths: made.map(({ truth }) => truth) };
  });

function makeResource(noun: string, prefix: string, each: Style) {
  const name = pascal(noun);
  const parameter = parameterOf(noun, each);
  const collectionPath = `${prefix}/${pathWord(plural(noun))}`;
  const itemPath = `${collectionPath}/{${parameter}}`;
  const text: Schema = { type: 'string' };
  const id = idOf(noun, each);
  const own: Record<string, Schema> = { title: text, size: { type: 'integer' }, note: text };
  const state: Record<string, Schema> = each.verb === 'none' ? {} : { status: { enum: ['open', 'cancelled'] } };
  const thing: SchemaObject = { type: 'object', properties: { ...id.properties, ...own, ...state } };
  const summary: SchemaObject = { type: 'object', properties: { ...id.properties, title: text } };
  const input: SchemaObject = {
    type: 'object',
    required: ['title'],
    properties: { ...(each.id === 'chosen' || each.id === 'nested' ? id.properties : {}), ...own },
  };
  const $defs: Record<string, Schema> = each.isInline
    ? {}
    : { [name]: thing, [`${name}Input`]: input, [`${name}Summary`]: summary };
  const reference = (key: string, schema: Schema): Schema =>
    each.isInline ? schema : { $ref: `contract://made/api#/$defs/${key}` };
  const item = reference(name, thing);
  const wrapper = each.wrap === 'own-name' ? word(noun, each) : each.wrap;
  // What has no id of its own inside cannot be told from those that come along.
  const hasCompany = each.hasCompany && each.wrap === 'own-name' && each.id !== 'hidden' && each.id !== 'nested';
  const company: Schema = { type: 'array', items: { type: 'object', properties: { email: text } } };
  const beside: Record<string, Schema> = hasCompany ? { users: company } : { success: { type: 'boolean' } };
  const wrap = (schema: Schema): Schema =>
    each.wrap === 'none' ? schema : { type: 'object', properties: { [wrapper]: schema, ...beside } };
  // Who unwraps nothing in answers does not wrap requests either.
  const isWrapped = each.wrap !== 'none' && each.wrapsRequest;
  const body = isWrapped
    ? { type: 'object', properties: { [wrapper]: reference(`${name}Input`, input) } }
    : reference(`${name}Input`, input);
  const { schema: list, items } = listOf(each.isSummary ? reference(`${name}Summary`, summary) : item, noun, each);
  const answerOfCreate = {
    thing: wrap(item),
    nothing: undefined,
    receipt: { type: 'object', properties: { ...id.properties, receivedAt: { type: 'string', format: 'date-time' } } },
  }[
    // A receipt has to have the id, and a link something to lead on from.
    each.id === 'linked' || (each.createAnswers === 'receipt' && (each.id === 'hidden' || each.id === 'nested'))
      ? 'thing'
      : each.createAnswers
  ];
  const toItem = ['$response.body#', ...(each.wrap === 'none' ? [] : [wrapper]), 'handle'].join('/');
  const links = each.id === 'linked' ? [{ operation: `read${name}`, parameters: { [parameter]: toItem } }] : [];
  const create = operation('POST', collectionPath, `create${name}`, {
    body,
    status: '201',
    answer: answerOfCreate,
    links,
  });
  const read = operation('GET', itemPath, `read${name}`, { status: '200', answer: wrap(item), links });
  const heads = each.hasHead ? [operation('HEAD', itemPath, `head${name}`, { status: '200' })] : [];
  const remove = operation('DELETE', itemPath, `delete${name}`, { status: '204' });
  const isPut = each.makes === 'put';
  const updates = isPut
    ? ['PUT']
    : { PUT: ['PUT'], PATCH: ['PATCH'], POST: ['POST'], both: ['PUT', 'PATCH'] }[each.update];
  const status = isPut ? '201' : '200';
  const changes = updates.map((method) =>
    operation(method, itemPath, `${method.toLowerCase()}${name}`, { body, status, answer: wrap(item) }),
  );
  const verb = {
    none: '',
    plain: '/cancel',
    colon: ':cancel',
    noun: '/cancellation',
    'among-actions': '/actions/cancel',
  }[each.verb];
  const acts =
    verb === '' ? [] : [operation('POST', itemPath + verb, `cancel${name}`, { status: '200', answer: wrap(item) })];
  const bulks =
    each.bulk !== 'none'
      ? [
          operation('POST', `${collectionPath}/${each.bulk}`, `bulk${name}`, {
            body: { type: 'array', items: item },
            status: '202',
          }),
        ]
      : [];
  const counts = each.hasCount
    ? [operation('GET', `${collectionPath}/count`, `count${name}`, { status: '200', answer: { type: 'integer' } })]
    : [];
  const operations = [
    operation('GET', collectionPath, `list${name}`, { status: '200', answer: list }),
    ...(isPut ? [] : [create]),
    ...heads,
    read,
    ...changes,
    remove,
    ...acts,
    ...bulks,
    ...counts,
  ];
  const truth: Truth = {
    collectionPath,
    itemPath,
    idProperty: id.path,
    answer: each.wrap === 'none' ? [] : [wrapper],
    request: isWrapped ? [wrapper] : [],
    items,
    each: each.list === 'edges' ? ['node'] : [],
    ...(acts.length > 0 && { moves: 'cancelled' }),
    scope: prefix.split('{').length - 1,
    operations: {
      ...(!isPut && { create: create.id }),
      list: `list${name}`,
      read: read.id,
      ...(updates.includes('PUT') && { replace: `put${name}` }),
      ...(updates.includes('PATCH') && { merge: `patch${name}` }),
      ...(updates.includes('POST') && { merge: `post${name}` }),
      delete: remove.id,
      ...(acts.length > 0 && { act: `cancel${name}` }),
      ...(bulks.length > 0 && { createMany: `bulk${name}` }),
      ...(counts.length > 0 && { count: `count${name}` }),
    },
  };
  return { operations, $defs, truth };
}

function idOf(noun: string, each: Style): { readonly path: string; readonly properties: Record<string, Schema> } {
  const text: Schema = { type: 'string' };
  switch (each.id) {
    case 'id':
      return { path: 'id', properties: { id: text } };
    case 'nameId':
      return { path: word(`${noun} id`, each), properties: { [word(`${noun} id`, each)]: text } };
    case 'gid':
      return { path: 'gid', properties: { gid: text } };
    case 'number':
      return { path: 'number', properties: { number: { type: 'integer' } } };
    case 'nested':
      return { path: 'metadata.name', properties: { metadata: { type: 'object', properties: { name: text } } } };
    case 'chosen':
      return { path: 'slug', properties: { slug: text } };
    case 'linked':
      return { path: 'handle', properties: { id: text, handle: text } };
    case 'hidden':
      return { path: '$id', properties: {} };
  }
}

function parameterOf(noun: string, each: Style): string {
  const ending = {
    ...{ id: 'id', nameId: 'id', gid: 'gid', number: 'number', nested: 'name', chosen: 'slug', hidden: 'id' },
    linked: 'who',
  }[each.id];
  return word(`${noun} ${ending}`, each);
}

function listOf(
  item: Schema,
  noun: string,
  each: Style,
): { readonly schema: Schema; readonly items: readonly string[] } {
  const array: Schema = { type: 'array', items: item };
  if (each.list === 'array') return { schema: array, items: [] };
  if (each.list === 'map') return { schema: { type: 'object', additionalProperties: item }, items: [] };
  if (each.list === 'edges') {
    const edge: Schema = { type: 'object', properties: { node: item, cursor: { type: 'string' } } };
    return { schema: { type: 'object', properties: { edges: { type: 'array', items: edge } } }, items: ['edges'] };
  }
  const name = each.list === 'plural' ? word(plural(noun), each) : each.list === 'nested' ? 'items' : each.list;
  const beside: Record<string, Schema> = {
    ...(each.total === 'total' && { total: { type: 'integer' } }),
    ...(each.total === 'has_more' && { has_more: { type: 'boolean' }, object: { type: 'string', enum: ['list'] } }),
    ...(each.total === 'meta' && {
      meta: { type: 'object', properties: { page: { type: 'integer' }, total: { type: 'integer' } } },
    }),
    warnings: { type: 'array', items: { type: 'object', properties: { text: { type: 'string' } } } },
  };
  const envelope: Schema = { type: 'object', properties: { [name]: array, ...beside } };
  if (each.list !== 'nested') return { schema: envelope, items: [name] };
  return { schema: { type: 'object', properties: { data: envelope } }, items: ['data', name] };
}

function operation(
  method: string,
  path: string,
  id: string,
  {
    body,
    status,
    answer,
    links = [],
  }: { body?: Schema; status: string; answer?: Schema; links?: readonly ResponseLink[] },
): Operation {
  const response: Response = {
    description: '',
    headers: {},
    content: answer === undefined ? {} : { 'application/json': { schema: answer, examples: {} } },
    ...(links.length > 0 && { links }),
  };
  return {
    id,
    system: 'made',
    contract: 'api',
    method,
    path,
    tags: [],
    parameters: [],
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: body, examples: {} } } },
    }),
    responses: { [status]: response },
    security: [],
    pointer: '',
    extensions: {},
  };
}

function plural(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(x|s|ch)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

function pathWord(noun: string): string {
  return noun.replaceAll(' ', '-');
}

function pascal(noun: string): string {
  return noun
    .split(' ')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function word(noun: string, { casing }: Style): string {
  if (casing === 'snake') return noun.replaceAll(' ', '_');
  const all = pascal(noun);
  return all.charAt(0).toLowerCase() + all.slice(1);
}
