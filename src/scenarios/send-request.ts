import { isJsonType } from '../lib/json-type.ts';
import type { HttpResponse } from './player.ts';

export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string;
    redirect?: 'manual';
    signal?: AbortSignal;
  },
) => Promise<FetchAnswer>;

/** The part of a `Response` that is used. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: Iterable<[string, string]> | { entries(): IterableIterator<[string, string]> };
  text(): Promise<string>;
}

/** What reaches a server, and says when it has waited long enough. */
export interface Wire {
  readonly fetch: Fetch;
  /** Calls back after so many milliseconds of wall time; the answer calls it off. */
  readonly patience: (milliseconds: number, callback: () => void) => () => void;
}

export interface PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds of wall time after which the answer comes too late; it may take its time without. */
  readonly timeout?: number;
}

/**
 * Sends a request and reads the whole answer; rejects where none comes, or not in time.
 *
 * @example await sendRequest(wire, { method: 'GET', url: 'http://127.0.0.1:4010/v1/products', headers: {} });
 */
export async function sendRequest(wire: Wire, request: PlainRequest): Promise<HttpResponse> {
  const { method, url, headers, body, timeout } = request;
  const controller = new AbortController();
  const callOff = timeout === undefined ? undefined : wire.patience(timeout, () => controller.abort());
  try {
    const answer = await wire.fetch(url, {
      method,
      headers: { ...headers },
      redirect: 'manual',
      ...(body !== undefined && { body }),
      ...(timeout !== undefined && { signal: controller.signal }),
    });
    return toResponse(answer, await answer.text());
  } catch (error) {
    throw controller.signal.aborted ? new Error('it did not come in time', { cause: error }) : error;
  } finally {
    callOff?.();
  }
}

function toResponse({ status, headers }: FetchAnswer, text: string): HttpResponse {
  const entries = 'entries' in headers ? headers.entries() : headers;
  const found = Object.fromEntries([...entries].map(([name, value]) => [name.toLowerCase(), value]));
  return {
    status,
    headers: found,
    ...(text !== '' && { body: parseBody(text, found['content-type'] ?? ''), text }),
  };
}

function parseBody(text: string, contentType: string): unknown {
  if (!isJsonType(contentType)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
