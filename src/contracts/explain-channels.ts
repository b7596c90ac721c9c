import type { Contract } from '../model/contract.ts';
import { ledChannels } from '../model/led-channels.ts';

/** How one channel comes to its messages, and why. */
export interface ChannelExplanation {
  readonly channel: string;
  readonly operation: string;
  /**
   * `state`: something that happens to things; `reply`: a message that it answers; `code`: code of a system; `asked`:
   * nothing, so that it is spoken on by hand or at a rate; `client`: whoever connects.
   */
  readonly by: 'state' | 'reply' | 'code' | 'asked' | 'client';
  readonly clue: string;
  /** JSON Pointer of its operation. */
  readonly pointer: string;
}

/**
 * Makes what explains each channel of these contracts.
 *
 * @example createChannelExplainer(contracts, () => false)(contract)[0]?.by; // 'asked'
 */
export function createChannelExplainer(
  contracts: readonly Contract[],
  hasCode: (system: string) => boolean,
): (contract: Contract) => ChannelExplanation[] {
  const led = ledChannels(contracts);
  return ({ channels }) =>
    channels.map(({ address, operationId, direction, system, reply, pointer }) => {
      const facts = { channel: address, operation: operationId, pointer };
      if (direction === 'receive') {
        const then = reply === undefined ? 'and it becomes an event' : `and it is answered on ${reply}`;
        return {
          ...facts,
          by: 'client',
          clue: `the application listens there: what a client sends is checked, ${then}`,
        };
      }
      const leads = led.get(address) ?? [];
      const [lead] = leads;
      if (lead !== undefined && 'resource' in lead) {
        const things = leads.flatMap((each) => ('resource' in each ? [each.resource] : [])).join(', ');
        return { ...facts, by: 'state', clue: `what happens to ${things} is announced there` };
      }
      if (lead !== undefined)
        return { ...facts, by: 'reply', clue: `what comes in on ${lead.replyTo} is answered there` };
      if (hasCode(system)) return { ...facts, by: 'code', clue: `the system ${system} has code for it` };
      return { ...facts, by: 'asked', clue: 'no operation leads to it' };
    });
}
