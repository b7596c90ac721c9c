import { readFileSync } from 'node:fs';
import { serve } from '@hono/node-server';
import { createMockServer } from '@scalar/mock-server';
import './listen.mjs';

const app = await createMockServer({ specification: readFileSync(process.env.BENCH_SPEC, 'utf8') });
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => process.send({ port }));
server.ref();
