import type { JournalEntry, NotedExchange } from '../../engine/journal.ts';
import type { Tenant } from '../../engine/tenant.ts';
import type { NotedLine, TranscriptEntry } from '../../engine/transcript.ts';
import { REDACTED } from '../../lib/redacted.ts';
import { formatInstant, type Instant } from '../../lib/time.ts';
import type { Contract } from '../../model/contract.ts';
import type { Operation } from '../../model/operation.ts';
import type { Violation } from '../../model/schema.ts';
import type { Headers } from './auth/credentials.ts';

/** One exchange, as far as the records of its tenant are concerned. */
export interface RecordedExchange {
  readonly method: string;
  readonly path: string;
  readonly rawQuery: string;
  readonly operation: Operation | undefined;
  readonly requestHeaders: Headers;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: unknown;
  readonly violations: readonly Violation[];
  readonly notes: readonly string[];
  /** What its links start with: scheme and host, then the tenant's prefix. */
  readonly origin: string;
  readonly prefix: string;
}

/** Writes exchanges to a tenant's journal, to its transcript, or to both. */
export interface Records {
  keep(tenant: Tenant, exchange: RecordedExchange, where: { inJournal: boolean; inTranscript: boolean }): void;
}

/** What records are written with. */
export interface RecordParts {
  readonly contracts: readonly Pick<Contract, 'securitySchemes'>[];
  /** The address listened on. */
  readonly ownUrl: () => string;
}

/** Response headers that say something about the world, and not about the wire. */
const TOLD = ['location', 'content-type', 'x-total-count', 'x-result-count', 'content-range', 'link'];

/**
 * Makes the writer of records. An exchange is noted as it was, by reference, and written out when somebody looks: most
 * never are. Credentials are left out then.
 *
 * @example createRecords({ contracts, ownUrl }).keep(tenant, exchange, { inJournal: true, inTranscript: true });
 */
export function createRecords(parts: RecordParts): Records {
  const secrets = secretNames(parts.contracts);
  const writer: Writer = { secrets, ownUrl: parts.ownUrl };
  return {
    keep(tenant, exchange, { inJournal, inTranscript }) {
      const noted = new Noted(exchange, tenant.now(), writer);
      if (inJournal) tenant.journal.add(noted);
      if (!inTranscript) return;
      tenant.transcript.add(new RequestLine(noted));
      tenant.transcript.add(new ResponseLine(noted));
    },
  };
}

interface Writer {
  readonly secrets: ReadonlySet<string>;
  readonly ownUrl: () => string;
}

/** Whatever this refers to lives as long as the record: never the request or response itself, nor their sockets. */
class Noted implements NotedExchange {
  readonly exchange: RecordedExchange;
  readonly at: Instant;
  readonly writer: Writer;

  constructor(exchange: RecordedExchange, at: Instant, writer: Writer) {
    this.exchange = exchange;
    this.at = at;
    this.writer = writer;
  }

  /** The form of the journal. */
  toEntry(number: number): JournalEntry {
    const { method, path, rawQuery, operation, violations, notes, ...exchange } = this.exchange;
    const { secrets } = this.writer;
    return {
      id: `REQ-${String(number).padStart(6, '0')}`,
      at: formatInstant(this.at),
      method,
      url: rawQuery === '' ? path : `${path}?${withoutSecrets(rawQuery, secrets)}`,
      operationId: operation?.id,
      system: operation?.system,
      request: { headers: redacted(exchange.requestHeaders, secrets), body: exchange.requestBody },
      response: { status: exchange.status, headers: exchange.responseHeaders, body: exchange.responseBody },
      violations: violations.length > 0 ? violations : undefined,
      notes: notes.length > 0 ? notes : undefined,
    };
  }
}

class RequestLine implements NotedLine {
  readonly noted: Noted;

  constructor(noted: Noted) {
    this.noted = noted;
  }

  toJSON(): TranscriptEntry {
    const { exchange, at, writer } = this.noted;
    const { method, path, rawQuery, operation } = exchange;
    const origins = originsOf(exchange, writer);
    return {
      kind: 'request',
      at: formatInstant(at),
      method,
      path,
      query: rawQuery === '' ? undefined : neutralize(withoutSecrets(rawQuery, writer.secrets), origins),
      operationId: operation?.id,
      body: neutralize(exchange.requestBody, origins),
    };
  }
}

class ResponseLine implements NotedLine {
  readonly noted: Noted;

  constructor(noted: Noted) {
    this.noted = noted;
  }

  toJSON(): TranscriptEntry {
    const { exchange, at, writer } = this.noted;
    const origins = originsOf(exchange, writer);
    return {
      kind: 'response',
      at: formatInstant(at),
      status: exchange.status,
      headers: neutralize(told(exchange.responseHeaders), origins),
      body: neutralize(exchange.responseBody, origins),
    };
  }
}

/** Addresses that mean this simulator and tenant, longest first. */
function originsOf({ origin, prefix }: RecordedExchange, { ownUrl }: Writer): readonly string[] {
  if (origin === '') return [];
  const own = ownUrl();
  const all = own === origin ? [origin] : [origin, own];
  return prefix === '' ? all : [...all.map((each) => each + prefix), ...all];
}

function told(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of TOLD) {
    const value = headers[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

function neutralize(value: unknown, origins: readonly string[]): unknown {
  if (typeof value === 'string') {
    // The secret of a webhook, which the control API takes and answers with.
    if (value.startsWith('whsec_')) return REDACTED;
    return origins.reduce(
      (text, origin) => (text.includes(origin) ? text.replaceAll(origin, 'http://simulator') : text),
      value,
    );
  }
  if (Array.isArray(value)) return value.map((item) => neutralize(item, origins));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, neutralize(member, origins)]));
}

function secretNames(contracts: readonly Pick<Contract, 'securitySchemes'>[]): ReadonlySet<string> {
  const names = new Set(['authorization', 'proxy-authorization', 'cookie', 'access_token']);
  for (const scheme of contracts.flatMap(({ securitySchemes }) => Object.values(securitySchemes))) {
    if (scheme.type === 'apiKey' && scheme.name !== undefined) names.add(scheme.name.toLowerCase());
  }
  return names;
}

function redacted(headers: Headers, secrets: ReadonlySet<string>): Headers {
  let copy: Record<string, string | string[] | undefined> | undefined;
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
      return secrets.has(name.toLowerCase()) ? `${name}=${REDACTED}` : pair;
    })
    .join('&');
}
