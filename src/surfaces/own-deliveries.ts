import { Refusal } from '../model/command.ts';
import type { RequestHeaders } from './surface.ts';

/** Where deliveries to this simulator are received, without the tenant's prefix. */
export const INBOX = /^\/_simulator\/inbox\/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The header that every delivery carries: what it comes from, and for which tenant. */
export const DELIVERY_HEADER = 'x-simulator-delivery';

/**
 * Writes what a delivery of a tenant says of itself. `process` is a name that no other simulator has.
 *
 * @example deliveryMark('k3Jd…', 'acme') // 'k3Jd…/acme'
 */
export function deliveryMark(process: string, tenant: string): string {
  return `${process}/${tenant}`;
}

/**
 * Makes what keeps deliveries that come back here in their place. Whoever may use a contract says where its callbacks
 * go, and they arrive from this very machine, as a program: without this, a page could use the control API through
 * them, and one tenant could reach another by the simulator's own address.
 *
 * @example createDeliveryGuard('k3Jd…')({ 'x-simulator-delivery': 'k3Jd…/evil' }, { tenant: 'victim', path, isControl });
 */
export function createDeliveryGuard(process: string): DeliveryGuard {
  return (headers, { tenant, path, isControl }) => {
    const mark = headers[DELIVERY_HEADER];
    if (mark === undefined) return undefined;
    if (isControl && !INBOX.test(path)) {
      return notAllowed('the control API takes deliveries in its inboxes alone');
    }
    const isOurs = String(mark).startsWith(deliveryMark(process, ''));
    return isOurs && mark !== deliveryMark(process, tenant) ? notAllowed('it belongs to another tenant') : undefined;
  };
}

/** Why a request is not taken that is a delivery, if so. */
export type DeliveryGuard = (
  headers: RequestHeaders,
  goal: { readonly tenant: string; readonly path: string; readonly isControl: boolean },
) => Refusal | undefined;

function notAllowed(why: string): Refusal {
  return new Refusal(
    403,
    'DELIVERY_NOT_ALLOWED',
    `Failed to take the delivery: ${why}. Send it to http://simulator/_simulator/inbox/<name>, or to an operation of a contract in its own tenant.`,
  );
}
