import type { Entity } from '../engine/state/store/store.ts';
import type { Work } from '../engine/state/work.ts';
import type { RandomSource } from '../engine/values/random.ts';
import { Refusal } from '../model/command.ts';
import { type Operation, operationKey } from '../model/operation.ts';
import type { ActClient } from './act.ts';
import { type CastMember, createCast } from './cast.ts';

/** How many are looked at for one that fits. */
const TRIES = 5;

export interface ActClientOptions {
  /** The system that it is a client of. */
  readonly system: string;
  readonly number: number;
  readonly random: RandomSource;
}

/**
 * Makes what an act has at hand.
 *
 * @example
 * const client = createActClient(work, { system: 'connectx', number: 7, random: work.random('traffic', 7) });
 * client.request('createCustomer', { body: { customerType: 'Individual' } });
 */
export function createActClient(work: Work, { system, number, random }: ActClientOptions): ActClient {
  return {
    number,
    random,
    now: work.now,
    nowText: work.nowText,
    get: (collection, id) => work.get(collection, id),
    query: (collection, query) => work.query(collection, query),
    hex: (length, ...purpose) => work.hex(length, ...purpose),
    pickOne(collection, filter, isWanted = () => true) {
      const { total } = work.query(collection, { filter, limit: 1 });
      for (let tries = 0; tries < Math.min(TRIES, total); tries += 1) {
        const offset = Math.floor(random() * total);
        const [entity] = work.query(collection, { filter, offset, limit: 1 }).items;
        if (entity !== undefined && isWanted(entity)) return entity;
      }
      return undefined;
    },
    newcomer(index) {
      const { members } = createCast((...purpose) => work.random('traffic', number, ...purpose), index);
      const member = members.at(-1) as CastMember;
      // The number keeps their mailbox apart from everybody else's.
      return { ...member, email: member.email.replace('@', `.${number}@`) };
    },
    request(id, { path = {}, body }) {
      const operation = findOperation(work, system, id);
      if (operation === undefined) {
        throw new Refusal(
          404,
          'NOT_FOUND',
          `Failed to call ${system}/${id}: nothing answers it. Serve a contract that has it.`,
        );
      }
      requireValid(work, operation, body);
      return (work.call(operationKey(operation), { path, body }).body ?? {}) as Entity;
    },
    run: (action, input) => work.perform(system, action, input),
  };
}

/** An operation of a served system; `undefined` where no contract has it. */
export function findOperation({ registry }: Pick<Work, 'registry'>, system: string, id: string): Operation | undefined {
  return registry.contracts
    .filter((contract) => contract.system === system)
    .flatMap(({ operations }) => operations)
    .find((operation) => operation.id === id);
}

/** What a server would answer with 400 has no effect here either. */
function requireValid({ registry }: Work, operation: Operation, body: Entity | undefined): void {
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  if (schema === undefined) return;
  const violations = registry.validation.check(schema)(body);
  if (violations.length === 0) return;
  const why = violations.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new Refusal(
    400,
    'INVALID_REQUEST',
    `Failed to call ${operation.system}/${operation.id}: the contract does not accept the body: ${why}. Serve the contract that this act was written for.`,
    { violations: violations.map((violation) => ({ in: 'body', ...violation })) },
  );
}
