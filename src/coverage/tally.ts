import type { Commit } from '../engine/commit.ts';
import type { Fault } from '../engine/faults/fault.ts';
import type { AddressFinder } from '../model/channel-address.ts';

/**
 * How often each thing that contracts declare has been met. It holds a number for each, whatever clients send: names
 * that no contract has are not counted.
 *
 * @example
 * const tally = new CoverageTally(createAddressFinder(channels));
 * tenant.follow(tally.follow);
 */
export class CoverageTally {
  readonly #answers = new Map<string, Map<number, number>>();
  readonly #channels = new Map<string, number>();
  readonly #moves = new Map<string, number>();
  readonly #faults = new Map<string, number>();
  readonly #channelOf: AddressFinder;

  /** `channelOf` finds the channel of an address, which clients may have chosen a part of. */
  constructor(channelOf: AddressFinder) {
    this.#channelOf = channelOf;
  }

  /** Follows the commits of any tenant. */
  readonly follow = ({ input, answer, fault, consequences }: Commit): void => {
    const { events, moves, struck, begun } = consequences;
    if (input.kind === 'operation') {
      if (answer !== undefined) this.countAnswer(input.operation, answer.status);
    } else if (input.kind === 'exchange') {
      // Another server has answered it.
      const { operation, messages } = input;
      if (operation !== undefined) this.countAnswer(operation, input.answer.status);
      if (messages !== undefined) this.countMessage(messages.channel, messages.count);
    } else if (input.kind === 'message') {
      this.countMessage(input.channel);
    }
    for (const { channel } of events) this.countMessage(channel);
    for (const move of moves) count(this.#moves, move);
    if (fault !== undefined) this.#countFault(fault);
    for (const strike of struck) this.#countFault(strike.fault);
    for (const { late } of begun) if (late !== undefined) this.#countFault(late);
  };

  /** Counts an answer of the operation `<system>/<contract>/<operationId>`. */
  countAnswer(operation: string, status: number): void {
    let statuses = this.#answers.get(operation);
    if (statuses === undefined) {
      statuses = new Map();
      this.#answers.set(operation, statuses);
    }
    count(statuses, status);
  }

  countMessage(address: string, times = 1): void {
    const channel = this.#channelOf(address);
    if (channel !== undefined) count(this.#channels, channel, times);
  }

  /** How often an operation has been answered, by status, the lowest first. */
  answersOf(operation: string): readonly (readonly [status: number, count: number])[] {
    return [...(this.#answers.get(operation) ?? [])].sort(([a], [b]) => a - b);
  }

  messagesOn(channel: string): number {
    return this.#channels.get(channel) ?? 0;
  }

  /** How often a move was made, named `<system>/<Resource> <from> -> <to>`. */
  movesMade(move: string): number {
    return this.#moves.get(move) ?? 0;
  }

  /** How often faults with this effect have struck. */
  faultsOf(effect: string): number {
    return this.#faults.get(effect) ?? 0;
  }

  /** Begins anew. */
  clear(): void {
    for (const counts of [this.#answers, this.#channels, this.#moves, this.#faults]) counts.clear();
  }

  #countFault({ fault }: Fault): void {
    for (const effect of Object.keys(fault)) count(this.#faults, effect);
  }
}

function count<T>(counts: Map<T, number>, name: T, times = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + times);
}
