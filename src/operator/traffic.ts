import { pick, type RandomSource } from '../engine/random.ts';
import { allOf, equals, type Filter } from '../engine/store/filter.ts';
import type { Entity, StoreReader } from '../engine/store/store.ts';
import type { TimerHandler } from '../engine/system.ts';
import type { Work } from '../engine/work.ts';
import { addDuration, formatInstant, MINUTE, parseDuration, toDate } from '../lib/time.ts';
import { Refusal } from '../model/command.ts';
import { type CastMember, createCast } from './cast.ts';

/** What customers do on an operator's day. */
export type Act = 'join' | 'subscribe' | 'pay' | 'fallBehind' | 'leave' | 'order';

/** What is asked for. */
export interface TrafficRequest {
  /** Events a minute of virtual time, on average. */
  readonly rate: number;
  /** After how many events it ends. */
  readonly count?: number;
  /** After how much virtual time it ends, ISO 8601. */
  readonly duration?: string;
  /** How often each thing is done, in proportion to the others; what is not told is not done. */
  readonly mix?: Readonly<Partial<Record<Act, number>>>;
}

/** How a run of traffic stands. */
export interface Traffic extends Partial<TrafficRequest> {
  /** `stopped` by request, `finished` by its count or duration. */
  readonly state: 'idle' | 'running' | 'stopped' | 'finished';
  readonly startedAt?: string;
  /** When its duration is over. */
  readonly until?: string;
  /** How many events it has led to. */
  readonly published: number;
  /** How often each thing has been done. */
  readonly acts: Readonly<Partial<Record<Act, number>>>;
}

/** A usual day: more come than go, and most pay. */
export const USUAL_MIX: Readonly<Record<Act, number>> = {
  join: 3,
  subscribe: 3,
  pay: 4,
  fallBehind: 1,
  leave: 1,
  order: 2,
};

/**
 * Starts a synthetic operator's day, in place of one that runs. Everything in it is done by the commands and actions
 * that a client of REST has, on timers of the tenant's clock, so that state and events agree.
 *
 * @example tenant.perform((work) => startTraffic(work, { rate: 60, duration: 'PT1H' }));
 */
export function startTraffic(work: Work, request: TrafficRequest): Traffic {
  const { rate, count, duration, mix = usualMix(work) } = request;
  const length = duration === undefined ? undefined : parseDuration(duration);
  if (duration !== undefined && length === undefined) {
    throw invalid('/duration', 'must be an ISO 8601 duration, such as PT1H', `"${duration}" is no duration`);
  }
  const wanted = actsOf(mix);
  const impossible = wanted.filter((act) => !isPossible(work, act));
  if (wanted.length === 0 || impossible.length > 0) {
    const why = wanted.length === 0 ? 'nothing is in the mix' : `no system for ${impossible.join(', ')} is served`;
    const possible = ACTS.filter((act) => isPossible(work, act));
    throw invalid('/mix', `must weigh some of: ${possible.join(', ') || 'none, as no system for any is served'}`, why);
  }
  const run: Run = {
    state: 'running',
    rate,
    ...(count !== undefined && { count }),
    ...(duration !== undefined && { duration }),
    ...(length !== undefined && { until: formatInstant(addDuration(work.now, length)) }),
    mix,
    startedAt: work.nowText,
    published: 0,
    acts: {},
    place: work.now,
  };
  work.cancel(ACT_TIMER);
  goOn(work, run, 1);
  return toTraffic(run);
}

/** Ends the traffic that runs, if any does. */
export function stopTraffic(work: Work): void {
  const run = currentRun(work);
  if (run?.state === 'running') end(work, run, 'stopped');
}

/** How the newest run of traffic stands. */
export function readTraffic(store: Pick<StoreReader, 'get'>): Traffic {
  const run = currentRun(store);
  return run === undefined ? { state: 'idle', published: 0, acts: {} } : toTraffic(run);
}

/** The kinds of timers that traffic runs on. One act that fails costs that act, because the next is set before it. */
const TICK_TIMER = 'operator/traffic';
const ACT_TIMER = 'operator/traffic-act';

