import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExpressionError, parseExpression, parseText } from '../../src/scenarios/expressions.ts';
import { evaluate, type Scope } from '../../src/scenarios/scope.ts';
import { compileTemplate, fill } from '../../src/scenarios/templates.ts';

const scope: Scope = {
  self: 'https://example.com/a.yaml',
  request: {
    method: 'POST',
    url: 'http://h/orders/7?q=1',
    path: { id: '7' },
    query: { q: '1', 'a.b': 'dotted' },
    headers: { accept: 'x' },
    body: { user: { id: 5 } },
  },
  response: {
    status: 201,
    headers: { 'content-type': 'application/json' },
    body: { items: [{ id: 'a/b' }], 'x/y': 1, 'm~n': 2 },
  },
  message: { channel: 'c', payload: { orderId: 9 }, headers: { 'X-Id': 'h' } },
  inputs: { name: 'Ann', user: { mail: 'a@b' }, 'dotted.name': 3 },
  outputs: { bar: { deep: [1, 2] } },
  steps: new Map([['one', { outputs: { pets: [{ id: 1 }] } }]]),
  workflows: new Map([
    ['foo', { inputs: { i: 1 }, outputs: { o: { n: 2 } }, steps: new Map([['s', { outputs: { z: 3 } }]]) }],
  ]),
  sources: new Map([['shop', { name: 'shop', url: './shop.yaml', type: 'openapi' }]]),
  components: { parameters: { page: { name: 'page', value: 1 } } },
};

test.each([
  ['$url', 'http://h/orders/7?q=1'],
  ['$method', 'POST'],
  ['$statusCode', 201],
  ['$self', 'https://example.com/a.yaml'],
  ['$request.header.Accept', 'x'],
  ['$request.path.id', '7'],
  ['$request.query.a.b', 'dotted'],
  ['$request.body#/user/id', 5],
  ['$response.header.Content-Type', 'application/json'],
  ['$response.body#/items/0/id', 'a/b'],
  ['$response.body#/x~1y', 1],
  ['$response.body#/m~0n', 2],
  ['$response.body.items[0].id', 'a/b'],
  ["$response.body['x/y']", 1],
  ['$response.body#/nothing/here', undefined],
  ['$message.payload#/orderId', 9],
  ['$message.payload.orderId', 9],
  ['$message.header.x-id', 'h'],
  ['$message.header#/X-Id', 'h'],
  ['$inputs.name', 'Ann'],
  ['$inputs.user.mail', 'a@b'],
  ['$inputs.user#/mail', 'a@b'],
  ['$inputs.dotted.name', 3],
  ['$inputs', scope.inputs],
  ['$outputs.bar#/deep/1', 2],
  ['$steps.one.outputs.pets#/0/id', 1],
  ['$steps.one.outputs', { pets: [{ id: 1 }] }],
  ['$steps.two.outputs.pets', undefined],
  ['$workflows.foo.inputs.i', 1],
  ['$workflows.foo.outputs.o#/n', 2],
  ['$workflows.foo.steps.s.outputs.z', 3],
  ['$sourceDescriptions.shop.url', './shop.yaml'],
  ['$components.parameters.page', { name: 'page', value: 1 }],
])('%s stands for its value, type kept', (text, value) => {
  expect(evaluate(parseExpression(text), scope)).toEqual(value);
});

test.each([
  ['inputs.a', 0, 'is no runtime expression'],
  ['$input.a', 0, 'begins no runtime expression'],
  ['$url.x', 4, 'has no parts'],
  ['$response.headers.X', 10, 'has no `headers`'],
  ['$steps.a.output.b', 9, 'comes `.outputs`'],
  ['$steps.', 7, 'the id of a step'],
  ['$inputs.', 8, 'A name is missing'],
  ['$response.body#items', 14, 'no JSON Pointer'],
  ['$response.body#/a~2', 17, 'not escaped'],
  ['$workflows.w.things.a', 13, 'has no `things`'],
  ['$response.header.a b', 17, 'no name of a header'],
])('%s is refused at its offset', (text, offset, message) => {
  const error = expect.objectContaining({ offset, message: expect.stringContaining(message) });
  expect(() => parseExpression(text)).toThrow(error);
});

test('expressions are found in a text, and other braces are left alone', () => {
  const { template } = compileTemplate('{a} {$inputs.name}/{$response.body#/items} {$5}', { hasSelectors: true });
  expect(fill(template, scope)).toBe('{a} Ann/[{"id":"a/b"}] {$5}');
});

test('an embedded expression that is not closed tells where it begins', () => {
  expect(() => parseText('id {$inputs.a')).toThrow(expect.objectContaining({ offset: 3 }));
});

test('a text that only begins like an expression is a text', () => {
  expect(fill(compileTemplate('$5.00', { hasSelectors: true }).template, scope)).toBe('$5.00');
});

test('members without a value are left out, nested ones too', () => {
  const { template } = compileTemplate(
    { a: '$inputs.nothing', b: { c: '$inputs.name' }, d: [1, '$inputs.nothing'] },
    { hasSelectors: true },
  );
  expect(fill(template, scope)).toEqual({ b: { c: 'Ann' }, d: [1, null] });
});

test('a selector selects by JSONPath or pointer; before Arazzo 1.1 it is a plain object', () => {
  const selector = { context: '$response.body', selector: '$.items[*].id', type: 'jsonpath' };
  expect(fill(compileTemplate({ x: selector }, { hasSelectors: true }).template, scope)).toEqual({ x: 'a/b' });
  const pointer = {
    context: '$response.body',
    selector: '/items/0',
    type: { type: 'jsonpointer', version: 'rfc6901' },
  };
  expect(fill(compileTemplate(pointer, { hasSelectors: true }).template, scope)).toEqual({ id: 'a/b' });
  expect(fill(compileTemplate(selector, { hasSelectors: false }).template, scope)).toMatchObject({
    selector: '$.items[*].id',
  });
});

test('XPath is refused with what to use instead', () => {
  const { mistakes } = compileTemplate(
    { context: '$response.body', selector: '/a', type: 'xpath' },
    { hasSelectors: true },
  );
  expect(mistakes.map(({ keys, error }) => [keys, error.message])).toEqual([
    [['type'], 'The type `xpath` is not supported.'],
  ]);
});

test('any text is either read or refused with an offset within it', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((rest) => `$response.${rest}`),
        fc.string().map((rest) => `$steps.${rest}`),
      ),
      (text) => {
        try {
          parseExpression(text);
          parseText(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
          expect((error as ExpressionError).offset).toBeLessThanOrEqual(text.length);
        }
      },
    ),
  );
});

test('any value is found again by the pointer that leads to it', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { maxLength: 4 }), fc.jsonValue(), (keys, value) => {
      const body = keys.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), value);
      const pointer = keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
      const seen = evaluate(parseExpression(`$response.body#${pointer}`), {
        ...scope,
        response: { status: 200, headers: {}, body },
      });
      expect(seen).toEqual(value);
    }),
  );
});
