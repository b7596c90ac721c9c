import type { FaultRequest } from '../../src/engine/faults/fault.ts';
import { addFault, clearFaults } from '../../src/engine/faults/faults.ts';
import { changePolicies } from '../../src/engine/policies/tenant-policies.ts';
import type { Entity } from '../../src/engine/state/store/store.ts';
import { Refusal } from '../../src/model/command.ts';
import type { System } from '../../src/operator/system.ts';
import { createTraffic } from '../../src/operator/traffic.ts';
import type { Invoice, Payment, Subscription } from '../../src/systems/connectx/entities.ts';
import { perform } from './perform.ts';
import type { TestTenant } from './tenant-of.ts';

/** One thing that is done: what it is, to whom, and how; a number means the same thing each time it is drawn. */
export type Step = readonly [name: string, who: number, how: number];

/** Does things to a world, each named by a word and two numbers, so that a history is plain data that shrinks. */
export interface History {
  /** All words that there are. */
  readonly names: readonly string[];
  /** Does one; a refusal is an answer too, and anything else that is thrown is a mistake. */
  perform(world: TestTenant, step: Step): Promise<void>;
}

/** The day some days after the world's present one. */
export function dateIn({ tenant }: TestTenant, days: number): string {
  return new Date(tenant.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Everything of one collection. */
export function rowsOf<T = Entity>({ tenant }: TestTenant, collection: string): readonly T[] {
  return tenant.store.query(collection).items as unknown as readonly T[];
}

/**
 * What clients, operators and time may do to all systems of the operator.
 *
 * @example await historyOf(systems).perform(world, ['order', 3, 17]);
 */
export function historyOf(systems: readonly System[]): History {
  const traffic = createTraffic(systems);
  const commands: Readonly<Record<string, Deed>> = { ...MONEY, ...ACCOUNTS, ...TELEPHONES, ...MARKETPLACE, ...TIME };
  const all: Readonly<Record<string, Deed>> = {
    ...commands,
    traffic: (at, who, how) =>
      perform(at.world.tenant, (work) =>
        traffic.start(work, { rate: 1 + (how % 20), count: 1 + (who % 30), duration: 'PT2H' }),
      ),
    decide: (at, who, how) =>
      perform(at.world.tenant, (work) => {
        const policies = POLICIES[who % POLICIES.length]?.(how);
        const change = changePolicies(work, work.registry.policies, policies);
        for (const system of systems) system.policiesChanged?.(work, change);
      }),
  };
  return {
    names: Object.keys(all),
    async perform(world, [name, who, how]) {
      try {
        const outcome = await all[name]?.(lookUp(world), who, how);
        if (outcome instanceof Refusal && outcome.status >= 500) throw outcome;
      } catch (error) {
        if (!(error instanceof Refusal) || error.status >= 500) throw error;
      }
    },
  };
}

type Deed = (at: Found, who: number, how: number) => unknown;
type Found = ReturnType<typeof lookUp>;

/** Finds whom a number means just now. */
function lookUp(world: TestTenant) {
  const pickRow = <T>(items: readonly T[], draw: number): T | undefined => items[draw % Math.max(1, items.length)];
  const rows = <T = Entity>(collection: string) => rowsOf<T>(world, collection);
  const resources = (kind: string) =>
    rows('aps-subscriptions/$resources').flatMap(({ aps }) => {
      const { id, type } = aps as { readonly id: string; readonly type: string };
      return type.includes(kind) ? [id] : [];
    });
  return {
    world,
    call: world.call,
    act: world.act,
    date: (days: number) => dateIn(world, days),
    subscription: (draw: number) => pickRow(rows<Subscription>('connectx/Subscription'), draw)?.subscriptionId ?? '-',
    customer: (draw: number) => String(pickRow(rows('connectx/Customer'), draw)?.customerId),
    customerName: (draw: number) => String(pickRow(rows('connectx/Customer'), draw)?.companyName ?? 'Nobody'),
    invoice: (draw: number) => pickRow(rows<Invoice>('connectx/Invoice').toReversed(), draw)?.invoiceId ?? '-',
    payment: (draw: number) => pickRow(rows<Payment>('connectx/$payments').toReversed(), draw)?.paymentId ?? '-',
    account: (draw: number) => String(pickRow(rows('billing-account/BillingAccount'), draw)?.id),
    subscriber: (draw: number) => pickRow(rows('macd/Subscriber'), draw),
    apsSubscription: (draw: number) => pickRow(resources('billing/Subscription'), draw) ?? '-',
    apsAccount: (draw: number) => pickRow(resources('pa/account'), draw) ?? '-',
    apsService: () => resources('bss-subscription-service')[0] ?? '-',
    number: () => rows('macd/OrderRecord').length + 1,
  };
}

const PRODUCTS = ['PRD-BRB-010', 'PRD-BRB-020', 'PRD-BRB-030', 'PRD-MOB-010', 'PRD-TV-010'];
const STATES = ['Suspended', 'Active', 'Pending update', 'Pending closed', 'Closed'];

/** Customers and what they buy, owe and pay. */
const MONEY: Readonly<Record<string, Deed>> = {
  join: ({ call }, _, how) =>
    call('createCustomer', {
      body: {
        customerType: how % 3 === 0 ? 'Government' : 'Individual',
        email: 'a@example.com',
        ...(how % 2 === 0 && { address: { country: ['DE', 'US', 'GB', 'SE'][how % 4] } }),
      },
    }),
  order: ({ call, customer, date }, who, how) =>
    call('createSubscription', {
      path: { customerId: customer(who) },
      body: {
        productId: PRODUCTS[how % PRODUCTS.length],
        startDate: date((how % 60) - 20),
        addons: how % 4 === 0 ? ['PRD-ADD-030'] : [],
      },
    }),
  hold: ({ call, customer }, who, how) =>
    call('updateCustomer', {
      path: { customerId: customer(who) },
      body: { status: ['Suspended', 'Active', 'Inactive'][how % 3] },
    }),
  moveHouse: ({ call, customer }, who, how) =>
    call('updateCustomer', {
      path: { customerId: customer(who) },
      body: { email: `c${how}@example.com`, address: { city: 'Hull', country: how % 2 === 0 ? 'IE' : 'GB' } },
    }),
  activate: ({ act, subscription }, who) =>
    act('connectx/activate-subscription', { subscriptionId: subscription(who) }),
  suspend: ({ act, subscription }, who) => act('connectx/suspend-subscription', { subscriptionId: subscription(who) }),
  resume: ({ act, subscription }, who) => act('connectx/resume-subscription', { subscriptionId: subscription(who) }),
  cancel: ({ act, subscription, date }, who, how) =>
    act('connectx/cancel-subscription', {
      subscriptionId: subscription(who),
      ...(how % 2 === 0 && { endDate: date(how % 50) }),
    }),
  leave: ({ act, customer }, who) => act('connectx/terminate-customer', { customerId: customer(who) }),
  changePlan: ({ act, subscription, date }, who, how) =>
    act('connectx/change-plan', {
      subscriptionId: subscription(who),
      productId: PRODUCTS[how % PRODUCTS.length],
      ...(how % 3 === 0 && { effectiveDate: date(how % 20) }),
    }),
  addAddon: ({ act, subscription }, who) =>
    act('connectx/add-addon', { subscriptionId: subscription(who), addonId: 'PRD-ADD-030' }),
  removeAddon: ({ act, subscription }, who) =>
    act('connectx/remove-addon', { subscriptionId: subscription(who), addonId: 'PRD-ADD-030' }),
  changePrice: ({ act, subscription }, who, how) =>
    act('connectx/change-price', { subscriptionId: subscription(who), monthlyCharge: (how % 5000) / 100 }),
  changeBillDay: ({ act, customer }, who, how) =>
    act('connectx/change-bill-day', { customerId: customer(who), billDay: 1 + (how % 28) }),
  bill: ({ act, customer }, who) => act('connectx/run-billing', { customerId: customer(who) }),
  charge: ({ act, customer }, who, how) =>
    act('connectx/add-charge', { customerId: customer(who), description: 'Use', quantity: how % 7, unitPrice: 1.31 }),
  pay: ({ act, invoice }, who, how) =>
    act('connectx/record-payment', {
      invoiceId: invoice(who),
      amount: (1 + (how % 9000)) / 100,
      paymentMethod: 'Cash',
    }),
  topUp: ({ act, customer }, who, how) =>
    act('connectx/top-up', { customerId: customer(who), amount: 1 + (how % 90), paymentMethod: 'Cash' }),
  refund: ({ act, payment }, who, how) =>
    act('connectx/refund-payment', { paymentId: payment(who), ...(how % 2 === 0 && { amount: (1 + how) / 100 }) }),
  reverse: ({ act, payment }, who) => act('connectx/reverse-payment', { paymentId: payment(who) }),
  chargeBack: ({ act, payment }, who) => act('connectx/charge-back-payment', { paymentId: payment(who) }),
  withdraw: ({ act, invoice }, who) => act('connectx/cancel-invoice', { invoiceId: invoice(who) }),
  writeOff: ({ act, invoice }, who) => act('connectx/write-off-invoice', { invoiceId: invoice(who) }),
  adjust: ({ act, customer }, who, how) =>
    act('connectx/adjust-account', { customerId: customer(who), amount: ((how % 8000) - 4000) / 100, reason: 'x' }),
  payBy: ({ act, customer }, who, how) =>
    act('connectx/set-payment-method', {
      customerId: customer(who),
      method: how % 3 === 0 ? 'None' : { type: 'DirectDebit', failures: how % 4 },
    }),
};

/** Billing accounts and what they say. */
const ACCOUNTS: Readonly<Record<string, Deed>> = {
  moveAccount: (at, who, how) => patch(at, who, { state: STATES[how % STATES.length] }),
  exempt: (at, who, how) =>
    patch(at, who, { taxExemption: how % 2 === 0 ? [{ issuingJurisdiction: 'GB', validFor: {} }] : [] }),
  prepay: (at, who, how) => patch(at, who, { ratingType: how % 2 === 0 ? 'prepaid' : 'postpaid' }),
  limit: (at, who, how) => patch(at, who, { creditLimit: { unit: 'GBP', value: how % 300 } }),
  plan: (at, who, how) =>
    patch(at, who, {
      paymentPlan: [{ numberOfPayments: how % 5, paymentFrequency: how % 2 === 0 ? 'monthly' : 'weekly' }],
    }),
  cycle: (at, who, how) => {
    const frequency = how % 2 === 0 ? 'monthly' : 'quarterly';
    const cycleSpecification = { isRef: false, name: 'x', frequency, dateShift: how % 28 };
    return patch(at, who, { billStructure: { cycleSpecification } });
  },
  payFor: (at, who, how) =>
    patch(at, who, {
      accountRelationship: [{ relationshipType: 'isPaidBy', account: { id: at.account(how) }, validFor: {} }],
    }),
  overwrite: (at, who, how) =>
    patch(at, who, {
      ...(how % 2 === 0 && {
        accountBalance: [{ balanceType: 'ReceivableBalance', amount: { unit: 'GBP', value: how % 3 }, validFor: {} }],
      }),
      ...(how % 3 !== 0 && { relatedParty: [{ id: at.customer(how), role: 'customer' }] }),
    }),
  openSecond: ({ call, customer }, who) =>
    call('createBillingAccount', {
      body: { name: 'Second', state: 'Active', relatedParty: [{ id: customer(who), role: 'customer' }] },
    }),
  assign: ({ act, account, subscription }, who, how) =>
    act('billing-account/assign-subscription', { id: account(how), subscriptionId: subscription(who) }),
  remove: ({ call, account }, who) => call('deleteBillingAccount', { path: { id: account(who) } }),
};

function patch({ call, account }: Found, who: number, body: Entity) {
  return call('patchBillingAccount', { path: { id: account(who) }, body });
}

/** Telephone users: a few names, numbers and devices, so that orders come into each other's way. */
const TELEPHONES: Readonly<Record<string, Deed>> = {
  addUser: (at, who, how) => sendOrder(at, how, 'Add', at.customerName(who), [userOf(at, how)]),
  changeUser: (at, who, how) => {
    const { username, customer } = at.subscriber(who) ?? {};
    return sendOrder(at, how, 'Change', String(customer), [{ ...userOf(at, how), Username: String(username) }]);
  },
  swapUsers: (at, who, how) => {
    const [one, other] = [at.subscriber(who), at.subscriber(who + 1)];
    const swapped = (to: Entity | undefined, from: Entity | undefined) => ({
      ...(from?.user as Entity),
      Username: to?.username,
    });
    return sendOrder(at, how, 'Change', String(one?.customer), [swapped(one, other), swapped(other, one)]);
  },
  removeUser: (at, who, how) => {
    const { username, customer, location } = at.subscriber(who) ?? {};
    const DisconnectionDate = `${at.date((how % 30) - 10)}T00:00:00.000Z`;
    const user = { Username: username, ...(how % 2 === 0 && { DisconnectionDate }) };
    return sendOrder(at, how, 'Delete', String(customer), [user], { Location: String(location) });
  },
  scriptOutcome: ({ act, number }, who, how) =>
    act('macd/script-outcome', {
      ...(who % 3 === 0 && { match: { order: messageId(number()) } }),
      stage: ['Parsing', 'ActiveOrder', 'MobileOrder', 'MobileMigrated'][how % 4],
      status: ['Success', 'Warning', 'Error'][how % 3],
      count: 1 + (how % 3),
      ...(how % 5 === 0 && { duplicate: true, wrongOrder: true }),
      ...(how % 7 === 0 && { delay: 'P3D' }),
    }),
  holdSite: ({ act, customerName }, who, how) =>
    act(how % 2 === 0 ? 'macd/hold-site' : 'macd/release-site', { customer: customerName(who), location: site(how) }),
};

const site = (draw: number) => ['LON-London', 'LEE-Leeds'][draw % 2] ?? '';
const messageId = (number: number) => String(number).padStart(24, '0');

function userOf(at: Found, how: number): Entity {
  const ExtensionNumber = String(4000 + (how % 9));
  return {
    Username: `user${how % 6}`,
    ContactPhone: '',
    ExtensionNumber,
    MobilePhone: '',
    FirstName: 'Ann',
    LastName: 'Felt',
    Email: '',
    EndUserVoicemail: how % 2 === 0,
    ...(how % 4 === 0 && { ActivationDate: `${at.date((how % 50) - 25)}T00:00:00.000Z` }),
    ...(how % 4 === 1 && { ChangeDate: `${at.date((how % 50) - 25)}T00:00:00.000Z` }),
    Lines: [{ ExtensionNumber, ...(how % 3 !== 0 && { DDI: `+44207946000${how % 9}` }) }],
    Devices: [{ Model: 'Cisco 8841', Name: `SEP00005E00530${how % 8}` }],
    ...(how % 5 === 0 && {
      FMC: [{ MobileNumber: `+44770090000${how % 7}`, Extension: ExtensionNumber, MobileBrand: 'Other Mobile Phone' }],
    }),
  };
}

function sendOrder(at: Found, how: number, Operation: string, Customer: string, users: readonly unknown[], head = {}) {
  const Order = {
    MessageID: messageId(at.number()),
    CallbackURL: '',
    Timestamp: new Date(at.world.tenant.now() - (how % 11 === 0 ? 9_000_000 : 0)).toISOString(),
    CallingSystem: 'Default',
    UserID: 'x',
    Operation,
    Customer,
    Location: site(how >> 3),
    HardwareGroup: `${Customer}-${site(how >> 3)}-NDL`,
    ...head,
  };
  return at.call('submitOrder', { body: { Order, User: users } });
}

/** The cloud marketplace. */
const MARKETPLACE: Readonly<Record<string, Deed>> = {
  apsOrder: ({ call, apsAccount }, who, how) =>
    call('provisionResource', {
      body: {
        aps: { type: 'http://www.odin.com/billing/Subscription/1.0' },
        account: { aps: { id: apsAccount(who) } },
        name: PRODUCTS[how % PRODUCTS.length],
      },
    }),
  apsJoin: ({ call }, _, how) =>
    call('provisionResource', {
      body: {
        aps: { type: 'http://parallels.com/aps/types/pa/account/1.2' },
        personal: how % 2 === 0,
        companyName: `Firm ${how}`,
        adminContact: { email: 'b@example.com', givenName: 'Bea', familyName: `Hall${how}` },
      },
    }),
  apsRename: ({ call, apsAccount }, who, how) =>
    call('configureResource', {
      path: { apsId: apsAccount(who) },
      body: {
        companyName: `Firm ${how}`,
        addressPostal: { locality: 'Leeds', ...(how % 2 === 0 && { countryName: 'FR' }) },
      },
    }),
  apsLeave: ({ call, apsAccount }, who) => call('unprovisionResource', { path: { apsId: apsAccount(who) } }),
  apsDisable: ({ call, apsSubscription }, who) => call('disableResource', { path: { apsId: apsSubscription(who) } }),
  apsEnable: ({ call, apsSubscription }, who) => call('enableResource', { path: { apsId: apsSubscription(who) } }),
  apsStatus: ({ call, apsSubscription }, who, how) =>
    call('configureResource', { path: { apsId: apsSubscription(who) }, body: { status: APS_STATES[how % 8] } }),
  apsRemove: ({ call, apsSubscription }, who) => call('unprovisionResource', { path: { apsId: apsSubscription(who) } }),
  apsRenewal: ({ act, apsSubscription }, who, how) =>
    act('aps-subscriptions/set-renewal', {
      id: apsSubscription(who),
      renewal: how % 2 === 0 ? 'manual' : 'automatic',
    }),
  apsRenew: ({ act, apsSubscription }, who) =>
    act('aps-subscriptions/renew-subscription', { id: apsSubscription(who) }),
  apsUsage: ({ act, apsSubscription }, who, how) =>
    act('aps-subscriptions/record-usage', { id: apsSubscription(who), quantity: how % 50, unitPrice: 0.07 }),
  apsBill: ({ call, apsSubscription, apsService }, who) =>
    call('bill', { path: { 'aps-id': apsService() }, body: { subscriptionUuids: [apsSubscription(who)] } }),
};

const APS_STATES = [
  'NEW',
  'ACTIVE',
  'ADMINISTRATIVE_HOLD',
  'CREDIT_HOLD',
  'FULL_HOLD',
  'GRACE',
  'EXPIRED',
  'TERMINATED',
];

/** Time, and what goes wrong in it. */
const TIME: Readonly<Record<string, Deed>> = {
  wait: ({ world }, _, days) => advance(world, 1 + (days % 70)),
  waitSeconds: ({ world }, _, how) => advance(world, (how % 40) / 86_400),
  /** Mostly years do not matter: one in several is let by. */
  waitYears: ({ world }, who, how) => advance(world, who % 4 === 0 ? 365 + (how % 700) : 1),
  fault: ({ world }, who, how) =>
    perform(world.tenant, (work) => {
      if (who % 3 === 0) clearFaults(work);
      else addFault(work, FAULTS[how % FAULTS.length] as FaultRequest);
    }),
};

function advance(world: TestTenant, days: number): Promise<unknown> {
  return world.advanceTo(new Date(world.tenant.now() + Math.round(days * 86_400_000)).toISOString());
}

const FAULTS = [
  { match: { channel: '*' }, fault: { drop: true }, times: 5 },
  { match: { channel: 'billing/invoice/created' }, fault: { duplicate: true }, times: 5 },
  { match: { channel: 'macd/response' }, fault: { latency: 'PT1H' }, times: 5 },
] as const;

/** Policies that a tenant may be given on its way. */
const POLICIES: readonly ((how: number) => unknown)[] = [
  (how) => ({ connectx: { billDay: 1 + (how % 28) } }),
  (how) => ({ connectx: { dueDays: how % 30, overpayment: how % 2 === 0 ? 'credit' : 'refuse' } }),
  (how) => ({ connectx: { lateFeeDays: how % 4, writeOffDays: how % 3 === 0 ? 20 : 0 } }),
  (how) => ({ connectx: { terminationDays: how % 2 === 0 ? 30 : 0, restrictionDays: how % 5 } }),
  (how) => ({ connectx: { collectionFailureRate: (how % 3) / 2 } }),
  (how) => ({ connectx: { instalments: 1 + (how % 3) } }),
  (how) => ({ operator: { timeZone: ['Europe/London', 'UTC', 'Australia/Sydney', 'America/New_York'][how % 4] } }),
  (how) => ({ 'billing-account': { creditLimit: ['announce', 'block', 'hold'][how % 3] } }),
  (how) => ({ macd: { inUse: how % 2 === 0 ? 'warning' : 'error', stale: how % 3 === 0 ? 'warning' : 'error' } }),
  (how) => ({ macd: { licences: how % 2 === 0 ? { '*': { user: how % 8, mobile: how % 3 } } : {} } }),
  (how) => ({ 'aps-subscriptions': { renewal: how % 2 === 0 ? 'manual' : 'automatic', graceDays: how % 20 } }),
];
