import { integerBetween, pick, type RandomSource } from '../engine/values/random.ts';
import type { Names } from './names.ts';

/** Where somebody lives or works. */
export interface PostalAddress {
  readonly street: string;
  readonly city: string;
  readonly state?: string;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** A place with what its telephone numbers look like. */
export interface Place {
  readonly address: PostalAddress;
  /** Short for its city, for example `LON`. */
  readonly code: string;
  landline(): string;
  mobile(): string;
}

/** Where the operator is at home, and most of its customers with it. */
export const HOME_COUNTRY = 'GB';

/**
 * A place in one of the countries that the operator has customers in, most of them at home.
 *
 * Streets are invented, postal codes have the shape of the country's own. Telephone numbers come only from ranges that
 * the regulators reserve for fiction (Ofcom, BNetzA, ARCEP, ACMA, NANPA).
 */
export function createPlace(random: RandomSource, names: Pick<Names, 'street'>): Place {
  const city = pick(random, random() < SHARE_AT_HOME ? CITIES_AT_HOME : CITIES);
  const digits = (pattern: string) => pattern.replace(/#/g, () => String(integerBetween(random, 0, 9)));
  const dial = (ranges: readonly string[]) => digits(pick(random, ranges));
  const house = integerBetween(random, 1, 180);
  const street = names.street();
  return {
    code: city.code,
    address: {
      street: city.country === 'DE' ? `${street} ${house}` : `${house} ${street}`,
      city: city.name,
      ...(city.state !== undefined && { state: city.state }),
      postalCode: digits(city.postalCode),
      country: city.country,
    },
    landline: () => dial(city.landlines),
    mobile: () => dial(MOBILES[city.country] ?? city.landlines),
  };
}

interface City {
  readonly country: string;
  readonly code: string;
  readonly name: string;
  readonly state?: string;
  /** `#` is any digit, here and in the ranges of numbers. */
  readonly postalCode: string;
  readonly landlines: readonly string[];
}

const SHARE_AT_HOME = 0.6;

/** Ofcom's numbers without an area; Ireland publishes none for fiction, so its people are given these too. */
const BRITISH_LANDLINES = ['+441632960###'];

/** Germany has its reserved numbers on land lines only. */
const MOBILES: Readonly<Record<string, readonly string[]>> = {
  GB: ['+447700900###'],
  IE: ['+447700900###'],
  FR: ['+3363998####'],
  AU: ['+61491570156', '+61491570157', '+61491570158', '+61491570159', '+61491570110'],
};

const CITIES: readonly City[] = [
  { country: 'GB', code: 'LON', name: 'London', postalCode: 'EC9# 0ZZ', landlines: ['+442079460###'] },
  { country: 'GB', code: 'LDS', name: 'Leeds', postalCode: 'LS9# 0ZZ', landlines: BRITISH_LANDLINES },
  { country: 'GB', code: 'BRS', name: 'Bristol', postalCode: 'BS9# 0ZZ', landlines: BRITISH_LANDLINES },
  { country: 'GB', code: 'EDI', name: 'Edinburgh', postalCode: 'EH9# 0ZZ', landlines: BRITISH_LANDLINES },
  { country: 'GB', code: 'CDF', name: 'Cardiff', postalCode: 'CF9# 0ZZ', landlines: BRITISH_LANDLINES },
  { country: 'DE', code: 'BER', name: 'Berlin', postalCode: '1011#', landlines: ['+493023125###'] },
  { country: 'DE', code: 'FRA', name: 'Frankfurt am Main', postalCode: '6031#', landlines: ['+496990009###'] },
  { country: 'FR', code: 'PAR', name: 'Paris', postalCode: '7501#', landlines: ['+3319900####'] },
  { country: 'FR', code: 'LYS', name: 'Lyon', postalCode: '6900#', landlines: ['+3346571####'] },
  { country: 'IE', code: 'DUB', name: 'Dublin', postalCode: 'D0# ZZ00', landlines: BRITISH_LANDLINES },
  {
    country: 'AU',
    code: 'SYD',
    name: 'Sydney',
    state: 'NSW',
    postalCode: '200#',
    landlines: ['+6125550####', '+6127010####'],
  },
  {
    country: 'AU',
    code: 'MEL',
    name: 'Melbourne',
    state: 'VIC',
    postalCode: '300#',
    landlines: ['+6135550####', '+6137010####'],
  },
  { country: 'US', code: 'NYC', name: 'New York', state: 'NY', postalCode: '1000#', landlines: ['+121255501##'] },
  { country: 'US', code: 'CHI', name: 'Chicago', state: 'IL', postalCode: '6060#', landlines: ['+131255501##'] },
];

const CITIES_AT_HOME: readonly City[] = CITIES.filter(({ country }) => country === HOME_COUNTRY);
