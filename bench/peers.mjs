import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startProgram, startServer } from './start.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
export const SPEC = here('../specs/connectx/bss-api.openapi.yaml');
const bin = (name) => here(`node_modules/.bin/${name}`);
const asked = { path: '/v1/customers/CUS-000007', headers: { authorization: 'Bearer benchmark' } };

/**
 * The others, by name; each answers the same GET. Those that take the contract answer from it, the rest repeat our body.
 * `path` is where the customer stands, where it is not under `/v1`.
 */
export const peers = {
  Fastify: (body) => startServer('fastify', { BENCH_BODY: body }),
  Express: (body) => startServer('express', { BENCH_BODY: body }),
  'Scalar mock server': () => startServer('scalar', { BENCH_SPEC: SPEC }),
  WireMock: async (body) => {
    const root = mkdtempSync(join(tmpdir(), 'bench-wiremock-'));
    const jar = readdirSync(here('node_modules/wiremock'), { recursive: true }).find((file) =>
      /standalone.*\.jar$/.test(file),
    );
    if (jar === undefined) throw new Error('its package holds no jar');
    const server = await startProgram(
      'java',
      [
        '-jar',
        here(`node_modules/wiremock/${jar}`),
        '--bind-address',
        '127.0.0.1',
        '--port',
        '{port}',
        '--root-dir',
        root,
        '--no-request-journal',
      ],
      { path: '/__admin/health' },
    );
    const stub = {
      request: { urlPattern: '/v1/customers/.*' },
      response: { status: 200, body, headers: { 'content-type': 'application/json' } },
    };
    await fetch(`http://127.0.0.1:${server.port}/__admin/mappings`, { method: 'POST', body: JSON.stringify(stub) });
    return server;
  },
  'json-server': (body) => {
    const file = join(mkdtempSync(join(tmpdir(), 'bench-json-server-')), 'db.json');
    writeFileSync(file, JSON.stringify({ customers: [{ id: 'CUS-000007', ...JSON.parse(body) }] }));
    return startProgram(
      process.execPath,
      [bin('json-server'), file, '--host', '127.0.0.1', '--port', '{port}', '--quiet'],
      { path: '/customers/CUS-000007' },
    );
  },
  Prism: () =>
    startProgram(
      process.execPath,
      [bin('prism'), 'mock', SPEC, '--host', '127.0.0.1', '--port', '{port}', '--verboseLevel', 'silent'],
      { ...asked, path: '/customers/CUS-000007' },
    ),
  Mockoon: () =>
    startProgram(
      process.execPath,
      [
        bin('mockoon-cli'),
        'start',
        '--data',
        SPEC,
        '--port',
        '{port}',
        '--hostname',
        '127.0.0.1',
        '--disable-log-to-file',
      ],
      asked,
    ),
};

/** Where the customer stands at those that have no base path. */
export const paths = { 'json-server': '/customers/CUS-000007' };
