import type { Lifecycle } from './lifecycle.ts';
import type { Schema } from './schema.ts';

/**
 * A kind of stored thing that a contract's operations imply: what creates, lists, reads, changes and deletes it,
 * where its id stands, who owns which field. Inferred from the contract alone (`contracts/infer-resources.ts`).
 */
export interface Resource {
  readonly system: string;
  readonly contract: string;
  /** The name of its schema, for example `Customer`; unique in its system. */
  readonly name: string;
  readonly schema: Schema;
  /**
   * The property that holds the id: dotted where it is nested (`metadata.name`), and with a leading `$` where the schema
   * has none. Properties whose names begin with `$` are stored, and never sent.
   */
  readonly idProperty: string;
  /** Further properties by which a path may name an item, for example the `slug` of `{id_or_slug}`. */
  readonly alternativeIds?: readonly string[];
  /** The schema of the path parameter that names an item: a new id has to fit it, too. */
  readonly idSchema?: Schema;
  /** Path template of the collection and of one item, where the contract has them. */
  readonly collectionPath?: string;
  readonly itemPath?: string;
  /** The path parameter that carries the id in `itemPath`. */
  readonly idParameter?: string;
  /** Set where the collection path stands below an item of another resource. */
  readonly parent?: ParentLink;
  /** Set where what it stands below shows it, too, in an array of its own. */
  readonly partOf?: PartOf;
  /** The properties that hold the values of the other path parameters, outermost first. */
  readonly scope?: readonly string[];
  /** Whether an id names an item only together with its scope, because clients choose ids. */
  readonly isScopedId?: boolean;
  /** Whether there is exactly one of it, or one in each scope: it has no id. */
  readonly isSingleton?: boolean;
  /**
   * Where its items come from: `created` by requests; `seeded`, where no operation creates one but there is a list of
   * them; `implied`, where nothing creates or lists them: whatever a path names is there.
   */
  readonly origin?: 'created' | 'seeded' | 'implied';
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
  /** Role to the id of the first operation that plays it. */
  readonly operations: Readonly<Partial<Record<Role, string>>>;
  /** Set where its schema shows that the contract follows TMF630, the REST guidelines of TM Forum. */
  readonly tmf630?: Tmf630;
  /** How each of its operations is answered, and what in the contract says so. */
  readonly bindings?: readonly Binding[];
  /** Properties that links of the contract take to the path of another thing of the system, by its name. */
  readonly relations?: Readonly<Record<string, string>>;
  /** Channels that, by their name, announce its creation, change or deletion. */
  readonly announcements: readonly Announcement[];
  /** Its states and moves, where the contract has a hint of them. */
  readonly lifecycle?: Lifecycle;
  /** Items that there are from the start, where the contract has a hint of them. */
  readonly seeds?: readonly Readonly<Record<string, unknown>>[];
}

export type Role =
  | 'create'
  | 'list'
  | 'read'
  | 'replace'
  | 'merge'
  | 'delete'
  /** Moves a state, for example `POST /orders/{id}/cancel`. */
  | 'act'
  | 'count'
  /** Deletes all that a collection path names. */
  | 'clear'
  | 'createMany'
  | 'mergeMany'
  | 'deleteMany';

/** What a resource of a contract after TMF630 has beside its operations. */
export interface Tmf630 {
  /** The resource of those who listen to its events: itself, where it is that. */
  readonly hub?: string;
  /** The property with its state, and what that begins with. */
  readonly state?: { readonly property: string; readonly initial?: unknown };
  /** Times that only the server knows, and that are those of its creation. */
  readonly dates: readonly string[];
  /** Lists in it whose members have a state of their own: property names, and what that begins with. */
  readonly nestedStates: readonly { readonly list: string; readonly property: string; readonly initial?: unknown }[];
  readonly events: readonly Tmf630Event[];
}

/** An event that a listener of the contract takes. */
export interface Tmf630Event {
  readonly on: 'created' | 'state' | 'attributes' | 'deleted';
  /** For example `ProductOrderCreateEvent`. */
  readonly name: string;
  readonly channel: string;
  /** Where in it the thing stands, as property names from the outside in. */
  readonly path: readonly string[];
}

/** One operation of a resource. */
export interface Binding {
  readonly role: Role;
  /** The id of the operation, and the contract that has it. */
  readonly operation: string;
  readonly contract: string;
  /** What in the contract gives it this role, as a sentence. */
  readonly clue: string;
  /** The path parameter that carries the id. */
  readonly idParameter?: string;
  /** The property that `idParameter` has the value of, where that is not the id: `/users/by/handle/{handle}`. */
  readonly byProperty?: string;
  /** Where else the id stands: in the body, or in a query parameter. */
  readonly idFrom?: { readonly in: 'body' | 'query'; readonly name: string };
  /** The other path parameters, and the properties that hold their values. */
  readonly scope?: readonly ScopeLink[];
  /** Properties, from the outside in, that the thing stands under in the request; none for the body itself. */
  readonly request?: readonly string[];
  /** The same for the answer, where it holds the thing. */
  readonly answer?: AnswerShape;
  readonly list?: ListShape;
  /** For `act`: what it sets. */
  readonly move?: { readonly property: string; readonly to: unknown };
  /** For `create`: whether it makes a copy of the thing that its path names. */
  readonly copies?: boolean;
  /** For `merge`: the member of its body that lists the operations of a patch, as SCIM has it. */
  readonly patches?: string;
  /** For `replace` and `merge`: whether they create what is not there. */
  readonly creates?: boolean;
}

