import { Refusal } from '../../model/command.ts';
import type { Operation, Parameter, Response } from '../../model/operation.ts';
import type { Validation, Violation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { responseOf } from './error-body.ts';
import { createBodyReader } from './request-body.ts';
import { createParameterReader } from './request-parameters.ts';

/** An answer of another server. */
export interface AnswerToCheck {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Whole and unpacked; nothing where it cannot be looked at. */
  readonly body: Buffer | undefined;
  /** Whether only some properties were asked for. */
  readonly isPartial?: boolean;
  /** Whether the request was one that no body answers (`HEAD`). */
  readonly isBodiless?: boolean;
}

/** What a check of an answer comes to. */
export interface CheckedAnswer {
  readonly violations: readonly Violation[];
  /** Its body, as far as it could be read. */
  readonly value?: unknown;
  /** What is no violation, but worth knowing. */
  readonly notes: readonly string[];
}

export type AnswerCheck = (answer: AnswerToCheck) => CheckedAnswer;

/**
 * Makes what checks answers of one operation, whoever has sent them: status, headers, media type and body. A failure
 * (400 and more) whose status the contract does not have is no violation, as of the simulator's own.
 *
 * @example createAnswerCheck(operation, parts)({ status: 200, headers, body }).violations
 */
export function createAnswerCheck(
  operation: Operation,
  { validation, schemas }: { readonly validation: Validation; readonly schemas: SchemaResolver },
): AnswerCheck {
  // Read as a request is; what is checked is what a server may send, and not what a client may.
  const answers: Validation = { ...validation, checkRequest: validation.check, checkPatch: validation.checkPartial };
  const whole = new Map<Response, ReturnType<typeof createReaders>>();
  const partial = new Map<Response, ReturnType<typeof createReaders>>();
  const readersOf = (response: Response, isPartial: boolean) => {
    const kept = isPartial ? partial : whole;
    const readers = kept.get(response) ?? createReaders(operation, response, schemas, answers, isPartial);
    kept.set(response, readers);
    return readers;
  };
  return ({ status, headers, body, isPartial = false, isBodiless = false }) => {
    const violations: Violation[] = [];
    const report = (where: Violation['in'], path: string, message: string): void =>
      void violations.push({ in: where, path, message });
    const response = responseOf(operation, status);
    if (response === undefined) {
      const isFine = status >= 400 || status === 304;
      const note = `The status ${status} is not in the contract.`;
      return isFine ? { violations, notes: [note] } : { violations: [undeclaredStatus(status, operation)], notes: [] };
    }
    const { readHeaders, bodyReader } = readersOf(response, isPartial);
    readHeaders(
      { path: {}, rawPath: '', rawQuery: '', headers: headers as Readonly<Record<string, string>> },
      violations,
      [],
    );
    if (isBodiless || status === 204 || status === 304 || body === undefined) return { violations, notes: [] };
    if (body.length === 0) {
      if (Object.values(response.content).some(({ schema }) => schema !== undefined)) report('body', '', 'is missing');
      return { violations, notes: [] };
    }
    if (bodyReader === undefined) {
      if (status < 400) report('body', '', `is there, although the status ${status} is declared without a body`);
      return { violations, notes: [] };
    }
    const type = headers['content-type'];
    const kind = bodyReader.kindOf(type === undefined ? undefined : String(type));
    if (kind instanceof Refusal) {
      const declared = Object.keys(response.content).join(', ');
      report(
        'header',
        '/content-type',
        type === undefined ? 'is required' : `is ${String(type)}, but declared is ${declared}`,
      );
      return { violations, notes: [] };
    }
    if (kind.unpack !== undefined) return { violations, notes: [`A body of ${String(type)} is not looked into.`] };
    return { violations, value: bodyReader.read(body, kind, violations), notes: [] };
  };
}

function createReaders(
  operation: Operation,
  response: Response,
  schemas: SchemaResolver,
  validation: Validation,
  isPartial: boolean,
) {
  // What frames a body is the connection's affair, and was taken off.
  const declared = Object.entries(response.headers).filter(
    ([name]) => !/^(content-type|content-length|transfer-encoding|connection)$/i.test(name),
  );
  const parameters = declared.map(
    ([name, { required, schema }]): Parameter => ({ in: 'header', name, required, schema }),
  );
  const about = { ...operation, path: '', parameters, extensions: {} };
  const method = isPartial ? 'PATCH' : 'POST';
  const requestBody = { required: false, content: response.content };
  const hasContent = Object.keys(response.content).length > 0;
  return {
    readHeaders: createParameterReader(about, schemas, validation),
    bodyReader: hasContent
      ? createBodyReader({ ...about, method, requestBody }, schemas, validation, NO_PATCH)
      : undefined,
  };
}

const NO_PATCH = { isMergePatch: false, alwaysThere: () => new Set<string>([]) };

function undeclaredStatus(status: number, { responses }: Operation): Violation {
  return {
    in: 'header',
    path: '/:status',
    message: `is ${status}, but declared is ${Object.keys(responses).join(', ') || 'none'}`,
  };
}
