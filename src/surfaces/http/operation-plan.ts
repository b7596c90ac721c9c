import type { RecordedIn } from '../../engine/input.ts';
import type { Registry } from '../../engine/registry.ts';
import type { SystemDefinition } from '../../engine/system.ts';
import { once } from '../../lib/once.ts';
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

/** Everything about an operation that can be worked out before a request for it is answered. */
export interface OperationPlan extends Route {
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
  readonly parameters: ParameterReader;
  readonly body: BodyReader | undefined;
  /** A body as records may keep it: without what its schema says is to be hidden (`format: password`). */
  readonly recorded: (body: unknown) => unknown;
  readonly response: ResponseRenderer;
  readonly writeError: ErrorWriter;
  readonly authorize: SystemDefinition['authorize'];
}

export interface PlanParts {
  readonly registry: Pick<Registry, 'schemas' | 'system' | 'contracts' | 'resources'>;
  readonly validation: Validation;
  readonly isStrictAuth: boolean;
  /** Makes links absolute, for systems that have link properties. */
  readonly linkerOf: (system: string) => Linker | undefined;
  readonly jsonCache: JsonCache;
}

/**
 * Plans one operation. A control operation with `x-transcript: false` leaves no trace in the transcript, and nor do
 * reads of the control API; one with `x-tells-all: true` tells of all that has happened, and waits until that lasts.
 *
 * @example const plans = contract.operations.map((operation) => planOperation(operation, contract, parts));
 */
export function planOperation(operation: Operation, contract: Contract, parts: PlanParts): OperationPlan {
  const { registry, validation } = parts;
  const isControl = operation.system === CONTROL_SYSTEM;
  const isInTranscript = !isSafe(operation) && operation.extensions['x-transcript'] !== false;
  // A filter that is misspelt would show everything, and a test be content with it.
  const isClosed = isControl && operation.extensions['x-any-query'] !== true;
  // Most operations of a large contract are never asked for, so that each is worked out when it first is.
  const parameters = once(() => createParameterReader(operation, registry.schemas, validation, isClosed));
  const [media] = Object.values(operation.requestBody?.content ?? {});
  const hide = once(() => createOmitter(media?.schema, registry.schemas, 'password', REDACTED));
  const takesAny = operation.parameters.every((each) => each.in !== 'path' || isPlainText(each, registry.schemas));
  return {
    method: operation.method,
    path: operation.path,
    ...(!takesAny && {
      takes: (path: Readonly<Record<string, string>>, rawPath: string) => {
        const violations: Violation[] = [];
        parameters()({ path, rawPath, rawQuery: '', headers: {} }, violations, []);
        return violations.every((violation) => violation.in !== 'path');
      },
    }),
    // The control API stands at its own address alone, out of the way of every contract.
    aliases: isControl ? [] : operation.aliases,
    operation,
    key: operationKey(operation),
    isSafe: isSafe(operation),
    isControl,
    need: isControl ? needOf(operation) : 'made',
    tellsAll: operation.extensions['x-tells-all'] === true && isControl,
    recordedIn: !isControl ? 'both' : isInTranscript ? 'transcript' : 'none',
    goal: { system: operation.system, contract: operation.contract, security: operation.security, isControl },
    parameters: (sources, violations, notes) => parameters()(sources, violations, notes),
    recorded: (body) => hide()?.(body) ?? body,
    body: createBodyReader(operation, registry.schemas, validation, patchRules(operation, registry)),
    response: createResponseRenderer(operation, {
      validation,
      schemas: registry.schemas,
      linker: parts.linkerOf(operation.system),
      jsonCache: parts.jsonCache,
    }),
    writeError: createErrorWriter(operation, contract, registry),
    authorize: parts.isStrictAuth ? registry.system(operation.system)?.authorize : undefined,
  };
}

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
