import { integerBetween, pick, type RandomSource } from '../engine/values/random.ts';
import { createNames, type Names } from './names.ts';
import { createPlace, HOME_COUNTRY, type Place, type PostalAddress } from './places.ts';

/** The synthetic operator and everybody it deals with; each system seeds itself from it. */
export interface Cast {
  readonly operator: Operator;
  readonly members: readonly CastMember[];
}

export interface Operator {
  readonly name: string;
  readonly homeCountry: string;
  /** The one currency that it prices and bills in. */
  readonly currency: string;
}

/** A person or company; all systems refer to it by the same number. */
export interface CastMember {
  /** Its number in every system, for example `CUS-000001`. */
  readonly number: string;
  /** The same as a count, from 1. */
  readonly index: number;
  readonly type: 'Individual' | 'Business' | 'Government';
  /** What it is called: a company's name, or first and last name. */
  readonly name: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly companyName?: string;
  /** Its name as one word, for names that take no spaces. */
  readonly shortName: string;
  readonly email: string;
  readonly phone: string;
  readonly address: PostalAddress;
  readonly habit: PaymentHabit;
  /** How it pays, as far as it pays. */
  readonly paymentMethod: string;
  readonly isTaxExempt: boolean;
  /** Whether it also buys through a cloud marketplace. */
  readonly usesMarketplace: boolean;
  /** Where its people work; only companies have one. */
  readonly site?: Site;
  /** The people of a company who have a telephone; none for an individual. */
  readonly users: readonly CastUser[];
}

/** `prompt` pays before the due date, `late` some time after it, `never` not at all. */
export type PaymentHabit = 'prompt' | 'late' | 'never';

/** A place with desk telephones. */
export interface Site {
  /** Three letters, for example `LON`. */
  readonly code: string;
  readonly city: string;
  /** Which of the operator's call-processing clusters serves its telephones, from 1. */
  readonly cluster: number;
}

/** Somebody at a company with a desk telephone. */
export interface CastUser {
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly extension: string;
  readonly ddi: string;
  /** The MAC address of the desk telephone, of the block that is reserved for documentation: 12 hexadecimal digits. */
  readonly telephone: string;
}

/** How many customers the cast has by default. */
export const DEFAULT_CAST_SIZE = 36;

/**
 * Makes the operator and its customers. A larger cast begins with the members of a smaller one.
 *
 * Telephone numbers, e-mail addresses and device addresses lie in ranges that are reserved for fiction. These are
 * finite, so in a large cast numbers and devices repeat; user names and e-mail addresses never do.
 *
 * @example createCast(chance.source).members[0]?.number // 'CUS-000001'
 */
export function createCast(
  random: (...purpose: readonly (string | number)[]) => RandomSource,
  size: number = DEFAULT_CAST_SIZE,
): Cast {
  const chance = random('cast');
  const names = createNames(random('cast', 'names'));
  const state: CastState = { chance, names, taken: new Map(), users: 0 };
  const members: CastMember[] = [];
  for (let index = 1; index <= size; index += 1) members.push(createMember(state, index));
  return { operator: { name: 'Larkfield Telecom', homeCountry: HOME_COUNTRY, currency: 'GBP' }, members };
}

interface CastState {
  readonly chance: RandomSource;
  readonly names: Names;
  /** How often each user name and mailbox has been asked for. */
  readonly taken: Map<string, number>;
  users: number;
}

/** Types and habits follow a fixed round, so that even a small cast has all of them. */
const TYPES: readonly CastMember['type'][] = [
  ...(['Individual', 'Individual', 'Business', 'Individual', 'Business', 'Individual'] as const),
  ...(['Individual', 'Business', 'Individual', 'Government', 'Individual', 'Business'] as const),
];
const HABITS: readonly PaymentHabit[] = [
  'prompt',
  'prompt',
  'prompt',
  'late',
  'prompt',
  'prompt',
  'never',
  'prompt',
  'late',
  'prompt',
  'prompt',
];
const MAIL_DOMAINS = ['example.com', 'example.org', 'example.net'];
const PAYMENT_METHODS = ['DirectDebit', 'DirectDebit', 'CreditCard', 'BankTransfer'];

function createMember(state: CastState, index: number): CastMember {
  const { chance, names } = state;
  const type = TYPES[(index - 1) % TYPES.length] ?? 'Individual';
  const place = createPlace(chance, names);
  const facts = {
    number: `CUS-${String(index).padStart(6, '0')}`,
    index,
    type,
    address: place.address,
    // Public bodies are slow now and then, but they pay.
    habit: type === 'Government' ? 'late' : (HABITS[(index - 1) % HABITS.length] ?? 'prompt'),
    paymentMethod: type === 'Government' ? 'BankTransfer' : pick(chance, PAYMENT_METHODS),
    isTaxExempt: type === 'Government',
  } as const;
  if (type === 'Individual') {
    const [firstName, lastName] = [names.firstName(), names.lastName()];
    const mailbox = toUnique(state, toMailbox(`${firstName}.${lastName}`));
    return {
      ...facts,
      name: `${firstName} ${lastName}`,
      firstName,
      lastName,
      shortName: lastName.replace(/[^A-Za-z]/g, ''),
      email: `${mailbox}@${pick(chance, MAIL_DOMAINS)}`,
      phone: place.mobile(),
      usesMarketplace: false,
      users: [],
    };
  }
  const { name, shortName } = type === 'Business' ? names.company() : names.publicBody();
  const domain = pick(chance, MAIL_DOMAINS);
  return {
    ...facts,
    name,
    companyName: name,
    shortName,
    email: `${toUnique(state, `accounts.${toMailbox(shortName)}`)}@${domain}`,
    phone: place.landline(),
    usesMarketplace: type === 'Business' && chance() < 1 / 3,
    site: { code: place.code, city: place.address.city, cluster: integerBetween(chance, 1, 4) },
    users: createUsers(state, place, domain),
  };
}

function createUsers(state: CastState, place: Place, domain: string): CastUser[] {
  const { chance, names } = state;
  const firstExtension = 1000 * integerBetween(chance, 2, 8) + 10 * integerBetween(chance, 0, 90);
  return Array.from({ length: integerBetween(chance, 2, 6) }, (_, position) => {
    const [firstName, lastName] = [names.firstName(), names.lastName()];
    const username = toUnique(state, toMailbox(`${firstName.charAt(0)}${lastName}`));
    state.users += 1;
    return {
      username,
      firstName,
      lastName,
      email: `${username}@${domain}`,
      extension: String(firstExtension + position),
      ddi: place.landline(),
      // From the end of the range, so that whoever tries an order with an address of theirs finds it free.
      telephone: `00005E0053${(255 - ((state.users - 1) % 256)).toString(16).toUpperCase().padStart(2, '0')}`,
    };
  });
}

function toMailbox(text: string): string {
  return text.toLowerCase().replace(/[^a-z.]/g, '');
}

/** The name itself the first time, then with a number behind it. */
function toUnique({ taken }: CastState, name: string): string {
  const count = (taken.get(name) ?? 0) + 1;
  taken.set(name, count);
  return count === 1 ? name : `${name}${count}`;
}
