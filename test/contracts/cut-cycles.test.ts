import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { createValidation } from '../../src/contracts/validation.ts';
import { writeFiles } from './temp-files.ts';

const to = (name: string) => ({ $ref: `#/components/schemas/${name}` });

async function load(schemas: object) {
  const folder = writeFiles({
    'shop/api.json': { openapi: '3.0.3', info: { title: 'T', version: '1' }, paths: {}, components: { schemas } },
  });
  const { contracts, problems } = await loadContracts([folder], { isQuick: true });
  const validation = createValidation(contracts);
  const check = (name: string, value: unknown) => validation.check(contracts[0]?.$defs[name] ?? false)(value);
  return { contract: contracts[0], problems, check };
}

test('what inherits from a base that lists it as an alternative inherits the base without its alternatives', async () => {
  const { problems, check, contract } = await load({
    Pet: {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, kind: { type: 'string' } },
      oneOf: [to('Cat'), to('Dog')],
      discriminator: { propertyName: 'kind' },
    },
    Cat: { allOf: [to('Pet'), { required: ['lives'], properties: { lives: { type: 'integer' } } }] },
    Dog: { oneOf: [to('Puppy')], allOf: [to('Pet'), { required: ['tail'] }] },
    Puppy: { allOf: [to('Dog'), { required: ['age'] }] },
  });

  expect(problems).toEqual([]);
  expect(check('Pet', { name: 'Tom', lives: 9 })).toEqual([]);
  expect(check('Pet', { name: 'Rex', tail: 1, age: 1 })).toEqual([]);
  expect(check('Cat', { lives: 9 })).toEqual([{ path: '/name', message: 'is required' }]);
  expect(check('Puppy', { tail: 1, age: 1 })).toEqual([{ path: '/name', message: 'is required' }]);
  expect(Object.keys(contract?.$defs ?? {})).toEqual(['Pet', 'Cat', 'Dog', 'Puppy', 'PetItself', 'DogItself']);
});

test('any other circle is cut where it closes, and reported', async () => {
  const { problems, check } = await load({
    A: { allOf: [to('B'), { required: ['a'] }] },
    B: { allOf: [to('A'), { required: ['b'] }] },
    Self: { not: to('Self') },
  });

  expect(problems).toMatchObject([
    { message: 'The schema `B` has to be valid for itself to be valid, by way of `A`: the circle is cut.' },
    { message: 'The schema `Self` has to be valid for itself to be valid, by way of `Self`: the circle is cut.' },
  ]);
  expect(check('A', {})).toEqual([
    { path: '/b', message: 'is required' },
    { path: '/a', message: 'is required' },
  ]);
});

test('what contains itself in a property or an item is left as it is', async () => {
  const { contract, problems } = await load({ Node: { properties: { next: to('Node') }, items: to('Node') } });

  expect(problems).toEqual([]);
  expect(Object.keys(contract?.$defs ?? {})).toEqual(['Node']);
});
