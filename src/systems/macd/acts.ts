import { equals } from '../../engine/state/store/filter.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Act, ActClient } from '../../operator/act.ts';
import type { CastMember } from '../../operator/cast.ts';
import { SUBSCRIBERS } from './message.ts';
import { deviceOf, hardwareGroupOf, locationOf } from './names.ts';

/** What companies do with this system: they change a user, or add one. An order is answered in two stages. */
export const acts: Readonly<Record<string, Act>> = {
  order: { weight: 2, operations: ['submitOrder'], laterEvents: 2, perform: order },
};

/** The first member of the cast that is a company. */
const COMPANY = 3;

/** An order about somebody who has a telephone, or for a new colleague of theirs. */
function order(client: ActClient): boolean {
  const { number, nowText, random } = client;
  const known = client.pickOne(SUBSCRIBERS, equals('activation_state', 'Live'));
  const company = client.newcomer(COMPANY);
  const isChange = known !== undefined && random() < 0.7;
  const user = (known?.user ?? {}) as Entity;
  const body = {
    Order: {
      MessageID: client.hex(24, 'traffic', 'message', number),
      CallbackURL: '',
      Timestamp: nowText,
      CallingSystem: 'Default',
      UserID: 'traffic',
      Operation: isChange ? 'Change' : 'Add',
      Customer: String(known?.customer ?? company.shortName),
      Location: String(known?.location ?? locationOf(company)),
      HardwareGroup: String(known?.hardwareGroup ?? hardwareGroupOf(company)),
    },
    User: [
      isChange
        ? { ...user, EndUserVoicemail: user.EndUserVoicemail !== true, ChangeDate: nowText }
        : newColleague(company, client),
    ],
  };
  client.request('submitOrder', { body });
  return true;
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
