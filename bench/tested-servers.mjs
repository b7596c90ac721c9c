// The public servers that `node bench/test-servers.mjs` tests: where each comes from, how it starts, where its contract is.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Changes a file of an example: their ports and workspaces are written into them. */
function edit(folder, file, from, to) {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${path} does not have: ${from}`);
  writeFileSync(path, text.replaceAll(from, to));
}

const run = (folder, command, ...args) =>
  execFileSync(join(folder, 'node_modules/.bin', command), args, { cwd: folder, stdio: 'ignore' });

export const SERVERS = [
  {
    name: 'hono-open-api-starter',
    about: 'Hono with Zod over SQLite',
    git: ['https://github.com/w3cj/hono-open-api-starter', '803d5edfb21f7fe5ecff35b62de36ea9413a47b0', '.'],
    prepare(folder) {
      writeFileSync(
        join(folder, '.env'),
        'NODE_ENV=development\nPORT=9999\nLOG_LEVEL=silent\nDATABASE_URL=file:dev.db\n',
      );
      run(folder, 'drizzle-kit', 'push');
    },
    start: () => ['--import', 'tsx', 'src/index.ts'],
    contract: '/doc',
  },
  {
    name: 'nestjs-zod, its example',
    about: 'NestJS with Zod, in memory',
    git: ['https://github.com/BenLorantfy/nestjs-zod', '65d46f27065c6c6e2c834dd35b7f1dfaebc79dba', 'packages/example'],
    before(folder) {
      edit(folder, 'package.json', 'workspace:*', '^5.0.0');
      rmSync(join(folder, 'playwright.config.ts'));
    },
    prepare: (folder) => run(folder, 'nest', 'build', '-p', 'tsconfig.build.json'),
    start: () => ['dist/main.js'],
    contract: '/api-json',
    // The other half declares no status of its own: `default` is a person, and so would be what refuses one.
    flags: ['--filter', 'StarshipsController_*'],
  },
  {
    name: 'fastify-zod-boilerplate',
    about: 'Fastify with Zod, in memory',
    git: ['https://github.com/MiletaStanisic/fastify-zod-boilerplate', '001b01bb55ff1de737a3a05d382c843d28d841cc', '.'],
    start: () => ['--import', 'tsx', 'src/server.ts'],
    contract: '/openapi.json',
  },
  {
    name: 'LoopBack 4, example-todo',
    about: 'LoopBack over its memory connector',
    packages: ['@loopback/example-todo@6.0.0'],
    prepare(folder) {
      execFileSync('cp', ['-r', 'node_modules/@loopback/example-todo/data', '.'], { cwd: folder });
      writeFileSync(
        join(folder, 'start.cjs'),
        `// The example as it is, but for its geocoder, which asks a service on the internet.
const { TodoListApplication } = require('@loopback/example-todo');
(async () => {
  const app = new TodoListApplication({ rest: { port: Number(process.env.PORT), host: '127.0.0.1' } });
  await app.boot();
  app.bind('services.Geocoder').to({ geocode: async () => [{ x: -0.1, y: 51.5 }] });
  await app.start();
})();
`,
      );
    },
    start: () => ['start.cjs'],
    contract: '/openapi.json',
    known: [
      // Its contract demands no body, and it breaks down without one.
      'server-error TodoController.create a valid request, with what must be sent',
      // It takes null for no body.
      'server-error TodoController.create body is null',
      'accepts-invalid TodoController.updateById body is null',
      'accepts-invalid TodoController.updateAll body is null',
    ],
  },
  {
    name: 'oRPC, its contract-first example',
    about: 'oRPC with Zod on node:http, in memory',
    git: ['https://github.com/unnoq/orpc', 'eaadb5fce63e3f5856dbb79a4a64e81309af2c7e', 'playgrounds/contract-first'],
    before(folder) {
      edit(folder, 'package.json', '"next"', '"^1.13.14"');
      edit(folder, 'src/main.ts', 'server.listen(3000', 'server.listen(Number(process.env.PORT)');
    },
    start: () => ['--import', 'tsx', 'src/main.ts'],
    base: '/api',
    contract: '/api/spec.json',
    // Signing up and in are there for show: each answers the same for everybody.
    flags: ['--bearer', 'any', '--filter', 'planet.*'],
    // Its contract demands a bearer everywhere, and its code where something changes.
    known: ['lets-everybody-in planet.list', 'lets-everybody-in planet.find'],
  },
  {
    name: 'Platformatic DB 2',
    about: 'Fastify over PostgreSQL (`POSTGRES_URL`)',
    packages: ['@platformatic/db@2'],
    needs: 'POSTGRES_URL',
    prepare(folder) {
      execFileSync('mkdir', ['-p', 'migrations'], { cwd: folder });
      writeFileSync(
        join(folder, 'migrations/001.do.sql'),
        'CREATE TABLE IF NOT EXISTS tested_movies (id SERIAL PRIMARY KEY, title TEXT NOT NULL, year INTEGER);\n',
      );
      writeFileSync(
        join(folder, 'platformatic.json'),
        JSON.stringify({
          $schema: 'https://schemas.platformatic.dev/@platformatic/db/2.61.0.json',
          server: { hostname: '127.0.0.1', port: '{PORT}', logger: { level: 'fatal' } },
          db: {
            connectionString: process.env.POSTGRES_URL,
            openapi: true,
            graphql: false,
            include: { tested_movies: true },
          },
          migrations: { dir: 'migrations', autoApply: true },
        }),
      );
    },
    start: () => ['node_modules/.bin/plt-db', 'start'],
    contract: '/documentation/json',
    known: [
      // Fastify makes a value of null, and drops what the contract does not allow.
      'accepts-invalid create* body/*',
      'accepts-invalid update* body/*',
      // A comparison of a number by `like`, which its contract offers, is an error of the data base.
      'server-error get* a valid request, with all that may be sent',
      'server-error update* a valid request, with all that may be sent',
    ],
  },
];
