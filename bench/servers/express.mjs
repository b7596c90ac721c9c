import { createServer } from 'node:http';
import express from 'express';
import { listen } from './listen.mjs';

const answer = JSON.parse(process.env.BENCH_BODY);
const app = express();
app.get('/v1/customers/:customerId', (_, response) => response.json(answer));
listen(createServer(app));
