import { parameterSchema } from './description.mjs';
import { idsIn, thingsIn } from './resources.mjs';

const GONE = [404, 410];

/**
 * Lives one life of a resource, as far as its operations reach: create, read back, found in the list, change, read the
 * change, delete, gone; and a thing that nobody made is not there. The answer is undefined where all of it came true,
 * else the first step that did not.
 *
 * @example const failure = await live(resource, { caller, requests, known });
 */
export async function live(resource, { caller, requests, known }) {
  const { operations } = resource;
  const mark = `corpus mark ${known.nextMark()}`;
  const given = {
    names: namesIn(resource.path),
    values: parentsOf(resource, requests, known),
    queries: queriesOf(resource, requests),
  };
  let ids = [];
  let created;
  if (operations.create !== undefined) {
    const made = withMark(requests, operations.create, given, mark);
    if (made === undefined) return 'create: no valid request can be made';
    created = await caller.call(operations.create, made);
    if (!isGood(created)) return `create: ${reasonOf(created)}`;
    ids = idsIn(created, resource);
    created.mark = made.mark;
    noteSent(given.queries, made.sent);
  }
  if (operations.create === undefined && createsByPut(operations.update)) {
    created = await put(resource, { caller, requests, given, mark });
    if (!isGood(created)) return `create by PUT: ${reasonOf(created)}`;
    ids = [created.id];
  }
  if (ids.length === 0) {
    if (operations.list === undefined) return 'create: no id in the answer';
    const listed = await callWith(caller, requests, operations.list, given);
    if (!isGood(listed)) return `list: ${reasonOf(listed)}`;
    const more = idsIn(listed, resource);
    if (more.length === 0)
      return operations.create === undefined ? 'list: nothing in it' : 'create: no id in the answer';
    ids = [...ids, ...more];
  }
  const lives = { resource, caller, requests, given, mark: created?.mark };
  const { id, failure } = await findId(ids, lives);
  if (id !== undefined) known.note(resource.path, resource.parameter, id);
  if (failure !== undefined) return failure;
  return (
    (await isListed(id, lives, created !== undefined)) ??
    (await isChanged(id, lives, `${mark} changed`)) ??
    (await isUnknown(lives)) ??
    (await isDeleted(id, lives, known))
  );
}

/** What stands before the thing in its path: known where something is, else made up once for the whole life. */
function parentsOf({ path, parameter, operations }, requests, known) {
  const values = known.valuesFor(path, parameter);
  const any = operations.read ?? operations.update ?? operations.delete;
  for (const each of any.parameters) {
    if (each.in !== 'path' || each.name === parameter || values.has(each.name)) continue;
    const value = requests.valueOf(parameterSchema(each), each.file);
    if (value !== undefined) values.set(each.name, value);
  }
  return values;
}

function createsByPut(update) {
  return update?.method === 'PUT' && update.responses['201'] !== undefined;
}

/** A thing is put at an id that the client makes up. */
async function put({ operations, parameter }, { caller, requests, given, mark }) {
  const found = operations.update.parameters.find((each) => each.name === parameter);
  const id = found === undefined ? undefined : requests.valueOf(parameterSchema(found), found.file);
  if (id === undefined) return { status: -1 };
  const made = withMark(requests, operations.update, withId(given, { parameter }, id), mark, { parameter, id });
  if (made === undefined) return { status: -1 };
  return { ...(await caller.call(operations.update, made)), id: String(id), mark: made.mark };
}

async function findId(ids, { resource, caller, requests, given, mark }) {
  const { read } = resource.operations;
  if (read === undefined) return { id: ids[0] };
  let first;
  for (const id of ids.slice(0, 4)) {
    const answer = await callWith(caller, requests, read, withId(given, resource, id));
    first ??= answer;
    if (!isGood(answer)) continue;
    // What is kept is read back; what a contract's answer has no room for cannot be asked for.
    if (mark !== undefined && !answer.text.includes(mark.text) && caller.hasRoomFor(read, mark.path)) {
      return { id, failure: 'read: what was sent is not in it' };
    }
    return { id };
  }
  return { failure: `read: ${first === undefined ? 'no id' : reasonOf(first)}` };
}

async function isListed(id, { resource, caller, requests, given }, wasCreated) {
  const { list } = resource.operations;
  if (list === undefined || !wasCreated) return undefined;
  const answer = await callWith(caller, requests, list, given);
  if (!isGood(answer)) return `list: ${reasonOf(answer)}`;
  return answer.text.includes(JSON.stringify(id).slice(1, -1)) ? undefined : 'list: what was created is not in it';
}

/** Required query parameters of a resource's operations get one value each for the whole life: lists filter by them. */
function queriesOf({ operations }, requests) {
  const queries = new Map();
  for (const operation of Object.values(operations)) {
    for (const each of operation?.parameters ?? []) {
      if (each.in !== 'query' || each.required !== true || queries.has(each.name)) continue;
      const value = requests.valueOf(parameterSchema(each), each.file);
      if (value !== undefined) queries.set(each.name, value);
    }
  }
  return queries;
}

/** What was sent at creation is what a list has to be filtered by to find it. */
function noteSent(queries, sent) {
  for (const name of queries.keys()) {
    const value = sent?.[name];
    if (['string', 'number', 'boolean'].includes(typeof value)) queries.set(name, value);
  }
}

