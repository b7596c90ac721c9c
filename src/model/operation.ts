import { isJsonType } from '../lib/json-type.ts';
import type { Schema } from './schema.ts';

/** A step of an alias at which any text may stand; it is no parameter. */
export const ANY_SEGMENT = '{*}';

/** One HTTP operation of a contract. */
export interface Operation {
  /** The contract's `operationId`, or `<method> <path>` where it has none; unique in its contract. */
  readonly id: string;
  readonly system: string;
  /** The contract's name, for example `bss-api`. */
  readonly contract: string;
  /** Upper case, for example `GET`. */
  readonly method: string;
  /** The full path template with the base path in front, for example `/v1/customers/{customerId}`. */
  readonly path: string;
  /** The same behind other servers' base paths, and without one: served where no other operation stands. */
  readonly aliases?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: RequestBody;
  /** Keyed by status (`200`), range (`2XX`) or `default`. */
  readonly responses: Readonly<Record<string, Response>>;
  /** Alternatives: any one of them is enough. Empty means open to everybody. */
  readonly security: readonly SecurityRequirement[];
  /** What is sent later to where the request says. */
  readonly callbacks?: readonly Callback[];
  /** JSON Pointer into the source document. */
  readonly pointer: string;
  /** The `x-…` members of the operation and of its request schema. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** A request that an operation promises to send. */
export interface Callback {
  readonly name: string;
  /** A runtime expression, or a text with some in braces, for example `{$request.body#/callbackUrl}`. */
  readonly url: string;
  /** Upper case. */
  readonly method: string;
  readonly contentType?: string;
  readonly schema?: Schema;
}

export interface Parameter {
  /** `querystring`: the whole query is its value, written in its `contentType`. */
  readonly in: 'path' | 'query' | 'querystring' | 'header' | 'cookie';
  readonly name: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
  /** How a value is written; default: `form` in queries and cookies, `simple` elsewhere. */
  readonly style?: ParameterStyle;
  /** Whether each item or property is written by itself; default: `true` for `form` and `cookie`, else `false`. */
  readonly explode?: boolean;
  /** Whether characters such as `+` stand for themselves in a query. */
  readonly allowReserved?: boolean;
  /** Whether a query may name it without a value, whatever its schema. */
  readonly allowEmptyValue?: boolean;
  /** The media type that a value is written in, in place of a style. */
  readonly contentType?: string;
}

/** The styles of OpenAPI, and `tabDelimited`, which only Swagger 2.0 has. */
export type ParameterStyle =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'cookie'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'tabDelimited'
  | 'deepObject';

export interface RequestBody {
  readonly required: boolean;
  readonly description?: string;
  /** Keyed by media type as the contract writes it, for example `application/json;charset=utf-8`. */
  readonly content: Readonly<Record<string, MediaType>>;
}

export interface Response {
  readonly description: string;
  readonly headers: Readonly<Record<string, ResponseHeader>>;
  readonly content: Readonly<Record<string, MediaType>>;
  /** Where what it says leads on to. */
  readonly links?: readonly ResponseLink[];
}

/** What a response is followed by: another operation of its contract, called with what the response says. */
export interface ResponseLink {
  /** The id of that operation. */
  readonly operation: string;
  /** Runtime expressions by the names of its parameters, for example `{ userId: '$response.body#/id' }`. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface ResponseHeader {
  readonly required: boolean;
  readonly schema: Schema;
  /** What the contract shows of it. */
  readonly example?: unknown;
}

export interface MediaType {
  readonly schema?: Schema;
  /** What its examples show, where its schema says nothing; nothing is checked by it. */
  readonly shape?: Schema;
  /** The schema of each item, where items follow one another. */
  readonly itemSchema?: Schema;
  /** How the properties of a form are written; by their types, where it does not say. */
  readonly encoding?: Readonly<Record<string, Encoding>>;
  /** How the parts of a list are written: the first ones, and every other. */
  readonly prefixEncoding?: readonly Encoding[];
  readonly itemEncoding?: Encoding;
  /** Named examples; a lone `example` is named `default`. */
  readonly examples: Readonly<Record<string, unknown>>;
}

/**
 * Whether an operation has parameters in its query.
 *
 * @example hasQuery(operation) // true for GET /things?status=
 */
export function hasQuery({ parameters }: Pick<Operation, 'parameters'>): boolean {
  return parameters.some(({ in: where }) => where === 'query');
}

/**
 * The JSON among the media types of a body, or else the first.
 *
 * @example jsonContent(operation.responses['200']?.content)?.schema
 */
export function jsonContent(content: Readonly<Record<string, MediaType>> = {}): MediaType | undefined {
  const types = Object.keys(content);
  return content[types.find(isJsonType) ?? types[0] ?? ''];
}

/**
 * The schema of a body, or what its examples show where that says nothing.
 *
 * @example shownSchema({ schema: {}, shape: { type: 'object' }, examples: {} }) // { type: 'object' }
 */
export function shownSchema(media: MediaType | undefined): Schema | undefined {
  return media?.shape ?? media?.schema;
}

/** How one property of a form is written: in a style, or in a media type (a list of them, or ranges, for files). */
export interface Encoding extends Pick<Parameter, 'style' | 'explode' | 'allowReserved'> {
  readonly contentType?: string;
}

/** Scheme name to the scopes it demands; all schemes named must be satisfied. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>;

export interface SecurityScheme {
  readonly type: 'oauth2' | 'http' | 'apiKey' | 'openIdConnect' | 'mutualTLS' | 'other';
  /** For `apiKey`: where it is carried. */
  readonly in?: 'header' | 'query' | 'cookie';
  readonly name?: string;
  /** For `http`, in lower case: `bearer`, `basic`, `digest`, `dpop` or another. */
  readonly scheme?: string;
  /** For `oauth2`: grant type as it stands on the wire (`client_credentials`, `password`) to its flow. */
  readonly flows?: Readonly<Record<string, OAuthFlow>>;
  /** Where the description of the authorization server is said to stand. */
  readonly metadataUrl?: string;
}

export interface OAuthFlow {
  /** `''` where the flow has none. */
  readonly tokenUrl: string;
  readonly scopes: Readonly<Record<string, string>>;
  /** Where a user is sent to. */
  readonly authorizationUrl?: string;
  /** Where a device asks to be let in. */
  readonly deviceAuthorizationUrl?: string;
  /** Where a token is renewed, if not where it was given. */
  readonly refreshUrl?: string;
}

/** Whether an operation only reads; its command needs no transaction. */
export function isSafe(operation: Pick<Operation, 'method'>): boolean {
  return SAFE_METHODS.includes(operation.method);
}

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS', 'QUERY'];

/** The lowest success status that the contract declares, for example 201; 200 where it declares none. */
export function successStatus(operation: Pick<Operation, 'responses'>): number {
  const declared = Object.keys(operation.responses)
    .filter((status) => /^2\d\d$/.test(status))
    .map(Number);
  return declared.length > 0 ? Math.min(...declared) : 200;
}

/**
 * The name of an operation among those of all contracts; two contracts of a system may share operation ids.
 *
 * @example operationKey(operation) // 'connectx/bss-api/createCustomer'
 */
export function operationKey({ system, contract, id }: Pick<Operation, 'system' | 'contract' | 'id'>): string {
  return `${system}/${contract}/${id}`;
}
