import { expect, test } from 'vitest';
import type { Parameter } from '../../src/model/operation.ts';
import { styleOf, writeParameter } from '../../src/model/parameter-style.ts';

const ARRAY = ['blue', 'black', 'brown'];
const OBJECT = { R: 100, G: 200, B: 150 };

// The table of OpenAPI 3.1.1, "Style Examples", row by row.
test.each<[Parameter['style'], boolean, Parameter['in'], string | undefined, string | undefined, string | undefined]>([
  ['matrix', false, 'path', ';color=blue', ';color=blue,black,brown', ';color=R,100,G,200,B,150'],
  ['matrix', true, 'path', ';color=blue', ';color=blue;color=black;color=brown', ';R=100;G=200;B=150'],
  ['label', false, 'path', '.blue', '.blue,black,brown', '.R,100,G,200,B,150'],
  ['label', true, 'path', '.blue', '.blue.black.brown', '.R=100.G=200.B=150'],
  ['simple', false, 'path', 'blue', 'blue,black,brown', 'R,100,G,200,B,150'],
  ['simple', true, 'path', 'blue', 'blue,black,brown', 'R=100,G=200,B=150'],
  ['simple', false, 'header', 'blue', 'blue,black,brown', 'R,100,G,200,B,150'],
  ['form', false, 'query', 'color=blue', 'color=blue,black,brown', 'color=R,100,G,200,B,150'],
  ['form', true, 'query', 'color=blue', 'color=blue&color=black&color=brown', 'R=100&G=200&B=150'],
  ['form', false, 'cookie', 'color=blue', 'color=blue,black,brown', 'color=R,100,G,200,B,150'],
  ['spaceDelimited', false, 'query', undefined, 'color=blue%20black%20brown', 'color=R%20100%20G%20200%20B%20150'],
  ['pipeDelimited', false, 'query', undefined, 'color=blue%7Cblack%7Cbrown', 'color=R%7C100%7CG%7C200%7CB%7C150'],
  ['deepObject', true, 'query', undefined, undefined, 'color[R]=100&color[G]=200&color[B]=150'],
])(
  '%s with explode %s in a %s is written as in the table of OpenAPI',
  (style, explode, where, scalar, array, object) => {
    const parameter = { in: where, name: 'color', style, explode };
    if (scalar !== undefined) expect(writeParameter(parameter, 'blue')).toBe(scalar);
    if (array !== undefined) expect(writeParameter(parameter, ARRAY)).toBe(array);
    if (object !== undefined) expect(writeParameter(parameter, OBJECT)).toBe(object);
  },
);

test('delimiters in a value are encoded, and with allowReserved only what would end it', () => {
  const parameter = { in: 'query', name: 'path', explode: false } as const;
  expect(writeParameter(parameter, ['a,b', 'c&d'])).toBe('path=a%2Cb,c%26d');
  expect(writeParameter({ ...parameter, allowReserved: true }, '/a?b=c&d')).toBe('path=/a?b=c%26d');
});

test('a parameter with a media type is written in it', () => {
  const parameter = { in: 'query', name: 'ids', contentType: 'application/json' } as const;
  expect(writeParameter(parameter, [1, 2])).toBe('ids=%5B1%2C2%5D');
});

test('a style that its place does not have is taken for the usual one', () => {
  expect(styleOf({ in: 'path', style: 'form' })).toEqual({ style: 'simple', explode: false });
  expect(styleOf({ in: 'query', style: 'simple' })).toEqual({ style: 'form', explode: false });
  expect(styleOf({ in: 'header', style: 'deepObject' })).toEqual({ style: 'simple', explode: false });
});
