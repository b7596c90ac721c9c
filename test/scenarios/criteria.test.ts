import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CriterionError, compileCriterion, tryCriterion } from '../../src/scenarios/criteria.ts';
import { ExpressionError } from '../../src/scenarios/expressions.ts';
import type { Scope } from '../../src/scenarios/scope.ts';
import { parseCondition } from '../../src/scenarios/simple-condition.ts';

const scope: Scope = {
  response: {
    status: 200,
    headers: {},
    body: {
      state: 'Active',
      count: 3,
      text: '12',
      none: null,
      list: [1, 2],
      name: "O'Hara",
      flag: false,
      pets: [{ id: 1 }],
    },
  },
  inputs: { expected: 'ACTIVE', pattern: 'A.t' },
  outputs: {},
  steps: new Map(),
  workflows: new Map(),
  sources: new Map(),
  components: {},
};

test.each([
  ['$statusCode == 200', true],
  ["$statusCode == '200'", true],
  ['$statusCode != 404', true],
  ["$response.body.state == 'active'", true],
  ["$response.body.state != 'ACTIVE'", false],
  ['$response.body.state == $inputs.expected', true],
  ['$response.body#/count > 2 && $response.body#/count <= 3', true],
  ['$response.body#/count < 2 || $response.body#/count >= 3', true],
  ['$response.body.text > 9', true],
  ["$response.body.text > '9'", true],
  ["'2026-02-01' > '2026-01-31'", true],
  ['$response.body.none == null', true],
  ['$response.body.missing == null', true],
  ['$response.body.none == 0', false],
  ['$response.body.none < 1', false],
  ['$response.body.state != null', true],
  ["$response.body.name == 'o''hara'", true],
  ['$response.body.list[1] == 2', true],
  ['!$response.body.flag', true],
  ['!($statusCode == 200)', false],
  ['true', true],
  ['false', false],
  ['null', false],
  ['1e3 == 1000 && -1 < 0', true],
  ['$response.body.flag == false', true],
  ['$statusCode==200&&($response.body.count==4||$response.body.count==3)', true],
  ['false && false || true', true],
  ['{$statusCode} == 200', true],
  ['$response.body.list == $response.body.list', true],
])('%s is %s', (condition, passed) => {
  expect(tryCriterion(compileCriterion({ condition }), scope).passed).toBe(passed);
});

test.each([
  ['$statusCode = 200', 12, 'Did you mean `==`?'],
  ['$statusCode == "200"', 15, 'single quotes'],
  ['$response.body.state == active', 24, "`'active'`"],
  ['$statusCode ==', 14, 'Put an expression'],
  ['($statusCode == 200', 19, 'Close it'],
  ["$statusCode == 'a", 15, 'Close it'],
  ['$statusCode 200', 12, '`&&` or `||`'],
  ['$statuscode == 200', 0, 'Begin it with one of'],
  ['1 == $response.bod', 15, 'Take one of'],
])('%s is refused at its offset, with what to do', (condition, offset, hint) => {
  expect(() => parseCondition(condition)).toThrow(
    expect.objectContaining({ offset, hint: expect.stringContaining(hint) }),
  );
});

test.each([
  [{ context: '$statusCode', condition: '^2\\d{2}$', type: 'regex' }, true],
  [{ context: '$response.body.state', condition: '^({$inputs.pattern})', type: 'regex' }, true],
  [{ context: '$response.body.none', condition: '.*', type: 'regex' }, false],
  [{ context: '$response.body', condition: '$.pets[?@.id == 1]', type: 'jsonpath' }, true],
  [{ context: '$response.body', condition: '$.pets[?@.id == 2]', type: 'jsonpath' }, false],
  [
    { context: '$response.body', condition: '$[?count(@.*) > 1]', type: { type: 'jsonpath', version: 'rfc9535' } },
    true,
  ],
  [{ context: '$response.body', condition: "$.state == 'Active'", type: 'jsonpath' }, true],
  [{ context: '$response.body.missing', condition: '$', type: 'jsonpath' }, false],
])('%o comes out as %s', (criterion, passed) => {
  expect(tryCriterion(compileCriterion(criterion), scope).passed).toBe(passed);
});

test.each([
  [{ condition: '/a', context: '$response.body', type: 'xpath' }, 'type', 'not supported'],
  [
    {
      condition: '$.a',
      context: '$response.body',
      type: { type: 'jsonpath', version: 'draft-goessner-dispatch-jsonpath-00' },
    },
    'type',
    'is not supported',
  ],
  [{ condition: '$.a', type: 'jsonpath' }, 'condition', 'needs a `context`'],
  [{ condition: '$.[', context: '$response.body', type: 'jsonpath' }, 'condition', 'cannot be read'],
  [{ condition: '(', context: '$response.body', type: 'regex' }, 'condition', 'cannot be read'],
  [{ condition: '$.a', context: 'response', type: 'jsonpath' }, 'context', 'no runtime expression'],
])('%o is refused', (criterion, member, message) => {
  const refused = expect.objectContaining({ member, message: expect.stringContaining(message) });
  expect(() => compileCriterion(criterion)).toThrow(refused);
});

test('a criterion shows what its expressions stood for', () => {
  expect(tryCriterion(compileCriterion({ condition: '$statusCode == 201' }), scope)).toEqual({
    text: '$statusCode == 201',
    passed: false,
    seen: { $statusCode: 200 },
  });
});

test('a pattern that only breaks once it is filled in fails and says why', () => {
  const criterion = compileCriterion({ context: '$statusCode', condition: '({$inputs.missing}', type: 'regex' });
  expect(tryCriterion(criterion, scope)).toMatchObject({
    passed: false,
    error: expect.stringContaining('The regular expression cannot be read'),
  });
});

test('any text is read or refused with an offset within it', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc
          .array(fc.constantFrom('$statusCode', '==', '&&', '(', ')', "'a'", '1', '!', ' ', '||', 'null'))
          .map((parts) => parts.join(' ')),
      ),
      (text) => {
        try {
          parseCondition(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
          expect((error as ExpressionError).offset).toBeLessThanOrEqual(text.length);
        }
      },
    ),
  );
});

test('the error of a criterion names its member', () => {
  expect(() => compileCriterion({ condition: '$x' })).toThrow(CriterionError);
});
