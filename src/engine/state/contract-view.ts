import type { Contract } from '../../model/contract.ts';
import type { Operation } from '../../model/operation.ts';
import type { Schema, Validation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import type { Speaker } from '../behaviours/speak.ts';
import type { PolicyBook } from '../policies/policy-book.ts';
import type { ChannelEntry } from '../values/messages.ts';
import type { StoredResource } from './stored-resource.ts';

/** An action, and what a client tells it. */
export interface DescribedAction {
  readonly system: string;
  readonly name: string;
  readonly input: Schema;
}

/** What the contracts say, and which actions there are, for whoever works on the world. */
export interface ContractView {
  readonly contracts: readonly Contract[];
  readonly schemas: SchemaResolver;
  readonly validation: Validation;
  readonly channels: readonly ChannelEntry[];
  /** What speaks on channels on which an application tells what no operation leads to, by their addresses. */
  readonly speakers: ReadonlyMap<string, Speaker>;
  /** What the contracts do not say, and is decided by policy. */
  readonly policies: PolicyBook;
  /** The operations that a fault can strike: all but those that steer the simulator. */
  readonly faultTargets: readonly { readonly operation: Operation }[];
  /** Every action of every system. */
  readonly actions: readonly DescribedAction[];
  /** A resource by its collection; throws `COLLECTION_UNKNOWN`. */
  resource(collection: string): StoredResource;
  /** A channel by its address; throws `CHANNEL_UNKNOWN`. */
  channel(address: string): ChannelEntry;
}
