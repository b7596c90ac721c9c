import { createHash } from 'node:crypto';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { type Outcome, Refusal } from '../../model/command.ts';
import type { Operation } from '../../model/operation.ts';
import type { OperationHandler } from '../system.ts';

/** Answers that a tenant remembers; the oldest go first. */
const MOST_ANSWERS = 1_000;

/** Where they are stored, and in which order they came. */
const ANSWERS = 'idempotency/answers';
const SLOTS = 'idempotency/slots';

/**
 * Answers a request again that has been answered under the same key, where the contract declares an `Idempotency-Key`; a
 * key that was used for another request is refused with 422.
 */
export function withIdempotency(handle: OperationHandler): OperationHandler {
  let header: string | undefined | false = false;
  return (work, command) => {
    if (header === false) header = declaredKey(command.operation);
    const key = header === undefined ? undefined : command.headers[header];
    if (key === undefined) return handle(work, command);
    const id = digest(`${command.operation.system} ${command.operation.id} ${key}`);
    const fingerprint = digest(canonicalJson({ path: command.path, query: command.query, body: command.body ?? null }));
    const known = work.get(ANSWERS, id);
    if (known === undefined) {
      const outcome = handle(work, command);
      const slot = String(work.nextNumber(ANSWERS) % MOST_ANSWERS);
      const replaced = work.get(SLOTS, slot);
      if (replaced !== undefined) work.delete(ANSWERS, String(replaced.answer));
      work.put(SLOTS, slot, { answer: id });
      work.put(ANSWERS, id, { fingerprint, outcome });
      return outcome;
    }
    if (known.fingerprint === fingerprint) return known.outcome as Outcome;
    throw new Refusal(
      422,
      'IDEMPOTENCY_KEY_REUSED',
      'Failed to answer the request: its Idempotency-Key was used for another one. Send a key of its own.',
    );
  };
}

function declaredKey({ method, parameters }: Operation): string | undefined {
  if (method !== 'POST' && method !== 'PATCH') return undefined;
  const names = parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name.toLowerCase());
  return names.find((name) => /^(?:x-)?idempotency-key$/.test(name));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
