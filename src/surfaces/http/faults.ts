import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClockState } from '../../engine/clock.ts';
import { dueAfter, type Fault, type FaultEffect } from '../../engine/faults.ts';
import type { Exchange, Tenant } from '../../engine/tenant.ts';
import { type Command, Refusal } from '../../model/command.ts';
import type { Operation } from '../../model/operation.ts';
import { afterWallTime } from '../wall-time.ts';
import type { HttpExchange } from './http-exchange.ts';
import { type Rendered, renderProblem } from './render-response.ts';
import { writeResponse } from './write-response.ts';

/** So an answer that was never sent stands in the records. */
const NO_ANSWER = 0;

/** A timer that is set for longer fires at once. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** The operations of the control API that a fault may strike: the receiver inside, which stands for one outside. */
const RECEIVER = /^receiveBy/;

/**
 * The fault that a request runs into, if any. The control API is left alone, so that a fault can always be removed; only
 * its inbox answers as a fault says.
 *
 * @example const fault = findFault(tenant, plan.operation, plan.isControl, path);
 */
export function findFault(tenant: Tenant, operation: Operation, isControl: boolean, path: string): Fault | undefined {
  if (isControl && !RECEIVER.test(operation.id)) return undefined;
  const { id: operationId, system, method, path: template } = operation;
  return tenant.takeFault({ kind: 'request', operationId, system, method, path, template, isReceiver: isControl });
}

/** What a request that runs into a fault can be answered with. */
export interface FaultyCall {
  readonly exchange: HttpExchange;
  /** Answers as without a fault, and records it. */
  readonly answer: () => Promise<Rendered>;
  /** Answers, and undoes whatever that has changed; records nothing. */
  readonly rehearse: (exchange: Exchange<Rendered>) => Promise<Rendered>;
}

/**
 * Answers a request that has run into a fault. Where the fault makes it fail, nothing changes in the world; where it only
 * makes it slow, or adds headers, it is done as ever.
 *
 * @example const rendered = await answerFaulty(fault, { exchange, answer, rehearse });
 */
export async function answerFaulty({ id, fault }: Fault, call: FaultyCall): Promise<Rendered> {
  const { exchange } = call;
  const isBroken = fault.truncate === true || fault.malformed === true;
  const isAnswered = fault.status !== undefined || fault.body !== undefined;
  const headers = lowerCase(fault.headers);
  exchange.notes.push(`The fault ${id} struck.`);
  if (fault.reset !== true && !isAnswered && !isBroken) {
    const rendered = await call.answer();
    Object.assign(rendered.headers, headers);
    return rendered;
  }
  const rendered =
    fault.reset === true
      ? { status: NO_ANSWER, headers: {}, payload: undefined, body: undefined, violations: [] }
      : isAnswered
        ? toAnswer(id, fault, headers, exchange)
        : await call.rehearse(undoing(exchange));
  Object.assign(rendered.headers, headers);
  exchange.record(rendered);
  return rendered;
}

/**
 * Writes the answer as far as the fault lets it through, after the wall time that it takes.
 *
 * @example await writeFaulty(request, response, rendered, fault, tenant.clock());
 */
export async function writeFaulty(
  request: IncomingMessage,
  response: ServerResponse,
  rendered: Rendered,
  { fault }: Fault,
  clock: ClockState,
): Promise<void> {
  await pass(waitOf(fault, clock), response);
  if (response.destroyed) return;
  if (fault.reset === true) {
    request.socket.resetAndDestroy();
    return;
  }
  if (fault.truncate === true) {
    const bytes = Buffer.from(rendered.payload ?? '');
    const headers = { ...rendered.headers, 'content-length': String(bytes.length) };
    response.writeHead(rendered.status, headers);
    // Sent before the connection ends, so that the client sees the beginning of an answer and then no more.
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => request.socket.destroySoon());
    return;
  }
  writeResponse(request, response, fault.malformed === true ? malformed(rendered) : rendered);
}

/**
 * An exchange whose command is undone when its answer is known: a refusal undoes everything, and so the answer is
 * thrown as one.
 */
function undoing(exchange: HttpExchange): Exchange<Rendered> {
  return {
    render: (outcome) => {
      throw new Undone(exchange.render(outcome));
    },
    refuse: (refusal) => (refusal instanceof Undone ? refusal.rendered : exchange.refuse(refusal)),
    record: () => {},
  };
}

class Undone extends Refusal {
  readonly rendered: Rendered;

  constructor(rendered: Rendered) {
    super(500, 'FAULT', 'Failed to answer: a fault undid it. Remove the fault.');
    this.rendered = rendered;
  }
}

function toAnswer(
  id: string,
  { status = 200, body }: FaultEffect,
  headers: Readonly<Record<string, string>>,
  exchange: HttpExchange,
): Rendered {
  if (body === undefined && status >= 400) {
    const message = `Failed to answer: the fault ${id} struck. Remove it with DELETE /_simulator/faults/${id}.`;
    return exchange.refuse(new Refusal(status, 'FAULT', message));
  }
  if (body === undefined || status === 204 || status === 304) {
    return { status, headers: {}, payload: undefined, body: undefined, violations: [] };
  }
  const usual = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return renderProblem(status, { contentType: headers['content-type'] ?? usual, body }, {});
}

function malformed(rendered: Rendered): Rendered {
  const text = Buffer.from(rendered.payload ?? '').toString('utf8');
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

function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** What a command of a system needs so that it can be rehearsed. */
export function rehearsal(tenant: Tenant, command: Command): FaultyCall['rehearse'] {
  return async (exchange) => tenant.execute(command, exchange);
}
