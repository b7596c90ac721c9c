import { expect, test } from 'vitest';
import { createChance } from '../../src/engine/values/random.ts';
import { createCast, DEFAULT_CAST_SIZE } from '../../src/operator/cast.ts';
import { CATALOGUE } from '../../src/operator/catalogue.ts';
import { isReservedMailbox, isReservedNumber } from '../support/safe-data.ts';

const castOf = (seed: number, size?: number) => createCast(createChance(seed).source, size);

test('the same seed makes the same cast, another seed another', () => {
  expect(castOf(1)).toEqual(castOf(1));
  expect(castOf(2)).not.toEqual(castOf(1));
});

test('the operator is a synthetic one that bills at home', () => {
  expect(castOf(1).operator).toEqual({ name: 'Larkfield Telecom', homeCountry: 'GB', currency: 'GBP' });
});

test('the cast has all types, habits and countries, and companies with users', () => {
  const { members } = castOf(1);
  const distinct = <T>(values: readonly T[]) => [...new Set(values)].sort();
  expect(members).toHaveLength(DEFAULT_CAST_SIZE);
  expect(members.length).toBeGreaterThanOrEqual(30);
  expect(distinct(members.map(({ type }) => type))).toEqual(['Business', 'Government', 'Individual']);
  expect(distinct(members.map(({ habit }) => habit))).toEqual(['late', 'never', 'prompt']);
  expect(distinct(castOf(1, 200).members.map(({ address }) => address.country))).toEqual([
    'AU',
    'DE',
    'FR',
    'GB',
    'IE',
    'US',
  ]);
  for (const { type, users, isTaxExempt, site } of members) {
    expect(isTaxExempt).toBe(type === 'Government');
    expect(users.length === 0).toBe(type === 'Individual');
    if (type === 'Individual') continue;
    expect(users.length).toBeGreaterThanOrEqual(2);
    expect(users.length).toBeLessThanOrEqual(6);
    expect(site?.code).toMatch(/^[A-Z]{3}$/);
    expect(site?.cluster).toBeGreaterThanOrEqual(1);
    expect(site?.cluster).toBeLessThanOrEqual(4);
  }
});

test('about a third of the businesses, and nobody else, buys through a cloud marketplace', () => {
  const { members } = castOf(1, 1000);
  const businesses = members.filter(({ type }) => type === 'Business');
  const share = businesses.filter(({ usesMarketplace }) => usesMarketplace).length / businesses.length;
  expect(share).toBeGreaterThan(0.25);
  expect(share).toBeLessThan(0.42);
  expect(members.some(({ type, usesMarketplace }) => type !== 'Business' && usesMarketplace)).toBe(false);
});

test('a larger cast begins with the members of a smaller one, and nobody shares a user name or mailbox', () => {
  const { members } = castOf(1, 2000);
  expect(members.slice(0, 36)).toEqual(castOf(1, 36).members);
  const mailboxes = members.flatMap(({ email, users }) => [email, ...users.map((user) => user.email)]);
  expect(new Set(mailboxes).size).toBe(mailboxes.length);
  const usernames = members.flatMap(({ users }) => users.map(({ username }) => username));
  expect(new Set(usernames).size).toBe(usernames.length);
});

test('telephone numbers, mailboxes and devices can belong to nobody', () => {
  for (const { phone, email, users } of castOf(3, 1000).members) {
    for (const number of [phone, ...users.map(({ ddi }) => ddi)]) expect(number).toSatisfy(isReservedNumber);
    for (const mailbox of [email, ...users.map((user) => user.email)]) expect(mailbox).toSatisfy(isReservedMailbox);
    for (const { telephone } of users) expect(telephone).toMatch(/^00005E0053[0-9A-F]{2}$/);
  }
});

test('the catalogue covers all types, has one id each, and keeps discontinued products', () => {
  expect(new Set(CATALOGUE.map(({ productType }) => productType))).toEqual(
    new Set(['Mobile', 'Broadband', 'TV', 'Bundle', 'Addon']),
  );
  expect(new Set(CATALOGUE.map(({ productId }) => productId)).size).toBe(CATALOGUE.length);
  expect(CATALOGUE.some(({ isDiscontinued }) => isDiscontinued)).toBe(true);
});
