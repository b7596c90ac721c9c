import type { Awaitable } from '../lib/awaitable.ts';
import type { Command, Outcome, Refusal } from '../model/command.ts';
import type { SimulatorEvent } from '../model/event.ts';
import type { Lifecycle } from '../model/lifecycle.ts';
import type { Resource } from '../model/resource.ts';
import type { Schema, Violation } from '../model/schema.ts';
import type { PolicyChange, PolicyTable } from './policies/policy.ts';
import type { Change } from './state/change.ts';
import type { ContractView } from './state/contract-view.ts';
import type { Filter } from './state/store/filter.ts';
import type { Entity } from './state/store/store.ts';
import type { ReadWork, Work } from './state/work.ts';

/**
 * What a contract cannot say about one system; everything in it is optional. Without it, the system still answers from
 * its contract alone.
 */
export interface SystemDefinition {
  /** The folder of its contracts, for example `connectx`. */
  readonly name: string;
  /** By resource name as the contract has it, for example `Customer`. */
  readonly resources?: Readonly<Record<string, ResourceRules>>;
  /** Of what its code keeps by itself and moves by `checkMove`; they are documented with those of its resources. */
  readonly lifecycles?: Readonly<Record<string, Lifecycle>>;
  /** What its code keeps by itself, and people may look at as they do at resources: by a name for things of a kind. */
  readonly kept?: Readonly<Record<string, KeptKind>>;
  /** Own answers, by operation id, in place of the derived ones. */
  readonly operations?: Readonly<Record<string, OperationHandler>>;
  /** Own answers that only read. */
  readonly reads?: Readonly<Record<string, ReadHandler>>;
  /**
   * What becomes of requests that break the contract, by operation id; `undefined` leaves them refused. Only what is
   * wrong with the body is shown here, and the command's body is as it came.
   */
  readonly invalid?: Readonly<Record<string, InvalidHandler>>;
  /** What it does with messages that were published by hand, or came in, on channels of its own. */
  readonly receives?: Readonly<Record<string, MessageHandler>>;
  /** What an operation waits for before it runs, by its id: for example a library that is loaded when first needed. */
  readonly prepare?: Readonly<Record<string, () => Promise<unknown>>>;
  /** Operations that stand for receivers outside. Where this is given, faults strike these alone, and only by name. */
  readonly receivers?: readonly string[];
  /** What can be asked of it that its contract has no operation for, by kebab-case name. */
  readonly actions?: Readonly<Record<string, ActionHandler>>;
  /** What clients tell each of these actions; an action that is not named here takes any object and checks it itself. */
  readonly inputs?: Readonly<Record<string, ActionInput>>;
  /** What happens by itself, by the kind of timer that was set. */
  readonly timers?: Readonly<Record<string, TimerHandler>>;
  /** What it decides where its contract does not, by name; a tenant has them in the section of the system's name. */
  readonly policies?: PolicyTable;
  /** What follows from other policies of a tenant, for example a timer that is due at another time. */
  readonly policiesChanged?: (work: Work, change: PolicyChange) => void;
  /** The body of an error, where the contract's own error schema does not say enough. */
  readonly errorBody?: (refusal: ErrorFacts) => unknown;
  /** Whether an operation may be used with these scopes; only asked with `--auth strict`. Default: open. */
  readonly authorize?: (command: Command) => Refusal | undefined;
}

/** What an error body is written from. */
export type ErrorFacts = Pick<Refusal, 'status' | 'code' | 'message' | 'violations' | 'details'>;

/** What a contract cannot say about one kind of stored thing. */
export interface ResourceRules {
  /** Its id, from its number in the collection (1, 2, 3 …); `CUS-000001` or a UUID, by default after its schema. */
  readonly id?: (facts: {
    number: number;
    uuid: () => string;
    hex: (length: number) => string;
    draft: Entity;
    now: number;
  }) => string;
  readonly lifecycle?: Lifecycle;
  /** Completes a new one before it is stored, for example with a price; may refuse. */
  readonly complete?: (work: Work, draft: Entity) => Entity;
  /** Refuses what must not be stored; `before` is absent for a new one. */
  readonly check?: (work: Work, after: Entity, before: Entity | undefined) => void;
  /** What follows from a change that has been stored: ripples, timers, further messages. */
  readonly changed?: (work: Work, change: Change) => void;
  /** Refuses a deletion, or does what goes with one. */
  readonly removing?: (work: Work, entity: Entity) => void;
  /** What a message about it carries beyond its own properties of the same name. */
  readonly announce?: (work: Work, change: Change, channel: string) => Record<string, unknown>;
  /** Turns the stored form into the one on the wire, where they differ. */
  readonly present?: (entity: Entity) => Entity;
}

/** Things of one kind that a system's code keeps, with what its contracts say of them. */
export interface KeptKind {
  /** The contract that shows what they look like, and how. */
  readonly contract: string;
  readonly schema: Schema;
  /** Where their id stands, dotted where it is nested. */
  readonly id: string;
  /** What paths call it. */
  readonly idParameter?: string;
  /** Where they are stored, and which of the things there they are. */
  readonly stored: { readonly collection: string; readonly filter?: Filter };
  /** The operation that plays each role for them. */
  readonly operations?: Resource['operations'];
}

export type OperationHandler = (work: Work, command: Command) => Outcome;

/** Takes a request that breaks its contract all the same, or leaves it refused. */
export type InvalidHandler = (work: Work, command: Command, violations: readonly Violation[]) => Outcome | undefined;

export type MessageHandler = (work: Work, event: SimulatorEvent, headers?: Readonly<Record<string, string>>) => void;

/** Answers an operation without a change; it has nothing to make one with. */
export type ReadHandler = (work: ReadWork, command: Command) => Outcome;

/** Answers an operation that has neither state nor code; it may take its time. */
export type SampleHandler = (work: ReadWork, command: Command) => Awaitable<Outcome>;

/** A schema, or one that depends on what the contracts say. */
export type ActionInput = Schema | ((contracts: ContractView) => Schema);

/** `input` is checked where a client asks for it, by the `inputs` of its system. */
export type ActionHandler = (work: Work, input: Readonly<Record<string, unknown>>) => unknown;

export type TimerHandler = (work: Work, data: Readonly<Record<string, unknown>>) => void;

/** A rule that joins systems: an event of one becomes a command to another, in the same transaction. */
export interface Link {
  /** Names it in the configuration, where it can be switched off. */
  readonly name: string;
  /** The channel listened to, or what `Work.notify` names, `*` allowed. */
  readonly channel: string;
  /** The system that is notified; without it the link does nothing. */
  readonly to: string;
  /** Whether a command waits for what it does, so that it is never late. Default: no. */
  readonly isAwaited?: boolean;
  /** Whether it also follows what is told while the starting world is made. Default: no. */
  readonly followsStart?: boolean;
  readonly follow: (work: Work, event: SimulatorEvent) => void;
}

/** Fills an empty store with the starting world; messages are held back while it runs. */
export type StartingWorld = (work: Work) => Awaitable<void>;

/**
 * Defines a system; it only exists to give the definition its type.
 *
 * @example
 * export const shop = defineSystem({ name: 'shop', resources: { Order: { id: ({ number }) => `ORD-${number}` } } });
 */
export function defineSystem(definition: SystemDefinition): SystemDefinition {
  return definition;
}
