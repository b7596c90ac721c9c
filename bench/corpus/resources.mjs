/**
 * The resources that a person sees in a contract: a path with items below it (`/pets` and `/pets/{id}`), where the
 * collection can be listed or added to and the item can be asked for or changed. The rule is the corpus's own.
 *
 * @example visibleResources(description.operations())[0].operations.read;
 */
export function visibleResources(operations) {
  const byPath = new Map();
  for (const operation of operations) {
    const path = normal(operation);
    const held = byPath.get(path) ?? new Map();
    if (!held.has(operation.method)) held.set(operation.method, operation);
    byPath.set(path, held);
  }
  const resources = [];
  for (const [path, item] of byPath) {
    const cut = path.lastIndexOf('/');
    const collectionPath = path.slice(0, cut);
    const last = path.slice(cut + 1);
    if (!/^\{\}$/.test(last)) continue;
    const collection = byPath.get(collectionPath);
    const word = collectionPath.slice(collectionPath.lastIndexOf('/') + 1);
    if (word === '' || word.includes('{')) continue;
    const found = {
      list: collection?.get('GET'),
      create: collection?.get('POST'),
      read: item.get('GET'),
      update: item.get('PATCH') ?? item.get('PUT') ?? item.get('POST'),
      delete: item.get('DELETE'),
    };
    if ((found.list ?? found.create) === undefined || (found.read ?? found.update ?? found.delete) === undefined)
      continue;
    const any = found.read ?? found.update ?? found.delete;
    resources.push({
      name: word,
      path: any.base + any.path,
      parameter: [...any.path.matchAll(/\{([^}]*)\}/g)].at(-1)[1],
      operations: found,
    });
  }
  return resources.sort((one, other) => depthOf(one.path) - depthOf(other.path));
}

/** How many parameters a path has: parents come before their children. */
export function depthOf(path) {
  return path.split('{').length - 1;
}

/** A path with its parameters' names taken out, and without the slash at its end. */
function normal({ base, path }) {
  return (base + path).replace(/\{[^}]*\}/g, '{}').replace(/\/$/, '');
}

/** The objects in an answer that may be the thing itself, the outermost first: answers come wrapped in many ways. */
export function thingsIn(body, depth = 0) {
  if (body === null || typeof body !== 'object' || depth > 3) return [];
  if (Array.isArray(body)) return body.slice(0, 1).flatMap((each) => thingsIn(each, depth + 1));
  const inner = Object.values(body).filter((each) => each !== null && typeof each === 'object');
  return [body, ...inner.flatMap((each) => thingsIn(each, depth + 1))];
}

/** What may be the id in an answer for a path parameter, the likeliest first. */
export function idsIn({ body, headers }, { parameter, name, path }) {
  const found = [];
  const note = (value) => {
    if ((typeof value === 'string' && value !== '') || typeof value === 'number') found.push(value);
  };
  const singular = name
    .replace(/ies$/, 'y')
    .replace(/(ch|sh|ss|x)es$/, '$1')
    .replace(/s$/, '');
  const words = [
    parameter,
    'id',
    `${singular}id`,
    `${name}id`,
    'uid',
    'uuid',
    'guid',
    'gid',
    'sid',
    'key',
    'code',
    'number',
    'slug',
    'identifier',
    'name',
    `${singular}name`,
    'token',
  ].map(flat);
  const things = thingsIn(body);
  for (const word of words) {
    for (const thing of things) for (const [key, value] of Object.entries(thing)) if (flat(key) === word) note(value);
  }
  for (const thing of things) for (const [key, value] of Object.entries(thing)) if (/id$/i.test(key)) note(value);
  if (typeof headers?.location === 'string') {
    const at = path.split('/').indexOf(`{${parameter}}`);
    const segments = headers.location
      .replace(/^https?:\/\/[^/]*/, '')
      .split(/[?#]/)[0]
      .split('/');
    found.unshift(decodeURIComponent(segments[at] ?? segments.at(-1) ?? ''));
  }
  return [...new Set(found.map(String))].slice(0, 6);
}

function flat(word) {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '');
}
