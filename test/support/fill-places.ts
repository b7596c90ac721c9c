/**
 * A text with each of these in the place that a comment names it by, `<!-- kind: name -->` to `<!-- end -->`; fails
 * where one has no place, so that nothing new is left out.
 *
 * @example fillPlaces(text, 'policies', { operator: '| … |' })
 */
export function fillPlaces(text: string, kind: string, places: Readonly<Record<string, string>>): string {
  const pattern = new RegExp(`<!-- ${kind}: ([\\w-]+) -->[\\s\\S]*?<!-- end -->`, 'g');
  const named = new Set([...text.matchAll(pattern)].map(([, name]) => name));
  const missing = Object.keys(places).filter((name) => !named.has(name));
  if (missing.length > 0)
    throw new Error(`The text has no place for ${missing.join(', ')}: write <!-- ${kind}: … -->.`);
  return text.replaceAll(pattern, (_, name: string) => {
    const filled = places[name];
    if (filled === undefined) throw new Error(`The text has a place for ${name}, which there is not.`);
    return `<!-- ${kind}: ${name} -->\n\n${filled}\n\n<!-- end -->`;
  });
}
