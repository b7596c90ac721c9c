import type { SystemDefinition } from '../../engine/system.ts';
import { CONTROL_SYSTEM } from '../../model/contract.ts';
import { runAction } from './actions.ts';
import { redeliverAgain } from './deliveries.ts';
import { createEventCommands, type EventCommandsOptions } from './events.ts';
import { faultCommands } from './faults.ts';
import { inboxCommands } from './inbox.ts';
import { createPolicyCommands, type PolicyCommandsOptions } from './policies.ts';
import { createTrafficCommands, type TrafficCommandsOptions } from './traffic.ts';
import { webhookCommands } from './webhooks.ts';

export interface ControlCommandsOptions extends EventCommandsOptions, PolicyCommandsOptions, TrafficCommandsOptions {}

/**
 * What the control API changes in the world of a tenant, defined like the operations of a system: a command by its
 * operation id, run in a transaction.
 *
 * @example createRegistry({ systems: [createControlCommands({ generator, traffic, followPolicies })], … });
 */
export function createControlCommands(options: ControlCommandsOptions): SystemDefinition {
  const { operations, prepare } = createEventCommands(options);
  return {
    name: CONTROL_SYSTEM,
    operations: {
      ...operations,
      ...faultCommands,
      ...inboxCommands,
      ...createPolicyCommands(options),
      ...createTrafficCommands(options),
      ...webhookCommands,
      redeliver: redeliverAgain,
      runAction,
    },
    prepare,
    receivers: Object.keys(inboxCommands),
  };
}
