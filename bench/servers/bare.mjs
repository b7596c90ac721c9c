import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { listen } from './listen.mjs';

/** What no server on Node can do less than: `node:http` that stringifies an object, or reads and parses one. */
const answer = JSON.parse(process.env.BENCH_BODY ?? '{}');
const created = JSON.parse(process.env.BENCH_CREATED ?? '{}');

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    const text = JSON.stringify(answer);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
    return;
  }
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const text = JSON.stringify({ ...created, ...JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
    if (sockets.clients.size > 0) {
      const message = Buffer.from(process.env.BENCH_MESSAGE);
      for (const client of sockets.clients) client.send(message, { binary: false });
    }
  });
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
listen(server);
