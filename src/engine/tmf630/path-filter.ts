import { selects } from '../../lib/json-path.ts';
import { Refusal } from '../../model/command.ts';
import type { Filter } from '../state/store/filter.ts';

/** Steps that one query may take, over all things of a list. */
const MOST_STEPS = 60_000;

/**
 * Reads the `filter` of TMF630, a JSONPath: `$[?@.state == 'open']` is asked of the list, and any other path, with or
 * without its `$`, of each thing, which is in the answer where the path selects something in it.
 *
 * @example parsePathFilter("note[?@.author == 'Ann']");
 */
export function parsePathFilter(text: string): Filter {
  const path = text.startsWith('$') ? text : `$${text.startsWith('[') ? '' : '.'}${text}`;
  const isOfList = /^\$\s*\[\s*[?*]/.test(path);
  if (/^\$\s*\[\s*[-:\d]/.test(path))
    throw invalidPath('it names things by their place. Use offset and limit for that.');
  const test = selectsIn(path);
  // The test counts its own work.
  return { op: 'holds', test: isOfList ? (entity) => test([entity]) : test };
}

function selectsIn(path: string): (value: unknown) => boolean {
  let test: (value: unknown) => boolean;
  try {
    test = selects(path, { left: MOST_STEPS });
  } catch (error) {
    throw invalidPath(`${error instanceof Error ? error.message : String(error)}. Correct the path.`);
  }
  return (value) => {
    try {
      return test(value);
    } catch {
      throw new Refusal(
        400,
        'QUERY_TOO_COSTLY',
        `Failed to filter: the JSONPath in "filter" takes more than ${MOST_STEPS} steps. Look for something simpler, or narrow the list by an attribute.`,
      );
    }
  };
}

function invalidPath(why: string): Refusal {
  return new Refusal(400, 'INVALID_QUERY', `Failed to filter by the JSONPath in "filter": ${why}`, {
    violations: [{ in: 'query', path: '/filter', message: why }],
  });
}
