import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createValidation } from '../../../src/contracts/validation.ts';
import type { Parameter } from '../../../src/model/operation.ts';
import { writeParameter } from '../../../src/model/parameter-style.ts';
import type { Violation } from '../../../src/model/schema.ts';
import { createSchemaResolver } from '../../../src/model/schema-resolver.ts';
import { createParameterReader, type ParameterSources } from '../../../src/surfaces/http/request-parameters.ts';
import { echo, get } from './echo-world.ts';
import { operation } from './http-world.ts';

const INTEGERS = { type: 'array', items: { type: 'integer' } };
const STRINGS = { type: 'array', items: { type: 'string' } };
const RGB = { type: 'object', properties: { r: { type: 'integer' }, g: { type: 'integer' } } };

/** What a query is understood as, by a parameter called `p` of the document. */
async function queryOf(rawQuery: string, parameter: object) {
  const { understood } = await echo(get('/things', { in: 'query', name: 'p', ...parameter }));
  const command = await understood('GET', `/things?${rawQuery}`);
  return 'query' in command ? command.query : command;
}

test.each([
  [
    'p[state]=open&p[size]=3',
    { style: 'deepObject', schema: { properties: { size: { type: 'integer' } } } },
    { state: 'open', size: 3 },
  ],
  ['p%5Bstate%5D=open', { style: 'deepObject', schema: { type: 'object' } }, { state: 'open' }],
  [
    'p[a][b]=1&p[ids][]=2&p[ids][]=3',
    {
      style: 'deepObject',
      schema: {
        type: 'object',
        properties: { a: { type: 'object', properties: { b: { type: 'integer' } } }, ids: INTEGERS },
      },
    },
    { a: { b: 1 }, ids: [2, 3] },
  ],
  [
    'p[ids][1]=b&p[ids][0]=a',
    { style: 'deepObject', schema: { type: 'object', properties: { ids: STRINGS } } },
    { ids: ['a', 'b'] },
  ],
  ['p[]=x&p[]=y', { style: 'deepObject', schema: STRINGS }, ['x', 'y']],
  ['r=1&g=2', { schema: RGB }, { r: 1, g: 2 }],
  ['p=r,1,g,2', { explode: false, schema: RGB }, { r: 1, g: 2 }],
  ['x=1&y=2', { schema: { type: 'object', additionalProperties: { type: 'integer' } } }, { x: 1, y: 2 }],
  ['p=a%2Cb,c', { explode: false, schema: STRINGS }, ['a,b', 'c']],
  ['p=a,b', { schema: STRINGS }, ['a,b']],
  ['p=a&p=b', { schema: STRINGS }, ['a', 'b']],
  ['p=7', { schema: INTEGERS }, [7]],
  ['p=7', { explode: false, schema: INTEGERS }, [7]],
  ['p=', { explode: false, schema: INTEGERS }, []],
  ['p=1%202+3', { style: 'spaceDelimited', explode: false, schema: INTEGERS }, [1, 2, 3]],
  ['p=a%7Cb', { style: 'pipeDelimited', explode: false, schema: STRINGS }, ['a', 'b']],
  ['p=a|b%7Cc', { style: 'pipeDelimited', explode: false, schema: STRINGS }, ['a', 'b|c']],
  ['p=%5B1,2%5D', { content: { 'application/json': { schema: INTEGERS } } }, [1, 2]],
  ['p=[1,2]', { content: { 'application/json': { schema: INTEGERS } } }, [1, 2]],
  ['p=%7B%22a%22%3A1%7D', { content: { 'application/json': { schema: { type: 'object' } } } }, { a: 1 }],
  ['p=1', { schema: { oneOf: [{ type: 'integer' }, { type: 'boolean' }] } }, 1],
  ['p=true', { schema: { oneOf: [{ type: 'integer' }, { type: 'boolean' }] } }, true],
  ['p=2', { schema: { enum: [1, 2] } }, 2],
  ['p=2', { schema: { enum: ['1', '2'] } }, '2'],
  ['p=null', { schema: { type: ['integer', 'null'] } }, null],
  [
    'p=5',
    {
      schema: { anyOf: [{ type: 'object', properties: { gt: { type: 'integer' } } }, { type: 'integer' }] },
      style: 'deepObject',
    },
    5,
  ],
  [
    'p[gt]=5',
    {
      schema: { anyOf: [{ type: 'object', properties: { gt: { type: 'integer' } } }, { type: 'integer' }] },
      style: 'deepObject',
    },
    { gt: 5 },
  ],
  ['p=a', { explode: false, schema: { anyOf: [{ type: 'string' }, STRINGS] } }, 'a'],
  ['p=a,b', { explode: false, schema: { anyOf: [{ type: 'string' }, STRINGS] } }, ['a', 'b']],
  ['p=a+b', { schema: { type: 'string' } }, 'a b'],
  ['p=a+b/c?d=e', { allowReserved: true, schema: { type: 'string' } }, 'a+b/c?d=e'],
  ['p', { allowEmptyValue: true, schema: { type: 'integer' } }, ''],
  ['p=12.50', { schema: { type: 'number' } }, 12.5],
  ['p=1e3', { schema: { type: 'number' } }, 1000],
])('the query %s of %j is %j', async (rawQuery, parameter, expected) => {
  expect(await queryOf(rawQuery, parameter)).toEqual({ p: expected });
});