async function isChanged(id, { resource, caller, requests, given }, mark) {
  const { update, read } = resource.operations;
  if (update === undefined) return undefined;
  const made = withMark(requests, update, withId(given, resource, id), mark, { parameter: resource.parameter, id });
  if (made === undefined) return undefined;
  const answer = await caller.call(update, made);
  if (!isGood(answer)) return `update: ${reasonOf(answer)}`;
  if (read === undefined || made.mark === undefined) return undefined;
  const after = await callWith(caller, requests, read, withId(given, resource, id));
  if (!isGood(after)) return `read after update: ${reasonOf(after)}`;
  if (after.text.includes(mark) || !caller.hasRoomFor(read, made.mark.path)) return undefined;
  return 'update: the change is not to be seen';
}

async function isUnknown({ resource, caller, requests, given }) {
  const { read } = resource.operations;
  if (read === undefined) return undefined;
  const request = requests.make(read, without(given, resource.parameter));
  const again = requests.make(read, without(given, resource.parameter));
  // An id of few values, such as an enum's, may well be there.
  if (request === undefined || request.path === again?.path) return undefined;
  const answer = await caller.call(read, request);
  return GONE.includes(answer.status) ? undefined : `unknown id: ${answer.status}`;
}

async function isDeleted(id, { resource, caller, requests, given }, known) {
  const { read, list } = resource.operations;
  const remove = resource.operations.delete;
  if (remove === undefined) return undefined;
  const values = withId(given, resource, id);
  const answer = await callWith(caller, requests, remove, values);
  if (!isGood(answer)) return `delete: ${reasonOf(answer)}`;
  if (read !== undefined) {
    const after = await callWith(caller, requests, read, values);
    if (!GONE.includes(after.status)) return `after delete: ${after.status}`;
  } else if (list !== undefined) {
    const after = await callWith(caller, requests, list, given);
    if (isGood(after) && after.text.includes(`"${id}"`)) return 'after delete: still in the list';
  }
  known.forget(resource.path, resource.parameter);
  await replace(resource, { caller, requests, given, known });
  return undefined;
}

/** Another one in the place of the one that is gone, for the operations below it. */
async function replace(resource, { caller, requests, given, known }) {
  const { create } = resource.operations;
  const made = create === undefined ? undefined : requests.make(create, fitted(given, create));
  if (made === undefined) return;
  const answer = await caller.call(create, made);
  const [id] = isGood(answer) ? idsIn(answer, resource) : [];
  if (id !== undefined) known.note(resource.path, resource.parameter, id);
}

/** A request with the mark in it; what it says of the thing's own id is what the path says. */
function withMark(requests, operation, given, mark, { parameter, id } = {}) {
  const made = requests.make(operation, fitted(given, operation));
  if (made?.sent === undefined) return made;
  const sent = id === undefined ? made.sent : withOwnId(made.sent, parameter, id);
  const marked = requests.marked(operation, sent, mark, parameter);
  const encoded = requests.encode(operation, marked?.body ?? sent);
  if (encoded === undefined) return made;
  const how = marked === undefined ? undefined : { text: mark, path: marked.path };
  return {
    ...made,
    body: encoded.bytes,
    headers: { ...made.headers, ...encoded.headers },
    sent: encoded.sent,
    mark: how,
  };
}

function withOwnId(sent, parameter, id) {
  if (sent === null || typeof sent !== 'object' || Array.isArray(sent)) return sent;
  const entries = Object.entries(sent).map(([name, value]) => {
    if (name === 'metadata') return [name, withOwnId(value, parameter, id)];
    const isOwn = name === parameter || (name === 'id' && /id$/i.test(parameter));
    if (!isOwn) return [name, value];
    return [name, typeof value === 'number' ? Number(id) : typeof value === 'string' ? String(id) : value];
  });
  return Object.fromEntries(entries);
}

async function callWith(caller, requests, operation, given) {
  const made = requests.make(operation, fitted(given, operation));
  return made === undefined ? { status: -1, text: '', headers: {} } : caller.call(operation, made);
}

/** The same values under the names that an operation gives to the parameters of its path: they may differ. */
function fitted(given, operation) {
  const names = namesIn(operation.path);
  const values = given.names.map((name, at) => [names[at], given.values.get(name)]);
  return { ...given, values: new Map(values.filter(([name, value]) => name !== undefined && value !== undefined)) };
}

function namesIn(path) {
  return [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
}

function withId(given, resource, id) {
  return { ...given, values: new Map(given.values).set(resource.parameter, id) };
}

function without(given, parameter) {
  const values = new Map(given.values);
  values.delete(parameter);
  return { ...given, values };
}

function isGood({ status }) {
  return status >= 200 && status < 300;
}

function reasonOf({ status, body }) {
  if (status === -1) return 'no valid request can be made';
  if (status === 0) return 'no answer';
  const [thing] = thingsIn(body);
  const text = thing?.errors?.[0]?.message ?? thing?.errors?.[0]?.detail ?? thing?.detail ?? thing?.message ?? '';
  return `${status} ${typeof text === 'string' ? text : ''}`.trim();
}
