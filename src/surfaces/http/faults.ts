import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault, FaultEffect } from '../../engine/faults/fault.ts';
import { dueAfter } from '../../engine/faults/faults.ts';
import type { ClockState } from '../../engine/time/clock.ts';
import { afterWallTime } from '../wall-time.ts';
import type { BrowserRetries } from './browser-retries.ts';
import type { Rendered } from './render-response.ts';
import { bytesOf, writeResponse } from './write-response.ts';

/** A timer that is set for longer fires at once. */
const LONGEST_WAIT = 2 ** 31 - 1;

/**
 * Writes the answer as far as the fault lets it through, after the wall time that it takes; `false` where the client has
 * gone away meanwhile.
 *
 * @example await writeFaulty(request, response, rendered, fault, tenant.clock(), retries);
 */
export async function writeFaulty(
  request: IncomingMessage,
  response: ServerResponse,
  rendered: Rendered,
  { fault }: Fault,
  clock: ClockState,
  retries: BrowserRetries,
): Promise<boolean> {
  await pass(waitOf(fault, clock), response);
  if (response.destroyed) return false;
  if (fault.reset === true || fault.lostAnswer === true) {
    retries.expect(request);
    request.socket.resetAndDestroy();
    return true;
  }
  if (fault.truncate === true) {
    const bytes = bytesOf(rendered);
    const headers = { ...rendered.headers, 'content-length': String(bytes.length) };
    response.writeHead(rendered.status, headers);
    // Sent before the connection ends, so that the client sees the beginning of an answer and then no more.
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => request.socket.destroySoon());
    return true;
  }
  const answer = fault.malformed === true ? malformed(rendered) : rendered;
  if (fault.slowBody !== undefined) return writeSlowly(response, answer, fault.slowBody);
  writeResponse(request, response, answer);
  return true;
}

/** In how many pieces a slow body comes. */
const PIECES = 10;

/** Writes the head at once, and the body in pieces over this much wall time. */
async function writeSlowly(response: ServerResponse, rendered: Rendered, duration: string): Promise<boolean> {
  const bytes = bytesOf(rendered);
  const wait = dueAfter({ latency: duration }, 0) / PIECES;
  const size = Math.max(1, Math.ceil(bytes.length / PIECES));
  response.writeHead(rendered.status, { ...rendered.headers, 'content-length': String(bytes.length) });
  response.flushHeaders();
  for (let from = 0; from < bytes.length; from += size) {
    await pass(wait, response);
    if (response.destroyed) return false;
    response.write(bytes.subarray(from, from + size));
  }
  response.end();
  return true;
}

function malformed(rendered: Rendered): Rendered {
  const text = bytesOf(rendered).toString('utf8');
  // No JSON text is whole without its last character and with a quotation mark that is never closed.
  return { ...rendered, payload: `${text.slice(0, -1)},"`, size: undefined };
}

function waitOf(effect: FaultEffect, { mode, rate }: ClockState): number {
  const milliseconds = dueAfter(effect, 0);
  if (effect.real === true) return milliseconds;
  return mode === 'manual' ? 0 : milliseconds / rate;
}

/** Waits, but no longer than there is somebody to answer. */
function pass(milliseconds: number, response: ServerResponse): Promise<void> {
  if (milliseconds <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      callOff();
      response.off('close', done);
      resolve();
    };
    const callOff = afterWallTime(Math.min(milliseconds, LONGEST_WAIT), done);
    response.once('close', done);
  });
}