test.each([
  ['p=1e400', { schema: { type: 'number' } }, 'must be number'],
  ['p=0x2', { schema: { type: 'integer' } }, 'must be integer'],
  ['p=Infinity', { schema: { type: 'number' } }, 'must be number'],
  ['p=%205', { schema: { type: 'integer' } }, 'must be integer'],
  ['p=05', { schema: { type: 'integer' } }, 'must be integer'],
  ['p=', { schema: { type: 'integer' } }, 'must be integer'],
  ['p=1.5', { schema: { type: 'integer' } }, 'must be integer'],
  ['p=9007199254740993', { schema: { type: 'integer', format: 'int64' } }, 'must be integer'],
  [
    'p=[1,',
    { content: { 'application/json': { schema: INTEGERS } } },
    'is not valid JSON: it ends where a value is due, at line 1, column 4',
  ],
])('the query %s of %j is refused', async (rawQuery, parameter, message) => {
  expect(await queryOf(rawQuery, parameter)).toEqual({
    status: 400,
    errors: [expect.objectContaining({ in: 'query', path: '/p', message })],
  });
});

test.each([
  ['/codes/1,2', { schema: INTEGERS }, [1, 2]],
  ['/codes/a', { schema: STRINGS }, ['a']],
  ['/codes/a%2Cb,c', { schema: STRINGS }, ['a,b', 'c']],
  ['/codes/.5', { style: 'label', schema: { type: 'integer' } }, 5],
  ['/codes/.1.2', { style: 'label', explode: true, schema: INTEGERS }, [1, 2]],
  ['/codes/;x=5', { style: 'matrix', schema: { type: 'integer' } }, 5],
  ['/codes/;x=1;x=2', { style: 'matrix', explode: true, schema: INTEGERS }, [1, 2]],
  ['/codes/;r=1;g=2', { style: 'matrix', explode: true, schema: RGB }, { r: 1, g: 2 }],
  ['/codes/r,1,g,2', { schema: RGB }, { r: 1, g: 2 }],
  ['/codes/r=1,g=2', { explode: true, schema: RGB }, { r: 1, g: 2 }],
])('the path %s of %j is valid, as only %j is', async (path, parameter, value) => {
  const only = { allOf: [parameter.schema, { const: value }] };
  const { understood } = await echo(
    get('/codes/{x}', { in: 'path', name: 'x', required: true, ...parameter, schema: only }),
  );
  const command = await understood('GET', path);
  expect(command).not.toHaveProperty('errors');
});

test('an operation gets the value of a label or matrix without what the style puts around it', async () => {
  const schema = { type: 'string' };
  const { understood } = await echo({
    ...get('/a/{x}', { in: 'path', name: 'x', required: true, style: 'label', schema }),
    ...get('/b/{x}', { in: 'path', name: 'x', required: true, style: 'matrix', schema }),
  });
  expect(await understood('GET', '/a/.one')).toMatchObject({ path: { x: 'one' } });
  expect(await understood('GET', '/b/;x=two')).toMatchObject({ path: { x: 'two' } });
});

