import type { RecordedIn } from '../../engine/input.ts';
import type { Registry } from '../../engine/registry.ts';
import type { SystemDefinition } from '../../engine/system.ts';
import { REDACTED } from '../../lib/redacted.ts';
import { CONTROL_SYSTEM, type Contract } from '../../model/contract.ts';
import { isSafe, type Operation, operationKey } from '../../model/operation.ts';
import type { Validation, Violation } from '../../model/schema.ts';
import type { Goal, TenantNeed } from '../surface.ts';
import { createErrorWriter, type ErrorWriter } from './error-body.ts';
import type { JsonCache } from './json-cache.ts';
import type { Linker } from './links.ts';
import { createOmitter } from './omit-properties.ts';
import { createResponseRenderer, type ResponseRenderer } from './render-response.ts';
import { type BodyOptions, type BodyReader, createBodyReader } from './request-body.ts';
import { createParameterReader, isPlainText, type ParameterReader } from './request-parameters.ts';
import type { Route } from './routes.ts';

export interface PlanParts {
  readonly registry: Pick<Registry, 'schemas' | 'system' | 'contracts' | 'resources'>;
  readonly validation: Validation;
  readonly isStrictAuth: boolean;
  /** Makes links absolute, for systems that have link properties. */
  readonly linkerOf: (system: string) => Linker | undefined;
  readonly jsonCache: JsonCache;
}

/**
 * Everything about an operation that can be worked out before a request for it is answered. Most operations of a large
 * contract are never asked for: what reads their requests and writes their answers is made when it is first needed.
 *
 * A control operation with `x-transcript: false` leaves no trace in the transcript, and nor do reads of the control API;
 * one with `x-tells-all: true` tells of all that has happened, and waits until that lasts.
 *
 * @example const plans = contract.operations.map((operation) => new OperationPlan(operation, contract, parts));
 */
export class OperationPlan implements Route {
  readonly kind = 'operation';
  readonly method: string;
  readonly path: string;
  readonly aliases: Route['aliases'];
  readonly takes: Route['takes'];
  readonly operation: Operation;
  /** As `operationKey` writes it. */
  readonly key: string;
  readonly isSafe: boolean;
  /** Whether it belongs to the control API, which the journal of the simulated systems says nothing of. */
  readonly isControl: boolean;
  readonly recordedIn: RecordedIn;
  /** Whether it tells of all that has happened, so that all of that has to last. */
  readonly tellsAll: boolean;
  /** What it wants of the request's tenant. */
  readonly need: TenantNeed;
  readonly goal: Goal;
  readonly authorize: SystemDefinition['authorize'];
  readonly #contract: Contract;
  readonly #parts: PlanParts;
  #parameters: ParameterReader | undefined;
  /** Nothing where there is none, once that is known. */
  #body: BodyReader | null | undefined;
  #hide: Omitter | null | undefined;
  #response: ResponseRenderer | undefined;
  #writeError: ErrorWriter | undefined;

  constructor(operation: Operation, contract: Contract, parts: PlanParts) {
    const { registry } = parts;
    const { system, extensions } = operation;
    const isControl = system === CONTROL_SYSTEM;
    const isInTranscript = !isSafe(operation) && extensions['x-transcript'] !== false;
    this.method = operation.method;
    this.path = operation.path;
    // The control API stands at its own address alone, out of the way of every contract.
    this.aliases = isControl ? [] : operation.aliases;
    const takesAny = operation.parameters.every((each) => each.in !== 'path' || isPlainText(each, registry.schemas));
    this.takes = takesAny ? undefined : (path, rawPath) => this.#takes(path, rawPath);
    this.operation = operation;
    this.key = operationKey(operation);
    this.isSafe = isSafe(operation);
    this.isControl = isControl;
    this.recordedIn = !isControl ? 'both' : isInTranscript ? 'transcript' : 'none';
    this.tellsAll = extensions['x-tells-all'] === true && isControl;
    this.need = isControl ? needOf(operation) : 'made';
    this.goal = { system, contract: operation.contract, security: operation.security, isControl };
    this.authorize = parts.isStrictAuth ? registry.system(system)?.authorize : undefined;
    this.#contract = contract;
    this.#parts = parts;
  }

