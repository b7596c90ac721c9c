import type { Commit } from '../../engine/commit.ts';
import type { Fault } from '../../engine/faults/fault.ts';
import { strengthOf } from '../../engine/faults/faults.ts';
import type { RequestFacts } from '../../engine/input.ts';
import type { Renderer } from '../../engine/renderer.ts';
import { type Awaitable, thenMaybe } from '../../lib/awaitable.ts';
import { formatInstant, type Instant } from '../../lib/time.ts';
import { type Outcome, Refusal } from '../../model/command.ts';
import type { Logger } from '../log.ts';
import type { RouteTable } from './collect-routes.ts';
import { declaredStatus } from './declared-status.ts';
import type { OperationPlan } from './operation-plan.ts';
import { samplePreference } from './prefer.ts';
import { createRecordWriter, type RecordWriterParts } from './records.ts';
import { internalError } from './refusals.ts';
import { type Rendered, renderProblem, type Through } from './render-response.ts';

export interface HttpRendererParts extends Omit<RecordWriterParts, 'isClientGone'> {
  readonly plans: RouteTable['plans'];
  /** Whether an answer that breaks its contract is refused. */
  readonly isStrict: boolean;
  readonly log: Logger;
}

/** Writes answers as HTTP has them. */
export interface HttpRenderer extends Renderer {
  render(request: RequestFacts, outcome: Outcome, at: Instant, fault?: Fault): Rendered;
  /** As `render`, of what only looks; a long list is written in as many turns as that takes. */
  renderList(request: RequestFacts, outcome: Outcome, through: Through): Awaitable<Rendered>;
  refuse(request: RequestFacts, refusal: Refusal, at: Instant, fault?: Fault): Rendered;
  fail(request: RequestFacts, error: unknown, at: Instant): Rendered;
  strike(request: RequestFacts, fault: Fault, at: Instant): Rendered;
  /** The client of this request went away before it had the whole answer: the journal shows it. */
  noteClientGone(commit: Commit): void;
}

/** What stands in the records for an answer that was never sent. */
const NO_ANSWER = 0;

/**
 * Makes what turns outcomes and refusals into answers, and says of them what the records keep.
 *
 * @example createHttpRenderer({ plans, contracts, ownUrl, isStrict: false, log }).render(request, { status: 200, body });
 */
export function createHttpRenderer(parts: HttpRendererParts): HttpRenderer {
  const { plans, isStrict, log } = parts;
  const planOf = ({ operation }: RequestFacts): OperationPlan => {
    const plan = plans.get(operation);
    if (plan !== undefined) return plan;
    throw new Error(`Failed to answer ${operation}: no route stands for it.`);
  };
  const checked = (plan: OperationPlan, rendered: Rendered): Rendered => {
    const { violations } = rendered;
    if (violations.length > 0) {
      const shown = violations.slice(0, 10);
      log.warn({ operation: plan.operation.id, violations: shown }, 'a response breaks its contract');
    }
    return rendered;
  };
  // Whether a client waits is a matter of the wire, and no input: it must not change what follows.
  const gone = new WeakSet<Commit>();
  const renderer: HttpRenderer = {
    ...createRecordWriter({ ...parts, isClientGone: (commit) => gone.has(commit) }),
    noteClientGone: (commit) => void gone.add(commit),
    render(request, outcome, at, fault) {
      if (fault !== undefined && strengthOf(fault.fault) === 'answered') return renderer.strike(request, fault, at);
      const plan = planOf(request);
      const { accept, prefer } = request.headers as Readonly<Record<string, string | undefined>>;
      const rendered = plan.response.render(outcome, accept, request.origin + request.prefix);
      if (rendered.violations.length > 0 && isStrict) throw brokenAnswer(plan, rendered);
      const preference = request.isSample === true ? samplePreference(prefer, plan.operation).applied : undefined;
      if (preference !== undefined) rendered.headers['preference-applied'] = preference;
      return checked(plan, withHeaders(rendered, fault));
    },
    renderList(request, outcome, through) {
      const plan = planOf(request);
      const { accept } = request.headers as Readonly<Record<string, string | undefined>>;
      const base = request.origin + request.prefix;
      return thenMaybe(plan.response.renderList(outcome, accept, base, through), (rendered) => {
        if (rendered.violations.length > 0 && isStrict) throw brokenAnswer(plan, rendered);
        return checked(plan, rendered);
      });
    },
    refuse(request, refusal, at, fault) {
      const plan = planOf(request);
      const status = declaredStatus(plan.operation, refusal.status);
      const { code, message, violations, details } = refusal;
      const error = plan.writeError({ status, code, message, violations, details }, formatInstant(at));
      const { accept } = request.headers as Readonly<Record<string, string | undefined>>;
      const rendered = plan.response.renderError(status, error, refusal.headers, accept);
      return checked(plan, withHeaders(rendered, fault));
    },
    fail(request, error, at) {
      const { operation } = planOf(request);
      log.error({ operation: operation.id, err: error }, 'an operation failed unexpectedly');
      return renderer.refuse(request, internalError(operation.id), at);
    },
    strike(request, fault, at) {
      const { id } = fault;
      const { status = 200, body, reset } = fault.fault;
      if (reset === true) return withHeaders(emptyAnswer(NO_ANSWER), fault);
      if (body === undefined && status >= 400) {
        const message = `Failed to answer: the fault ${id} struck. Remove it with DELETE /_simulator/faults/${id}.`;
        return renderer.refuse(request, new Refusal(status, 'FAULT', message), at, fault);
      }
      if (body === undefined || status === 204 || status === 304) return withHeaders(emptyAnswer(status), fault);
      const usual = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
      const contentType = lowerCase(fault.fault.headers)['content-type'] ?? usual;
      return withHeaders(renderProblem(status, { contentType, body }, {}), fault);
    },
  };
  return renderer;
}

function brokenAnswer({ operation }: OperationPlan, { violations }: Rendered): Refusal {
  const [first] = violations;
  return new Refusal(
    500,
    'CONTRACT_BROKEN',
    `Failed to answer ${operation.id}: the response breaks its contract (${first?.path} ${first?.message}). Fix the contract, the fixture or the code behind it.`,
    { violations },
  );
}

function emptyAnswer(status: number): Rendered {
  return { status, headers: {}, payload: undefined, body: undefined, violations: [] };
}

function withHeaders(rendered: Rendered, fault: Fault | undefined): Rendered {
  if (fault !== undefined) Object.assign(rendered.headers, lowerCase(fault.fault.headers));
  return rendered;
}

function lowerCase(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
