import { integerBetween } from '../../engine/random.ts';
import type { Work } from '../../engine/work.ts';
import { DAY, formatInstant, type Instant, SECOND } from '../../lib/time.ts';
import type { Cast, CastMember, CastUser } from '../../operator/cast.ts';
import { type OrderMessage, RECEIVED, SUBSCRIBERS } from './message.ts';
import { goLiveDate, openRecord, subscriberKey, userKey } from './tracking-record.ts';

/** Makes the telephone users of companies subscribers, each by the Add order that brought it, worked through long ago. */
export async function seedMacd(work: Work, cast: Cast): Promise<void> {
  const additions = cast.members.flatMap((member) =>
    member.users.map((user) => {
      const random = work.random('macd', 'seed', user.username);
      const at = work.now - integerBetween(random, 30 * DAY, 700 * DAY);
      return {
        member,
        user,
        at,
        activated: at + integerBetween(random, 8 * SECOND, 11 * SECOND),
        hasMobile: random() < 0.3,
      };
    }),
  );
  // Numbers of transactions grow with their time.
  for (const addition of additions.toSorted((one, other) => one.at - other.at)) await seedSubscriber(work, addition);
}

interface Addition {
  readonly member: CastMember;
  readonly user: CastUser;
  readonly at: Instant;
  readonly activated: Instant;
  readonly hasMobile: boolean;
}

async function seedSubscriber(work: Work, { member, user, at, activated, hasMobile }: Addition): Promise<void> {
  const orderUser = userOf(work, user, at, hasMobile);
  const MessageID = work.hex(24, 'macd', 'seeded message', user.username);
  const message: OrderMessage = {
    Order: {
      MessageID,
      CallbackURL: 'http://simulator/_simulator/inbox/voss',
      Timestamp: formatInstant(at),
      CallingSystem: 'Default',
      UserID: `${member.shortName.toLowerCase()}_csp`,
      Operation: 'Add',
      Customer: member.shortName,
      Location: member.location ?? '',
      CustomerRef: `${member.shortName}-01`,
      HardwareGroup: member.hardwareGroup ?? '',
      ExternalCustomerID: member.number,
    },
    User: [orderUser],
  };
  const response = { MessageID, Timestamp: formatInstant(activated), Stage: 'ActiveOrder', Status: 'Success' };
  const record = await openRecord(work, message, {
    transactionTimestamp: formatInstant(at),
    timestamp: formatInstant(at),
    state: 'UserProcessed',
    callback: response,
    callbacks: [{ ...response, Timestamp: formatInstant(at + SECOND), Stage: 'Parsing' }, response],
  });
  await work.put(RECEIVED, MessageID, { transactionId: record.transactionId });
  await work.create(SUBSCRIBERS, {
    username: user.username,
    subscriberId: subscriberKey(work, user.username),
    userId: userKey(work, user.username),
    customer: member.shortName,
    location: member.location,
    hardwareGroup: member.hardwareGroup,
    externalCustomerId: member.number,
    activation_state: 'Live',
    goLiveDate: goLiveDate(work, orderUser),
    user: orderUser,
    lastMessageId: MessageID,
    createdAt: formatInstant(activated),
    updatedAt: formatInstant(activated),
  });
}

function userOf(work: Work, user: CastUser, at: Instant, hasMobile: boolean) {
  const device = { Model: 'Cisco 8841', Name: user.device };
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
    // +44 7700 900000 to 900999 are kept free of subscribers by Ofcom.
    ...(hasMobile && {
      FMC: [{ MobileNumber: `+447700900${digits}`, Extension: user.extension, MobileBrand: 'Other Mobile Phone' }],
    }),
  };
}
