/** Where a value of a JSON text stands: the offset of its name, if it is a member, and its own. */
interface Offsets {
  readonly key: number;
  readonly value: number;
}

/**
 * Finds offsets in a text that is known to be JSON. Only what lies on the way to a place is looked into, and only once,
 * which in a document of ten megabytes makes the difference between moments and minutes.
 *
 * @example createJsonLocator('{"a": [1, 2]}')(['a', '1'], false) // 10
 */
export function createJsonLocator(text: string): (keys: readonly string[], onKey: boolean) => number {
  const known = new Map<number, ReadonlyMap<string, Offsets>>();
  const membersAt = (start: number): ReadonlyMap<string, Offsets> => {
    const members = known.get(start) ?? scanMembers(text, start);
    known.set(start, members);
    return members;
  };
  return (keys, onKey) => {
    let current: Offsets = { key: 0, value: skipBlank(text, 0) };
    for (const key of keys) {
      const next = membersAt(current.value).get(key);
      // The place does not exist, so that what lacks it is the best that can be shown.
      if (next === undefined) break;
      current = next;
    }
    return onKey ? current.key : current.value;
  };
}

/** The members of an object or the items of an array, by name or index; none of any other value. */
function scanMembers(text: string, start: number): ReadonlyMap<string, Offsets> {
  const members = new Map<string, Offsets>();
  const isObject = text[start] === '{';
  if (!isObject && text[start] !== '[') return members;
  let offset = skipBlank(text, start + 1);
  for (let index = 0; offset < text.length && text[offset] !== '}' && text[offset] !== ']'; index += 1) {
    const key = offset;
    if (isObject) offset = skipBlank(text, skipText(text, offset));
    const name = isObject ? (JSON.parse(text.slice(key, skipText(text, key))) as string) : String(index);
    // Past the colon.
    if (isObject) offset = skipBlank(text, offset + 1);
    members.set(name, { key, value: offset });
    offset = skipBlank(text, skipValue(text, offset));
    if (text[offset] === ',') offset = skipBlank(text, offset + 1);
  }
  return members;
}

function skipBlank(text: string, start: number): number {
  let offset = start;
  while (offset < text.length && text.charCodeAt(offset) <= 32) offset += 1;
  // A byte order mark is no part of the first value.
  return text.charCodeAt(offset) === 0xfeff ? skipBlank(text, offset + 1) : offset;
}

function skipText(text: string, start: number): number {
  let offset = start + 1;
  while (offset < text.length && text[offset] !== '"') offset += text[offset] === '\\' ? 2 : 1;
  return offset + 1;
}

function skipValue(text: string, start: number): number {
  let offset = start;
  let depth = 0;
  while (offset < text.length) {
    const character = text[offset];
    if (character === '"') {
      offset = skipText(text, offset);
      if (depth === 0) return offset;
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return offset + 1;
      if (depth < 0) return offset;
    } else if (depth === 0 && character === ',') return offset;
    offset += 1;
  }
  return offset;
}
