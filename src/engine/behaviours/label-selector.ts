import { Refusal } from '../../model/command.ts';
import { type Filter, valuesAt } from '../state/store/filter.ts';

/** Requirements of one selector. */
const MOST_REQUIREMENTS = 50;

/**
 * Reads a selector, requirements joined by commas: `app=web`, `app!=web`, `app in (a, b)`, `app notin (a)`, `app`, `!app`.
 * They are about the members of the object at a property, or without one about the thing's own properties.
 *
 * @example parseSelector('app=web,tier', 'labelSelector', 'metadata.labels');
 */
export function parseSelector(text: string, parameter: string, property: string | undefined): Filter {
  const parts = text.match(/[^,(]+(?:\([^)]*\))?|[,(]/g)?.filter((part) => part !== ',' && part.trim() !== '') ?? [];
  const tests = parts.map((part) => toTest(part.trim(), parameter));
  if (tests.length > MOST_REQUIREMENTS)
    throw invalid(parameter, `it has more than ${MOST_REQUIREMENTS} requirements. Ask for fewer.`);
  const read = (entity: unknown, key: string) => {
    if (property === undefined) return valuesAt(entity, key)[0];
    const [labels] = valuesAt(entity, property);
    return typeof labels === 'object' && labels !== null ? (labels as Record<string, unknown>)[key] : undefined;
  };
  return { op: 'holds', test: (entity) => tests.every(({ key, test }) => test(read(entity, key))) };
}

interface Requirement {
  readonly key: string;
  readonly test: (value: unknown) => boolean;
}

function toTest(text: string, parameter: string): Requirement {
  const [, set, not, list = ''] = /^(\S+)\s+(not)?in\s*\(([^)]*)\)$/.exec(text) ?? [];
  if (set !== undefined) {
    const values = list.split(',').map((each) => each.trim());
    const isAmong = (value: unknown) => value !== undefined && values.includes(String(value));
    return { key: set, test: not === undefined ? isAmong : (value) => !isAmong(value) };
  }
  const [, key, sign, wanted] = /^([^\s=!,()]+)\s*(==?|!=)\s*(\S*)$/.exec(text) ?? [];
  if (key !== undefined) {
    const isIt = (value: unknown) => value !== undefined && String(value) === wanted;
    return { key, test: sign === '!=' ? (value) => !isIt(value) : isIt };
  }
  const [, absent, name] = /^(!?)\s*([^\s=!,()]+)$/.exec(text) ?? [];
  if (name === undefined) throw invalid(parameter, `"${text}" is no requirement. Write app=web, app in (a, b) or app.`);
  return { key: name, test: (value) => (value === undefined) === (absent === '!') };
}

function invalid(parameter: string, why: string): Refusal {
  return new Refusal(400, 'INVALID_QUERY', `Failed to select by ${parameter}: ${why}`, {
    violations: [{ in: 'query', path: `/${parameter}`, message: why }],
  });
}
