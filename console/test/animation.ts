/** One picture of an animation, as Chromium takes it in WebP, and how long it stands. */
export interface Frame {
  readonly image: Buffer;
  readonly milliseconds: number;
}

/**
 * An animated WebP of pictures that are WebP each: the container takes their chunks as they are, so that nothing is
 * decoded. See https://developers.google.com/speed/webp/docs/riff_container.
 *
 * @example animate([{ image, milliseconds: 2_000 }], { width: 1200, height: 750 })
 */
export function animate(frames: readonly Frame[], size: { readonly width: number; readonly height: number }): Buffer {
  const IS_ANIMATED = 0x02;
  const header = chunk('VP8X', Buffer.from([IS_ANIMATED, 0, 0, 0]), uint24(size.width - 1), uint24(size.height - 1));
  const forever = chunk('ANIM', Buffer.alloc(6));
  const IS_NOT_BLENDED = 0x02;
  const pictures = frames.map(({ image, milliseconds }) =>
    chunk(
      'ANMF',
      Buffer.concat([uint24(0), uint24(0), uint24(size.width - 1), uint24(size.height - 1), uint24(milliseconds)]),
      Buffer.from([IS_NOT_BLENDED]),
      bitstreamOf(image),
    ),
  );
  return chunk('RIFF', Buffer.from('WEBP'), header, forever, ...pictures);
}

/** What is drawn, without what is said of it. */
function bitstreamOf(image: Buffer): Buffer {
  const kept: Buffer[] = [];
  for (let at = 12; at < image.length; ) {
    const length = image.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (['VP8 ', 'VP8L', 'ALPH'].includes(image.toString('latin1', at, at + 4))) kept.push(image.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}

function chunk(name: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from(name), length, body, Buffer.alloc(body.length % 2)]);
}

function uint24(value: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntLE(value, 0, 3);
  return bytes;
}
