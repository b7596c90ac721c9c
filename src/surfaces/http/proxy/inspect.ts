import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Tenant } from '../../../engine/tenant.ts';
import { once } from '../../../lib/once.ts';
import type { SecretFilter } from '../../../lib/secrets.ts';
import { Refusal } from '../../../model/command.ts';
import type { Validation, Violation } from '../../../model/schema.ts';
import type { SchemaResolver } from '../../../model/schema-resolver.ts';
import type { Address, Entrance } from '../../surface.ts';
import { authenticationOf } from '../auth/authenticate.ts';
import { type AnswerCheck, createAnswerCheck } from '../check-answer.ts';
import type { OperationPlan } from '../operation-plan.ts';
import type { BodyCopy } from './hold-body.ts';
import { looseBody, readBodyOf } from './read-body.ts';

/** A request on its way through, and what is found of it and its answer. */
export interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly address: Address;
  readonly path: Readonly<Record<string, string>>;
  readonly tenant: Tenant;
  readonly plan: OperationPlan | undefined;
  readonly filter: SecretFilter;
  readonly sent: BodyCopy;
  /** What was read of the body before anything goes on. */
  readonly held: Buffer[];
  readonly violations: Violation[];
  readonly notes: string[];
  requestBody: unknown;
  isRequestRead: boolean;
}

/** What passages are looked at with. */
export interface InspectorParts {
  readonly entrance: Pick<Entrance, 'authenticate'>;
  readonly validation: Validation;
  readonly schemas: SchemaResolver;
  /** Whether nobody is asked for a credential. */
  readonly isOpen: boolean;
}

/**
 * Looks at both sides of what passes through, by the contracts; what is wrong is added to the passage.
 *
 * @example const inspector = new Inspector(parts); inspector.readRequest(passage);
 */
export class Inspector {
  readonly #parts: InspectorParts;
  readonly #checks = new WeakMap<OperationPlan, () => AnswerCheck>();

  constructor(parts: InspectorParts) {
    this.#parts = parts;
  }

  /** Looks at a request, once all of it is there. */
  readRequest(passage: Passage): void {
    if (passage.isRequestRead) return;
    passage.isRequestRead = true;
    const { plan, request, address, path, sent, notes } = passage;
    const found: Violation[] = [];
    const { headers } = request;
    const unpacked = request.complete
      ? sent.unpacked(headers['content-encoding'])
      : { unseen: 'It was answered before all of it was there.' };
    const isSeen = Buffer.isBuffer(unpacked);
    if (!isSeen) notes.push(unpacked.unseen);
    if (plan === undefined) {
      passage.requestBody = isSeen ? looseBody(unpacked, headers['content-type']) : undefined;
      return;
    }
    plan.parameters({ path, rawPath: address.path, rawQuery: address.rawQuery, headers }, found, notes);
    if (plan.body === undefined) {
      if (sent.size > 0) notes.push('The request has a body, but the contract declares none.');
    } else if (isSeen) passage.requestBody = readBodyOf(plan.body, unpacked, headers, found, notes);
    const refusal = this.#parts.isOpen ? undefined : this.#missingCredential(passage, plan);
    if (refusal !== undefined) found.push({ in: 'header', path: '/authorization', message: refusal });
    for (const violation of found) passage.violations.push({ ...violation, of: 'request' });
  }

  /** Why the contract would not let who asks in, where nothing that it wants is there. */
  #missingCredential(passage: Passage, { operation }: OperationPlan): string | undefined {
    const principal = this.#parts.entrance.authenticate(authenticationOf(operation, passage));
    return principal instanceof Refusal && principal.status === 401
      ? 'is missing: the contract demands a credential'
      : undefined;
  }

  /** Looks at an answer, once all of it is there; what its body says, as far as it can be read. */
  readAnswer(passage: Passage, status: number, answer: IncomingMessage, copy: BodyCopy): unknown {
    const { plan, request, address, notes, violations } = passage;
    const unpacked = copy.unpacked(answer.headers['content-encoding']);
    const isSeen = Buffer.isBuffer(unpacked);
    if (!isSeen) notes.push(unpacked.unseen);
    if (plan === undefined) return isSeen ? looseBody(unpacked, answer.headers['content-type']) : undefined;
    const check = this.#checkOf(plan);
    const isBodiless = request.method === 'HEAD';
    const isPartial =
      plan.operation.parameters.some(({ name, in: where }) => name === FIELDS && where === 'query') &&
      address.query.get(FIELDS) !== null;
    const checked = check({
      status,
      headers: answer.headers,
      body: isSeen ? unpacked : undefined,
      isPartial,
      isBodiless,
    });
    notes.push(...checked.notes);
    for (const violation of checked.violations) violations.push({ ...violation, of: 'response' });
    return checked.value ?? (isSeen ? looseBody(unpacked, answer.headers['content-type']) : undefined);
  }

  #checkOf(plan: OperationPlan): AnswerCheck {
    const { validation, schemas } = this.#parts;
    const check = this.#checks.get(plan) ?? once(() => createAnswerCheck(plan.operation, { validation, schemas }));
    this.#checks.set(plan, check);
    return check();
  }
}

/** The query parameter that selects properties, of TM Forum's and other contracts. */
const FIELDS = 'fields';
