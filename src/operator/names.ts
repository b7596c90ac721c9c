// The package's main entry loads every language and costs five times as long as this one. Of this one the build keeps the
// lists that are read below, and nothing else (see build.js).
import { faker as english } from '@faker-js/faker/locale/en_GB';
import { pick, type RandomSource } from '../engine/values/random.ts';

/** Makes invented names. */
export interface Names {
  firstName(): string;
  lastName(): string;
  /** A street that is in no town, for example `Quarrelmere Lane`. */
  street(): string;
  company(): { readonly name: string; readonly shortName: string };
  publicBody(): { readonly name: string; readonly shortName: string };
}

/**
 * Makes names from one source of chance: those that the library would make, from its lists, without the rest of it.
 *
 * @example createNames(chance.source('cast', 'names')).company() // { name: 'Thorne Logistics Ltd', shortName: 'ThorneLogistics' }
 */
export function createNames(random: RandomSource): Names {
  const { first_name: first, last_name: last } = english.rawDefinitions.person ?? {};
  const firstNames = () => {
    const [both, ofOne] = [first?.generic ?? [], (random() < 0.5 ? first?.female : first?.male) ?? []];
    // A longer list is drawn from more often, though not in proportion, and a name that is only one's three times so.
    const [weightOfOne, weightOfBoth] = [3 * Math.sqrt(ofOne.length), Math.sqrt(both.length)];
    return random() * (weightOfOne + weightOfBoth) < weightOfOne ? ofOne : both;
  };
  const lastName = () => {
    // The library draws for a sex here, too, and then has one list for all.
    random();
    const names = last?.generic ?? [];
    // One in ten has a double name.
    return random() * 10 < 9 ? pick(random, names) : `${pick(random, names)}-${pick(random, names)}`;
  };
  return {
    firstName: () => pick(random, firstNames()),
    lastName,
    // Real streets could be anybody's address: places are put together from parts that no map has.
    street: () => `${pick(random, PLACE_BEGINNINGS)}${pick(random, PLACE_ENDINGS)} ${pick(random, STREET_KINDS)}`,
    company() {
      const [founder, trade] = [lastName(), pick(random, TRADES)];
      return { name: `${founder} ${trade} ${pick(random, LEGAL_FORMS)}`, shortName: toShortName(founder, trade) };
    },
    publicBody() {
      const place = `${pick(random, PLACE_BEGINNINGS)}${pick(random, PLACE_ENDINGS)}`;
      const [before, after] = pick(random, PUBLIC_BODIES);
      return { name: `${before}${place}${after}`, shortName: toShortName(place, after === '' ? before : after) };
    },
  };
}

const PLACE_BEGINNINGS = [
  'Amber',
  'Briar',
  'Cinder',
  'Dapple',
  'Ember',
  'Fennel',
  'Glimmer',
  'Hazel',
  'Juniper',
  'Larkfield',
  'Marrow',
  'Nettle',
  'Quarrel',
  'Russet',
  'Saffron',
  'Thistle',
  'Umber',
  'Willow',
];
const PLACE_ENDINGS = [
  'barrow',
  'combe',
  'croft',
  'dale',
  'fold',
  'garth',
  'holme',
  'mere',
  'shaw',
  'stow',
  'thwaite',
  'wick',
];
const STREET_KINDS = ['Street', 'Road', 'Lane', 'Avenue', 'Court', 'Row', 'Way', 'Mews'];
const TRADES = [
  'Logistics',
  'Foods',
  'Engineering',
  'Interiors',
  'Robotics',
  'Textiles',
  'Analytics',
  'Joinery',
  'Optics',
  'Travel',
  'Press',
  'Marine',
];
const LEGAL_FORMS = ['Ltd', 'Ltd', 'PLC', 'LLP'];
const PUBLIC_BODIES: readonly (readonly [before: string, after: string])[] = [
  ['', ' Borough Council'],
  ['', ' County Library Service'],
  ['University of ', ''],
  ['', ' Harbour Authority'],
  ['', ' Fire and Rescue Service'],
];

function toShortName(...words: readonly string[]): string {
  return words.join('').replace(/[^A-Za-z]/g, '');
}
