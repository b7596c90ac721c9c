import { STATUS_CODES } from 'node:http';

/** A request and its answer, as a journal has them. */
export interface HarSource {
  readonly id: string;
  readonly at: string;
  readonly method: string;
  /** The path with its query. */
  readonly url: string;
  readonly operationId?: string | undefined;
  readonly notes?: readonly string[] | undefined;
  readonly request: { readonly headers: Readonly<Record<string, unknown>>; readonly body?: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly body?: unknown;
  };
}

/**
 * Requests of a tenant as an HTTP Archive (HAR 1.2), for whatever shows one.
 *
 * @example await writeFile('tenant.har', JSON.stringify(toHar(await tenant.requests.list(), tenant.url)));
 */
export function toHar(requests: readonly HarSource[], url: string) {
  return {
    log: {
      version: '1.2',
      creator: { name: 'bss-simulator', version: '1' },
      entries: requests.map((entry) => ({
        startedDateTime: entry.at,
        // The tenant's clock: nothing of it passes while a request is answered.
        time: 0,
        request: {
          method: entry.method,
          url: `${url}${entry.url}`,
          httpVersion: 'HTTP/1.1',
          cookies: [],
          headers: headersOf(entry.request.headers),
          queryString: [...new URL(entry.url, url).searchParams].map(([name, value]) => ({ name, value })),
          ...(entry.request.body !== undefined && {
            postData: { mimeType: typeOf(entry.request.headers), text: textOf(entry.request.body) },
          }),
          headersSize: -1,
          bodySize: -1,
        },
        response: {
          status: entry.response.status,
          statusText: STATUS_CODES[entry.response.status] ?? '',
          httpVersion: 'HTTP/1.1',
          cookies: [],
          headers: headersOf(entry.response.headers),
          content: { size: -1, mimeType: typeOf(entry.response.headers), text: textOf(entry.response.body) },
          redirectURL: '',
          headersSize: -1,
          bodySize: -1,
        },
        cache: {},
        timings: { send: 0, wait: 0, receive: 0 },
        comment: [entry.id, entry.operationId, ...(entry.notes ?? [])].filter(Boolean).join(' '),
      })),
    },
  };
}

function headersOf(
  headers: Readonly<Record<string, unknown>>,
): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each) => ({ name, value: String(each) })),
  );
}

function typeOf(headers: Readonly<Record<string, unknown>>): string {
  return String(headers['content-type'] ?? 'application/json');
}

function textOf(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