/** What the timers of traffic do, for the registry. */
export const trafficTimers: Readonly<Record<string, TimerHandler>> = {
  [TICK_TIMER]: (work) => {
    const run = currentRun(work);
    if (run?.state !== 'running') return;
    if (run.until !== undefined && work.now >= Date.parse(run.until)) {
      end(work, run, 'finished');
      return;
    }
    work.schedule({ key: ACT_TIMER, due: work.now, kind: ACT_TIMER });
    goOn(work, run, 1);
  },
  [ACT_TIMER]: (work) => {
    const run = currentRun(work);
    if (run?.state !== 'running') return;
    const before = work.published;
    const act = doSomething(work, run);
    if (act === undefined) return;
    const events = work.published - before + (LATER[act] ?? 0);
    const published = run.published + events;
    const after: Run = { ...run, published, acts: { ...run.acts, [act]: (run.acts[act] ?? 0) + 1 } };
    if (run.count !== undefined && published >= run.count) end(work, after, 'finished');
    else goOn(work, after, events - 1);
  },
};

/** The collection that holds the newest run. */
const TRAFFIC = '$traffic';
const CURRENT = 'current';
const CUSTOMERS = 'connectx/Customer';
const SUBSCRIPTIONS = 'connectx/Subscription';
const INVOICES = 'connectx/Invoice';
const PRODUCTS = 'connectx/Product';
const SUBSCRIBERS = 'macd/Subscriber';

/** How many are looked at for one that fits, before something else is done. */
const TRIES = 5;

/** Events that an act leads to later on: an order is answered stage by stage. */
const LATER: Readonly<Partial<Record<Act, number>>> = { order: 2 };

interface Run extends Traffic {
  readonly rate: number;
  readonly mix: Readonly<Partial<Record<Act, number>>>;
  /** The instant the next act is planned for, in fractions of milliseconds, so that no rounding adds up. */
  readonly place: number;
}

/** Does one thing; answers whether it was possible. */
const HANDLERS: Readonly<Record<Act, (work: Work, random: RandomSource, number: number) => boolean>> = {
  join(work, _, number) {
    const { type, firstName, lastName, companyName, email, phone, address } = newcomer(work, 1 + (number % 12), number);
    work.create(CUSTOMERS, {
      customerType: type,
      ...(companyName === undefined ? { firstName, lastName } : { companyName }),
      email,
      phone,
      address: { ...address },
    });
    return true;
  },

  subscribe(work, random) {
    const customer = pickOne(work, CUSTOMERS, equals('status', 'Active'), random);
    const sold = work.query(PRODUCTS, { filter: equals('status', 'Active') });
    const products = sold.items.filter(({ productType }) => productType !== 'Addon');
    if (customer === undefined || products.length === 0) return false;
    const { subscriptionId } = work.create(SUBSCRIPTIONS, {
      customerId: customer.customerId,
      productId: pick(random, products).productId,
      startDate: toDate(work.now),
    });
    work.perform('connectx', 'activate-subscription', { subscriptionId });
    return true;
  },

  pay(work, random) {
    const invoice = pickOne(work, INVOICES, owed('Overdue', 'Open'), random) ?? bill(work, random);
    if (invoice === undefined) return false;
    const { invoiceId, totalAmount } = invoice;
    const pay = (amount: unknown) =>
      work.perform('connectx', 'record-payment', { invoiceId, amount, paymentMethod: pick(random, PAYMENT_METHODS) });
    try {
      pay(totalAmount);
    } catch (error) {
      // Part of it has been paid: the refusal, which comes before any change, says what is left.
      if (!(error instanceof Refusal) || error.details.remaining === undefined) throw error;
      pay(error.details.remaining);
    }
    const customer = work.get(CUSTOMERS, String(invoice.customerId));
    const debts = allOf(equals('customerId', invoice.customerId), owed('Overdue', 'Open'));
    const { total } = work.query(INVOICES, { filter: debts, limit: 1 });
    // Whoever was put on hold by the operator comes back once nothing is owed any more.
    if (customer?.status === 'Suspended' && total === 0) {
      work.change(CUSTOMERS, String(customer.customerId), { status: 'Active' });
    }
    return true;
  },

  fallBehind(work, random) {
    const isActive = ({ customerId }: Entity) => work.get(CUSTOMERS, String(customerId))?.status === 'Active';
    const debt =
      pickOne(work, INVOICES, owed('Overdue'), random, isActive) ??
      pickOne(work, INVOICES, owed('Open'), random, isActive) ??
      bill(work, random);
    if (debt === undefined || !isActive(debt)) return false;
    work.change(CUSTOMERS, String(debt.customerId), { status: 'Suspended' });
    return true;
  },

  leave(work, random) {
    if (random() < 0.5) {
      const subscription = pickOne(work, SUBSCRIPTIONS, equals('status', 'Active'), random);
      if (subscription === undefined) return false;
      work.perform('connectx', 'cancel-subscription', { subscriptionId: subscription.subscriptionId });
      return true;
    }
    const customer = pickOne(work, CUSTOMERS, equals('status', 'Active'), random);
    if (customer === undefined) return false;
    work.perform('connectx', 'terminate-customer', { customerId: customer.customerId });
    return true;
  },

  order(work, random, number) {
    const operation = work.registry.contracts
      .flatMap(({ operations }) => operations)
      .find(({ system, id }) => system === 'macd' && id === 'submitOrder');
    const handle = operation && work.registry.handlerOf(operation);
    if (operation === undefined || handle === undefined) return false;
    const body = orderMessage(work, random, number);
    handle(work, { operation, path: {}, query: {}, rawQuery: '', headers: {}, body });
    return true;
  },
};

