/** One step of a path: a word of its own, or the place of a value. */
export interface PathStep {
  readonly word?: string;
  readonly parameter?: string;
}

/** A path template taken apart. */
export interface PathTemplate {
  readonly steps: readonly PathStep[];
  /** What is done with what the path names, where the path says so behind a colon: `cancel` in `/orders/{id}:cancel`. */
  readonly verb?: string;
}

/**
 * Takes a path template apart, whichever way it writes values: `/a/{id}`, `/a/{id}.json`, `/a('{id}')`, `/a/{x},{y}`.
 *
 * @example toPathTemplate('/calls/{sid}.json').steps; // [{ word: 'calls' }, { parameter: 'sid' }]
 */
export function toPathTemplate(path: string): PathTemplate {
  const steps: PathStep[] = [];
  let verb: string | undefined;
  const segments = path.split('/').filter((segment) => segment !== '');
  for (const [index, segment] of segments.entries()) {
    let text = segment;
    const colon = /^(.*[^:]):([A-Za-z]\w*)$/.exec(text.replaceAll(/\{[^}]*\}/g, (name) => '\0'.repeat(name.length)));
    if (index === segments.length - 1 && colon !== null) {
      verb = colon[2];
      text = text.slice(0, (colon[1] ?? '').length);
    }
    steps.push(...stepsOf(text));
  }
  return { steps, ...(verb !== undefined && { verb }) };
}

/**
 * Names what a path leads to, whatever its parameters are called.
 *
 * @example shapeOf(toPathTemplate('/a/{id}').steps); // '/a/{}'
 */
export function shapeOf(steps: readonly PathStep[]): string {
  return steps.map(({ word }) => `/${word ?? '{}'}`).join('');
}

/**
 * Whether a path begins with these steps, whatever its parameters are called.
 *
 * @example beginsWith(toPathTemplate('/a/{id}/b').steps, toPathTemplate('/a/{x}').steps); // true
 */
export function beginsWith(steps: readonly PathStep[], start: readonly PathStep[]): boolean {
  return start.every(({ word }, index) => index < steps.length && steps[index]?.word === word);
}

/** The names of the parameters of these steps, in order. */
export function parametersOf(steps: readonly PathStep[]): readonly string[] {
  return steps.flatMap(({ parameter }) => parameter ?? []);
}

/** The last word of a path, which says what it is about. */
export function lastWord(steps: readonly PathStep[]): string {
  return steps.findLast(({ word }) => word !== undefined)?.word ?? '';
}

function stepsOf(segment: string): PathStep[] {
  const parts = segment.split(/\{([^}]*)\}/);
  if (parts.length === 1) return [{ word: withoutSuffix(segment) }];
  const steps: PathStep[] = [];
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1) steps.push({ parameter: part });
    // What stands between two values, and behind the last one, is punctuation or a format, and no word.
    else if (index === 0 && /[\p{L}\p{N}]/u.test(part)) steps.push({ word: part.replace(/[^\p{L}\p{N}]+$/u, '') });
  }
  return steps;
}

function withoutSuffix(word: string): string {
  return word.replace(/(?<=.)\.(json|xml)$/i, '');
}
