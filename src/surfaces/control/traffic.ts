import type { StoreReader } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { OperationHandler } from '../../engine/system.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { bodyOf } from './input.ts';

/** What knows about synthetic traffic: the operator's, who knows the systems. */
export interface TrafficHandlersOptions {
  readonly traffic: {
    read(store: Pick<StoreReader, 'get'>): object;
    /** Refuses with 400 a clock that runs so fast that the traffic could not be kept up with it. */
    requireKept(store: Pick<StoreReader, 'get'>, clockRate: number): void;
  };
}

/** What makes synthetic traffic. */
export interface TrafficCommandsOptions {
  readonly traffic: { start(work: Work, request: TrafficRequest): object; stop(work: Work): void };
}

/** As the contract has checked it. */
export interface TrafficRequest {
  readonly rate: number;
  readonly count?: number;
  readonly duration?: string;
  readonly mix?: Readonly<Record<string, number>>;
  readonly shape?: 'even' | 'life';
}

/**
 * Answers how synthetic traffic stands.
 *
 * @example createTrafficHandlers({ traffic }).readTraffic({ tenant, command, base });
 */
export function createTrafficHandlers({ traffic }: TrafficHandlersOptions) {
  return {
    readTraffic: ({ tenant }: ControlContext) => ({ status: 200, body: traffic.read(tenant.store) }),
  } satisfies Record<string, ControlHandler>;
}

/** Starts and stops synthetic traffic. */
export function createTrafficCommands({ traffic }: TrafficCommandsOptions) {
  return {
    startTraffic: (work, command) => {
      const request = bodyOf(command) as unknown as TrafficRequest;
      return { status: 201, body: traffic.start(work, request) };
    },
    stopTraffic: (work) => {
      traffic.stop(work);
      return { status: 204 };
    },
  } satisfies Record<string, OperationHandler>;
}