  get parameters(): ParameterReader {
    this.#parameters ??= this.#makeParameters();
    return this.#parameters;
  }

  get body(): BodyReader | undefined {
    if (this.#body === undefined) this.#body = this.#makeBody() ?? null;
    return this.#body ?? undefined;
  }

  get response(): ResponseRenderer {
    this.#response ??= this.#makeResponse();
    return this.#response;
  }

  get writeError(): ErrorWriter {
    this.#writeError ??= createErrorWriter(this.operation, this.#contract, this.#parts.registry);
    return this.#writeError;
  }

  /** A body as records may keep it: without what its schema says is to be hidden (`format: password`). */
  recorded(body: unknown): unknown {
    if (this.#hide === undefined) {
      const [media] = Object.values(this.operation.requestBody?.content ?? {});
      this.#hide = createOmitter(media?.schema, this.#parts.registry.schemas, 'password', REDACTED) ?? null;
    }
    return this.#hide === null ? body : (this.#hide(body) ?? body);
  }

  #makeParameters(): ParameterReader {
    const { registry, validation } = this.#parts;
    // A filter that is misspelt would show everything, and a test be content with it.
    const isClosed = this.isControl && this.operation.extensions['x-any-query'] !== true;
    return createParameterReader(this.operation, registry.schemas, validation, isClosed);
  }

  #makeBody(): BodyReader | undefined {
    const { registry, validation } = this.#parts;
    return createBodyReader(this.operation, registry.schemas, validation, patchRules(this.operation, registry));
  }

  #makeResponse(): ResponseRenderer {
    const { registry, validation, linkerOf, jsonCache } = this.#parts;
    const linker = linkerOf(this.operation.system);
    return createResponseRenderer(this.operation, { validation, schemas: registry.schemas, linker, jsonCache });
  }

  #takes(path: Readonly<Record<string, string>>, rawPath: string): boolean {
    const violations: Violation[] = [];
    this.parameters({ path, rawPath, rawQuery: '', headers: {} }, violations, []);
    return violations.every((violation) => violation.in !== 'path');
  }
}

type Omitter = NonNullable<ReturnType<typeof createOmitter>>;

/** A control operation that only looks makes no tenant; `x-tenant` says what its method does not. */
function needOf(operation: Operation): TenantNeed {
  const said = operation.extensions['x-tenant'];
  if (said === 'none' || said === 'there' || said === 'made') return said;
  return isSafe(operation) ? 'there' : 'made';
}

/**
 * TM Forum's REST guidelines (TMF630) make every JSON body of a PATCH a merge patch. Their contracts are recognised by the hub
 * where listeners register: a POST that takes a `callback`.
 */
function patchRules(operation: Operation, registry: PlanParts['registry']): BodyOptions {
  const { schemas } = registry;
  const namesMergePatch = Object.keys(operation.requestBody?.content ?? {}).some((type) => /merge-patch/i.test(type));
  const isHub = ({ method, path, requestBody }: Operation): boolean =>
    method === 'POST' &&
    path.endsWith('/hub') &&
    Object.values(requestBody?.content ?? {}).some(({ schema }) => schemas.properties(schema).has('callback'));
  return {
    isMergePatch:
      operation.method === 'PATCH' &&
      !namesMergePatch &&
      registry.contracts.some(({ system, operations }) => system === operation.system && operations.some(isHub)),
    alwaysThere() {
      const patched = registry.resources.find(
        ({ resource }) => resource.system === operation.system && resource.operations.merge === operation.id,
      );
      return schemas.required(patched?.resource.schema);
    },
  };
}
