import type { PolicyChange } from '../../engine/policies/policy.ts';
import { changePolicies } from '../../engine/policies/tenant-policies.ts';
import type { Work } from '../../engine/state/work.ts';
import type { OperationHandler } from '../../engine/system.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';

export interface PolicyCommandsOptions {
  /** Lets the systems follow other policies of a tenant. */
  readonly followPolicies: (work: Work, change: PolicyChange) => void;
}

/**
 * Answers which policies a tenant has.
 *
 * @example createPolicyHandlers().readPolicies({ tenant, command, base });
 */
export function createPolicyHandlers() {
  return {
    readPolicies: ({ tenant }: ControlContext) => ({ status: 200, body: tenant.read(({ policies }) => policies) }),
  } satisfies Record<string, ControlHandler>;
}

/** Changes policies of a tenant. */
export function createPolicyCommands({ followPolicies }: PolicyCommandsOptions) {
  return {
    changePolicies: (work, { body }) => {
      const change = changePolicies(work, work.registry.policies, body);
      followPolicies(work, change);
      return { status: 200, body: change.after };
    },
  } satisfies Record<string, OperationHandler>;
}
