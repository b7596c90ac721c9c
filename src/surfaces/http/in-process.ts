import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AskedRequest } from '../../model/asked-request.ts';

export interface AnswerHere {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Asks the server of this process without a socket: what answers it is what answers any request. `url` is where clients
 * of the network find it, because links start with that.
 *
 * @example const { status } = await askHere({ handle, url }, { method: 'GET', path: '/v1/customers', headers: {} });
 */
export async function askHere(
  { handle, url }: { handle: (request: IncomingMessage, response: ServerResponse) => void; url: string },
  { method, path, headers, body }: AskedRequest,
): Promise<AnswerHere> {
  const { inject } = await import('light-my-request');
  const { host, protocol } = new URL(url);
  const answered: typeof handle = (request, response) => {
    // As sockets of TLS are marked: links have the scheme by which clients of the network come.
    if (protocol === 'https:') Object.assign(request.socket, { encrypted: true });
    handle(request, response);
  };
  const answer = await inject(answered as Parameters<typeof inject>[0], {
    method: method as 'GET',
    url: path,
    headers: { ...headers, host },
    payload: body,
  });
  const entries = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, [value].flat().join(', ')]],
  );
  return { status: answer.statusCode, headers: Object.fromEntries(entries), body: answer.payload };
}
