/** Characters from which a text is kept packed: it is asked for seldom, and a tenth of it does. */
const LARGE = 2 ** 20;

/**
 * Keeps texts by their names, the large ones packed until somebody asks for one.
 *
 * @example (await keepTexts({ 'shop/api': '…' }))['shop/api'];
 */
export async function keepTexts(texts: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const kept: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) {
    if (text.length < LARGE) kept[name] = text;
    else Object.defineProperty(kept, name, { enumerable: true, get: await pack(text) });
  }
  return kept;
}

async function pack(text: string): Promise<() => string> {
  const { constants, deflateRawSync, inflateRawSync } = await import('node:zlib');
  const packed = deflateRawSync(text, { level: constants.Z_BEST_SPEED });
  return () => inflateRawSync(packed).toString('utf8');
}
