import type { Place, RefBase } from './place.ts';
import { objectOr } from './plain-object.ts';
import { walkDocument } from './references.ts';
import type { SourceFile } from './source-file.ts';

/** The names that documents give to parts of themselves: `$id` and `$anchor` of JSON Schema, `$self` of OpenAPI. */
export interface Identifiers {
  /** The parts with an id of their own that a place lies in, innermost first; not the document. */
  enclosing(from: RefBase): Place[];
  /** What an address names, as it stands or relative to the ids that hold where it stands. */
  byAddress(address: string, from: RefBase): Place[];
  /** What an anchor names in a document or a part with an id of its own. */
  anchor(name: string, root: Place): Place | undefined;
}

interface Named {
  readonly place: Place;
  /** As it is written, for an anchor without `#`. */
  readonly name: string;
}

interface DocumentNames {
  readonly ids: readonly Named[];
  readonly anchors: readonly Named[];
}

/**
 * Finds the names in documents. Each document is looked through once, and only when a reference needs it.
 *
 * @example createIdentifiers(sources).byAddress('https://shop.test/order.json', place)
 */
export function createIdentifiers(sources: Iterable<SourceFile>): Identifiers {
  const known = new Map<SourceFile, DocumentNames>();
  const namesOf = (source: SourceFile): DocumentNames => {
    const names = known.get(source) ?? findNames(source);
    known.set(source, names);
    return names;
  };
  let byAbsolute: Map<string, Place> | undefined;
  /** A name is found as it is written, too: many a document has ids that are no addresses. */
  const index = (): Map<string, Place> => {
    if (byAbsolute !== undefined) return byAbsolute;
    byAbsolute = new Map();
    for (const source of sources) {
      for (const { place, name } of namesOf(source).ids) {
        const address = withoutFragment(name);
        for (const each of [
          address,
          absolute(address, basesOf(enclosing(place).filter(({ pointer }) => pointer !== place.pointer))),
        ]) {
          if (!byAbsolute.has(each)) byAbsolute.set(each, place);
        }
      }
    }
    return byAbsolute;
  };
  const enclosing = ({ source, pointer }: RefBase): Place[] =>
    namesOf(source)
      .ids.map(({ place }) => place)
      .filter((place) => place.pointer !== '' && isIn(pointer, place.pointer))
      .sort((a, b) => b.pointer.length - a.pointer.length);
  /** The ids that an address is relative to, innermost first. */
  const basesOf = (parts: readonly Place[]): string[] =>
    parts
      .flatMap((part) => namesOf(part.source).ids.filter(({ place }) => place.pointer === part.pointer))
      .map(({ name }) => name);

  return {
    enclosing,
    byAddress: (address, from) => {
      const whole: Place = { source: from.source, pointer: '', value: from.source.value };
      const bases = basesOf([...enclosing(from), whole]);
      const found = [index().get(absolute(address, bases)), index().get(address)];
      return found.filter((place) => place !== undefined);
    },
    anchor: (name, root) =>
      namesOf(root.source).anchors.find((named) => named.name === name && isIn(named.place.pointer, root.pointer))
        ?.place,
  };
}

function isIn(pointer: string, whole: string): boolean {
  return pointer === whole || pointer.startsWith(`${whole}/`);
}

/** What has no such word in its text has no such names, nor need it be walked through. */
const NAME_WORDS = /\$(id|anchor|dynamicAnchor)\b|["']?id["']?\s*:\s*["']#/;

function findNames(source: SourceFile): DocumentNames {
  const texts = [source, ...(source.overlays ?? [])].map(({ text }) => text);
  if (!texts.some((text) => NAME_WORDS.test(text))) return { ids: idOfWhole(source), anchors: [] };
  const ids: Named[] = [];
  const anchors: Named[] = [];
  walkDocument(source.value, (members, pointer) => {
    const place: Place = { source, pointer, value: members };
    // Before draft-06 it was called `id`, which is a word of other formats, too.
    const id = pointer === '' ? undefined : (members.$id ?? fragmentIn(members.id));
    if (typeof id === 'string') {
      if (id.startsWith('#')) anchors.push({ place, name: id.slice(1) });
      else if (withoutFragment(id) !== '') ids.push({ place, name: id });
    }
    for (const anchor of [members.$anchor, members.$dynamicAnchor]) {
      if (typeof anchor === 'string') anchors.push({ place, name: anchor });
    }
  });
  return { ids: [...idOfWhole(source), ...ids], anchors };
}

function idOfWhole(source: SourceFile): Named[] {
  const { $id, $self, id } = objectOr(source.value);
  const name = $id ?? $self ?? id;
  const place = { source, pointer: '', value: source.value };
  return typeof name === 'string' && withoutFragment(name) !== '' ? [{ place, name }] : [];
}

function fragmentIn(id: unknown): unknown {
  return typeof id === 'string' && id.startsWith('#') ? id : undefined;
}

/** An address in full; as it is where it is relative to nothing. */
function absolute(address: string, bases: readonly string[]): string {
  let base: string | undefined;
  for (const each of bases.toReversed()) {
    if (URL.canParse(each, base)) base = new URL(each, base).href;
  }
  return base !== undefined && URL.canParse(address, base) ? withoutFragment(new URL(address, base).href) : address;
}

function withoutFragment(address: string): string {
  const hash = address.indexOf('#');
  return hash === -1 ? address : address.slice(0, hash);
}
