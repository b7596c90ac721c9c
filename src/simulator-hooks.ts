import type { LoadedContracts } from './contracts/load-contracts.ts';
import type { FormerWorld } from './engine/state/reload.ts';
import type { Tenant } from './engine/tenant.ts';
import type { Activity } from './model/activity.ts';
import type { FrontParts } from './surfaces/http/proxy/proxy.ts';
import type { Front } from './surfaces/surface.ts';

/** Contracts that are served, but of which not everything was checked. */
export interface LateCheck {
  readonly paths: readonly string[];
  readonly overlays?: readonly string[];
  /** Where they are kept once they are checked. */
  readonly cacheDir?: string;
  readonly allowRefs?: boolean;
}

/** What a simulator leaves to the next one, which serves other contracts in its place. */
export interface Legacy {
  /** Whether another one comes after what stops next. */
  hasHeir: boolean;
  /** By name. */
  tenants?: ReadonlyMap<string, FormerWorld>;
  /** The bearer token that was made for the control API. */
  adminToken?: string;
  /** What the keys of access tokens were derived from. */
  tokenSecret?: string;
}

/** Callbacks of whoever watches a simulator at work. */
export interface SimulatorHooks {
  /** Lets the process end although it runs. */
  readonly isUnref?: boolean;
  /** Makes what stands in front of it, and answers clients of the network in its place. */
  readonly front?: (parts: FrontParts) => Front;
  /** Called with each tenant as it is made, for whoever follows its commits. */
  readonly created?: (tenant: Tenant) => void;
  /** Called with each thing that happens in a tenant; the simulator waits for it. */
  readonly observe?: (activity: Activity, tenant: string) => void;
  /** Written as it stops and read as it starts, so that tenants outlive their contracts. */
  readonly legacy?: Legacy;
  /** Called once it listens, with the bearer token that its control API wants, if it wants one. */
  readonly ready?: (facts: { readonly adminToken?: string | undefined }) => void;
  /** Called once it listens, where contracts are new: finds everything wrong in them, without holding up anybody. */
  readonly checkLate?: (check: LateCheck) => Promise<LoadedContracts['problems']>;
}
