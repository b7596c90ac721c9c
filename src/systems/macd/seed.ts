import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import { integerBetween } from '../../engine/values/random.ts';
import { DAY, formatInstant, type Instant, SECOND, startOfDate, toDate } from '../../lib/time.ts';
import { billDayOf, nextBillDate } from '../../operator/bill-days.ts';
import type { Cast, CastMember, CastUser } from '../../operator/cast.ts';
import type { CustomerRecords, Membership } from '../../operator/customer-records.ts';
import { localDate } from '../../operator/local-time.ts';
import { type OrderMessage, RECEIVED, SUBSCRIBERS } from './message.ts';
import { deviceOf, hardwareGroupOf, locationOf } from './names.ts';
import { goLiveDate, openRecord, subscriberKey, userKey } from './tracking-record.ts';

/**
 * Makes the telephone users of companies subscribers, each by the Add order that brought it, worked through long ago;
 * the users of a company that has left were deleted with it.
 */
export function seedMacd(work: Work, cast: Cast, customers: CustomerRecords): void {
  const orders: SeededOrder[] = [];
  for (const member of cast.members) {
    const membership = customers.membershipOf(work, member.number);
    for (const user of member.users) orders.push(...ordersOf(work, member, user, membership));
  }
  // Numbers of transactions grow with their time.
  for (const order of orders.toSorted((one, other) => one.at - other.at)) {
    if (order.operation === 'Add') seedAddition(work, order);
    else seedRecord(work, order, { Username: order.user.username, DisconnectionDate: formatInstant(order.at) });
  }
}

interface SeededOrder {
  readonly operation: 'Add' | 'Delete';
  readonly member: CastMember;
  readonly user: CastUser;
  readonly at: Instant;
  readonly activated: Instant;
  readonly hasMobile: boolean;
  /** The order that ended what this one began. */
  readonly deletion?: SeededOrder;
}

function ordersOf(work: Work, member: CastMember, user: CastUser, membership?: Membership): readonly SeededOrder[] {
  const random = work.random('macd', 'seed', user.username);
  const { since = work.now - 700 * DAY, until } = membership ?? {};
  const last = until ?? work.now;
  // Not before the day after the customer came: a service goes live at midnight.
  const earliest = Math.max(last - 700 * DAY, startOfDate(toDate(since)) + DAY);
  const at = integerBetween(random, earliest, Math.max(earliest, last - 30 * DAY));
  const delay = integerBetween(random, 8 * SECOND, 11 * SECOND);
  const facts = { member, user, hasMobile: random() < 0.3 };
  const addition = { ...facts, operation: 'Add', at, activated: at + delay } as const;
  if (until === undefined) return [addition];
  const deletion = { ...facts, operation: 'Delete', at: until, activated: until + delay } as const;
  return [{ ...addition, deletion }, deletion];
}

function seedAddition(work: Work, addition: SeededOrder): void {
  const { member, user, at, activated, hasMobile, deletion } = addition;
  const orderUser = userOf(work, user, at, hasMobile);
  seedRecord(work, addition, orderUser);
  const subscriber = {
    username: user.username,
    subscriberId: subscriberKey(work, user.username),
    userId: userKey(work, user.username),
    customer: member.shortName,
    location: locationOf(member),
    hardwareGroup: hardwareGroupOf(member),
    externalCustomerId: member.number,
    activation_state: deletion === undefined ? 'Live' : 'Disconnected',
    goLiveDate: goLiveDate(work, orderUser),
    user: orderUser,
    lastMessageId: messageIdOf(work, deletion ?? addition),
    createdAt: formatInstant(activated),
    updatedAt: formatInstant((deletion ?? addition).activated),
  };
  // What came before is settled: users are charged from the first bill day on.
  const date = nextBillDate(localDate(work), billDayOf(work.policies));
  work.create(SUBSCRIBERS, subscriber, { date });
}

function seedRecord(work: Work, order: SeededOrder, orderUser: Entity): void {
  const { operation, member, at, activated } = order;
  const MessageID = messageIdOf(work, order);
  const message: OrderMessage = {
    Order: {
      MessageID,
      CallbackURL: 'http://simulator/_simulator/inbox/voss',
      Timestamp: formatInstant(at),
      CallingSystem: 'Default',
      UserID: `${member.shortName.toLowerCase()}_csp`,
      Operation: operation,
      Customer: member.shortName,
      Location: locationOf(member),
      CustomerRef: `${member.shortName}-01`,
      HardwareGroup: hardwareGroupOf(member),
      ExternalCustomerID: member.number,
    },
    User: [orderUser],
  };
  const response = { MessageID, Timestamp: formatInstant(activated), Stage: 'ActiveOrder', Status: 'Success' };
  const record = openRecord(work, message, {
    transactionTimestamp: formatInstant(at),
    timestamp: formatInstant(at),
    state: 'UserProcessed',
    callback: response,
    callbacks: [{ ...response, Timestamp: formatInstant(at + SECOND), Stage: 'Parsing' }, response],
  });
  work.put(RECEIVED, MessageID, { transactionId: record.transactionId });
}

function messageIdOf(work: Work, { operation, user }: SeededOrder): string {
  const purpose = operation === 'Add' ? 'seeded message' : 'seeded deletion';
  return work.hex(24, 'macd', purpose, user.username);
}

function userOf(work: Work, user: CastUser, at: Instant, hasMobile: boolean) {
  const device = deviceOf(user);
  const digits = String(integerBetween(work.random('macd', 'mobile', user.username), 0, 999)).padStart(3, '0');
  return {
    Username: user.username,
    ActivationDate: `${formatInstant(at).slice(0, 10)}T00:00:00.000Z`,
    ContactPhone: user.ddi,
    ExtensionNumber: user.extension,
    MobilePhone: '',
    FirstName: user.firstName,
    LastName: user.lastName,
    Email: user.email,
    EndUserVoicemail: true,
    Lines: [{ ExtensionNumber: user.extension, DDI: user.ddi }],
    Devices: [device],
    MobilityProfiles: [{ Model: device.Model, Name: `${user.username}-UDP` }],
    // +44 7700 900000 to 900999 are reserved by Ofcom for fiction.
    ...(hasMobile && {
      FMC: [{ MobileNumber: `+447700900${digits}`, Extension: user.extension, MobileBrand: 'Other Mobile Phone' }],
    }),
  };
}
