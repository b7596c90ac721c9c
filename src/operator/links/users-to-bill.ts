import { defineLink } from '../link.ts';

/** What telephone users have is charged on the bill of the customer that their order names. */
export const usersToBill = defineLink({
  name: 'users-to-bill',
  channel: 'macd/services-changed',
  to: 'connectx',
  followsStart: true,
  follow(work, { payload }, customers) {
    const { username, references, isCharged, ...services } = payload as unknown as ServicesChanged;
    const payer = customers.payerOf(work, username);
    const customerId = (isCharged ? customers.findCustomer(work, references) : undefined) ?? payer;
    if (customerId === undefined) {
      if (isCharged)
        work.note(`The user ${username} is charged to nobody: ${references.join(', ')} names no customer.`);
      return;
    }
    if (isCharged && customers.customerOf(work, customerId)?.status === 'Terminated') {
      work.note(`The user ${username} is charged to nobody: the customer ${customerId} is Terminated.`);
      return;
    }
    work.perform('connectx', 'set-services', { ...services, customerId, holder: username });
  },
});

interface ServicesChanged {
  readonly username: string;
  /** What the customer may be called, the likeliest first. */
  readonly references: readonly string[];
  readonly date: string;
  readonly services: readonly unknown[];
  /** Whether there is anything to charge. */
  readonly isCharged: boolean;
}
