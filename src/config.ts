import type { ClockMode } from './engine/clock.ts';

/**
 * What a user can set; the same names on the command line (kebab-case), in `bss-simulator.yaml` and, upper case with
 * the prefix `BSS_SIMULATOR_`, in the environment. Flags win over the environment, the environment over the file.
 */
export interface SimulatorOptions {
  /** TCP port; 0 picks a free one. Default 4010. */
  port?: number;
  /** Address to listen on. Default 127.0.0.1. */
  host?: string;
  /** Origin that links start with, for example `https://bss.example.com`; the request's own unless told. */
  publicUrl?: string;
  /** Whole number that everything random is derived from. Default 1. */
  seed?: number;
  /** ISO 8601 time to stand still at, `real`, or `real@<ISO>`. Default 2026-01-01T00:00:00.000Z. */
  clock?: string;
  /** Files or folders of contracts to serve in place of the shipped ones. */
  specs?: readonly string[];
  /** Which of the shipped systems to serve; all unless told. */
  systems?: readonly string[];
  /** Name of a shipped starting world, or a file. */
  fixture?: string;
  /** `any`: a token must be there where the contract demands one; `strict`: one of ours; `off`. Default any. */
  auth?: 'any' | 'strict' | 'off';
  /** Answers 500 in place of a response or event that breaks its contract. Default false: logged. */
  strict?: boolean;
  /** Reloads when a contract file changes. */
  watch?: boolean;
  /** Bearer token of the control API, demanded beyond loopback. */
  adminToken?: string;
  /** Hosts that callbacks and webhooks may go to, beyond loopback. */
  allowCallbacks?: readonly string[];
  /** Most tenants kept. Default 1000. */
  maxTenants?: number;
  /** Largest request body in bytes. Default 1 MiB. */
  maxBody?: number;
  /** Folder for the cache of loaded contracts; `false` for none. */
  cache?: string | false;
  /** Links between systems to switch off by name, or `all`. */
  disableLinks?: readonly string[];
  /** Parts of the systems' default policies to replace, by system. */
  policies?: Readonly<Record<string, unknown>>;
  /** `silent`, `error`, `warn`, `info` or `debug`. Default `info` on the command line, `silent` in process. */
  logLevel?: string;
}

/** Options with every default filled in and every value read. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly publicUrl?: string;
  readonly seed: number;
  readonly clock: { readonly mode: ClockMode; readonly now: number; readonly rate: number };
  readonly specs?: readonly string[];
  readonly systems?: readonly string[];
  readonly fixture?: string;
  readonly auth: 'any' | 'strict' | 'off';
  readonly strict: boolean;
  readonly watch: boolean;
  readonly adminToken?: string;
  readonly allowCallbacks: readonly string[];
  readonly maxTenants: number;
  readonly maxBody: number;
  readonly cache?: string;
  readonly disableLinks: readonly string[];
  readonly policies: Readonly<Record<string, unknown>>;
  readonly logLevel: string;
}
