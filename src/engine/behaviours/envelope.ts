import type { Schema } from '../../model/schema.ts';
import type { Entity } from '../state/store/store.ts';
import type { ReadWork } from '../state/work.ts';
import type { BehaviourParts } from './behaviour-parts.ts';

/** Puts what an answer is about into the envelope that the contract has around it. */
export type Surround = (inner: unknown, work: ReadWork, key: string, figures?: Figures) => unknown;

/** Values that depend on what is inside, by the path at which they stand. */
export type Figures = Pick<ReadonlyMap<string, unknown>, 'get'>;

/**
 * Makes what surrounds values: its members stand in the contract's order, with those filled in that are known or
 * demanded. Names that path of a figure or member are joined by dots.
 *
 * @example surround(schema, ['data'], parts)({ id: 1 }, work, 'key'); // { success: true, data: { id: 1 } }
 */
export function surround(
  schema: Schema | undefined,
  path: readonly string[],
  parts: BehaviourParts,
  figured: readonly string[] = [],
): Surround {
  if (path.length === 0 && figured.length === 0) return (inner) => inner;
  const layer = createLayer(schema, path, parts, '', new Set(figured));
  return (inner, work, key, figures = NO_FIGURES) => layer(inner, work, key, figures);
}

const NO_FIGURES: Figures = Object.freeze(new Map<string, unknown>());

type Layer = (inner: unknown, work: ReadWork, key: string, figures: Figures) => unknown;

function createLayer(
  schema: Schema | undefined,
  path: readonly string[],
  parts: BehaviourParts,
  place: string,
  figured: ReadonlySet<string>,
): Layer {
  const { schemas } = parts;
  const members = schemas.members(schema);
  const [next] = path;
  // Of alternatives, the first that has a place for what is inside says what stands beside it.
  const { oneOf = [], anyOf = [] } = schemas.resolve(schema) ?? {};
  const chosen = [...oneOf, ...anyOf].find((each) => next !== undefined && schemas.members(each).has(next));
  const required = new Set([...schemas.required(schema), ...schemas.required(chosen)]);
  const names = next === undefined || members.has(next) ? [...members.keys()] : [...members.keys(), next];
  const steps = names.map((name) => {
    const here = place === '' ? name : `${place}.${name}`;
    const member = members.get(name) ?? {};
    const isRequired = required.has(name);
    if (name === next) {
      const rest = path.slice(1);
      const layer = rest.length === 0 ? undefined : createLayer(member, rest, parts, here, figured);
      return {
        name,
        write: (inner: unknown, work: ReadWork, key: string, figures: Figures) =>
          layer === undefined ? inner : layer(inner, work, key, figures),
      };
    }
    if (figured.has(here)) return { name, write: figureWriter(here, isRequired, member, parts) };
    const hasFigures = [...figured].some((each) => each.startsWith(`${here}.`));
    if (hasFigures) {
      const layer = createLayer(member, [], parts, here, figured);
      // An object without any figures, as for a next page after the last, is left out where it may be.
      const write: Layer = (inner, work, key, figures) => {
        const value = layer(inner, work, key, figures) as Entity;
        return isRequired || Object.keys(value).length > 0 ? value : undefined;
      };
      return { name, write };
    }
    const word = parts.wordFor(name, member, isRequired);
    if (word !== undefined) return { name, write: () => word };
    if (!isRequired) return undefined;
    return { name, write: (_inner: unknown, work: ReadWork, key: string) => parts.make(member, work, key, `/${here}`) };
  });
  const written = steps.filter((step) => step !== undefined);
  return (inner, work, key, figures) => {
    const envelope: Record<string, unknown> = {};
    for (const { name, write } of written) {
      const value = write(inner, work, key, figures);
      if (value !== undefined) envelope[name] = value;
    }
    return envelope;
  };
}

/** Where there is nothing to say, a member that must be there says so as far as its type lets it. */
function figureWriter(here: string, isRequired: boolean, member: Schema, { schemas }: BehaviourParts): Layer {
  const resolved = schemas.resolve(member);
  const types = [resolved?.type].flat();
  const isNullable =
    types.includes('null') ||
    (resolved?.anyOf ?? resolved?.oneOf ?? []).some((each) => typeof each === 'object' && each.type === 'null');
  const nothing = isNullable
    ? null
    : isRequired
      ? types.includes('string')
        ? ''
        : types.includes('boolean')
          ? false
          : 0
      : undefined;
  return (_inner, _work, _key, figures) => {
    const value = figures.get(here);
    if (value === undefined) return nothing;
    return types.includes('string') && typeof value === 'number' ? String(value) : value;
  };
}
