import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import type { Validation } from '../model/schema.ts';
import type { SchemaResolver } from '../model/schema-resolver.ts';
import type { CheckKind, CheckResult, Finding } from './findings.ts';
import type { Judge } from './judge.ts';
import type { KnownThings } from './known-things.ts';
import type { TestedServer } from './server.ts';
import type { Values } from './values.ts';

/** What checks are made with. */
export interface RunParts {
  readonly schemas: SchemaResolver;
  readonly validation: Validation;
  readonly server: TestedServer;
  readonly judge: Judge;
  readonly values: Values;
  readonly known: KnownThings;
  /** Wall time in milliseconds. */
  readonly now: () => number;
  /** Told of each check as it is over. */
  readonly report: (result: CheckResult) => void;
}

/** Why a check says nothing. */
export class Skipped {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/**
 * Makes one check, and reports what came of it.
 *
 * @example await makeCheck(parts, { kind: 'valid', contract, operation, title }, async () => []);
 */
export async function makeCheck(
  { server, now, report }: RunParts,
  about: {
    readonly kind: CheckKind;
    readonly contract: Contract;
    readonly operation: Operation;
    readonly title: string;
  },
  make: () => Promise<readonly Finding[] | Skipped>,
): Promise<void> {
  const { kind, contract, operation, title } = about;
  const [before, began] = [server.asked, now()];
  const made = server.isUsedUp ? new Skipped('As many requests were sent as may be (--max-requests).') : await make();
  const findings = made instanceof Skipped ? [] : made;
  const isFailed = findings.some(({ level }) => level === 'error');
  report({
    kind,
    contract: `${contract.system}/${contract.name}`,
    operationId: operation.id,
    method: operation.method,
    path: operation.path,
    title,
    status: made instanceof Skipped ? 'skipped' : isFailed ? 'failed' : findings.length > 0 ? 'warned' : 'passed',
    ...(made instanceof Skipped && { reason: made.reason }),
    findings,
    requests: server.asked - before,
    duration: Math.max(0, Math.round(now() - began)),
  });
}
