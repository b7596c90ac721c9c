import type { Commit } from '../../engine/commit.ts';
import { bodyOf, type OperationInput, type RequestFacts } from '../../engine/input.ts';
import type { JournalEntry } from '../../engine/records/journal.ts';
import type { RecordWriter } from '../../engine/records/records.ts';
import type { TranscriptEntry } from '../../engine/records/transcript.ts';
import { mapItems, mapMembers } from '../../lib/json-object.ts';
import { REDACTED } from '../../lib/redacted.ts';
import { formatInstant } from '../../lib/time.ts';
import type { Answer } from '../../model/command.ts';
import type { Contract } from '../../model/contract.ts';
import type { Operation } from '../../model/operation.ts';
import type { Violation } from '../../model/schema.ts';
import type { RouteTable } from './collect-routes.ts';

/** What records are written with. */
export interface RecordWriterParts {
  readonly contracts: readonly Pick<Contract, 'securitySchemes'>[];
  /** The plans of operations, by key. */
  readonly plans: RouteTable['plans'];
  /** Whether the client went away before it had the whole answer. */
  readonly isClientGone: (commit: Commit) => boolean;
  /** The address listened on. */
  readonly ownUrl: () => string;
}

/** Response headers that say something about the world, and not about the wire. */
const TRANSCRIBED_HEADERS = ['location', 'content-type', 'x-total-count', 'x-result-count', 'content-range', 'link'];

/**
 * Makes the writer of records. A commit is kept as it is, and written out when somebody looks: most never are.
 * Credentials are left out then.
 *
 * @example createRecordWriter({ contracts, plans, ownUrl, isClientGone }).toEntry(commit, 'REQ-000001');
 */
export function createRecordWriter({ contracts, plans, ownUrl, isClientGone }: RecordWriterParts): RecordWriter {
  const secrets = secretNames(contracts);
  const exchangeOf = (commit: Commit): Exchange => {
    const { input, answer } = commit;
    if (input.kind === 'exchange') {
      const { operation: key, origin = '', answer: response, violations = [] } = input;
      const { operation } = (key === undefined ? undefined : plans.get(key)) ?? NO_PLAN;
      return { ...input, operation, origin, prefix: '', response, violations };
    }
    const request = input.kind === 'answer' ? input.request : (input as OperationInput);
    const plan = plans.get(request.operation);
    const violations = [...(commit.refusal?.violations ?? []), ...(answer?.violations ?? [])];
    return {
      ...request,
      body: plan?.recorded(bodyOf(request)) ?? bodyOf(request),
      operation: plan?.operation,
      response: answer ?? NO_RESPONSE,
      violations,
      notes: notesOf(request, commit),
      omitted: plan?.operation.extensions['x-transcript-omits'],
    };
  };
  const originsOf = ({ origin, prefix }: Exchange): readonly string[] => {
    if (origin === '') return [];
    const own = ownUrl();
    const all = own === origin ? [origin] : [origin, own];
    return prefix === '' ? all : [...all.map((each) => each + prefix), ...all];
  };
  return {
    toEntry(commit, id): JournalEntry {
      const { method, url, rawQuery, operation, headers, body, response, violations, notes = [] } = exchangeOf(commit);
      const { status } = response;
      return {
        id,
        at: formatInstant(commit.at),
        method,
        url: rawQuery === '' ? url : `${url}?${withoutSecrets(rawQuery, secrets)}`,
        operationId: operation?.id,
        system: operation?.system,
        request: { headers: redacted(headers, secrets), body },
        response: { status, headers: response.headers, body: response.body },
        violations: violations.length > 0 ? violations : undefined,
        notes: notes.length > 0 ? notes : undefined,
        fault: commit.fault && { id: commit.fault.id, fault: commit.fault.fault },
        clientGone: isClientGone(commit) ? true : undefined,
        caused: causedBy(commit),
      };
    },
    toRequestLine(commit): TranscriptEntry {
      const exchange = exchangeOf(commit);
      const { method, url: path, rawQuery, operation, body } = exchange;
      const origins = originsOf(exchange);
      return {
        kind: 'request',
        at: formatInstant(commit.at),
        method,
        path,
        query: rawQuery === '' ? undefined : neutralize(withoutSecrets(rawQuery, secrets), origins),
        operationId: operation?.id,
        body: neutralize(body, origins),
      };
    },
    toResponseLine(commit): TranscriptEntry {
      const exchange = exchangeOf(commit);
      const { response, omitted } = exchange;
      const origins = originsOf(exchange);
      return {
        kind: 'response',
        at: formatInstant(commit.at),
        status: response.status,
        headers: neutralize(transcribed(response.headers), origins),
        body: neutralize(response.body, origins, Array.isArray(omitted) ? omitted : []),
      };
    },
  };
}

