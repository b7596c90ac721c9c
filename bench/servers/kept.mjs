import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import { listen } from './listen.mjs';

/**
 * What no server on Node can do less than to answer once a change lasts: `node:http` that reads and parses a body, and
 * writes a line for it, in one write that is synced with those of whoever came meanwhile, over room that was made before.
 * Without a file it keeps nothing.
 */
const created = JSON.parse(process.env.BENCH_CREATED);
const line = Buffer.from(process.env.BENCH_LINE);
const path = process.env.BENCH_FILE;
const file =
  path === undefined ? undefined : await open(path, constants.O_CREAT | constants.O_WRONLY | (constants.O_DSYNC ?? 0));
/** Bytes of room that are made at once. */
const ROOM = 1_048_576;
let end = 0;
let room = 0;
let waiting = [];
let isWriting = false;

async function write() {
  isWriting = true;
  while (waiting.length > 0) {
    const answers = waiting;
    waiting = [];
    const bytes = Buffer.concat(answers.map(() => line));
    if (end + bytes.length > room) {
      await file.write(Buffer.alloc(ROOM), 0, ROOM, room);
      room += ROOM;
    }
    await file.write(bytes, 0, bytes.length, end);
    end += bytes.length;
    // Where no write lasts by itself.
    if (constants.O_DSYNC === undefined) await file.datasync();
    for (const answer of answers) answer();
  }
  isWriting = false;
}

listen(
  createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const text = JSON.stringify({ ...created, ...JSON.parse(Buffer.concat(chunks).toString()) });
      const answer = () => {
        response.writeHead(201, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
        response.end(text);
      };
      if (file === undefined) {
        answer();
        return;
      }
      waiting.push(answer);
      if (!isWriting) setImmediate(() => isWriting || void write());
    });
  }),
);
