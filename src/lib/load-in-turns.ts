import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';

/**
 * Loads a CommonJS library file by file, with a turn of the event loop for others after each; whoever imports it next
 * finds it loaded. Node loads a library in one go, and nobody is answered meanwhile: Express takes 60 ms. Nothing depends
 * on this: what it does not find is loaded by whatever asks for it.
 *
 * @param from The address of the module that will import it.
 * @example await loadInTurns('a-large-library', import.meta.url);
 */
export async function loadInTurns(library: string, from: string): Promise<void> {
  const [entry] = resolvedBy(from, [library]);
  if (entry !== undefined) await new Loader().visit(entry);
}

/**
 * Goes through the files that files require, and loads each when all that it requires are there. Those that require one
 * another in a circle are loaded by the first that was come to, as they would be otherwise: elsewhere in the circle it
 * could begin with a file that uses at once what is not there yet. (The circles are found as Tarjan does.)
 */
class Loader {
  readonly #places = new Map<string, number>();
  /** Files that have not been loaded, in the order in which they were come to. */
  readonly #open: string[] = [];

  /** Answers the place of the first file that this one is in a circle with. */
  async visit(file: string): Promise<number> {
    const place = this.#places.size;
    this.#places.set(file, place);
    this.#open.push(file);
    let first = place;
    for (const next of requiredBy(file)) {
      const seen = this.#places.get(next);
      if (seen === undefined) first = Math.min(first, await this.visit(next));
      else if (this.#open.includes(next)) first = Math.min(first, seen);
    }
    if (first < place) return first;
    this.#open.splice(this.#open.indexOf(file));
    load(file);
    await new Promise((resolve) => setImmediate(resolve));
    return place;
  }
}

/** The files that a file requires as soon as it is loaded. */
function requiredBy(file: string): readonly string[] {
  if (!/\.c?js$/.test(file)) return [];
  const lines = textOf(file).match(AT_ONCE) ?? [];
  return resolvedBy(
    file,
    lines.flatMap((line) => [...line.matchAll(/\brequire\(["']([^"']+)["']\)/g)].map(([, name = '']) => name)),
  );
}

/** Lines that stand in no function, because they are not indented or belong to a list of declarations. */
const AT_ONCE = /^(?:\S.*|\s+[\w$]+\s*[=:]\s*require\(.*,\s*)$/gm;

function resolvedBy(from: string, names: readonly string[]): readonly string[] {
  const { resolve } = createRequire(from);
  return names.flatMap((name) => {
    try {
      return isBuiltin(name) ? [] : [resolve(name)];
    } catch {
      return [];
    }
  });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function load(file: string): void {
  try {
    createRequire(file)(file);
  } catch {
    // Whoever imports the library meets this again, and says what it means.
  }
}
