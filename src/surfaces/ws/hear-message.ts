import type { WebSocket } from 'ws';
import type { Tenant } from '../../engine/tenant.ts';
import type { Check } from '../../model/schema.ts';
import { readingsOf } from '../message-text.ts';

/** The bytes that a close frame has room for. */
const LONGEST_REASON = 123;

/** How what a client says on a channel is read. */
export interface Hearing {
  readonly channel: string;
  readonly check: Check;
  readonly contentType: string;
}

/** Takes what a client says on a channel that the application listens on; what breaks its contract ends the connection. */
export function hearMessage(
  socket: Pick<WebSocket, 'close'>,
  tenant: Tenant,
  { channel, check, contentType }: Hearing,
  text: string,
): void {
  const readings = readingsOf(text, contentType);
  const payload = readings.find((reading) => check(reading).length === 0);
  if (payload === undefined) {
    const [violation] = readings.length === 0 ? [{ path: '', message: 'is no JSON' }] : check(readings[0]);
    const why = `the message breaks its contract: ${violation?.path ?? ''} ${violation?.message ?? ''}`;
    socket.close(1008, Buffer.byteLength(why) <= LONGEST_REASON ? why : 'the message breaks its contract');
    return;
  }
  tenant.apply({ kind: 'message', channel, payload });
}
