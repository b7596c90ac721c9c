import type { WebSocket } from 'ws';
import type { Tenant } from '../../engine/tenant.ts';
import type { Check } from '../../model/schema.ts';

/** The bytes that a close frame has room for. */
const LONGEST_REASON = 123;

/** Takes what a client says on a channel that the application listens on; what breaks its contract ends the connection. */
export function hearMessage(
  socket: Pick<WebSocket, 'close'>,
  tenant: Tenant,
  channel: string,
  check: Check,
  text: string,
): void {
  const payload = parsed(text);
  const [violation] = payload === undefined ? [{ path: '', message: 'is no JSON' }] : check(payload);
  if (violation !== undefined) {
    const why = `the message breaks its contract: ${violation?.path ?? ''} ${violation?.message ?? ''}`;
    socket.close(1008, Buffer.byteLength(why) <= LONGEST_REASON ? why : 'the message breaks its contract');
    return;
  }
  tenant.apply({ kind: 'message', channel, payload });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
