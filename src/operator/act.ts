import type { Filter } from '../engine/state/store/filter.ts';
import type { Entity } from '../engine/state/store/store.ts';
import type { Work } from '../engine/state/work.ts';
import type { RandomSource } from '../engine/values/random.ts';
import type { CastMember } from './cast.ts';

/** Something that customers do on an operator's day. */
export interface Act {
  /** How often it is done on a usual day, in proportion to the others. */
  readonly weight: number;
  /** The operations of its system that it uses; without one of them it is impossible. */
  readonly operations?: readonly string[];
  /** Events that it leads to later on, beside those that it publishes at once. */
  readonly laterEvents?: number;
  /** Does it; returns whether it was possible. */
  readonly perform: (client: ActClient) => boolean;
}

/** What an act has at hand: it looks at the world as it likes, and changes it only as a client of its system can. */
export interface ActClient extends Pick<Work, 'now' | 'nowText' | 'get' | 'query' | 'hex'> {
  /** The number of this act in its tenant, from 1: it keeps what the act makes up apart from all else. */
  readonly number: number;
  /** The chance that this act draws on. */
  readonly random: RandomSource;
  /** One of those that meet a filter and a condition, each as likely as the others; `undefined` where none is found. */
  pickOne(collection: string, filter?: Filter, isWanted?: (entity: Entity) => boolean): Entity | undefined;
  /** A customer not yet in the world, like the one at this index in the cast. */
  newcomer(index: number): CastMember;
  /** Sends a request to an operation; returns the body of the answer. Throws the `Refusal` that it is answered with. */
  request(operation: string, request: ActRequest): Entity;
  /** Runs an action. Throws the `Refusal` that it is answered with. */
  run(action: string, input: Entity): unknown;
}

export interface ActRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: Entity;
}
