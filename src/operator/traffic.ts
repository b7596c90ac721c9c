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
 * @example await tenant.perform((work) => startTraffic(work, { rate: 60, duration: 'PT1H' }));
 */
export async function startTraffic(work: Work, request: TrafficRequest): Promise<Traffic> {
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
  await work.cancel(ACT_TIMER);
  await goOn(work, run, 1);
  return toTraffic(run);
}

/** Ends the traffic that runs, if any does. */
export async function stopTraffic(work: Work): Promise<void> {
  const run = await currentRun(work);
  if (run?.state === 'running') await end(work, run, 'stopped');
}

/** How the newest run of traffic stands. */
export async function readTraffic(store: Pick<StoreReader, 'get'>): Promise<Traffic> {
  const run = await currentRun(store);
  return run === undefined ? { state: 'idle', published: 0, acts: {} } : toTraffic(run);
}

/** The kinds of timers that traffic runs on. One act that fails costs that act, because the next is set before it. */
const TICK_TIMER = 'operator/traffic';
const ACT_TIMER = 'operator/traffic-act';

/** What the timers of traffic do, for the registry. */
export const trafficTimers: Readonly<Record<string, TimerHandler>> = {
  [TICK_TIMER]: async (work) => {
    const run = await currentRun(work);
    if (run?.state !== 'running') return;
    if (run.until !== undefined && work.now >= Date.parse(run.until)) {
      await end(work, run, 'finished');
      return;
    }
    await work.schedule({ key: ACT_TIMER, due: work.now, kind: ACT_TIMER });
    await goOn(work, run, 1);
  },
  [ACT_TIMER]: async (work) => {
    const run = await currentRun(work);
    if (run?.state !== 'running') return;
    const before = work.published;
    const act = await doSomething(work, run);
    if (act === undefined) return;
    const events = work.published - before + (LATER[act] ?? 0);
    const published = run.published + events;
    const after: Run = { ...run, published, acts: { ...run.acts, [act]: (run.acts[act] ?? 0) + 1 } };
    if (run.count !== undefined && published >= run.count) await end(work, after, 'finished');
    else await goOn(work, after, events - 1);
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
const HANDLERS: Readonly<Record<Act, (work: Work, random: RandomSource, number: number) => Promise<boolean>>> = {
  async join(work, _, number) {
    const { type, firstName, lastName, companyName, email, phone, address } = newcomer(work, 1 + (number % 12), number);
    await work.create(CUSTOMERS, {
      customerType: type,
      ...(companyName === undefined ? { firstName, lastName } : { companyName }),
      email,
      phone,
      address: { ...address },
    });
    return true;
  },

  async subscribe(work, random) {
    const customer = await pickOne(work, CUSTOMERS, equals('status', 'Active'), random);
    const sold = await work.query(PRODUCTS, { filter: equals('status', 'Active') });
    const products = sold.items.filter(({ productType }) => productType !== 'Addon');
    if (customer === undefined || products.length === 0) return false;
    const { subscriptionId } = await work.create(SUBSCRIPTIONS, {
      customerId: customer.customerId,
      productId: pick(random, products).productId,
      startDate: toDate(work.now),
    });
    await work.perform('connectx', 'activate-subscription', { subscriptionId });
    return true;
  },

  async pay(work, random) {
    const invoice = (await pickOne(work, INVOICES, owed('Overdue', 'Open'), random)) ?? (await bill(work, random));
    if (invoice === undefined) return false;
    const { invoiceId, totalAmount } = invoice;
    const pay = (amount: unknown) =>
      work.perform('connectx', 'record-payment', { invoiceId, amount, paymentMethod: pick(random, PAYMENT_METHODS) });
    try {
      await pay(totalAmount);
    } catch (error) {
      // Part of it has been paid: the refusal, which comes before any change, says what is left.
      if (!(error instanceof Refusal) || error.details.remaining === undefined) throw error;
      await pay(error.details.remaining);
    }
    const customer = await work.get(CUSTOMERS, String(invoice.customerId));
    const debts = allOf(equals('customerId', invoice.customerId), owed('Overdue', 'Open'));
    const { total } = await work.query(INVOICES, { filter: debts, limit: 1 });
    // Whoever was put on hold by the operator comes back once nothing is owed any more.
    if (customer?.status === 'Suspended' && total === 0) {
      await work.change(CUSTOMERS, String(customer.customerId), { status: 'Active' });
    }
    return true;
  },

  async fallBehind(work, random) {
    const isActive = async ({ customerId }: Entity) =>
      (await work.get(CUSTOMERS, String(customerId)))?.status === 'Active';
    const debt =
      (await pickOne(work, INVOICES, owed('Overdue'), random, isActive)) ??
      (await pickOne(work, INVOICES, owed('Open'), random, isActive)) ??
      (await bill(work, random));
    if (debt === undefined || !(await isActive(debt))) return false;
    await work.change(CUSTOMERS, String(debt.customerId), { status: 'Suspended' });
    return true;
  },

  async leave(work, random) {
    if (random() < 0.5) {
      const subscription = await pickOne(work, SUBSCRIPTIONS, equals('status', 'Active'), random);
      if (subscription === undefined) return false;
      await work.perform('connectx', 'cancel-subscription', { subscriptionId: subscription.subscriptionId });
      return true;
    }
    const customer = await pickOne(work, CUSTOMERS, equals('status', 'Active'), random);
    if (customer === undefined) return false;
    await work.perform('connectx', 'terminate-customer', { customerId: customer.customerId });
    return true;
  },

  async order(work, random, number) {
    const operation = work.registry.contracts
      .flatMap(({ operations }) => operations)
      .find(({ system, id }) => system === 'macd' && id === 'submitOrder');
    const handle = operation && work.registry.handlerOf(operation);
    if (operation === undefined || handle === undefined) return false;
    const body = await orderMessage(work, random, number);
    await handle(work, { operation, path: {}, query: {}, rawQuery: '', headers: {}, body });
    return true;
  },
};

const ACTS = Object.keys(USUAL_MIX) as readonly Act[];
const PAYMENT_METHODS = ['DirectDebit', 'CreditCard', 'BankTransfer'];

async function doSomething(work: Work, { mix }: Run): Promise<Act | undefined> {
  const number = await work.nextNumber(TRAFFIC);
  const random = work.random('traffic', number);
  const left = new Set(actsOf(mix));
  // What cannot be done just now, because there is nobody to do it, makes room for something else.
  while (left.size > 0) {
    const act = weighted(random, mix, [...left]);
    if (await HANDLERS[act](work, random, number)) return act;
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
async function goOn(work: Work, run: Run, events: number): Promise<void> {
  const random = work.random('traffic', 'gap', run.place);
  const place = run.place + events * (MINUTE / run.rate) * (0.5 + random());
  const due = Math.max(Math.floor(place), work.now + 1);
  await work.put(TRAFFIC, CURRENT, { ...run, place });
  const last = run.until === undefined ? due : Math.min(due, Date.parse(run.until));
  await work.schedule({ key: TICK_TIMER, due: last, kind: TICK_TIMER });
}

async function end(work: Work, run: Run, state: 'stopped' | 'finished'): Promise<void> {
  await work.cancel(TICK_TIMER);
  await work.cancel(ACT_TIMER);
  await work.put(TRAFFIC, CURRENT, { ...run, state });
}

async function currentRun(store: Pick<StoreReader, 'get'>): Promise<Run | undefined> {
  return (await store.get(TRAFFIC, CURRENT)) as Run | undefined;
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
async function pickOne(
  work: Work,
  collection: string,
  filter: Filter | undefined,
  random: RandomSource,
  isWanted: (entity: Entity) => Promise<boolean> = async () => true,
): Promise<Entity | undefined> {
  const { total } = await work.query(collection, { filter, limit: 1 });
  for (let tries = 0; tries < Math.min(TRIES, total); tries += 1) {
    const offset = Math.floor(random() * total);
    const [entity] = (await work.query(collection, { filter, offset, limit: 1 })).items;
    if (entity !== undefined && (await isWanted(entity))) return entity;
  }
  return undefined;
}

/** Bills somebody ahead of the bill day; `undefined` where there was nothing to bill. */
async function bill(work: Work, random: RandomSource): Promise<Entity | undefined> {
  const subscription = await pickOne(work, SUBSCRIPTIONS, equals('status', 'Active'), random);
  if (subscription === undefined) return undefined;
  const { customerId } = subscription;
  await work.perform('connectx', 'run-billing', { customerId });
  const filter = allOf(equals('customerId', customerId), owed('Open'));
  return (await work.query(INVOICES, { filter, limit: 1 })).items[0];
}

/** Somebody nobody has heard of; the number keeps their mailbox apart from everybody else's. */
function newcomer(work: Work, size: number, number: number): CastMember {
  const { members } = createCast((...purpose) => work.random('traffic', number, ...purpose), size);
  const member = members.at(-1) as CastMember;
  return { ...member, email: member.email.replace('@', `.${number}@`) };
}

/** An order about somebody who has a telephone, or for a new colleague of theirs. */
async function orderMessage(work: Work, random: RandomSource, number: number): Promise<Entity> {
  const known = await pickOne(work, SUBSCRIBERS, equals('activation_state', 'Live'), random);
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
