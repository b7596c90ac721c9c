import { signal } from '@preact/signals';
import type { Schemas } from '../src/kit/shipped-contracts.ts';

/** What the control contract says, so that the page and the API cannot drift apart. */
export type Control = Schemas['simulator/control'];

/** The administrator's token: asked for where one is wanted, and kept for this tab alone. */
const adminToken = signal(sessionStorage.getItem('bss-admin-token') ?? '');
/** The token that the contracts' own operations are asked with; any will do unless the simulator is strict. */
export const clientToken = signal(sessionStorage.getItem('bss-client-token') ?? '');
export const isTokenWanted = signal(false);

export function keepToken(value: string, kind: 'admin' | 'client'): void {
  sessionStorage.setItem(`bss-${kind}-token`, value);
  if (kind === 'admin') {
    adminToken.value = value;
    isTokenWanted.value = false;
  } else clientToken.value = value;
}

/** A request that was not answered with success, in the words of the answer. */
export class ProblemError extends Error {
  readonly status: number;
  readonly violations: readonly { readonly path: string; readonly message: string }[];

  constructor(status: number, message: string, violations: ProblemError['violations'] = []) {
    super(message);
    this.status = status;
    this.violations = violations;
  }
}

export interface Exchange {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly text: string;
  readonly body: unknown;
}

/** Where the API of a tenant begins. */
export function baseOf(tenant: string): string {
  return `/@${encodeURIComponent(tenant)}`;
}

function controlHeaders(token = adminToken.peek()): Record<string, string> {
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}

/** Asks for a token, unless the one that was refused has been replaced since: late refusals are of no interest. */
function askForToken(refused: string): void {
  if (adminToken.peek() === refused) isTokenWanted.value = true;
}

/** Whether the control API takes a token; it is kept if so. */
export async function tryToken(tenant: string, token: string): Promise<boolean> {
  const response = await fetch(`${baseOf(tenant)}/_simulator/tenants?limit=1`, { headers: controlHeaders(token) });
  if (response.status === 401) return false;
  keepToken(token, 'admin');
  return true;
}

/** What is asked of the control API beside its address; a body is sent as JSON. */
interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Asks the control API and waits for a success to begin; rejects with a `ProblemError` that says what to do. */
async function askControl(tenant: string, path: string, ask: Ask): Promise<Response> {
  const { method = 'GET', body, headers, signal: gone } = ask;
  const token = adminToken.peek();
  const response = await fetch(`${baseOf(tenant)}/_simulator${path}`, {
    method,
    headers: {
      ...controlHeaders(token),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(gone !== undefined && { signal: gone }),
  }).catch(() => {
    throw new ProblemError(
      0,
      'Failed to reach the simulator: it does not answer. Start it again, and this page goes on.',
    );
  });
  if (response.ok) return response;
  if (response.status === 401) askForToken(token);
  throw toProblem(response.status, await response.text());
}

/** Asks the control API; rejects with a `ProblemError` that says what to do. */
export async function control<T>(tenant: string, method: string, path: string, body?: unknown): Promise<T> {
  const text = await (await askControl(tenant, path, { method, body })).text();
  return (text === '' ? undefined : parsed(text)) as T;
}

/** Asks an operation of a contract, as any client would. */
export async function operation(
  tenant: string,
  method: string,
  path: string,
  body?: { readonly contentType: string; readonly text: string },
): Promise<Exchange> {
  const token = clientToken.value || adminToken.value || 'console';
  const response = await fetch(baseOf(tenant) + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'aps-token': token,
      ...(body !== undefined && { 'content-type': body.contentType }),
    },
    ...(body !== undefined && method !== 'GET' && { body: body.text }),
  });
  const text = await response.text();
  return { status: response.status, headers: [...response.headers], text, body: parsed(text) };
}

/** As `operation` with a JSON body; rejects where it is refused. */
export async function mustDo(tenant: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const sent = body === undefined ? undefined : { contentType: 'application/json', text: JSON.stringify(body) };
  const answer = await operation(tenant, method, path, sent);
  if (answer.status < 400) return answer.body;
  throw toProblem(answer.status, answer.text);
}

function toProblem(status: number, text: string): ProblemError {
  const body = parsed(text) as {
    detail?: string;
    message?: string;
    reason?: string;
    errors?: ProblemError['violations'];
  };
  const isObject = typeof body === 'object' && body !== null;
  const message = isObject ? (body.detail ?? body.message ?? body.reason) : undefined;
  return new ProblemError(status, message ?? `Failed: the answer was ${status}.`, isObject ? (body.errors ?? []) : []);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export interface StreamedEvent {
  readonly id?: string;
  readonly event: string;
  readonly data: string;
}

/**
 * Server-sent events by `fetch`, which can send the token where `EventSource` cannot: resolves once the simulator has
 * begun to answer, so that nothing that happens from then on is missed. Ends with the answer; whoever wants to go on
 * resumes with the last id.
 */
export async function stream(
  tenant: string,
  path: string,
  options: Omit<Ask, 'headers'> & { readonly signal: AbortSignal; readonly lastId?: string },
): Promise<AsyncGenerator<StreamedEvent>> {
  const { lastId, ...ask } = options;
  const headers = { accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) };
  const { body } = await askControl(tenant, path, { ...ask, headers });
  if (body === null) throw new ProblemError(0, 'Failed to listen to the simulator: its answer has no body.');
  return eventsOf(body);
}

async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<StreamedEvent> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array<ArrayBuffer>>)
    .getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
      );
      const id = fields.get('id');
      yield {
        event: fields.get('event') ?? 'message',
        data: fields.get('data') ?? '',
        ...(id !== undefined && { id }),
      };
    }
  }
}
