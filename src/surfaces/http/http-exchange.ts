import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange, Tenant } from '../../engine/tenant.ts';
import { formatInstant } from '../../lib/time.ts';
import { type Outcome, Refusal } from '../../model/command.ts';
import type { Happening } from '../../model/happening.ts';
import type { Violation } from '../../model/schema.ts';
import type { Logger } from '../log.ts';
import { declaredStatus } from './declared-status.ts';
import type { OperationPlan } from './operation-plan.ts';
import type { Records } from './records.ts';
import { internalError } from './refusals.ts';
import type { Rendered } from './render-response.ts';

/** What all exchanges of one dispatcher share. */
export interface ExchangeParts {
  readonly records: Records;
  readonly log: Logger;
  readonly isStrict: boolean;
  /** Called with each request that is part of the story, once its answer is known. */
  readonly observe?: (happening: Happening) => void;
}

/** Where one request came in. */
export interface ExchangeFacts {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly plan: OperationPlan;
  readonly tenant: Tenant;
  readonly path: string;
  readonly rawQuery: string;
  /** Scheme and host of links, before the tenant's prefix. */
  readonly origin: string;
  readonly prefix: string;
}

/** One request on its way to an answer: the wire side of a command. */
export class HttpExchange implements Exchange<Rendered> {
  readonly violations: Violation[] = [];
  readonly notes: string[] = [];
  body: unknown;
  /** What has been recorded, and so has happened, whatever fails after it. */
  recorded: Rendered | undefined;
  readonly facts: ExchangeFacts;
  readonly #parts: ExchangeParts;

  constructor(parts: ExchangeParts, facts: ExchangeFacts) {
    this.#parts = parts;
    this.facts = facts;
  }

  /** What links start with. */
  get base(): string {
    return this.facts.origin + this.facts.prefix;
  }

  /** Where the simulator is strict, an answer that breaks its contract is refused, which undoes its command. */
  render(outcome: Outcome): Rendered {
    const { plan, headers } = this.facts;
    const rendered = plan.response.render(outcome, headers.accept, this.base);
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
    const { plan, tenant, headers } = this.facts;
    const now = formatInstant(tenant.now());
    for (const violation of refusal.violations)
      if (!this.violations.includes(violation)) this.violations.push(violation);
    const status = declaredStatus(plan.operation, refusal.status);
    const { code, message, violations, details } = refusal;
    const error = plan.writeError({ status, code, message, violations, details }, now);
    return plan.response.renderError(status, error, refusal.headers, headers.accept);
  }

  /** What nobody foresaw: the client learns that it happened, the log learns what. */
  fail(error: unknown): Rendered {
    const { plan } = this.facts;
    this.#parts.log.error({ operation: plan.operation.id, err: error }, 'an operation failed unexpectedly');
    return this.refuse(internalError(plan.operation.id));
  }

  record(rendered: Rendered): void {
    this.recorded = rendered;
    const { plan, tenant, method, headers: requestHeaders, path, rawQuery, origin, prefix } = this.facts;
    const { status, headers, body, violations } = rendered;
    if (violations.length > 0) this.#tellBroken(violations);
    const exchange = {
      method,
      path,
      rawQuery,
      operation: plan.operation,
      requestHeaders,
      requestBody: this.body,
      status,
      responseHeaders: headers,
      responseBody: body,
      violations: violations.length > 0 ? [...this.violations, ...violations] : this.violations,
      notes: this.notes,
      origin,
      prefix,
    };
    // The journal is about the simulated systems; what was done to the simulator itself is not looked for there.
    this.#parts.records.keep(tenant, exchange, { inJournal: !plan.isControl, inTranscript: plan.isTold });
    if (plan.isTold) this.#parts.observe?.({ kind: 'request', tenant: tenant.name, method, path, status });
  }

  #tellBroken(violations: readonly Violation[]): void {
    const { operation } = this.facts.plan;
    this.notes.push('The response breaks its contract.');
    this.#parts.log.warn(
      { operation: operation.id, violations: violations.slice(0, 10) },
      'a response breaks its contract',
    );
  }
}
