import { Faker } from '@faker-js/faker';
import { faker as english } from '@faker-js/faker/locale/en_GB';
import { expect, test } from 'vitest';
import { createChance } from '../../src/engine/values/random.ts';
import { createNames } from '../../src/operator/names.ts';

test('people have the names that the library would give them, by the same draws', () => {
  const names = createNames(createChance(7).source('names'));
  const theirs = createChance(7).source('names');
  const { person } = new Faker({ locale: english.rawDefinitions, randomizer: { next: theirs, seed: () => {} } });

  for (let count = 0; count < 5_000; count += 1) {
    expect([names.firstName(), names.lastName()]).toEqual([person.firstName(), person.lastName()]);
  }
});
