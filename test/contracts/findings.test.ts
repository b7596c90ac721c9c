import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { formatProblem } from '../../src/errors.ts';
import { writeFiles } from './temp-files.ts';

const OPENAPI = (more: string, version = '3.0.3') => `openapi: ${version}\ninfo: {title: T, version: '1'}\n${more}\n`;
const OK = "responses: {'200': {description: ok}}";

/** What is found, as `line:column severity`, followed by a part of the message. */
const FOUND: readonly [kind: string, text: string, found: Readonly<Record<string, RegExp>>][] = [
  [
    'an example against its schema',
    OPENAPI(
      "paths:\n  /a:\n    get:\n      responses:\n        '200': {description: ok, content: {application/json: {schema: {type: integer}, example: one}}}",
    ),
    { '7:97 warning': /must be integer/ },
  ],
  [
    'a member of an example that its schema does not name',
    OPENAPI(
      'paths: {}\ncomponents: {schemas: {A: {type: object, properties: {b: {$ref: "#/components/schemas/B"}}, example: {b: {nmae: x}}}, B: {type: object, properties: {name: {type: string}}}}}',
      '3.1.0',
    ),
    { '4:107 warning': /`\/b\/nmae` is not allowed here/ },
  ],
  [
    'an example of a whole that is described in parts',
    OPENAPI(
      'paths: {}\ncomponents: {schemas: {A: {allOf: [{$ref: "#/components/schemas/B"}, {properties: {size: {type: integer}}}], example: {name: x, size: 1}}, B: {type: object, properties: {name: {type: string}}}}}',
    ),
    {},
  ],
  [
    'an example of a kind, which has more than what all kinds have',
    OPENAPI(
      'paths: {}\ncomponents: {schemas: {A: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind}, example: {kind: B, size: 1}}, B: {allOf: [{$ref: "#/components/schemas/A"}, {properties: {size: {type: integer}}}]}}}',
    ),
    {},
  ],
  [
    'an example of a request without what the server sets, and of an answer without it',
    OPENAPI(
      `paths:\n  /a:\n    post:\n      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}, example: {}}}}\n      responses:\n        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}, examples: {one: {value: {}}}}}}\ncomponents: {schemas: {A: {type: object, required: [id], properties: {id: {type: string, readOnly: true}}}}}`,
    ),
    { '8:129 warning': /`\/id` is required/ },
  ],
  ['a missing info', 'openapi: 3.0.3\npaths: {}\n', { '1:1 warning': /`info`/ }],
  [
    'a scheme that is not defined',
    OPENAPI(
      `security: [{oaut: []}]\npaths: {/a: {get: {${OK}}}}\ncomponents: {securitySchemes: {oauth: {type: http, scheme: basic}}}`,
    ),
    { '3:13 warning': /`oaut` is not defined: it demands nothing/ },
  ],
  [
    'a variable that is not defined',
    OPENAPI(`servers: [{url: 'https://{region}.test'}]\npaths: {/a: {get: {${OK}}}}`),
    { '3:17 warning': /`region` of the server is not defined/ },
  ],
  [
    'nullable in 3.1',
    OPENAPI('paths: {}\ncomponents: {schemas: {A: {type: string, nullable: true}}}', '3.1.0'),
    { '4:42 warning': /means nothing since OpenAPI 3.1/ },
  ],
  [
    'nullable without a type in 3.0',
    OPENAPI('paths: {}\ncomponents: {schemas: {A: {nullable: true, allOf: [{type: object}]}}}'),
    {},
  ],
  [
    'an operationId that stands there twice',
    OPENAPI(`paths: {/a: {get: {operationId: one, ${OK}}, put: {operationId: one, ${OK}}}}`),
    { '3:97 warning': /`one` is not unique: this one is called `PUT \/a`/ },
  ],
  [
    'a route that is there twice',
    OPENAPI(
      `paths: {'/a/{b}': {get: {parameters: [{name: b, in: path, required: true, schema: {}}], ${OK}}}, '/a/{c}': {get: {parameters: [{name: c, in: path, required: true, schema: {}}], ${OK}}}}`,
    ),
    { '3:141 error': /GET \/a\/\{c\} is answered by/ },
  ],
  [
    'a slip in a keyword',
    OPENAPI('paths: {}\ncomponents: {schemas: {A: {type: object, requried: [a]}}}'),
    { '4:42 error': /`requried` is no keyword/ },
  ],
  [
    'a keyword of nobody',
    OPENAPI('paths: {}\ncomponents: {schemas: {A: {type: object, colour: red}}}'),
    { '4:42 warning': /`colour` is no keyword/ },
  ],
  [
    'unknown keywords and true, which are valid in 2020-12',
    '$schema: https://json-schema.org/draft/2020-12/schema\nproperties: {a: true, b: {colour: red}}\n',
    { '2:27 warning': /`colour` is no keyword/ },
  ],
  [
    'a parameter of the path by a wrong name',
    OPENAPI(`paths: {'/a/{id}': {get: {parameters: [{name: ids, in: path, required: true, schema: {}}], ${OK}}}}`),
    { '3:47 error': /The path has no `\{ids\}`/ },
  ],
  [
    'a parameter of the path that is not declared',
    OPENAPI(`paths: {'/a/{id}': {get: {${OK}}}}`),
    { '3:21 warning': /`id` of the path is not declared/ },
  ],
  [
    'a parameter of no place',
    OPENAPI(`paths: {/a: {get: {parameters: [{name: a, in: body, schema: {}}], ${OK}}}}`),
    { '3:33 error': /`in: body` are not read/, '3:47 warning': /`in`/ },
  ],
  ['a method that is none', OPENAPI(`paths: {/a: {fetch: {${OK}}}}`), { '3:14 error': /`fetch` is no method/ }],
  [
    'an operation that is none',
    OPENAPI('paths: {/a: {get: all}}'),
    { '3:14 error': /This is no operation: it is left out/, '3:19 warning': /Operation/ },
  ],
  [
    'what YAML does not permit',
    OPENAPI(`paths:\n  /a:\n    get:\n      description: 'one\n      two'\n      ${OK}`),
    { '6:24 warning': /YAML does not permit it/ },
  ],
  [
    'a name that stands there twice',
    OPENAPI(`paths:\n  /a:\n    get: {${OK}}\n    get: {${OK}}`),
    { '6:5 warning': /stands here twice: only the last one counts/ },
  ],
  ['a version that is not read', 'asyncapi: 1.2.0\n', { '1:11 error': /This version is not read: `asyncapi: 1.2.0`/ }],
  [
    'a server of AsyncAPI with a sign that is none of a URL',
    "asyncapi: 2.6.0\ninfo: {title: T, version: '1'}\nservers: {'a%b': {url: 'ws://x/%zz'}}\nchannels: {}\n",
    { '3:11 warning': /`a%b` is not expected here/ },
  ],
  [
    'the security flows of OpenAPI 3.2',
    OPENAPI(
      'paths: {}\ncomponents: {securitySchemes: {o: {type: oauth2, flows: {deviceAuthorization: {deviceAuthorizationUrl: https://a.test/d, tokenUrl: https://a.test/t, scopes: {}}}}}}',
      '3.2.0',
    ),
    {},
  ],
];

