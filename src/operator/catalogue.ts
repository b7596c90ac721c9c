/** Something the operator sells, by the month. */
export interface CatalogueProduct {
  /** For example `PRD-MOB-010`. */
  readonly productId: string;
  readonly productName: string;
  readonly productType: 'Mobile' | 'Broadband' | 'TV' | 'Bundle' | 'Addon';
  readonly description: string;
  readonly monthlyPrice: number;
  readonly features: readonly string[];
  /** No longer sold; customers who have it keep it. */
  readonly isDiscontinued: boolean;
}

/** What Larkfield Telecom offers, in its own currency; names and prices are invented. */
export const CATALOGUE: readonly CatalogueProduct[] = [
  product('PRD-MOB-010', 'Mobile', 'SIM Only 10 GB', 10, 'A SIM card for your own handset', [
    '10 GB data',
    'Unlimited calls and texts',
  ]),
  product('PRD-MOB-020', 'Mobile', 'Smart 50 GB', 20, 'A mobile plan with room to stream', [
    '50 GB data',
    'Unlimited calls and texts',
    '5G',
  ]),
  product('PRD-MOB-030', 'Mobile', 'Unlimited 5G', 35, 'A mobile plan without a data limit', [
    'Unlimited data',
    'Unlimited calls and texts',
    '5G',
  ]),
  product('PRD-MOB-040', 'Mobile', 'Business Fleet', 28, 'A mobile plan for a company that has many', [
    'Shared data',
    'Fleet console',
  ]),
  product('PRD-MOB-050', 'Mobile', 'IoT Data 250 MB', 2, 'A data SIM card for a machine', ['250 MB data', 'No voice']),
  product('PRD-BRB-010', 'Broadband', 'Fibre 100', 28, 'Fibre to the premises', [
    '100 Mbit/s down',
    '20 Mbit/s up',
    'Router',
  ]),
  product('PRD-BRB-020', 'Broadband', 'Fibre 500', 38, 'Fast fibre to the premises', [
    '500 Mbit/s down',
    '100 Mbit/s up',
    'Router',
  ]),
  product('PRD-BRB-030', 'Broadband', 'Fibre 1000', 50, 'The fastest fibre to the premises', [
    '1 Gbit/s down',
    '200 Mbit/s up',
    'Router',
  ]),
  product('PRD-BRB-040', 'Broadband', '4G Home', 30, 'Broadband over the mobile network', [
    'Up to 150 Mbit/s down',
    'Indoor router',
  ]),
  product('PRD-BRB-050', 'Broadband', 'Business Ethernet 100', 189, 'A leased line with a service level', [
    '100 Mbit/s both ways',
    '99.9 % availability',
  ]),
  product('PRD-TV-010', 'TV', 'TV Essentials', 14, 'The channels that everybody wants', ['60 channels', 'One screen']),
  product('PRD-TV-020', 'TV', 'TV Family', 25, 'Something for everyone in the house', [
    '120 channels',
    'Three screens',
    'Recording',
  ]),
  product('PRD-TV-030', 'TV', 'TV Sports', 33, 'Every match of the season', ['20 sports channels', 'Ultra HD']),
  product('PRD-BUN-010', 'Bundle', 'Fibre 500 + TV Family', 57, 'Fast fibre and television in one', [
    '500 Mbit/s down',
    '120 channels',
  ]),
  product('PRD-BUN-020', 'Bundle', 'Mobile + Fibre 100', 43, 'At home and on the move in one', [
    '100 Mbit/s down',
    '50 GB mobile data',
  ]),
  product('PRD-BUN-030', 'Bundle', 'Office Starter', 99, 'A small office, ready to work', [
    'Fibre',
    'Five lines',
    'Five handsets',
  ]),
  product('PRD-ADD-010', 'Addon', 'International Calls', 6, 'Calls to 40 countries', ['300 minutes']),
  product('PRD-ADD-020', 'Addon', 'Roaming Pass', 8, 'Your allowance abroad', ['40 countries']),
  product('PRD-ADD-030', 'Addon', 'Static IP', 4, 'An address that stays the same', ['One IPv4 address']),
  product('PRD-ADD-040', 'Addon', 'Data Boost 10 GB', 7, 'More mobile data', ['10 GB data']),
  product('PRD-ADD-050', 'Addon', 'Device Insurance', 7, 'For drops, spills and theft', ['Replacement next day']),
  product('PRD-ADD-060', 'Addon', 'Voicemail Plus', 2, 'Messages as text and audio', ['Kept for a year']),
  product('PRD-ADD-070', 'Addon', 'Wi-Fi Extender', 4, 'Reception in every room', ['One extender']),
  discontinued('PRD-MOB-005', 'Mobile', 'Smart 5 GB', 8, 'A mobile plan of earlier days', ['5 GB data']),
  discontinued('PRD-MOB-006', 'Mobile', '3G Dongle', 9, 'Mobile data for a laptop', ['3 GB data', '3G']),
  discontinued('PRD-BRB-005', 'Broadband', 'ADSL 24', 18, 'Broadband over the telephone line', [
    'Up to 24 Mbit/s down',
  ]),
];

