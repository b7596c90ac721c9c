/** What one check may cost before the size of the value counts: in references followed, a tenth of a microsecond each. */
const FREE_STEPS = 30_000;
/** What it may cost for each part of the value. */
const STEPS_A_PART = 20;

/** A value that costs more to check than its size explains. */
export class TooCostly extends Error {}

/**
 * The work that one check may be. Where alternatives contain themselves, each level of a value is looked at as often as
 * there are alternatives, and thirty levels of nothing take an hour.
 */
export class CheckBudget {
  #left = FREE_STEPS;
  #value: unknown;

  /** Begins a check. */
  begin(value: unknown): void {
    this.#left = FREE_STEPS;
    this.#value = value;
  }

  /** Throws `TooCostly` where it is used up; only then the value is measured. */
  readonly spend = (steps: number): void => {
    this.#left -= steps;
    if (this.#left >= 0) return;
    const value = this.#value;
    if (value === MEASURED) throw new TooCostly();
    this.#value = MEASURED;
    this.#left += STEPS_A_PART * sizeOf(value);
    if (this.#left < 0) throw new TooCostly();
  };
}

const MEASURED = Symbol('measured');

/** Values and tens of characters in it. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 1 + value.length / 10;
  if (typeof value !== 'object' || value === null) return 1;
  let size = 1;
  for (const name in value) size += sizeOf((value as Record<string, unknown>)[name]);
  return size;
}
