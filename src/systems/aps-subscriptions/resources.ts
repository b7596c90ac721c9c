import { equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { OperationHandler, ReadHandler } from '../../engine/system.ts';
import { pickPaths } from '../../lib/pick-paths.ts';
import { Refusal } from '../../model/command.ts';
import { leaveWithAccount } from './accounts.ts';
import { cancelBill } from './bill.ts';
import { deleteContract } from './contracts.ts';
import { TERMINATED } from './lifecycle.ts';
import { changeStatus, configureByClient } from './orders.ts';
import { RESOURCES, refuseMembers, requireResource, typeOf } from './resource-store.ts';
import { parseRql } from './rql.ts';
import { cancelEndOfTerm } from './terms.ts';
import { ACCOUNT, RQL_TYPES, SERVICE, SUBSCRIPTION } from './types.ts';

/** GET of all resources: RQL, `Content-Range`, 206 where the page is not everything. */
export const listResources: ReadHandler = (work, command) => {
  const { filter, order, offset = 0, limit, select } = parseRql(command.rawQuery, RQL_TYPES);
  const { items, total } = work.query(RESOURCES, { filter, order, offset, limit });
  const range = items.length === 0 ? '*' : `${offset}-${offset + items.length - 1}`;
  return {
    status: items.length < total ? 206 : 200,
    headers: { 'content-range': `items ${range}/${total}` },
    // `aps` always comes whole: the contract demands all of it in every resource.
    body: select === undefined ? items : items.map((item) => pickPaths(item, ['aps', ...select])),
  };
};

/** GET of one. */
export const getResource: ReadHandler = (work, command) => ({
  status: 200,
  body: requireResource(work, command.path.apsId ?? ''),
});

/** PUT of one. */
export const configureResource: OperationHandler = (work, command) => {
  const id = command.path.apsId ?? '';
  const { aps: sent, ...members } = command.body as Entity;
  const { aps } = requireResource(work, id);
  for (const name of ['id', 'type'] as const) {
    const value = (sent as Entity | undefined)?.[name];
    if (value === undefined || value === (aps as Entity)[name]) continue;
    refuseMembers([{ path: `/aps/${name}`, message: `is ${String((aps as Entity)[name])} and cannot change` }]);
  }
  return { status: 200, body: configureByClient(work, id, members) };
};

/** DELETE of one; what others are linked to, and the service itself, stays. */
export const unprovisionResource: OperationHandler = (work, command) => {
  const id = command.path.apsId ?? '';
  const resource = requireResource(work, id);
  if (typeOf(resource) === SERVICE.id) {
    throw new Refusal(
      409,
      'IN_USE',
      'Failed to delete the resource: it is the service itself, which all others depend on. Delete other resources.',
    );
  }
  if (typeOf(resource) === ACCOUNT.id) {
    refuseWhileLinked(work, id);
    leaveWithAccount(work, id);
  }
  if (typeOf(resource) === SUBSCRIPTION.id && resource.status !== TERMINATED) changeStatus(work, id, TERMINATED);
  work.delete(RESOURCES, id);
  if (typeOf(resource) === SUBSCRIPTION.id) {
    deleteContract(work, id);
    cancelBill(work, id);
    cancelEndOfTerm(work, id);
  }
  return { status: 204 };
};

function refuseWhileLinked(work: Work, id: string): void {
  for (const relation of ['account', 'vendor', 'parent']) {
    const { total, items } = work.query(RESOURCES, { filter: equals(`${relation}.aps.id`, id), limit: 1 });
    const [first] = items;
    if (first === undefined) continue;
    throw new Refusal(
      409,
      'IN_USE',
      `Failed to delete the account: ${total} resources name it as their ${relation}, ${String((first.aps as Entity).id)} among them. Delete those first.`,
    );
  }
}
