import { connect } from 'node:net';

/**
 * Load over raw sockets: a client that costs as little as it can, so that what is measured is the server. It sends the
 * same bytes again and again, and looks at no more of an answer than where it ends and whether it is the one expected.
 */

/** Writes a request as bytes. */
export function toBytes({ method = 'GET', path, headers = {}, body }) {
  const text = body === undefined ? '' : JSON.stringify(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`);
}

/**
 * As many requests as fit into so many milliseconds (a closed loop: each connection sends when it has been answered).
 * What is asked may be a function that makes the bytes of the request of a number; a status of `2` stands for all 2xx.
 *
 * @returns {Promise<{ rate: number, count: number }>} answers a second
 */
export async function hammer(port, request, { connections = 32, duration = 1_000, status = 200 } = {}) {
  const bytesOf = typeof request === 'function' ? request : () => request;
  const clients = await Promise.all(Array.from({ length: connections }, () => openClient(port, undefined, status)));
  let count = 0;
  let asked = 0;
  let isOver = false;
  const send = (client) => {
    client.send(bytesOf(asked));
    asked += 1;
  };
  const began = performance.now();
  const done = clients.map(
    (client) =>
      new Promise((resolve, reject) => {
        client.onError = reject;
        client.onAnswer = () => {
          count += 1;
          if (isOver) resolve();
          else send(client);
        };
        send(client);
      }),
  );
  setTimeout(() => {
    isOver = true;
  }, duration);
  // A client that sleeps has to be woken by the server's write, and that costs the server more than all else it does:
  // the slower server would pay it for every answer and the faster one for none. So this one never sleeps.
  const stayAwake = () => {
    if (!isOver) setImmediate(stayAwake);
  };
  stayAwake();
  await Promise.all(done);
  const seconds = (performance.now() - began) / 1_000;
  for (const client of clients) client.close();
  return { rate: count / seconds, count };
}

/**
 * Requests at a fixed rate, whether or not the server keeps up (an open model): the latency of each counts from when it
 * was due, so that a server that stalls is not spared the requests it kept waiting. `told` hears of each when it was due and
 * when it was answered.
 *
 * @returns {Promise<{ p50: number, p99: number, rate: number }>} milliseconds
 */
export async function arrive(
  port,
  request,
  { rate, connections = 32, duration = 2_000, status = 200, told = () => {} },
) {
  const bytesOf = typeof request === 'function' ? request : () => request;
  const clients = await Promise.all(Array.from({ length: connections }, () => openClient(port, undefined, status)));
  let asked = 0;
  const total = Math.floor((rate * duration) / 1_000);
  const idle = [...clients];
  const waiting = [];
  const latencies = [];
  await new Promise((resolve, reject) => {
    const began = performance.now();
    const send = (client, due) => {
      client.onAnswer = () => {
        const answered = performance.now();
        latencies.push(answered - due);
        told(due, answered);
        if (latencies.length === total) return resolve();
        const next = waiting.shift();
        if (next === undefined) idle.push(client);
        else send(client, next);
      };
      client.send(bytesOf(asked));
      asked += 1;
    };
    for (const client of clients) client.onError = reject;
    let sent = 0;
    const tick = () => {
      const due = Math.min(total, Math.floor(((performance.now() - began) / 1_000) * rate));
      for (; sent < due; sent += 1) {
        const at = began + (sent / rate) * 1_000;
        const client = idle.pop();
        if (client === undefined) waiting.push(at);
        else send(client, at);
      }
      if (sent < total) setImmediate(tick);
    };
    tick();
  });
  for (const client of clients) client.close();
  latencies.sort((a, b) => a - b);
  const at = (part) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))];
  return { p50: at(0.5), p99: at(0.99), rate };
}

/** One answer to one request, with its body; for set-up and for times of single requests. */
export async function ask(port, request, status = 200) {
  const client = await openClient(port, request, status);
  try {
    return await new Promise((resolve, reject) => {
      client.onError = reject;
      client.onAnswer = resolve;
      client.keepsBody = true;
      client.send();
    });
  } finally {
    client.close();
  }
}

/** A connection that can be asked again and again; `onAnswer` gets the text of the whole answer where it is short. */
export function openClient(port, request, status) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    const wanted = `HTTP/1.1 ${status}`;
    let missing = -1;
    let head = '';
    const client = {
      keepsBody: false,
      onAnswer: () => {},
      onError: () => {},
      send: (bytes = request) => socket.write(bytes),
      close: () => socket.destroy(),
    };
    const answered = () => {
      const text = head;
      missing = -1;
      head = '';
      client.onAnswer(text);
    };
    socket.on('data', (chunk) => {
      if (missing > 0) {
        missing -= chunk.length;
        if (client.keepsBody) head += chunk.latin1Slice(0, chunk.length);
        if (missing === 0) answered();
        return;
      }
      // Heads and the short bodies that are measured come in one piece; the rest is only counted.
      head += chunk.latin1Slice(0, chunk.length);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!head.startsWith(wanted)) return client.onError(new Error(`Expected ${wanted}, got ${head.slice(0, 600)}`));
      const length = /\r\ncontent-length: *(\d+)/i.exec(head.slice(0, end + 2))?.[1];
      if (length === undefined) {
        // Chunked: the last chunk is empty.
        if (head.endsWith('0\r\n\r\n')) answered();
        return;
      }
      missing = end + 4 + Number(length) - head.length;
      if (missing === 0) answered();
    });
    socket.on('connect', () => resolve(client));
    socket.on('error', (error) => {
      reject(error);
      client.onError(error);
    });
    socket.on('close', () => client.onError(new Error('The server closed the connection.')));
  });
}
