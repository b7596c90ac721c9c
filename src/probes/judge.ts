import type { Operation } from '../model/operation.ts';
import type { Validation } from '../model/schema.ts';
import type { SchemaResolver } from '../model/schema-resolver.ts';
import { type AnswerCheck, createAnswerCheck } from '../surfaces/http/check-answer.ts';
import { responseOf } from '../surfaces/http/error-body.ts';
import { fewOf } from '../surfaces/http/refusals.ts';
import type { Finding, FindingCode, Level } from './findings.ts';
import type { Asked } from './server.ts';

/** What a request was to come to. */
export type Expectation = 'accepted' | 'refused' | 'unknown' | 'any';

/**
 * Judges answers by their contract.
 *
 * @example new Judge(schemas, validation).judge(operation, asked, 'refused')
 */
export class Judge {
  readonly #schemas: SchemaResolver;
  readonly #validation: Validation;
  readonly #checks = new Map<Operation, AnswerCheck>();

  constructor(schemas: SchemaResolver, validation: Validation) {
    this.#schemas = schemas;
    this.#validation = validation;
  }

  /** Everything that an answer does that it should not. */
  judge(operation: Operation, asked: Asked, expected: Expectation): readonly Finding[] {
    const { answer } = asked;
    if (answer === undefined) return [findingOf('no-answer', `There is no answer: ${asked.problem}.`, asked)];
    const { status } = answer;
    const isSuccess = status < 400;
    if (expected === 'refused' && isSuccess) {
      // Whatever is wrong with its answer is what comes of that.
      return [findingOf('accepts-invalid', `It answers with ${status} to what its contract does not allow.`, asked)];
    }
    const found: Finding[] = [];
    if (status >= 500) {
      // What nobody has built yet may be said, and so may that there is too much to do.
      const isSaid = (status === 501 || status === 503) && responseOf(operation, status) !== undefined;
      found.push(findingOf('server-error', `It answers with ${status}.`, asked, isSaid ? 'warning' : 'error'));
    }
    const { violations, notes } = this.#checkOf(operation)({
      ...answer,
      body: answer.isCut ? undefined : answer.body,
      isBodiless: operation.method === 'HEAD',
    });
    if (violations.length > 0) {
      const why = `The answer ${status} breaks the contract: ${fewOf(violations)}.`;
      found.push({ ...findingOf('breaks-contract', why, asked), violations });
    }
    // To refuse what is wrong in itself, a server needs no leave.
    if (
      expected !== 'refused' &&
      status < 500 &&
      !OF_THE_PROTOCOL.has(status) &&
      responseOf(operation, status) === undefined
    ) {
      for (const note of notes) found.push(findingOf('undeclared-status', note, asked, 'warning'));
    }
    if (expected === 'unknown' && isSuccess) {
      // A contract without a failure has no way to say that something is not there.
      const level = canFail(operation) ? 'error' : 'warning';
      found.push(findingOf('finds-unknown', `It answers with ${status}, although nothing has this id.`, asked, level));
    }
    return found;
  }

  /** The body of an answer, read as its contract has it. */
  valueOf(operation: Operation, { answer }: Asked): unknown {
    return answer === undefined ? undefined : this.#checkOf(operation)(answer).value;
  }

  #checkOf(operation: Operation): AnswerCheck {
    const parts = { schemas: this.#schemas, validation: this.#validation };
    const check = this.#checks.get(operation) ?? createAnswerCheck(operation, parts);
    this.#checks.set(operation, check);
    return check;
  }
}

function canFail({ responses }: Operation): boolean {
  return Object.keys(responses).some((status) => /^4|^default$/i.test(status));
}

/** Statuses by which HTTP itself refuses: no contract lists them at every operation. */
const OF_THE_PROTOCOL: ReadonlySet<number> = new Set([401, 403, 405, 406, 411, 413, 414, 415, 429, 431]);

/** A finding with the exchange that shows it. */
export function findingOf(
  code: FindingCode,
  message: string,
  { curl, answer, problem }: Asked,
  level: Level = 'error',
): Finding {
  const start = answer?.body.toString('utf8').replace(/\s+/g, ' ').slice(0, MOST_SHOWN) ?? '';
  const shown = answer === undefined ? `no answer: ${problem}` : `${answer.status}${start === '' ? '' : ` ${start}`}`;
  return { code, level, message, curl, answer: shown };
}

/** Characters of an answer that a finding shows. */
const MOST_SHOWN = 500;
