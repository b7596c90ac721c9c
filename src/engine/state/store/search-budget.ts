import { Refusal } from '../../../model/command.ts';

/** Characters that one query looks through, ten nanoseconds each. */
const MOST_CHARACTERS = 2_000_000;

/**
 * How much text one query may look through: nobody else is answered meanwhile.
 *
 * @example new SearchBudget().spend(text.length);
 */
export class SearchBudget {
  readonly #most: number;
  #left: number;

  constructor(most = MOST_CHARACTERS) {
    this.#most = most;
    this.#left = most;
  }

  /** Refuses the query where that is more than is left. */
  spend(characters: number): void {
    this.#left -= characters;
    if (this.#left >= 0) return;
    throw new Refusal(
      400,
      'QUERY_TOO_COSTLY',
      `Failed to search: more than ${this.#most} characters would be looked through for this pattern. Look for something simpler, or narrow the list by another attribute.`,
    );
  }
}
