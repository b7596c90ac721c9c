// Faults that `bench/test-servers.mjs` plants in a server that has none: a proxy in front of it that changes one thing.
import { once } from 'node:events';
import { createServer } from 'node:http';

const isItem = (path) => /^\/tasks\/[^/]+$/.test(path);
const answer = (status, value) => ({ status, body: JSON.stringify(value) });
const changed = (seen, change) => ({ ...seen, body: JSON.stringify(change(JSON.parse(seen.body))) });

/**
 * Each with what it is found as: `instead` answers in place of the server, `after` changes what the server has answered.
 */
export const PLANTED = [
  {
    about: 'a task is answered with a text where the contract has a boolean',
    code: 'breaks-contract',
    after: ({ method, path }, seen) =>
      method === 'GET' && isItem(path) && seen.status === 200
        ? changed(seen, (task) => ({ ...task, done: String(task.done) }))
        : seen,
  },
  {
    about: 'what the contract demands is missing from the list',
    code: 'breaks-contract',
    after: ({ method, path }, seen) =>
      method === 'GET' && path === '/tasks'
        ? changed(seen, (tasks) => tasks.map(({ name: _, ...rest }) => rest))
        : seen,
  },
  {
    about: 'creating answers with 201, which the contract does not have',
    code: 'breaks-contract',
    after: ({ method }, seen) => (method === 'POST' && seen.status === 200 ? { ...seen, status: 201 } : seen),
  },
  {
    about: 'an update is answered, and not made',
    code: 'update-lost',
    instead: ({ method, path, body }) =>
      method === 'PATCH' && isItem(path) && /"name":"[^"]/.test(body)
        ? answer(200, { id: Number(path.slice(7)), done: true, createdAt: null, updatedAt: null, ...JSON.parse(body) })
        : undefined,
  },
  {
    about: 'deleting answers with 204, and deletes nothing',
    code: 'not-deleted',
    instead: ({ method }) => (method === 'DELETE' ? { status: 204, body: '' } : undefined),
  },
  {
    about: 'a task that is not there is found',
    code: 'finds-unknown',
    after: ({ method, path }, seen) =>
      method === 'GET' && isItem(path) && seen.status === 404
        ? answer(200, { id: 1, name: 'x', done: false, createdAt: null, updatedAt: null })
        : seen,
  },
  {
    about: 'the newest task is not in the list',
    code: 'not-listed',
    after: ({ method, path }, seen) =>
      method === 'GET' && path === '/tasks' ? changed(seen, (tasks) => tasks.slice(0, -2)) : seen,
  },
  {
    about: 'all tasks have the same id',
    code: 'same-id-twice',
    after: ({ method }, seen) =>
      method === 'POST' && seen.status === 200 ? changed(seen, (task) => ({ ...task, id: 1 })) : seen,
  },
  {
    about: 'a name of more than 500 characters is taken',
    code: 'accepts-invalid',
    instead: ({ method, body }) =>
      method === 'POST' && /"name":"[^"]{501}/.test(body)
        ? answer(200, { id: 1, name: 'x', done: false, createdAt: null, updatedAt: null })
        : undefined,
  },
  {
    about: 'the name of a new task is kept as another',
    code: 'forgets-sent',
    after: ({ method }, seen) =>
      method === 'POST' && seen.status === 200 ? changed(seen, (task) => ({ ...task, name: 'task' })) : seen,
  },
  {
    about: 'it breaks down over a body that is no JSON',
    code: 'server-error',
    after: (_, seen) => (seen.status === 400 ? answer(500, { message: 'unexpected end of input' }) : seen),
  },
];

/** A server in front of another, with one fault. */
export async function startPlanted(url, { instead, after }) {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const asked = { method: request.method, path: request.url, body };
    const seen = instead?.(asked) ?? (await passOn(url, request, body));
    const told = after?.(asked, seen) ?? seen;
    response.writeHead(told.status, { 'content-type': 'application/json' });
    response.end(told.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function passOn(url, { method, url: path, headers }, body) {
  const type = headers['content-type'];
  const response = await fetch(url + path, {
    method,
    headers: type === undefined ? {} : { 'content-type': type },
    ...(body !== '' && { body }),
  });
  return { status: response.status, body: await response.text() };
}
