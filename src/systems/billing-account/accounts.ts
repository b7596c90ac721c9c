import { answerList } from '../../engine/behaviours/list.ts';
import type { Change } from '../../engine/state/change.ts';
import { equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { StoredResource } from '../../engine/state/stored-resource.ts';
import type { Work } from '../../engine/state/work.ts';
import type { ReadHandler, ResourceRules } from '../../engine/system.ts';
import { parseTmfQuery } from '../../engine/tmf630/attribute-query.ts';
import { isSameJson } from '../../lib/json-object.ts';
import { type Command, type Outcome, Refusal } from '../../model/command.ts';
import { amountOwed, isSettled, RECEIVABLE, receivableSums } from './balance.ts';
import { ACCOUNTS } from './collections.ts';
import { watchCreditLimit } from './credit-limit.ts';
import { noteHold } from './holds.ts';
import { ACCOUNT_LIFECYCLE, ACCOUNT_STATES } from './lifecycle.ts';
import { announceAttributes, announceState } from './notifications.ts';
import { followPendingUpdate } from './pending-update.ts';
import { checkRelationships } from './relationships.ts';
import { announceTerms, customerOf, firstAccount } from './terms.ts';

/** What the contract cannot say about a billing account. */
export const accountRules: ResourceRules = {
  id: ({ number }) => `BA-${String(number).padStart(6, '0')}`,
  lifecycle: ACCOUNT_LIFECYCLE,
  check(work, after, before) {
    if (before === undefined) checkFirstState(after);
    else checkClass(before, after);
    checkRelationships(work, after, before);
    if (after.state === 'Closed' && before?.state !== 'Closed') refuseWhileOwed(after, 'close');
  },
  announce: announceState,
  changed(work, change) {
    checkMoney(change);
    noteHold(work, change);
    announceAttributes(work, change);
    followPendingUpdate(work, change);
    if (change.after?.state === 'Closed' && change.before?.state !== 'Closed') payOut(work, change.after);
    announceTerms(work, change);
    watchCreditLimit(work, change);
  },
  removing(work, account) {
    refuseWhileOwed(account, 'delete');
    refuseWhileRelated(work, account);
    payOut(work, account);
  },
};

/** GET of all accounts, with the query language and headers of TMF630. */
export const listBillingAccount: ReadHandler = (work, command) => {
  const entry = work.registry.resource(ACCOUNTS);
  const attributes = work.registry.schemas.properties(entry.resource.schema);
  requireNonNegative(command, ['offset', 'limit']);
  const query = parseTmfQuery(command.rawQuery, (name) => attributes.has(name));
  const outcome = answerList(withTmfHeaders(entry), work, command, query);
  const total = Number(outcome.headers?.['x-total-count'] ?? 0);
  return { ...outcome, headers: { ...outcome.headers, link: linksOf(command, total) } };
};

/** TMF630 wants 400 for a negative offset or limit; the contract gives neither a bound. */
function requireNonNegative({ query }: Command, names: readonly string[]): void {
  const negative = names.filter((name) => Number(query[name] ?? 0) < 0);
  if (negative.length === 0) return;
  const violations = negative.map((name) => ({ in: 'query' as const, path: `/${name}`, message: 'must be 0 or more' }));
  throw new Refusal(
    400,
    'INVALID_PAGE',
    `Failed to list billing accounts: ${negative.join(' and ')} must not be negative. Use 0 or more.`,
    { violations },
  );
}

/** Counts come in headers that the contract does not name, and filters are read from the whole query string here. */
function withTmfHeaders(entry: StoredResource): StoredResource {
  const list = { ...entry.resource.list, filters: {}, totalHeader: 'x-total-count', countHeader: 'x-result-count' };
  return { ...entry, resource: { ...entry.resource, list } };
}

/** Where this page and its neighbours are; targets are paths, as all links of an outcome. */
function linksOf(command: Command, total: number): string {
  const limit = typeof command.query.limit === 'number' ? command.query.limit : undefined;
  const offset = typeof command.query.offset === 'number' ? command.query.offset : 0;
  const { path } = command.operation;
  if (limit === undefined || limit === 0)
    return `<${path}${command.rawQuery === '' ? '' : `?${command.rawQuery}`}>; rel="self"`;
  const others = command.rawQuery.split('&').filter((part) => part !== '' && !/^(offset|limit)=/.test(part));
  const link = (rel: string, from: number) =>
    `<${path}?${[...others, `offset=${from}`, `limit=${limit}`].join('&')}>; rel="${rel}"`;
  return [
    link('self', offset),
    link('first', 0),
    ...(offset > 0 ? [link('prev', Math.max(0, offset - limit))] : []),
    ...(offset + limit < total ? [link('next', offset + limit)] : []),
    link('last', Math.max(0, Math.floor((total - 1) / limit) * limit)),
  ].join(', ');
}

/** The contract leaves the state open; one that is not in the life cycle would have no way on from it. */
function checkFirstState(account: Entity): void {
  if (ACCOUNT_STATES.includes(String(account.state))) return;
  const known = ACCOUNT_STATES.join(', ');
  throw new Refusal(
    400,
    'UNKNOWN_STATE',
    `Failed to open the billing account: "${String(account.state)}" is no state of its life cycle. Use one of ${known}, or leave it out for ${ACCOUNT_LIFECYCLE.initial}.`,
    {
      violations: [{ in: 'body', path: '/state', message: `must be one of ${known}` }],
    },
  );
}

/** TMF630: what class a resource is of never changes. */
function checkClass(before: Entity, after: Entity): void {
  for (const name of ['@type', '@baseType', '@schemaLocation']) {
    if (before[name] === undefined || before[name] === after[name]) continue;
    throw new Refusal(
      400,
      'IMMUTABLE',
      `Failed to change the billing account: ${name} cannot change once set. Leave it out.`,
      {
        violations: [{ in: 'body', path: `/${name}`, message: 'cannot change once set' }],
      },
    );
  }
}

/**
 * What a customer owes comes from bills and payments: nobody writes it down otherwise, and nobody else comes to owe it.
 * Starting worlds hold what has happened before.
 */
function checkMoney({ before, after, context }: Change): void {
  if (after === undefined || context.isBooked === true || context.isStart === true) return;
  const [customer, former] = [customerOf(after), before && customerOf(before)];
  const isOthers = former !== undefined && former !== customer && before?.state !== ACCOUNT_LIFECYCLE.initial;
  const isTaken = before !== undefined && former === undefined && customer !== undefined && !isSettled(after);
  if (isOthers || isTaken) {
    throw new Refusal(
      409,
      'OTHER_CUSTOMER',
      `Failed to change the billing account: ${isOthers ? `it is that of ${former}, who is billed on it` : 'what is owed on it would be owed by somebody else'}. Open another account.`,
    );
  }
  if (customer === undefined || before?.accountBalance === after.accountBalance) return;
  if (isSameJson(receivableSums(before ?? {}), receivableSums(after))) return;
  const message = `must leave ${RECEIVABLE} as it is: what ${customer} owes comes from bills and payments`;
  throw new Refusal(
    400,
    'BALANCE_KEPT',
    'Failed to change what is owed on the billing account: that comes from bills and payments. Leave it out, or use an action such as connectx/adjust-account.',
    { violations: [{ in: 'body', path: '/accountBalance', message }] },
  );
}

/** What is owed on an account would be owed by nobody, were it gone. */
function refuseWhileOwed(account: Entity, what: 'close' | 'delete'): void {
  const owed = amountOwed(account);
  if (owed.length === 0) return;
  const text = owed.map(({ value, unit }) => `${value} ${unit}`).join(' and ');
  throw new Refusal(
    409,
    'AMOUNT_OWED',
    `Failed to ${what} the billing account: ${text} is owed on it. Settle that first, for example by the action connectx/record-payment.`,
    { details: { owed } },
  );
}

/** What is in credit on an account that goes is its customer's, who gets it back. */
function payOut(work: Work, account: Entity): void {
  const customerId = customerOf(account);
  if (customerId === undefined || isSettled(account)) return;
  const first = firstAccount(work, customerId);
  const isFirst = first === undefined || String(first.id) >= String(account.id);
  work.notify('billing-account/closed-in-credit', { accountId: account.id, customerId, isFirst });
}

function refuseWhileRelated(work: Work, account: Entity): void {
  const { items } = work.query(ACCOUNTS, { filter: equals('accountRelationship.account.id', account.id) });
  const others = items.map(({ id }) => String(id)).filter((id) => id !== account.id);
  if (others.length === 0) return;
  throw new Refusal(
    409,
    'RELATED',
    `Failed to delete the billing account: ${others.join(', ')} relate to it. Remove the relationship there first.`,
  );
}

/** Answers an example listener of the contract: the notice is accepted and has no effect. */
export function acceptNotice(): Outcome {
  return { status: 201 };
}
