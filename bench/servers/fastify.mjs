import fastify from 'fastify';
import './listen.mjs';

const answer = JSON.parse(process.env.BENCH_BODY);
const app = fastify();
app.get('/v1/customers/:customerId', async () => answer);
await app.listen({ host: '127.0.0.1', port: 0 });
process.send({ port: app.server.address().port });
