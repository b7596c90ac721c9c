import type { Entity } from '../../src/engine/state/store/store.ts';
import type { TestTenant } from './tenant-of.ts';
import { ask } from './wire.ts';

/** A user as an order names it, with a line and a telephone of its own. */
export function orderUser(Username: string, more: Entity = {}): Entity {
  const ExtensionNumber = `2${Username.slice(-3)}`;
  return {
    Username,
    ContactPhone: '',
    ExtensionNumber,
    MobilePhone: '',
    FirstName: 'Ann',
    LastName: 'Felt',
    Email: '',
    Lines: [{ ExtensionNumber, DDI: `+44207946${ExtensionNumber}` }],
    Devices: [{ Model: 'Cisco 8841', Name: `SEP00005E005${Username.slice(-3)}` }],
    ...more,
  };
}

/** An order of Meadowbank at its site in London; `number` becomes its MessageID. */
export function orderMessage(number: number, Operation: string, users: readonly unknown[], head: Entity = {}) {
  return {
    Order: {
      MessageID: String(number).padStart(24, '0'),
      CallbackURL: '',
      Timestamp: '2026-01-01T00:00:00.000Z',
      CallingSystem: 'Default',
      UserID: 'meadow_csp',
      Operation,
      Customer: 'Meadowbank',
      Location: 'LON-London',
      HardwareGroup: 'Meadowbank-CL1-NDL',
      ...head,
    },
    User: users,
  };
}

/** The responses to an order so far, as `<Stage> <Status>`. */
export function stagesOf(world: TestTenant, number: number): readonly string[] {
  return responsesOf(world, number).map(({ Stage, Status }) => `${Stage} ${Status}`);
}

/** The responses to an order so far, without their wrapper. */
export function responsesOf(world: TestTenant, number: number): readonly Entity[] {
  const id = String(number).padStart(24, '0');
  return world
    .events('macd/response')
    .map(({ Response }) => Response as Entity)
    .filter(({ MessageID }) => MessageID === id);
}

/** A subscriber as it is read. */
export async function subscriberOf(world: TestTenant, username: string): Promise<Entity> {
  return (await ask(world, 'getSubscriber', { path: { username } })).body as Entity;
}

/** The record of an order as it is read. */
export async function recordOf(world: TestTenant, number: number): Promise<Entity> {
  return (await ask(world, 'getOrder', { path: { messageId: String(number).padStart(24, '0') } })).body as Entity;
}