/** What the same things cost in other currencies, by currency and product. */
export const PRICE_LISTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  EUR: {
    'PRD-MOB-010': 12,
    'PRD-MOB-020': 25,
    'PRD-MOB-030': 45,
    'PRD-MOB-040': 34,
    'PRD-MOB-050': 2.5,
    'PRD-BRB-010': 32,
    'PRD-BRB-020': 44,
    'PRD-BRB-030': 60,
    'PRD-BRB-040': 35,
    'PRD-BRB-050': 219,
    'PRD-TV-010': 16,
    'PRD-TV-020': 29,
    'PRD-TV-030': 38,
    'PRD-BUN-010': 66,
    'PRD-BUN-020': 50,
    'PRD-BUN-030': 119,
    'PRD-ADD-010': 7,
    'PRD-ADD-020': 10,
    'PRD-ADD-030': 5,
    'PRD-ADD-040': 8,
    'PRD-ADD-050': 8,
    'PRD-ADD-060': 2.5,
    'PRD-ADD-070': 4,
    'PRD-MOB-005': 9,
    'PRD-MOB-006': 10,
    'PRD-BRB-005': 20,
  },
  USD: {
    'PRD-MOB-010': 15,
    'PRD-MOB-020': 30,
    'PRD-MOB-030': 55,
    'PRD-MOB-040': 40,
    'PRD-MOB-050': 3,
    'PRD-BRB-010': 40,
    'PRD-BRB-020': 55,
    'PRD-BRB-030': 75,
    'PRD-BRB-040': 45,
    'PRD-BRB-050': 249,
    'PRD-TV-010': 20,
    'PRD-TV-020': 35,
    'PRD-TV-030': 45,
    'PRD-BUN-010': 80,
    'PRD-BUN-020': 62,
    'PRD-BUN-030': 139,
    'PRD-ADD-010': 8,
    'PRD-ADD-020': 12,
    'PRD-ADD-030': 6,
    'PRD-ADD-040': 10,
    'PRD-ADD-050': 9,
    'PRD-ADD-060': 3,
    'PRD-ADD-070': 5,
    'PRD-MOB-005': 11,
    'PRD-MOB-006': 12,
    'PRD-BRB-005': 25,
  },
};

/** What a telephone user can be charged for. */
export type UcService = 'user' | 'line' | 'device' | 'voicemail' | 'mobile';

/** What Larkfield Telecom asks a month for the services of a telephone user, in its own currency. */
export const UC_PRICES: Readonly<Record<UcService, number>> = {
  user: 6,
  line: 2,
  device: 3,
  voicemail: 1,
  mobile: 9,
};

function product(
  productId: string,
  productType: CatalogueProduct['productType'],
  productName: string,
  monthlyPrice: number,
  description: string,
  features: readonly string[],
): CatalogueProduct {
  return { productId, productName, productType, description, monthlyPrice, features, isDiscontinued: false };
}

function discontinued(...facts: Parameters<typeof product>): CatalogueProduct {
  return { ...product(...facts), isDiscontinued: true };
}
