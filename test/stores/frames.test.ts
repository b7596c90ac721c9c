import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameBuffer, frame, readFrames } from '../../src/stores/file/frames.ts';

const lineLists = fc.array(fc.array(fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify([text]))), {
  maxLength: 5,
});

test('a buffer holds the frames of its lines, also when it is filled again with others', () => {
  fc.assert(
    fc.property(lineLists, fc.integer({ min: 1, max: 1e12 }), (lists, first) => {
      const buffer = new FrameBuffer();
      for (const lines of lists)
        expect(buffer.fill(first, lines).toString()).toBe(lines.map((line, at) => frame(first + at, line)).join(''));
    }),
  );
});

test('a line that is larger than a buffer keeps is written as any other, and read again', async () => {
  const buffer = new FrameBuffer();
  const lines = ['["before"]', JSON.stringify(['ü'.repeat(600_000)]), '["after"]'];
  const read: string[] = [];
  for await (const each of readFrames(
    (async function* () {
      yield buffer.fill(1, lines);
    })(),
  ))
    read.push('text' in each ? each.text : 'damaged');
  expect(read).toEqual(lines);
});