/** What the body of success holds. */
export interface AnswerShape {
  /**
   * `item`: the thing; `whole`: what the thing is a part of; `content`: the bytes or the text that it consists of;
   * `other`: something else, which is filled in as well as its names allow.
   */
  readonly holds: 'item' | 'whole' | 'content' | 'other';
  /** Properties, from the outside in, that the thing stands under. */
  readonly path: readonly string[];
  /** Whether it is the only member of an array. */
  readonly isArray?: boolean;
}

export interface ScopeLink {
  readonly parameter: string;
  readonly property: string;
  /** Where the thing shows what is stored beside it, dotted: `metadata.namespace`. */
  readonly shownAt?: string;
}

export interface ParentLink {
  /** The parent resource's name, in the same system. */
  readonly resource: string;
  /** The path parameter with the parent's id. */
  readonly parameter: string;
  /** The property of the child that holds the parent's id; hidden from the wire where its schema has none. */
  readonly property: string;
}

/** What shows a kind of thing in an array: the two are kept the same. */
export interface PartOf {
  /** The name of what shows it, in the same system. */
  readonly resource: string;
  /** The property with the array. */
  readonly list: string;
  /** The property of the part that holds the id of the whole; none where there is one whole alone. */
  readonly property?: string;
  /** Properties of the part, and those of the whole that hold the same: what the paths of both lead through. */
  readonly shared: Readonly<Record<string, string>>;
}

/** A value in the envelope of a list that depends on what the list holds. */
export type Figure =
  | 'page'
  | 'pageSize'
  | 'totalPages'
  | 'total'
  /** How many items this page has. */
  | 'count'
  | 'offset'
  | 'hasMore'
  | 'hasPrevious'
  | 'isFirst'
  | 'isLast'
  | 'isEmpty'
  | 'nextPage'
  | 'previousPage'
  | 'nextOffset'
  | 'nextCursor'
  | 'previousCursor'
  | 'self'
  /** The path of the list, whichever part of it this is. */
  | 'list'
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  /** Ids of the first and the last item. */
  | 'firstId'
  | 'lastId';

export interface PlacedFigure {
  readonly path: readonly string[];
  readonly figure: Figure;
  /** Whether it is a link that has to be a full address, and not a path alone. */
  readonly isAbsolute?: boolean;
}

export interface ListShape {
  /** Properties, from the outside in, that the items stand under; absent for a bare array. */
  readonly items?: readonly string[];
  /** Properties, from the outside in, that each thing stands under in its item. */
  readonly each?: readonly string[];
  /**
   * How the items are written: each as an object, as its id alone, all as an object keyed by id, or only the first one
   * that meets the filters; as objects by default.
   */
  readonly form?: 'objects' | 'ids' | 'map' | 'first';
  /** Where in the envelope which figure stands. */
  readonly figures?: readonly PlacedFigure[];
  /** Names of the query parameters that page. */
  readonly pageParameter?: string;
  /** The number of the first page; 1 by default. */
  readonly firstPage?: number;
  readonly pageSizeParameter?: string;
  readonly offsetParameter?: string;
  /** The number of the first item; 0 by default. */
  readonly firstOffset?: number;
  readonly limitParameter?: string;
  /** Takes a cursor, or the id of the last item of the page before. */
  readonly cursorParameter?: string;
  /** Takes the id of the first item of the page after. */
  readonly beforeParameter?: string;
  /** Names of the response headers that count or lead on, lower case. */
  readonly totalHeader?: string;
  readonly countHeader?: string;
  readonly linkHeader?: string;
  /** Further ones that tell of the page: `x-total-pages`, `x-next-page`, `x-next-cursor`. */
  readonly figureHeaders?: Readonly<Record<string, Figure>>;
  /** Query parameter name to the property and comparison it filters by; the property `*` is any text in the item. */
  readonly filters: Readonly<Record<string, { readonly property: string; readonly op: FilterOp }>>;
  /** Query parameters that hold an expression of a language of their own. */
  readonly expressions?: Readonly<Record<string, Expression>>;
  /** The query parameters that sort, and that say in which direction. */
  readonly sortParameter?: string;
  readonly directionParameter?: string;
  /** The query parameter that selects properties. */
  readonly fieldsParameter?: string;
  /** Query parameters that are objects; elsewhere in the shape, their members are called `page[number]`. */
  readonly objects?: readonly string[];
  /** Whether filters and paging stand in the body instead of the query. */
  readonly isInBody?: boolean;
}

/** A filter of SCIM, or a selector: of the members of the object at `property`, or of the thing's own. */
export type Expression = { readonly language: 'scim' } | { readonly language: 'selector'; readonly property?: string };

export type FilterOp = 'eq' | 'in' | 'gt' | 'gte' | 'lt' | 'lte' | 'contains';

export interface Announcement {
  readonly on: 'created' | 'updated' | 'deleted';
  readonly channel: string;
}

/** The key of a resource's collection in the store, for example `connectx/Customer`. */
export function collectionOf(resource: Pick<Resource, 'system' | 'name'>): string {
  return `${resource.system}/${resource.name}`;
}

/**
 * The object in which some contracts keep all that a thing has, among the names of its properties: that of JSON:API, of
 * records, of Kubernetes.
 *
 * @example holderOfAll(['id', 'type', 'attributes']) // 'attributes'
 */
export function holderOfAll(names: readonly string[]): string | undefined {
  return names.find((name) => /^(attributes|properties|fields|spec)$/i.test(name));
}

/** Whether a property is stored but never sent. */
export function isHidden(property: string): boolean {
  return property.startsWith('$');
}
