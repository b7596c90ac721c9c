import type { StoreReader } from '../../engine/store/store.ts';
import type { Work } from '../../engine/work.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { bodyOf } from './input.ts';

/** What makes synthetic traffic: the operator's, who knows the systems. */
export interface TrafficHandlersOptions {
  readonly traffic: {
    start(work: Work, request: TrafficRequest): object;
    stop(work: Work): void;
    read(store: Pick<StoreReader, 'get'>): object;
  };
}

/** As the contract has checked it. */
export interface TrafficRequest {
  readonly rate: number;
  readonly count?: number;
  readonly duration?: string;
  readonly mix?: Readonly<Record<string, number>>;
}

/**
 * Answers what concerns synthetic traffic.
 *
 * @example createTrafficHandlers({ traffic }).startTraffic({ tenant, command, base });
 */
export function createTrafficHandlers({ traffic }: TrafficHandlersOptions) {
  return {
    readTraffic: ({ tenant }: ControlContext) => ({ status: 200, body: traffic.read(tenant.store) }),
    startTraffic: ({ tenant, command }: ControlContext) => {
      const request = bodyOf(command) as unknown as TrafficRequest;
      return { status: 201, body: tenant.perform((work) => traffic.start(work, request)) };
    },
    stopTraffic: ({ tenant }: ControlContext) => {
      tenant.perform((work) => traffic.stop(work));
      return { status: 204 };
    },
  } satisfies Record<string, ControlHandler>;
}