test('items of a header list are trimmed, and further lines add to it', async () => {
  const { url } = await echo(
    get('/things', {
      in: 'header',
      name: 'X-Tags',
      schema: { type: 'array', items: { enum: ['a', 'b'] }, maxItems: 2 },
    }),
  );
  const status = async (...lines: string[]) =>
    (await fetch(`${url}/things`, { headers: lines.map((line): [string, string] => ['x-tags', line]) })).status;
  expect(await status('a, b')).toBe(200);
  expect(await status('a', 'b')).toBe(200);
  expect(await status('a', 'b', 'a')).toBe(400);
  expect(await status('a, c')).toBe(400);
});

test.each([
  ['ids=1,2', { explode: false, schema: { ...INTEGERS, minItems: 2 } }, 200],
  ['ids=1; ids=2', { schema: { ...INTEGERS, minItems: 2 } }, 200],
  ['ids=1&ids=2', { schema: { ...INTEGERS, minItems: 2 } }, 200],
  ['ids=1', { schema: { ...INTEGERS, minItems: 2 } }, 400],
  ['ids=a%20b&c', { schema: { const: 'a b&c' } }, 200],
  ['other=1', { required: true, schema: INTEGERS }, 400],
])('the cookies %s of %j are answered with %d', async (cookie, parameter, status) => {
  const { ask } = await echo(get('/things', { in: 'cookie', name: 'ids', ...parameter }));
  expect((await ask('GET', '/things', { headers: { cookie } })).status).toBe(status);
});

test('members of exploded and deep objects are part of the contract, and nothing reaches a prototype', async () => {
  const { ask, tenant } = await echo(
    get(
      '/things',
      { in: 'query', name: 'rgb', schema: RGB },
      { in: 'query', name: 'f', style: 'deepObject', schema: { type: 'object' } },
    ),
  );
  await ask('GET', '/things?r=1&f[a]=1&z=1');
  expect(tenant.journal.entries()[0]?.notes).toEqual(['The query parameter "z" is not in the contract.']);
  expect((await ask('GET', '/things?f[__proto__][x]=1')).status).toBe(400);
  expect((await ask('GET', `/things?f${'[a]'.repeat(100)}=1`)).status).toBe(400);
});

test('a default that is written as text has the type of its parameter', async () => {
  const { understood } = await echo(
    get('/things', { in: 'query', name: 'size', schema: { type: 'integer', default: 25 } }),
  );
  expect(await understood('GET', '/things')).toMatchObject({ query: { size: 25 } });
});

const STYLES: readonly Pick<Parameter, 'in' | 'style' | 'explode'>[] = [
  ...[true, false].flatMap((explode) => [
    { in: 'path', style: 'simple', explode } as const,
    { in: 'path', style: 'label', explode } as const,
    { in: 'path', style: 'matrix', explode } as const,
    { in: 'query', style: 'form', explode } as const,
    { in: 'header', style: 'simple', explode } as const,
    { in: 'cookie', style: 'form', explode } as const,
  ]),
  { in: 'query', style: 'deepObject' },
  { in: 'query', style: 'spaceDelimited', explode: false },
  { in: 'query', style: 'pipeDelimited', explode: false },
];

const TEXT = fc.oneof(fc.stringMatching(/^[!-~]{1,8}$/), fc.string({ unit: 'grapheme', minLength: 1 }));

const KINDS = {
  scalar: { schema: { type: ['string', 'integer', 'boolean'] }, value: fc.oneof(fc.integer(), fc.boolean()) },
  text: { schema: { type: 'string' }, value: TEXT },
  array: { schema: INTEGERS, value: fc.array(fc.integer(), { minLength: 1 }) },
  texts: { schema: STRINGS, value: fc.array(TEXT, { minLength: 1, maxLength: 3 }) },
  object: {
    schema: {
      type: 'object',
      properties: { r: { type: 'integer' }, t: { type: 'string' }, 'a b': { type: 'boolean' } },
    },
    value: fc.record({ r: fc.integer(), t: fc.string({ minLength: 1 }) }, { noNullPrototype: true }),
  },
} as const;

const KIND_NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[];

function has({ style }: (typeof STYLES)[number], kind: keyof typeof KINDS): boolean {
  if (style === 'deepObject') return kind === 'object';
  return (style !== 'spaceDelimited' && style !== 'pipeDelimited') || (kind !== 'scalar' && kind !== 'text');
}

