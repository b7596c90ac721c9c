import type { IncomingMessage } from 'node:http';
import type { Exchange, Tenant } from '../../engine/tenant.ts';
import { type Outcome, Refusal } from '../../model/command.ts';
import type { Violation } from '../../model/schema.ts';
import type { Logger } from '../log.ts';
import type { OperationPlan } from './operation-plan.ts';
import type { Records } from './records.ts';
import { internalError } from './refusals.ts';
import type { Rendered } from './render-response.ts';

/** What all exchanges of one dispatcher share. */
export interface ExchangeParts {
  readonly records: Records;
  readonly log: Logger;
  readonly isStrict: boolean;
}

/** Where one request came in. */
export interface ExchangeFacts {
  readonly request: IncomingMessage;
  readonly plan: OperationPlan;
  readonly tenant: Tenant;
  readonly path: string;
  readonly rawQuery: string;
  /** Scheme, host and tenant prefix that links start with. */
  readonly base: string;
  /** Addresses that mean this simulator and tenant, longest first. */
  readonly origins: readonly string[];
}

/** One request on its way to an answer: the wire side of a command. */
export class HttpExchange implements Exchange<Rendered> {
  readonly violations: Violation[] = [];
  readonly notes: string[] = [];
  body: unknown;
  /** What has been recorded, and so has happened, whatever fails after it. */
  recorded: Rendered | undefined;
  readonly #parts: ExchangeParts;
  readonly #facts: ExchangeFacts;

  constructor(parts: ExchangeParts, facts: ExchangeFacts) {
    this.#parts = parts;
    this.#facts = facts;
  }

  /** Where the simulator is strict, an answer that breaks its contract is refused, which undoes its command. */
  render(outcome: Outcome): Rendered {
    const { plan, request, base } = this.#facts;
    const rendered = plan.response.render(outcome, request.headers.accept, base);
    if (rendered.violations.length > 0 && this.#parts.isStrict) {
      const [first] = rendered.violations;
      throw new Refusal(
        500,
        'CONTRACT_BROKEN',
        `Failed to answer ${plan.operation.id}: the response breaks its contract (${first?.path} ${first?.message}). Mend the contract, the fixture or the code behind it.`,
        {
          violations: rendered.violations,
        },
      );
    }
    return rendered;
  }

  refuse(refusal: Refusal): Rendered {
    const { plan } = this.#facts;
    for (const violation of refusal.violations)
      if (!this.violations.includes(violation)) this.violations.push(violation);
    return plan.response.renderError(refusal.status, plan.writeError(refusal), refusal.headers);
  }

  /** What nobody foresaw: the client learns that it happened, the log learns what. */
  fail(error: unknown): Rendered {
    const { plan } = this.#facts;
    this.#parts.log.error({ operation: plan.operation.id, err: error }, 'an operation failed unexpectedly');
    return this.refuse(internalError(plan.operation.id));
  }

  record(rendered: Rendered): void {
    this.recorded = rendered;
    const { plan, tenant, request, path, rawQuery, origins } = this.#facts;
    const { status, headers, body, violations } = rendered;
    if (violations.length > 0) this.#tellBroken(violations);
    const exchange = {
      tenant,
      method: request.method ?? '',
      path,
      rawQuery,
      operation: plan.operation,
      request: { headers: request.headers, body: this.body },
      response: { status, headers, body },
      violations: violations.length > 0 ? [...this.violations, ...violations] : this.violations,
      notes: this.notes,
      origins,
    };
    // The journal is about the simulated systems; what was done to the simulator itself is not looked for there.
    if (!plan.isControl) this.#parts.records.journal(exchange);
    if (plan.isTold) this.#parts.records.transcript(exchange);
  }

  #tellBroken(violations: readonly Violation[]): void {
    const { operation } = this.#facts.plan;
    this.notes.push('The response breaks its contract.');
    this.#parts.log.warn(
      { operation: operation.id, violations: violations.slice(0, 10) },
      'a response breaks its contract',
    );
  }
}