/** An exchange as records see it, wherever it is from. */
interface Exchange
  extends Pick<OperationInput, 'method' | 'url' | 'rawQuery' | 'headers' | 'origin' | 'prefix' | 'notes'> {
  readonly operation: Operation | undefined;
  readonly body?: unknown;
  readonly response: Pick<Answer, 'status' | 'headers'> & { readonly body?: unknown };
  readonly violations: readonly Violation[];
  /** Members of the response that the transcript leaves out. */
  readonly omitted?: unknown;
}

const NO_PLAN = { operation: undefined } as const;

const NO_RESPONSE = { status: 0, headers: {} } as const;

function notesOf({ notes = [] }: RequestFacts, { fault, answer }: Commit): readonly string[] {
  return [
    ...notes,
    ...(fault === undefined ? [] : [`The fault ${fault.id} struck.`]),
    ...((answer?.violations.length ?? 0) > 0 ? ['The response breaks its contract.'] : []),
  ];
}

/** The ids of what a request has led to at once; the trace of each tells more. */
function causedBy({ consequences: { events, deliveries } }: Commit): readonly string[] | undefined {
  const ids = [...events, ...deliveries].map(({ id }) => id);
  return ids.length > 0 ? ids : undefined;
}

function transcribed(headers: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of TRANSCRIBED_HEADERS) {
    const value = headers[name];
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/**
 * Takes from a value what differs from machine to machine, secrets, and members of these names. Of what stays as it is
 * nothing is made anew: answers of megabytes are written down.
 */
function neutralize(value: unknown, origins: readonly string[], omitted: readonly string[] = []): unknown {
  const neutral = (part: unknown): unknown => {
    if (typeof part === 'string') return neutralText(part, origins);
    if (Array.isArray(part)) return mapItems(part, neutral);
    if (typeof part !== 'object' || part === null) return part;
    // A body that is no JSON is written down byte by byte.
    if (ArrayBuffer.isView(part)) return { ...part };
    const keys = Object.keys(part);
    const left = omitted.length === 0 ? keys : keys.filter((key) => !omitted.includes(key));
    return mapMembers(part as Readonly<Record<string, unknown>>, left, neutral, left.length === keys.length);
  };
  return neutral(value);
}

function neutralText(text: string, origins: readonly string[]): string {
  // The secret of a webhook, which the control API takes and answers with.
  if (text.startsWith('whsec_')) return REDACTED;
  let neutral = text.includes('eyJ') ? text.replaceAll(TOKEN, REDACTED) : text;
  for (const origin of origins) {
    if (neutral.includes(origin)) neutral = neutral.replaceAll(origin, 'http://simulator');
  }
  return neutral;
}

/** A token, wherever it stands: part by part in Base64, the first one an object. */
const TOKEN = /eyJ[\w-]{4,}\.[\w-]+\.[\w-]+/g;

function secretNames(contracts: readonly Pick<Contract, 'securitySchemes'>[]): ReadonlySet<string> {
  const names = new Set(['authorization', 'proxy-authorization', 'cookie', 'access_token']);
  for (const scheme of contracts.flatMap(({ securitySchemes }) => Object.values(securitySchemes))) {
    if (scheme.type === 'apiKey' && scheme.name !== undefined) names.add(scheme.name.toLowerCase());
  }
  return names;
}

function redacted(headers: RequestFacts['headers'], secrets: ReadonlySet<string>): RequestFacts['headers'] {
  let copy: Record<string, string | readonly string[] | undefined> | undefined;
  for (const name of secrets) {
    if (headers[name] === undefined) continue;
    copy ??= { ...headers };
    copy[name] = REDACTED;
  }
  return copy ?? headers;
}

function withoutSecrets(rawQuery: string, secrets: ReadonlySet<string>): string {
  return rawQuery
    .split('&')
    .map((pair) => {
      const name = pair.slice(0, Math.max(pair.indexOf('='), 0));
      return secrets.has(decoded(name).toLowerCase()) ? `${name}=${REDACTED}` : pair;
    })
    .join('&');
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
