import type { ControlHandler } from '../surface.ts';
import { createActionHandlers } from './actions.ts';
import { type ActivityHandlersOptions, createActivityHandlers } from './activity.ts';
import { createClockHandlers } from './clock.ts';
import { type CollectionHandlersOptions, createCollectionHandlers } from './collections.ts';
import { type ContractHandlersOptions, createContractHandlers } from './contracts.ts';
import { type CoverageHandlersOptions, createCoverageHandlers } from './coverage.ts';
import { createDeliveryHandlers } from './deliveries.ts';
import { createEventHandlers, type EventHandlersOptions } from './events.ts';
import { createFaultHandlers } from './faults.ts';
import { createInboxHandlers } from './inbox.ts';
import type { Metrics } from './metrics.ts';
import { createPlaybookHandlers } from './playbooks.ts';
import { createPolicyHandlers } from './policies.ts';
import { createRequestHandlers } from './requests.ts';
import { createStoryHandlers, type StoryHandlersOptions } from './stories.ts';
import { createTenantHandlers, type TenantHandlersOptions } from './tenants.ts';
import { createTimerHandlers } from './timers.ts';
import { createTrafficHandlers, type TrafficHandlersOptions } from './traffic.ts';
import { createTranscriptHandlers, type TranscriptHandlersOptions } from './transcript.ts';
import { createWebhookHandlers } from './webhooks.ts';

export interface ControlOptions
  extends ContractHandlersOptions,
    CollectionHandlersOptions,
    StoryHandlersOptions,
    TenantHandlersOptions,
    ActivityHandlersOptions,
    CoverageHandlersOptions,
    EventHandlersOptions,
    TrafficHandlersOptions,
    TranscriptHandlersOptions {
  readonly metrics: Pick<Metrics, 'handlers'>;
  /** What answers agents, by operation id. */
  readonly mcp: Readonly<Record<string, ControlHandler>>;
}

/**
 * What answers the operations of `specs/simulator/control.openapi.yaml` that look or act on whole tenants, by operation
 * id. The others are commands: `createControlCommands`.
 *
 * @example
 * const control = createControl({ version, registry, documents, tenants, toStart, streamEvents, streamActivity, traffic, … });
 * await control.advanceClock?.({ tenant, command, base });
 */
export function createControl(options: ControlOptions): Readonly<Record<string, ControlHandler>> {
  return {
    ...createContractHandlers(options),
    ...createActionHandlers(),
    ...createCollectionHandlers(options),
    ...createClockHandlers(options),
    ...createTimerHandlers(),
    ...createActivityHandlers(options),
    ...createTenantHandlers(options),
    ...createPolicyHandlers(),
    ...createRequestHandlers(),
    ...createEventHandlers(options),
    ...createInboxHandlers(),
    ...createDeliveryHandlers(),
    ...createFaultHandlers(),
    ...createPlaybookHandlers(),
    ...createStoryHandlers(options),
    ...createTrafficHandlers(options),
    ...createTranscriptHandlers(options),
    ...createCoverageHandlers(options),
    ...createWebhookHandlers(),
    ...options.metrics.handlers,
    ...options.mcp,
  };
}
