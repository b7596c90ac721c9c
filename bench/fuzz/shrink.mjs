/** How often a smaller input is tried. */
const TRIES = 150;

/**
 * The smallest input that still fails, as far as a few tries find it.
 *
 * @example await shrink(input, async (smaller) => (await send(smaller)) !== undefined);
 */
export async function shrink(input, fails) {
  let smallest = input;
  let tries = 0;
  for (let isSmaller = true; isSmaller && tries < TRIES; ) {
    isSmaller = false;
    for (const candidate of smallerOnes(smallest)) {
      tries += 1;
      if (tries >= TRIES) break;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

function* smallerOnes(input) {
  for (const name of Object.keys(input.headers ?? {})) {
    const { [name]: _, ...headers } = input.headers;
    yield { ...input, headers };
  }
  if (input.path?.includes('?')) yield { ...input, path: input.path.split('?')[0] };
  for (const part of ['body', 'raw']) {
    const text = input[part];
    if (typeof text !== 'string' || text === '') continue;
    let value;
    try {
      value = JSON.parse(text);
    } catch {
      // It is cut as a text.
    }
    if (value !== null && typeof value === 'object') {
      for (const key of Object.keys(value).slice(0, 20)) {
        yield { ...input, [part]: JSON.stringify(value[key]) };
        if (Array.isArray(value))
          yield { ...input, [part]: JSON.stringify(value.toSpliced(Number(key), Math.ceil(value.length / 2))) };
        else yield { ...input, [part]: JSON.stringify({ ...value, [key]: undefined }) };
      }
    }
    yield { ...input, [part]: text.slice(0, text.length / 2) };
    yield { ...input, [part]: text.slice(text.length / 2) };
  }
  if (input.frames?.length > 1) {
    yield { ...input, frames: input.frames.slice(0, input.frames.length / 2) };
    yield { ...input, frames: input.frames.slice(input.frames.length / 2) };
  }
}
