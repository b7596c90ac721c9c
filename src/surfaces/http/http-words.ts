import type { IncomingMessage } from 'node:http';

/** Headers that are about one connection alone (RFC 9110, 7.6.1), in lower case. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

/** Whether a request asks for no change (RFC 9110, 9.2.1). */
export function isSafe({ method }: Pick<IncomingMessage, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
