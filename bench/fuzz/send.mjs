import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { timesOf } from './scheduler.mjs';

/** What is not served, not for now, or has no room: answers that are promised. */
const FORESEEN = new Set([501, 503, 507]);

/** How long an answer is waited for, in milliseconds; for as long as the machine gives the program no processor it is no fault of its. */
const PATIENCE = 15_000;

/** What may take as long as it is asked to: to the end of time, for one. */
const TAKES_LONG = /\/_simulator\/clock\/advance/;

/**
 * Sends inputs to a program, and says what is wrong with what comes back.
 *
 * @example await createSender(program).send(input) // undefined, or 'answered 500: …'
 */
export function createSender({ port, pid }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    async send(input) {
      if (input.surface === 'raw') return sendRaw(port, input.raw);
      if (input.surface === 'websocket') return sendFrames(port, input);
      return sendRequest(agent, { port, pid }, input);
    },
    close: () => agent.destroy(),
  };
}

/** Of an answer: a fault of the program, and not of the input. */
function faultOf(status, text) {
  if (status >= 500 && !FORESEEN.has(status)) return `answered ${status}: ${text.slice(0, 300)}`;
  return /\n\s+at .+:\d+:\d+/.test(text) ? `a stack was answered: ${text.slice(0, 300)}` : undefined;
}

/** What a call answers; nothing where it throws. */
function attempt(call) {
  try {
    return call();
  } catch {
    return undefined;
  }
}

function sendRequest(agent, { port, pid }, { method, path, headers, body }) {
  return new Promise((resolve) => {
    // As a client writes it; else without what no request line can hold.
    const forms = [() => encodeURI(decodeURI(path)), () => path.replaceAll(/[^\x21-\x7e]/g, '')];
    const begin = (written) =>
      request({ host: '127.0.0.1', port, agent, method, path: written(), headers, timeout: PATIENCE });
    const sent = forms.reduce((begun, written) => begun ?? attempt(() => begin(written)), undefined);
    if (sent === undefined) {
      resolve(undefined);
      return;
    }
    sent.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        if (text.length < 4_000) text += chunk;
        // Streams do not end by themselves.
        if (/event-stream/.test(response.headers['content-type'] ?? '')) response.destroy();
      });
      const end = () => resolve(faultOf(response.statusCode, text));
      response.on('end', end);
      response.on('close', end);
      response.on('error', end);
      if (/event-stream/.test(response.headers['content-type'] ?? '')) response.destroy();
    });
    const before = timesOf(pid).unscheduled;
    const began = performance.now();
    sent.on('timeout', () => {
      const left = PATIENCE - (performance.now() - began - (timesOf(pid).unscheduled - before));
      if (left > 0) {
        sent.setTimeout(Math.max(left, 100));
        return;
      }
      sent.destroy();
      resolve(TAKES_LONG.test(path) ? undefined : `no answer in ${PATIENCE} ms`);
    });
    sent.on('error', ({ code }) => resolve(code === 'ECONNREFUSED' ? 'the connection was refused' : undefined));
    sent.end(body);
  });
}

function sendRaw(port, text) {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    const end = () => {
      socket.destroy();
      resolve(faultOf(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0), answer));
    };
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      end();
    });
    socket.setTimeout(100, end);
    socket.on('close', end);
    socket.on('error', ({ code }) => (code === 'ECONNREFUSED' ? resolve('the connection was refused') : end()));
  });
}

function sendFrames(port, { path, frames }) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { handshakeTimeout: PATIENCE });
    const end = () => {
      socket.terminate();
      resolve(undefined);
    };
    socket.on('open', () => {
      for (const frame of frames) socket.send(frame);
      socket.close();
    });
    socket.on('close', end);
    socket.on('error', ({ code }) => (code === 'ECONNREFUSED' ? resolve('the connection was refused') : end()));
  });
}
