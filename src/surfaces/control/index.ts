import type { ControlHandler } from '../surface.ts';
import { createActionHandlers } from './actions.ts';
import { createClockHandlers } from './clock.ts';
import { type ContractHandlersOptions, createContractHandlers } from './contracts.ts';
import { createDeliveryHandlers } from './deliveries.ts';
import { createEventHandlers, type EventHandlersOptions } from './events.ts';
import { createFaultHandlers } from './faults.ts';
import { createInboxHandlers } from './inbox.ts';
import type { Metrics } from './metrics.ts';
import { createRequestHandlers } from './requests.ts';
import { createTenantHandlers, type TenantHandlersOptions } from './tenants.ts';
import { createTrafficHandlers, type TrafficHandlersOptions } from './traffic.ts';
import { createTranscriptHandlers, type TranscriptHandlersOptions } from './transcript.ts';
import { createWebhookHandlers, type WebhookHandlersOptions } from './webhooks.ts';

export interface ControlOptions
  extends ContractHandlersOptions,
    TenantHandlersOptions,
    EventHandlersOptions,
    TrafficHandlersOptions,
    WebhookHandlersOptions,
    TranscriptHandlersOptions {
  readonly registry: ContractHandlersOptions['registry'] & EventHandlersOptions['registry'];
  readonly metrics: Pick<Metrics, 'handlers'>;
}

/**
 * What answers each operation of `specs/simulator/control.openapi.yaml`, by operation id.
 *
 * @example
 * const control = createControl({ version, registry, documents, tenants, startingPoint, generator, nearest, streamEvents, traffic });
 * await control.advanceClock?.({ tenant, command, base });
 */
export function createControl(options: ControlOptions): Readonly<Record<string, ControlHandler>> {
  return {
    ...createContractHandlers(options),
    ...createClockHandlers(),
    ...createTenantHandlers(options),
    ...createRequestHandlers(),
    ...createEventHandlers(options),
    ...createActionHandlers(),
    ...createInboxHandlers(),
    ...createDeliveryHandlers(),
    ...createFaultHandlers(),
    ...createTrafficHandlers(options),
    ...createTranscriptHandlers(options),
    ...createWebhookHandlers(options),
    ...options.metrics.handlers,
  };
}