test.each(FOUND)('%s is found in its place', async (_, text, found) => {
  const folder = writeFiles({ 'shop/api.yaml': text });
  const { problems } = await loadContracts([folder]);

  expect(problems.map(({ line, column, severity }) => `${line}:${column} ${severity}`)).toEqual(Object.keys(found));
  for (const [index, message] of Object.values(found).entries()) expect(problems[index]?.message).toMatch(message);
});

test('a start finds what changes how something is served, and leaves the rest to a check', async () => {
  const folder = writeFiles({
    'shop/api.yaml': OPENAPI(
      "paths: {/a: {get: all}, /b: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: integer}, example: one}}}}}}}",
    ),
  });
  const { problems, isThorough } = await loadContracts([folder], { isQuick: true });

  expect(problems.map(({ message }) => message)).toEqual(['This is no operation: it is left out.']);
  expect(isThorough).toBe(false);
});

test('a document that is too long for it is not looked through for what changes nothing', async () => {
  const folder = writeFiles({ 'shop/api.yaml': 'openapi: 3.0.3\npaths: {/a: {get: all}}\n' });
  const load = async (mostLinted: number) => loadContracts([folder], { mostLinted });

  expect(await load(10)).toMatchObject({ isThorough: false, problems: [{ line: 2 }] });
  expect(await load(100)).toMatchObject({ isThorough: true, problems: [{ line: 1 }, { line: 2 }, { line: 2 }] });
});

test('a start leaves nothing to a check where each document is too long for it and nothing was found', async () => {
  const RIGHT =
    "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {responses: {'204': {description: ok}}}}}\n";
  const load = async (text: string, mostLinted: number) =>
    loadContracts([writeFiles({ 'shop/api.yaml': text })], { isQuick: true, mostLinted });

  expect(await load(RIGHT, 10)).toMatchObject({ isSettled: true, isThorough: false, problems: [] });
  expect(await load(RIGHT, 1_000)).toMatchObject({ isSettled: false });
  expect(await load('openapi: 3.0.3\npaths: {/a: {get: all}}\n', 10)).toMatchObject({ isSettled: false });
  expect(await load('openapi: 3.0.3\npaths: {/a: [\n', 10)).toMatchObject({ isSettled: false });
});

test('a warning says that it is one', () => {
  const problem = { file: 'a.yaml', line: 1, column: 2, message: 'It is odd.', hint: 'Leave it out.' };
  expect(formatProblem({ ...problem, severity: 'warning' })).toBe('a.yaml:1:2 warning: It is odd. Leave it out.');
  expect(formatProblem({ ...problem, severity: 'error' })).toBe('a.yaml:1:2 It is odd. Leave it out.');
});