/** Some styles cannot carry everything: their delimiter is not told from the same character in a value. */
function isCarried({ in: where, style, explode }: (typeof STYLES)[number], value: unknown): boolean {
  const texts = typeof value === 'object' ? Object.values(value as object).map(String) : [String(value)];
  const all = texts.join('');
  if (style === 'label' && explode) return !all.includes('.');
  // A header is sent as it is, without blanks at its ends.
  if (where === 'header') return texts.every((text) => /^[\x21-\x7e]+$/.test(text) && !/[,=]/.test(text));
  if (style === 'spaceDelimited') return !/[ +]/.test(all);
  return style !== 'pipeDelimited' || !all.includes('|');
}

test.each(
  STYLES.flatMap((style) => KIND_NAMES.filter((kind) => has(style, kind)).map((kind) => [style, kind] as const)),
)('what is written by the rules of %j is read as the same %s', (style, kind) => {
  const { schema, value: values } = KINDS[kind];
  fc.assert(
    fc.property(values as fc.Arbitrary<unknown>, (value) => {
      fc.pre(isCarried(style, value));
      // Only the same value is valid.
      const parameter: Parameter = {
        ...style,
        name: 'p',
        required: true,
        schema: { allOf: [schema, { const: value }] },
      };
      const read = createParameterReader(
        operation('GET', style.in === 'path' ? '/v1/{p}' : '/v1', 'read', { parameters: [parameter] }),
        createSchemaResolver([]),
        createValidation([]),
      );
      const violations: Violation[] = [];
      const { query } = read(sourcesOf(style.in, writeParameter(parameter, value)), violations, []);
      expect(violations).toEqual([]);
      if (style.in === 'query') expect(query).toEqual({ p: value });
    }),
    { numRuns: 30, maxSkipsPerRun: 1_000 },
  );
});

function sourcesOf(where: Parameter['in'], text: string): ParameterSources {
  const path: Record<string, string> = where === 'path' ? { p: decodeURIComponent(text) } : {};
  const headers = where === 'header' ? { p: text } : where === 'cookie' ? { cookie: text } : NO_HEADERS;
  return { path, rawPath: where === 'path' ? `/v1/${text}` : '/v1', rawQuery: where === 'query' ? text : '', headers };
}

const NO_HEADERS = {};

test('whatever the query, it is read or refused', () => {
  const schemas = [RGB, STRINGS, { type: 'integer' }, { anyOf: [RGB, STRINGS, { type: 'boolean' }] }];
  const parameters = schemas.flatMap((schema, index) =>
    (['form', 'deepObject', 'pipeDelimited'] as const).map(
      (style): Parameter => ({ in: 'query', name: `p${index}${style}`, required: false, schema, style }),
    ),
  );
  const read = createParameterReader(
    operation('GET', '/v1', 'read', { parameters }),
    createSchemaResolver([]),
    createValidation([]),
  );
  const part = fc.oneof(
    fc.constantFrom(
      ...parameters.map(({ name }) => name),
      '[',
      ']',
      '[a]',
      '=',
      '&',
      ',',
      '|',
      '%7C',
      '%',
      '__proto__',
      'r',
    ),
    fc.webSegment(),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const violations: Violation[] = [];
      const { query } = read({ path: {}, rawPath: '/v1', rawQuery: parts.join(''), headers: {} }, violations, []);
      expect(typeof query).toBe('object');
      expect(({} as Record<string, unknown>).r).toBeUndefined();
    }),
  );
});

test('what is wrong with a query, or to be remarked on, is told however often it is asked', () => {
  const read = createParameterReader(
    operation('GET', '/v1', 'read', {
      parameters: [{ in: 'query', name: 'size', required: false, schema: { type: 'integer' } }],
    }),
    createSchemaResolver([]),
    createValidation([]),
  );
  const told = (rawQuery: string) => {
    const violations: Violation[] = [];
    const notes: string[] = [];
    const { query } = read(sourcesOf('query', rawQuery), violations, notes);
    return { size: query.size, violations: violations.length, notes: notes.length };
  };
  for (const _ of ['once', 'twice', 'thrice']) {
    expect(told('size=3')).toEqual({ size: 3, violations: 0, notes: 0 });
    expect(told('size=3')).toEqual({ size: 3, violations: 0, notes: 0 });
    expect(told('size=x')).toMatchObject({ violations: 1 });
    expect(told('size=3&colour=red')).toEqual({ size: 3, violations: 0, notes: 1 });
  }
});
