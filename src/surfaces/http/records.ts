import type { JournalEntry } from '../../engine/journal.ts';
import type { Tenant } from '../../engine/tenant.ts';
import { formatInstant } from '../../lib/time.ts';
import type { Contract } from '../../model/contract.ts';
import type { Operation } from '../../model/operation.ts';
import type { Violation } from '../../model/schema.ts';
import type { Headers } from './auth/credentials.ts';

/** One exchange, as far as the records of its tenant are concerned. */
export interface RecordedExchange {
  readonly tenant: Tenant;
  readonly method: string;
  readonly path: string;
  readonly rawQuery: string;
  readonly operation: Operation | undefined;
  readonly request: { readonly headers: Headers; readonly body: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
  readonly violations: readonly Violation[];
  readonly notes: readonly string[];
  /** Addresses that mean this simulator and tenant, longest first. */
  readonly origins: readonly string[];
}

/** Writes exchanges to the tenant's journal and transcript. */
export interface Records {
  journal(exchange: RecordedExchange): void;
  transcript(exchange: RecordedExchange): void;
}

/** Response headers that say something about the world, and not about the wire. */
const TOLD = ['location', 'content-type', 'x-total-count', 'x-result-count', 'content-range', 'link'];
const REDACTED = '[redacted]';

/**
 * Makes the writer of records. Bodies are kept by reference; credentials are not kept at all.
 *
 * @example createRecords(contracts).journal(exchange);
 */
export function createRecords(contracts: readonly Pick<Contract, 'securitySchemes'>[]): Records {
  const secrets = secretNames(contracts);
  let lastInstant = Number.NaN;
  let lastText = '';
  // A virtual clock mostly stands still, and writing a time costs more than everything else here.
  const timeOf = (tenant: Tenant): string => {
    const now = tenant.now();
    if (now !== lastInstant) {
      lastText = formatInstant(now);
      lastInstant = now;
    }
    return lastText;
  };
  return {
    journal(exchange) {
      const { tenant, operation, violations, notes, response } = exchange;
      const entry: JournalEntry = {
        id: `REQ-${String(tenant.journal.count + 1).padStart(6, '0')}`,
        at: timeOf(tenant),
        method: exchange.method,
        url:
          exchange.rawQuery === '' ? exchange.path : `${exchange.path}?${withoutSecrets(exchange.rawQuery, secrets)}`,
        operationId: operation?.id,
        system: operation?.system,
        request: { headers: redacted(exchange.request.headers, secrets), body: exchange.request.body },
        response,
        violations: violations.length > 0 ? violations : undefined,
        notes: notes.length > 0 ? notes : undefined,
      };
      tenant.journal.add(entry);
    },
    transcript(exchange) {
      const { tenant, operation, request, response, origins } = exchange;
      const at = timeOf(tenant);
      tenant.transcript.add({
        kind: 'request',
        at,
        method: exchange.method,
        path: exchange.path,
        query: exchange.rawQuery === '' ? undefined : neutral(withoutSecrets(exchange.rawQuery, secrets), origins),
        operationId: operation?.id,
        body: neutral(request.body, origins),
      });
      tenant.transcript.add({
        kind: 'response',
        at,
        status: response.status,
        headers: neutral(told(response.headers), origins),
        body: neutral(response.body, origins),
      });
    },
  };
}

function told(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of TOLD) {
    const value = headers[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** Written out when the transcript is: most transcripts never are, and then the origins are never looked for. */
class Neutral {
  readonly #value: unknown;
  readonly #origins: readonly string[];

  constructor(value: unknown, origins: readonly string[]) {
    this.#value = value;
    this.#origins = origins;
  }

  toJSON(): unknown {
    return neutralize(this.#value, this.#origins);
  }
}

function neutral(value: unknown, origins: readonly string[]): unknown {
  return value === undefined ? undefined : new Neutral(value, origins);
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
