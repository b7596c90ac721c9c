import type { Coverage } from '../coverage/covered.ts';
import type { Contract } from '../model/contract.ts';
import type { AsyncDispose } from './async-dispose.ts';
import type { AnyContracts, ShippedContracts } from './contract-shape.ts';
import type { SimulatorTenant } from './simulator-tenant.ts';

/** A simulator of its own; two of them in one process never meet. It stops with its block: `await using`. */
export interface Simulator extends AsyncDispose {
  /** Where it listens, for example `http://127.0.0.1:4010`; empty until it has been started. */
  readonly url: string;
  /** What is served; nothing until it has been started. */
  readonly contracts: readonly Contract[];
  /** Loads the contracts and listens; throws a `SimulatorError` that says what is wrong, where, and what to do. */
  start(): Promise<void>;
  /** Ends what is under way and closes every connection. */
  stop(): Promise<void>;
  /**
   * What of the contracts has been exercised, in all tenants together, since the start.
   *
   * @example simulator.coverage().totals.operations // { covered: 12, total: 40 }
   */
  coverage(): Coverage;
  /**
   * The handle of a tenant, `default` unless named; the tenant is made when it is first asked for something. What the
   * handle asks does not go through a socket.
   *
   * @example await simulator.tenant('sync-test').clock.advance('P1M');
   */
  tenant<C extends AnyContracts = ShippedContracts>(name?: string): SimulatorTenant<C>;
}
