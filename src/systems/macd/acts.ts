import { equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Act, ActClient } from '../../operator/act.ts';
import type { CastMember } from '../../operator/cast.ts';
import { SUBSCRIBERS } from './message.ts';
import { deviceOf, hardwareGroupOf, locationOf } from './names.ts';

/** What companies do with this system: orders that add, change and delete users; each is answered in two stages or three. */
export const acts: Readonly<Record<string, Act>> = {
  order: { weight: 2, operations: ['submitOrder'], laterEvents: 2, perform: order },
  goMobile: { weight: 0.3, operations: ['submitOrder'], laterEvents: 3, perform: goMobile },
  removeUser: { weight: 0.4, operations: ['submitOrder'], laterEvents: 2, perform: removeUser },
  failOrder: { weight: 0.2, operations: ['submitOrder'], laterEvents: 2, perform: failOrder },
};

/** The first member of the cast that is a company. */
const COMPANY = 3;

/** An order about somebody who has a telephone, or for a new colleague of theirs. */
function order(client: ActClient): boolean {
  const { nowText, random } = client;
  const known = liveUser(client);
  const company = client.newcomer(COMPANY);
  const isChange = known !== undefined && random() < 0.7;
  const user = (known?.user ?? {}) as Entity;
  const changed = { ...user, EndUserVoicemail: user.EndUserVoicemail !== true, ChangeDate: nowText };
  submit(client, isChange ? 'Change' : 'Add', known, isChange ? changed : newColleague(company, client));
  return true;
}

/** Somebody who has a telephone gets a mobile number with it, which has to be ordered. */
function goMobile(client: ActClient): boolean {
  const known = liveUser(client);
  if (known === undefined) return false;
  const user = known.user as Entity;
  // Six digits behind a prefix that is reserved for fiction are not enough for years of traffic: numbers may come back.
  const MobileNumber = `+447700900${String(client.number % 1_000).padStart(3, '0')}`;
  const FMC = [{ MobileNumber, Extension: String(user.ExtensionNumber ?? ''), MobileBrand: 'Other Mobile Phone' }];
  submit(client, 'Change', known, { ...user, FMC, ChangeDate: client.nowText });
  return true;
}

/** Somebody leaves a company. */
function removeUser(client: ActClient): boolean {
  const known = liveUser(client);
  if (known === undefined) return false;
  submit(client, 'Delete', known, { Username: String(known.username), DisconnectionDate: client.nowText });
  return true;
}

/** An order that cannot be worked through: nobody knows its user. */
function failOrder(client: ActClient): boolean {
  const known = liveUser(client);
  submit(client, 'Delete', known, { Username: `nobody${client.number}` });
  return true;
}

function liveUser(client: ActClient): Entity | undefined {
  return client.pickOne(SUBSCRIBERS, equals('activation_state', 'Live'));
}

/** Sends an order for the site of somebody who is known, else for that of a newcomer. */
function submit(client: ActClient, operation: string, known: Entity | undefined, user: Entity): void {
  const { number, nowText } = client;
  const company = client.newcomer(COMPANY);
  const Order = {
    MessageID: client.hex(24, 'traffic', 'message', number),
    CallbackURL: '',
    Timestamp: nowText,
    CallingSystem: 'Default',
    UserID: 'traffic',
    Operation: operation,
    Customer: String(known?.customer ?? company.shortName),
    Location: String(known?.location ?? locationOf(company)),
    HardwareGroup: String(known?.hardwareGroup ?? hardwareGroupOf(company)),
  };
  client.request('submitOrder', { body: { Order, User: [user] } });
}

function newColleague({ users: [user] }: CastMember, { number, nowText }: ActClient): Entity {
  const Username = `${user?.username ?? 'user'}${number}`;
  return {
    Username,
    ActivationDate: nowText,
    ContactPhone: user?.ddi ?? '',
    ExtensionNumber: user?.extension ?? '',
    MobilePhone: '',
    FirstName: user?.firstName ?? '',
    LastName: user?.lastName ?? '',
    Email: `${Username}@example.com`,
    EndUserVoicemail: true,
    Lines: [{ ExtensionNumber: user?.extension ?? '', DDI: user?.ddi ?? '' }],
    Devices: user === undefined ? [] : [deviceOf(user)],
  };
}
