import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';

/** How long a start and an answer may take, beside what they wait for a processor. */
const LONGEST_START = 120_000;
const LONGEST_ANSWER = 30_000;
/** An answer that takes longer than this twice counts as one that hangs; the first may have had something to load. */
export const SLOWEST_ANSWER = 5_000;
/** How much memory the simulator's heap may take for one document, in MiB. */
const LARGEST_HEAP = 3_072;
const LARGEST_ANSWER = 32 * 2 ** 20;

/**
 * The built program on one document alone, in a process of its own.
 *
 * @example const server = await Server.start(simulator('dist/cli/main.js', 'petstore.yaml'));
 */
export class Server {
  #child;

  /** Starts what `commandFor` says for a port, and waits until it answers anything but an error at the path. */
  static async start(commandFor, path = '/_simulator/health') {
    const server = new Server();
    await server.#start(commandFor, path);
    return server;
  }

  async #start(commandFor, path) {
    this.port = await freePort();
    const began = performance.now();
    const waitedBefore = this.waited;
    this.#child = spawn(process.execPath, [`--max-old-space-size=${LARGEST_HEAP}`, ...commandFor(this.port)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    this.output = '';
    const note = (bytes) => {
      if (this.output.length < 100_000) this.output += bytes;
    };
    this.#child.stdout.on('data', note);
    this.#child.stderr.on('data', note);
    this.#child.once('exit', (code, signal) => {
      this.exit = code ?? signal;
    });
    for (;;) {
      if (this.exit !== undefined) return;
      if (performance.now() - began - (this.waited - waitedBefore) > LONGEST_START) {
        this.exit = 'no answer in time';
        this.#child.kill('SIGKILL');
        return;
      }
      const answer = await this.call({ method: 'GET', path }).catch(() => undefined);
      if (answer !== undefined && answer.status > 0) break;
      await new Promise((done) => setTimeout(done, 20));
    }
    this.startedIn = Math.round(performance.now() - began);
  }

  async isAnswering() {
    const answer = await this.call({ method: 'GET', path: '/_simulator/health' }).catch(() => undefined);
    return answer?.status === 200;
  }

  get isUp() {
    return this.exit === undefined;
  }

  /** The most memory it has had so far, in MiB. */
  get memory() {
    try {
      const text = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      return Math.round(Number(/VmHWM:\s*(\d+)/.exec(text)?.[1] ?? 0) / 1_024);
    } catch {
      return undefined;
    }
  }

  /**
   * How long the program and this process have waited for a processor so far, in ms: on a busy machine, that is time that
   * neither had. Nothing where the system does not tell.
   */
  get waited() {
    const waitOf = (pid) => {
      try {
        return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
      } catch {
        return 0;
      }
    };
    return waitOf(this.#child?.pid) + waitOf('self');
  }

  /** One call. An answer that does not come in time has the status 0. */
  call({ method, path, headers = {}, body }) {
    return new Promise((done, fail) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      const options = { host: '127.0.0.1', port: this.port, method, path, headers: { ...headers, ...length } };
      const sent = request(options, (response) => {
        const chunks = [];
        let size = 0;
        response.on('data', (chunk) => {
          size += chunk.length;
          if (size > LARGEST_ANSWER) response.destroy(new Error('the answer is larger than 32 MiB'));
          else chunks.push(chunk);
        });
        response.on('error', fail);
        response.on('end', () => {
          clearInterval(timer);
          done({ status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() });
        });
      });
      const began = performance.now() - this.waited;
      const timer = setInterval(() => {
        if (performance.now() - this.waited - began < LONGEST_ANSWER) return;
        clearInterval(timer);
        sent.destroy();
        done({ status: 0, headers: {}, text: '' });
      }, 1_000);
      sent.on('error', (error) => {
        clearInterval(timer);
        // A kept connection may end just when it is taken again; that says nothing of the server.
        if (sent.reusedSocket && error.code === 'ECONNRESET')
          this.call({ method, path, headers, body }).then(done, fail);
        else fail(error);
      });
      sent.end(body);
    });
  }

  stop() {
    return new Promise((done) => {
      if (!this.isUp) return done();
      this.#child.once('exit', done);
      this.#child.kill('SIGKILL');
    });
  }
}

/** The command line of the simulator on one document. */
export function simulator(program, file, more = []) {
  const switches = ['--auth', 'off', '--cache', 'false', '--log-level', 'error'];
  return (port) => [program, 'serve', '--specs', file, '--port', String(port), ...switches, ...more];
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
