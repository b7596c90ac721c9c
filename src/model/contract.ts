import type { Channel } from './channel.ts';
import type { Operation, SecurityScheme } from './operation.ts';
import type { Resource } from './resource.ts';
import type { Schema } from './schema.ts';

/** The system whose contract describes the simulator itself; it is always served. */
export const CONTROL_SYSTEM = 'simulator';

/** One loaded document, whatever its format: plain data (it is cached as JSON), with pointers back into the source. */
export interface Contract {
  /** The folder below `specs/`, for example `connectx`; with `name` it identifies the contract. */
  readonly system: string;
  /** The file name without its endings, for example `bss-api`. */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** For example `openapi-3.1`, `swagger-2.0`, `asyncapi-2.6`, `aps-2.0`, `json-schema-draft-04`. */
  readonly format: string;
  /** The file it was read from, relative to the specs folder. */
  readonly file: string;
  /** The path part of the server address, without a trailing slash: `''` or for example `/aps/2`. */
  readonly basePath: string;
  /** The path part of the WebSocket server that an event contract names, without a trailing slash; absent without one. */
  readonly webSocketPath?: string;
  readonly operations: readonly Operation[];
  readonly channels: readonly Channel[];
  /** Named schemas, which `$ref`s of this contract point at as `contract://<system>/<name>#/$defs/<key>`. */
  readonly $defs: Readonly<Record<string, Schema>>;
  readonly securitySchemes: Readonly<Record<string, SecurityScheme>>;
  /** What the operations reveal of stored things; inferred, never written by hand. */
  readonly resources: readonly Resource[];
  /** What its author says about how it is simulated (`x-simulator` at the root of the document). */
  readonly hints?: unknown;
  /** The schema of the body of an error response, where the contract has one. */
  readonly errorSchema?: Schema;
}

/**
 * The address that a `$ref` to a named schema of this contract starts with. Validators normalise addresses (a host to
 * lower case, an escape to its character), so only what stays as it is stands for itself.
 *
 * @example contractUri({ system: 'API_definitions', name: 'orders' }) // 'contract://_41__50__49__5f_definitions/orders'
 */
export function contractUri({ system, name }: Pick<Contract, 'system' | 'name'>): string {
  return `contract://${escapeName(system)}/${escapeName(name)}`;
}

function escapeName(name: string): string {
  return name.replace(/[^a-z0-9-]/gu, (character) => `_${character.codePointAt(0)?.toString(16)}_`) || '_';
}

/**
 * The `$ref` to a named schema of this contract.
 *
 * @example schemaRef({ system: 'shop', name: 'api' }, 'Order') // 'contract://shop/api#/$defs/Order'
 */
export function schemaRef(contract: Pick<Contract, 'system' | 'name'>, name: string): string {
  return `${contractUri(contract)}#/$defs/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
}
