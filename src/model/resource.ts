import type { Schema } from './schema.ts';

/**
 * A kind of stored thing that a contract's operations imply: what creates, lists, reads, changes and deletes it,
 * where its id stands, who owns which field. Inferred from the contract alone (`contracts/infer-resources.ts`).
 */
export interface Resource {
  readonly system: string;
  readonly contract: string;
  /** The name of its schema, for example `Customer`. */
  readonly name: string;
  readonly schema: Schema;
  /** The property that holds the id. */
  readonly idProperty: string;
  /** Path template of the collection and of one item, where the contract has them. */
  readonly collectionPath?: string;
  readonly itemPath?: string;
  /** The path parameter that carries the id in `itemPath`. */
  readonly idParameter?: string;
  /** Set where the collection path stands below an item of another resource. */
  readonly parent?: ParentLink;
  /** Property names with a meaning of their own. */
  readonly createdProperty?: string;
  readonly updatedProperty?: string;
  readonly hrefProperty?: string;
  /** Properties that a client cannot set: ids, links, times, read-only ones. */
  readonly serverOwned: readonly string[];
  /** First enum value (or default) of enumerated properties that no create request can set. */
  readonly initialValues: Readonly<Record<string, unknown>>;
  /** The child objects' paging and wrapping in the list response. */
  readonly list?: ListShape;
  /** Role to operation id. */
  readonly operations: Readonly<Partial<Record<Role, string>>>;
  /** Channels that, by their name, tell of its creation, change or deletion. */
  readonly announcements: readonly Announcement[];
}

export type Role = 'create' | 'list' | 'read' | 'replace' | 'merge' | 'delete';

export interface ParentLink {
  /** The parent resource's name, in the same system. */
  readonly resource: string;
  /** The path parameter with the parent's id. */
  readonly parameter: string;
  /** The property of the child that holds the parent's id; hidden from the wire where its schema has none. */
  readonly property: string;
}

export interface ListShape {
  /** The property that holds the items; absent for a bare array. */
  readonly itemsProperty?: string;
  /** The property with the paging figures and what each figure is called. */
  readonly paging?: {
    readonly property: string;
    readonly page?: string;
    readonly pageSize?: string;
    readonly totalPages?: string;
    readonly totalItems?: string;
  };
  /** Names of the query parameters that page. */
  readonly pageParameter?: string;
  readonly pageSizeParameter?: string;
  readonly offsetParameter?: string;
  readonly limitParameter?: string;
  /** Names of the response headers that count, lower case. */
  readonly totalHeader?: string;
  readonly countHeader?: string;
  /** Query parameter name to the property and comparison it filters by. */
  readonly filters: Readonly<Record<string, { readonly property: string; readonly op: 'eq' | 'gte' | 'lte' }>>;
  /** The query parameter that selects properties. */
  readonly fieldsParameter?: string;
}

export interface Announcement {
  readonly on: 'created' | 'updated' | 'deleted';
  readonly channel: string;
}

/** The key of a resource's collection in the store, for example `connectx/Customer`. */
export function collectionOf(resource: Pick<Resource, 'system' | 'name'>): string {
  return `${resource.system}/${resource.name}`;
}
