import { isHidden, type ParentLink, type Role, type ScopeLink } from '../../model/resource.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import type { MergedEndpoint } from './merge-endpoints.ts';
import { beginsWith, type PathStep, parametersOf, toPathTemplate } from './path-template.ts';
import type { Clue } from './thing.ts';
import { isSameWord, singular, wordsOf } from './words.ts';

/** The path of a collection, of one item where there is none. */
function mainPath({ thing: { group } }: MergedEndpoint): string {
  return group.onCollection[0]?.operation.path ?? group.onItem[0]?.operation.path ?? '';
}

/**
 * The resource whose item path the collection path stands below, and how a child shows whose it is; without a property
 * for that, it is stored beside the child and never sent.
 */
export function findParent(
  child: MergedEndpoint,
  all: readonly MergedEndpoint[],
  schemas: SchemaResolver,
): ParentLink | undefined {
  const { steps } = toPathTemplate(mainPath(child));
  let above: { readonly other: MergedEndpoint; readonly depth: number } | undefined;
  for (const other of all) {
    const [item] = other.thing.group.onItem;
    if (other === child || item === undefined || other.isSingleton) continue;
    const depth = item.steps.length;
    if (depth >= steps.length || (above !== undefined && above.depth >= depth)) continue;
    if (beginsWith(steps, item.steps)) above = { other, depth };
  }
  if (above === undefined) return undefined;
  const { other, depth } = above;
  // The parameter may have another name here than in the parent's own path.
  const parameter = parametersOf(steps.slice(0, depth)).at(-1) ?? '';
  const owner = propertyLike(parameter, steps, child, schemas);
  const property = [parameter, ...(owner === undefined ? [] : [owner]), other.id.property].find(
    (candidate) => isScalar(child, candidate, schemas) && candidate !== child.id.property,
  );
  return { resource: other.name, parameter, property: property ?? '$parent' };
}

/** The properties that hold what the path says beside the id. */
export function scopeLinks(
  endpoint: MergedEndpoint,
  parent: ParentLink | undefined,
  schemas: SchemaResolver,
): readonly ScopeLink[] {
  const { steps } = toPathTemplate(mainPath(endpoint));
  const isMadeElsewhere = !endpoint.clues.some(isCreation) && endpoint.further.some(({ clue }) => isCreation(clue));
  const given = givenBelow(endpoint);
  return endpoint.scope.flatMap((parameter) => {
    const property =
      parameter === parent?.parameter && !isHidden(parent.property)
        ? parent.property
        : propertyLike(parameter, steps, endpoint, schemas);
    // Of what is made on other paths nobody knows what this one says.
    if (property === undefined && isMadeElsewhere && !given.some((each) => isSameWord(each, parameter))) return [];
    const own = property ?? (parameter === parent?.parameter ? parent.property : `$${parameter}`);
    const shownAt = isHidden(own) ? nestedLike(parameter, endpoint, schemas) : undefined;
    return { parameter, property: own, ...(shownAt !== undefined && { shownAt }) };
  });
}

function isCreation({ role }: Clue): boolean {
  return role === 'create' || role === 'createMany';
}

/** The parameters in the paths of other endpoints below which things are created. */
function givenBelow({ further }: MergedEndpoint): readonly string[] {
  return further.flatMap(({ clue }) => (clue.role === 'create' ? parametersOf(clue.placed.steps) : []));
}

/**
 * The same for an operation on another path. What nothing is known of is left out, unless things are created below it:
 * then it is kept beside them, so that a list below it has those alone.
 */
export function furtherLinks(
  parameters: readonly string[],
  steps: readonly PathStep[],
  role: Role,
  endpoint: MergedEndpoint,
  main: readonly ScopeLink[],
  schemas: SchemaResolver,
): readonly ScopeLink[] {
  const given = givenBelow(endpoint);
  return parameters.flatMap((parameter) => {
    const known = main.find((link) => isSameWord(link.parameter, parameter))?.property;
    // `/students/{studentId}/enrolments` may list by what the path of one calls its id.
    const isItsId =
      role === 'list' &&
      [endpoint.id.property, endpoint.idParameter].some(
        (each) => each !== undefined && isSameWord(each, parameter) && wordsOf(each).length > 1,
      );
    const property = known ?? (isItsId ? endpoint.id.property : propertyLike(parameter, steps, endpoint, schemas));
    if (property !== undefined) return [{ parameter, property }];
    const isGiven = given.some((each) => isSameWord(each, parameter));
    return isGiven ? [{ parameter, property: `$${parameter}` }] : [];
  });
}

/**
 * What a thing calls the one that it stands below, where the path calls that just `id`: `artistId` below `/artists/{id}`,
 * or `artist`.
 */
function namesOfOwner(parameter: string, steps: readonly PathStep[]): readonly string[] {
  const word = steps[steps.findIndex((step) => step.parameter === parameter) - 1]?.word;
  if (word === undefined || wordsOf(parameter).length > 1) return [];
  const owners = [singular(word), ...(PERSON.test(singular(word)) ? AUTHORS : [])];
  return owners.flatMap((owner) => [`${owner}_${parameter}`, owner]);
}

const PERSON = /^(user|member|person|account|profile)$/i;

/** What things call the person who has made or has them. */
const AUTHORS = ['author', 'owner', 'creator', 'created_by', 'sender'];

/** The values that stand in a path, without those of the item itself. */
export function scopeParameters(steps: readonly PathStep[], idLength: number): readonly string[] {
  const names = parametersOf(steps);
  return idLength === 0 ? names : names.slice(0, -1);
}

function propertyLike(
  parameter: string,
  steps: readonly PathStep[],
  endpoint: MergedEndpoint,
  schemas: SchemaResolver,
): string | undefined {
  const { members } = endpoint.thing;
  const names = [...members.keys()].filter((each) => each !== endpoint.id.property);
  const name = names.includes(parameter)
    ? parameter
    : (names.find((each) => isSameWord(each, parameter)) ??
      namesOfOwner(parameter, steps).flatMap((owner) => names.find((each) => isSameWord(each, owner)) ?? [])[0]);
  return name !== undefined && isScalar(endpoint, name, schemas) ? name : undefined;
}

/** Where the id is nested, what the path says beside it may be, too: `metadata.namespace` beside `metadata.name`. */
function nestedLike(parameter: string, { id, thing }: MergedEndpoint, schemas: SchemaResolver): string | undefined {
  const [outer = '', name] = id.property.split('.');
  const inner = name === undefined ? undefined : schemas.members(thing.members.get(outer));
  const property = [...(inner?.keys() ?? [])].find((each) => each !== name && isSameWord(each, parameter));
  const isPlain = schemas.members(inner?.get(property ?? '')).size === 0;
  return property === undefined || !isPlain ? undefined : `${outer}.${property}`;
}

function isScalar({ thing: { members } }: MergedEndpoint, name: string, schemas: SchemaResolver): boolean {
  if (!members.has(name)) return false;
  const schema = members.get(name);
  return schemas.members(schema).size === 0 && schemas.items(schema) === undefined;
}