const ACTS = Object.keys(USUAL_MIX) as readonly Act[];
const PAYMENT_METHODS = ['DirectDebit', 'CreditCard', 'BankTransfer'];

function doSomething(work: Work, { mix }: Run): Act | undefined {
  const number = work.nextNumber(TRAFFIC);
  const random = work.random('traffic', number);
  const left = new Set(actsOf(mix));
  // What cannot be done just now, because there is nobody to do it, makes room for something else.
  while (left.size > 0) {
    const act = weighted(random, mix, [...left]);
    if (HANDLERS[act](work, random, number)) return act;
    left.delete(act);
  }
  return undefined;
}

function weighted(random: RandomSource, mix: Run['mix'], acts: readonly Act[]): Act {
  const total = acts.reduce((sum, act) => sum + (mix[act] ?? 0), 0);
  let place = random() * total;
  for (const act of acts) {
    place -= mix[act] ?? 0;
    if (place < 0) return act;
  }
  return acts.at(-1) ?? 'join';
}

/** Sets the timer of the next act, as far on as so many events take, give or take a half. */
function goOn(work: Work, run: Run, events: number): void {
  const random = work.random('traffic', 'gap', run.place);
  const place = run.place + events * (MINUTE / run.rate) * (0.5 + random());
  const due = Math.max(Math.floor(place), work.now + 1);
  work.put(TRAFFIC, CURRENT, { ...run, place });
  const last = run.until === undefined ? due : Math.min(due, Date.parse(run.until));
  work.schedule({ key: TICK_TIMER, due: last, kind: TICK_TIMER });
}

function end(work: Work, run: Run, state: 'stopped' | 'finished'): void {
  work.cancel(TICK_TIMER);
  work.cancel(ACT_TIMER);
  work.put(TRAFFIC, CURRENT, { ...run, state });
}

function currentRun(store: Pick<StoreReader, 'get'>): Run | undefined {
  return store.get(TRAFFIC, CURRENT) as Run | undefined;
}

function toTraffic({ place: _, ...traffic }: Run): Traffic {
  return traffic;
}

function actsOf(mix: Run['mix']): readonly Act[] {
  return ACTS.filter((act) => (mix[act] ?? 0) > 0);
}

