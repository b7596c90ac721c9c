/**
 * The known word that a misspelt one was most likely meant to be, if any is near enough.
 *
 * @example
 * nearestWord('requried', ['required', 'properties']); // 'required'
 */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const written = word.toLowerCase();
  const distances = new Distances();
  let nearest: string | undefined;
  let smallest = reachOf(word);
  for (const candidate of known) {
    const distance = distances.below(smallest, written, candidate.toLowerCase());
    if (distance === undefined) continue;
    nearest = candidate;
    smallest = distance;
  }
  return nearest;
}

/**
 * Says of one word after another whether a misspelt one may have been meant: as `nearestWord`, for who asks of many, and
 * has them in small letters.
 *
 * @example misspelt('prodcts')('products') // true
 */
export function misspelt(word: string): (candidate: string) => boolean {
  if (word.length > LONGEST_WORD) return () => false;
  const written = word.toLowerCase();
  const distances = new Distances();
  return (candidate) => distances.below(reachOf(word), written, candidate) !== undefined;
}

/** Characters of a word that somebody may have misspelt; all pairs of letters are compared. */
const LONGEST_WORD = 200;

/** How many slips are too many for a word. */
function reachOf(word: string): number {
  return Math.max(1, Math.floor(word.length / 3)) + 1;
}

/** The hint for a misspelt word: the nearest known one, or else what to do when none is near. */
export function didYouMean(word: string, known: Iterable<string>, otherwise: string): string {
  const nearest = nearestWord(word, known);
  return nearest === undefined ? otherwise : suggestion(nearest);
}

/** The hint that names the word that was meant. */
export function suggestion(word: string): string {
  return `Did you mean \`${word}\`?`;
}

/** How many slips lie between words, in rows that are made once: whoever is told of a misspelt word waits for all comparisons. */
class Distances {
  #beforeLast: number[] = [];
  #last: number[] = [];
  #current: number[] = [];

  /**
   * Insertions, deletions, replacements and swaps of neighbours, which are the commonest slip, each cost one. Answers
   * `undefined` where that comes to `most` or more.
   */
  below(most: number, a: string, b: string): number | undefined {
    // So many letters more or less are as many insertions.
    if (Math.abs(a.length - b.length) >= most) return undefined;
    let [beforeLast, last, current] = [this.#beforeLast, this.#last, this.#current];
    for (let column = 0; column <= b.length; column += 1) last[column] = column;
    let leastBefore = 0;
    for (let row = 1; row <= a.length; row += 1) {
      current[0] = row;
      let least = row;
      for (let column = 1; column <= b.length; column += 1) {
        const cost = a[row - 1] === b[column - 1] ? 0 : 1;
        let distance = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + cost);
        if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
          distance = Math.min(distance, at(beforeLast, column - 2) + 1);
        }
        current[column] = distance;
        least = Math.min(least, distance);
      }
      // What follows builds on these two rows, by a swap on the first of them.
      if (Math.min(least, leastBefore + 1) >= most) return undefined;
      leastBefore = least;
      [beforeLast, last, current] = [last, current, beforeLast];
    }
    const distance = at(last, b.length);
    return distance < most ? distance : undefined;
  }
}

function at(row: readonly number[], column: number): number {
  return row[column] as number;
}
