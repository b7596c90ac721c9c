// Holds public servers from npm against contracts with `bss-simulator test`: they are installed in a folder of their own
// (`node bench/test-servers.mjs [folder]`), never beside ours. Prints the table of docs/testing-a-server.md.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const PACKAGES = ['json-server@0.17.4', '@stoplight/prism-cli@5', 'openapi-backend@5', 'express@4'];
const ROOT = resolve(import.meta.dirname, '..');
const LIBRARY = join(ROOT, 'bench/corpus/own/strangers/library.yaml');

const folder = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'test-servers-'));
mkdirSync(folder, { recursive: true });
if (!existsSync(join(folder, 'node_modules'))) {
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...PACKAGES], {
    cwd: folder,
    stdio: 'inherit',
  });
}

/** What json-server says of itself in its README: plural routes over a file, ids that it gives out, `_page` and `_limit`. */
writeFileSync(
  join(folder, 'posts.yaml'),
  `openapi: 3.0.3
info: {title: json-server by its README, version: '0.17'}
paths:
  /posts:
    get:
      operationId: listPosts
      parameters:
        - {name: _page, in: query, schema: {type: integer, minimum: 1}}
        - {name: _limit, in: query, schema: {type: integer, minimum: 1}}
        - {name: id, in: query, schema: {type: integer}}
      responses: {'200': {description: all, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Post'}}}}}}
    post:
      operationId: createPost
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewPost'}}}}
      responses: {'201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Post'}}}}}
  /posts/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: readPost
      responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Post'}}}}, '404': {description: none}}
    patch:
      operationId: changePost
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewPost'}}}}
      responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Post'}}}}, '404': {description: none}}
    delete:
      operationId: deletePost
      responses: {'200': {description: gone}, '404': {description: none}}
components:
  schemas:
    NewPost: {type: object, required: [title, author], properties: {title: {type: string, minLength: 1}, author: {type: string}}}
    Post: {type: object, required: [id, title, author], properties: {id: {type: integer, readOnly: true}, title: {type: string}, author: {type: string}}}
`,
);
writeFileSync(join(folder, 'posts.json'), '{"posts": [{"id": 1, "title": "first", "author": "typicode"}]}');

/** The mock of its README: what has no handler is answered with an example of the contract, after validation. */
writeFileSync(
  join(folder, 'backend.mjs'),
  `import { OpenAPIBackend } from 'openapi-backend';
import express from 'express';
const api = new OpenAPIBackend({ definition: process.argv[2], quick: false });
api.register({
  validationFail: (c, req, res) => res.status(400).json({ err: c.validation.errors }),
  notFound: (c, req, res) => res.status(404).json({ err: 'not found' }),
  methodNotAllowed: (c, req, res) => res.status(405).json({ err: 'not allowed' }),
  notImplemented: (c, req, res) => {
    const { status, mock } = c.api.mockResponseForOperation(c.operation.operationId);
    return res.status(status).json(mock);
  },
});
await api.init();
const app = express();
app.use(express.json());
app.use((req, res) => api.handleRequest(req, req, res));
app.listen(Number(process.argv[3]), '127.0.0.1');
`,
);

const bin = (name) => join(folder, 'node_modules/.bin', name);
const SERVERS = [
  [
    'json-server 0.17',
    'its README',
    join(folder, 'posts.yaml'),
    (port) => [bin('json-server'), ['--port', port, '--host', '127.0.0.1', '--quiet', 'posts.json']],
  ],
  [
    'Prism 5 (mock)',
    'library.yaml',
    LIBRARY,
    (port) => [bin('prism'), ['mock', '-p', port, '-h', '127.0.0.1', LIBRARY]],
  ],
  [
    'openapi-backend 5 (mock)',
    'posts.yaml',
    join(folder, 'posts.yaml'),
    (port) => [process.execPath, ['backend.mjs', join(folder, 'posts.yaml'), port]],
  ],
  [
    'bss-simulator',
    'posts.yaml',
    join(folder, 'posts.yaml'),
    (port) => [
      process.execPath,
      [join(ROOT, 'dist/cli/main.js'), '--specs', join(folder, 'posts.yaml'), '--port', port, '--log-level', 'silent'],
    ],
  ],
  [
    'bss-simulator',
    'library.yaml',
    LIBRARY,
    (port) => [
      process.execPath,
      [join(ROOT, 'dist/cli/main.js'), '--specs', LIBRARY, '--port', port, '--log-level', 'silent'],
    ],
  ],
];

const rows = [];
for (const [name, contract, specs, commandOf] of SERVERS) {
  const port = String(await freePort());
  const [program, args] = commandOf(port);
  const server = spawn(program, args, { cwd: folder, stdio: 'ignore' });
  try {
    await answers(`http://127.0.0.1:${port}/`);
    const report = await testOf(`http://127.0.0.1:${port}`, specs);
    const count = (status) => report.results.filter((each) => each.status === status).length;
    const codes = new Map();
    for (const { findings } of report.results)
      for (const { level, code } of findings) if (level === 'error') codes.set(code, (codes.get(code) ?? 0) + 1);
    const found = [...codes].map(([code, times]) => `${times} \`${code}\``).join(', ') || 'none';
    rows.push(
      `| ${name} | ${contract} | ${report.requests} | ${count('passed')} | ${count('failed')} | ${count('warned')} | ${count('skipped')} | ${found} |`,
    );
    writeFileSync(
      join(folder, `${name.split(' ')[0]}-${contract.split('.')[0]}.json`),
      JSON.stringify(report, null, 2),
    );
  } finally {
    server.kill();
  }
}
console.log(
  `| server | contract | requests | passed | failed | with a warning | skipped | errors |\n|---|---|---|---|---|---|---|---|\n${rows.join('\n')}`,
);

function testOf(url, specs) {
  return new Promise((done, fail) => {
    const child = spawn(
      process.execPath,
      [join(ROOT, 'dist/cli/main.js'), 'test', url, '--specs', specs, '--bearer', 'any', '--json'],
      { cwd: folder },
    );
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.on('close', (code) => (code === 2 ? fail(new Error(err)) : done(JSON.parse(out))));
  });
}

async function answers(url) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await wait(100);
  }
  throw new Error(`${url} does not answer`);
}

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