function usualMix(work: Work): Run['mix'] {
  return Object.fromEntries(ACTS.filter((act) => isPossible(work, act)).map((act) => [act, USUAL_MIX[act]]));
}

function isPossible({ registry }: Work, act: Act): boolean {
  return registry.system(act === 'order' ? 'macd' : 'connectx') !== undefined;
}

function owed(...states: readonly string[]): Filter {
  return { op: 'in', path: 'status', value: states };
}

/** One of those that meet a filter and a condition, each as likely as the others; `undefined` where none is found. */
function pickOne(
  work: Work,
  collection: string,
  filter: Filter | undefined,
  random: RandomSource,
  isWanted: (entity: Entity) => boolean = () => true,
): Entity | undefined {
  const { total } = work.query(collection, { filter, limit: 1 });
  for (let tries = 0; tries < Math.min(TRIES, total); tries += 1) {
    const offset = Math.floor(random() * total);
    const [entity] = work.query(collection, { filter, offset, limit: 1 }).items;
    if (entity !== undefined && isWanted(entity)) return entity;
  }
  return undefined;
}

/** Bills somebody ahead of the bill day; `undefined` where there was nothing to bill. */
function bill(work: Work, random: RandomSource): Entity | undefined {
  const subscription = pickOne(work, SUBSCRIPTIONS, equals('status', 'Active'), random);
  if (subscription === undefined) return undefined;
  const { customerId } = subscription;
  work.perform('connectx', 'run-billing', { customerId });
  const filter = allOf(equals('customerId', customerId), owed('Open'));
  return work.query(INVOICES, { filter, limit: 1 }).items[0];
}

/** Somebody nobody has heard of; the number keeps their mailbox apart from everybody else's. */
function newcomer(work: Work, size: number, number: number): CastMember {
  const { members } = createCast((...purpose) => work.random('traffic', number, ...purpose), size);
  const member = members.at(-1) as CastMember;
  return { ...member, email: member.email.replace('@', `.${number}@`) };
}

/** An order about somebody who has a telephone, or for a new colleague of theirs. */
function orderMessage(work: Work, random: RandomSource, number: number): Entity {
  const known = pickOne(work, SUBSCRIBERS, equals('activation_state', 'Live'), random);
  const company = newcomer(work, 3, number);
  const isChange = known !== undefined && random() < 0.7;
  const user = (known?.user ?? {}) as Entity;
  return {
    Order: {
      MessageID: work.hex(24, 'traffic', 'message', number),
      CallbackURL: '',
      Timestamp: work.nowText,
      CallingSystem: 'Default',
      UserID: 'traffic',
      Operation: isChange ? 'Change' : 'Add',
      Customer: String(known?.customer ?? company.shortName),
      Location: String(known?.location ?? company.location),
      HardwareGroup: String(known?.hardwareGroup ?? company.hardwareGroup),
    },
    User: [
      isChange
        ? { ...user, EndUserVoicemail: user.EndUserVoicemail !== true, ChangeDate: work.nowText }
        : newColleague(company, work, number),
    ],
  };
}

function newColleague({ users }: CastMember, work: Work, number: number): Entity {
  const [user] = users;
  const Username = `${user?.username ?? 'user'}${number}`;
  return {
    Username,
    ActivationDate: work.nowText,
    ContactPhone: user?.ddi ?? '',
    ExtensionNumber: user?.extension ?? '',
    MobilePhone: '',
    FirstName: user?.firstName ?? '',
    LastName: user?.lastName ?? '',
    Email: `${Username}@example.com`,
    EndUserVoicemail: true,
    Lines: [{ ExtensionNumber: user?.extension ?? '', DDI: user?.ddi ?? '' }],
    Devices: [{ Model: 'Cisco 8841', Name: user?.device ?? '' }],
  };
}

function invalid(path: string, message: string, why: string): Refusal {
  return new Refusal(400, 'INVALID_REQUEST', `Failed to start the traffic: ${why}. Mend what is listed.`, {
    violations: [{ in: 'body', path, message }],
  });
}
