import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'];

/**
 * A contract as the corpus reads it, on its own and without a line of the simulator: what judges an answer may not share
 * a mistake with what gave it. Every node travels with the file it stands in, so that references find their way.
 *
 * @example new Description('petstore.yaml').operations()[0].method;
 */
export class Description {
  #documents = new Map();

  constructor(file) {
    this.file = resolve(file);
    this.root = this.#documentOf(this.file);
    const { openapi, swagger, asyncapi } = this.root;
    this.kind = openapi !== undefined ? 'openapi' : swagger !== undefined ? 'swagger' : 'asyncapi';
    this.version = String(openapi ?? swagger ?? asyncapi);
  }

  /** Whether schemas are of JSON Schema 2020-12, where siblings of `$ref` count. */
  get isModern() {
    return this.kind === 'openapi' && !this.version.startsWith('3.0');
  }

  /** The node that a chain of references ends at; undefined where one leads nowhere. */
  follow(node, file) {
    let place = { node, file, pointer: undefined };
    for (let hops = 0; hops < 50 && typeof place.node?.$ref === 'string'; hops += 1) {
      const next = this.find(place.node.$ref, place.file);
      if (next === undefined) return undefined;
      place = next;
    }
    return place;
  }

  /** What one reference names: the node, its file and its pointer. */
  find(reference, file) {
    const [name, fragment = ''] = reference.split('#');
    const target = name === '' ? file : resolve(dirname(file), decode(name));
    let node;
    try {
      node = this.#documentOf(target);
    } catch {
      return undefined;
    }
    if (fragment !== '' && !fragment.startsWith('/')) return this.#anchor(node, decode(fragment), target);
    let at = target;
    for (const word of fragment.split('/').slice(1).map(fromPointer)) {
      if (typeof node?.$ref === 'string') {
        const next = this.follow(node, at);
        if (next === undefined) return undefined;
        node = next.node;
        at = next.file;
      }
      node = node?.[word];
      if (node === undefined) return undefined;
    }
    return { node, file: at, pointer: fragment };
  }

  operations() {
    return this.kind === 'asyncapi' ? [] : [...this.#readOperations()];
  }

  *#readOperations() {
    for (const [path, start] of Object.entries(this.root.paths ?? {})) {
      if (!path.startsWith('/')) continue;
      const place = this.follow(start, this.file);
      const item = place?.node;
      if (item === null || typeof item !== 'object') continue;
      const methods = METHODS.filter((method) => typeof item[method] === 'object' && item[method] !== null);
      for (const method of methods) {
        const at = this.follow(item[method], place.file);
        if (at === undefined) continue;
        yield this.#operation(method.toUpperCase(), path, at.node, { item, file: place.file, at: at.file });
      }
    }
  }

  #operation(method, path, operation, { item, file, at }) {
    const parameters = new Map();
    for (const [list, from] of [
      [item.parameters, file],
      [operation.parameters, at],
    ]) {
      for (const each of Array.isArray(list) ? list : []) {
        const place = this.follow(each, from);
        if (place?.node?.name === undefined && place?.node?.in !== 'body') continue;
        parameters.set(`${place.node.in} ${place.node.name}`, { ...place.node, file: place.file });
      }
    }
    const all = [...parameters.values()];
    const isSwagger = this.kind === 'swagger';
    return {
      id: operation.operationId ?? `${method} ${path}`,
      method,
      path,
      base: isSwagger
        ? trimmed(this.root.basePath ?? '')
        : basePath(operation.servers ?? item.servers ?? this.root.servers),
      deprecated: operation.deprecated === true,
      parameters: all.filter(({ in: where }) => !['body', 'formData'].includes(where)),
      body: isSwagger ? this.#swaggerBody(operation, all, at) : this.#body(operation.requestBody, at),
      responses: Object.fromEntries(
        Object.entries(operation.responses ?? {})
          .filter(([status]) => !status.startsWith('x-'))
          .map(([status, node]) => [status.toUpperCase(), this.#response(node, operation, at)]),
      ),
    };
  }

  #body(node, file) {
    const place = node === undefined ? undefined : this.follow(node, file);
    if (place?.node === undefined || place.node === null) return undefined;
    return { required: place.node.required === true, content: this.#content(place.node.content, place.file) };
  }

  #swaggerBody(operation, parameters, file) {
    const consumes = operation.consumes ?? this.root.consumes ?? ['application/json'];
    const body = parameters.find(({ in: where }) => where === 'body');
    if (body !== undefined) {
      const medium = { schema: body.schema, file: body.file };
      return { required: body.required === true, content: Object.fromEntries(consumes.map((type) => [type, medium])) };
    }
    const fields = parameters.filter(({ in: where }) => where === 'formData');
    if (fields.length === 0) return undefined;
    const hasFile = fields.some(({ type }) => type === 'file');
    const form = hasFile
      ? 'multipart/form-data'
      : (consumes.find((type) => /form/.test(type)) ?? 'application/x-www-form-urlencoded');
    const schema = {
      type: 'object',
      required: fields.filter(({ required }) => required === true).map(({ name }) => name),
      properties: Object.fromEntries(
        fields.map((field) => [
          field.name,
          field.type === 'file' ? { type: 'string', format: 'binary' } : parameterSchema(field),
        ]),
      ),
    };
    return { required: schema.required.length > 0, content: { [form]: { schema, file } } };
  }

  #response(node, operation, file) {
    const place = this.follow(node, file);
    if (place?.node === undefined || place.node === null) return { content: {} };
    if (this.kind !== 'swagger') return { content: this.#content(place.node.content, place.file) };
    const { schema } = place.node;
    if (schema === undefined) return { content: {} };
    const produces = operation.produces ?? this.root.produces ?? ['application/json'];
    const medium = { schema, file: place.file };
    return { content: Object.fromEntries(produces.map((type) => [type, medium])), isLoose: true };
  }

  /** Some documents put a reference where the media types should stand; common tools follow it. */
  #content(start, from) {
    const { node: content, file } = this.follow(start, from) ?? { file: from };
    return Object.fromEntries(
      Object.entries(content ?? {}).map(([type, medium]) => {
        const place = this.follow(medium, file) ?? { node: {}, file };
        const { schema, encoding, example, examples } = place.node ?? {};
        const first = Object.values(examples ?? {})[0];
        const held = first === undefined ? undefined : this.follow(first, place.file)?.node?.value;
        return [type, { schema, encoding, example: example ?? held, file: place.file }];
      }),
    );
  }

  #documentOf(file) {
    let document = this.#documents.get(file);
    if (document === undefined) {
      document = parseText(readFileSync(file, 'utf8'));
      this.#documents.set(file, document);
    }
    return document;
  }

  #anchor(root, name, file) {
    const todo = [root];
    while (todo.length > 0) {
      const node = todo.pop();
      if (node === null || typeof node !== 'object') continue;
      if (node.$anchor === name || node.$dynamicAnchor === name || node.$id === `#${name}`) {
        return { node, file, pointer: name };
      }
      todo.push(...Object.values(node));
    }
    return undefined;
  }
}

/** The schema of a parameter: Swagger writes its keywords beside the name, others below `schema` or `content`. */
export function parameterSchema(parameter) {
  if (parameter.schema !== undefined) return parameter.schema;
  const [medium] = Object.values(parameter.content ?? {});
  if (medium !== undefined) return medium.schema ?? {};
  const { name, in: where, required, description, collectionFormat, file, ...schema } = parameter;
  return schema;
}

/** The base path of the first server, its variables filled with their defaults. */
function basePath(servers) {
  const server = Array.isArray(servers) ? servers[0] : undefined;
  if (typeof server?.url !== 'string') return '';
  const url = server.url.replace(/\{([^}]*)\}/g, (_, name) => {
    const variable = server.variables?.[name];
    return String(variable?.default ?? variable?.enum?.[0] ?? name);
  });
  const path = url.replace(/^[a-z][a-z0-9+.-]*:/i, '').replace(/^\/\/[^/]*/, '');
  return trimmed(path.replace(/[?#].*$/, '').replace(/^(\.\/|\.$)/, '/'));
}

function trimmed(path) {
  const clean = path.replace(/\/+$/, '');
  return clean === '' || clean.startsWith('/') ? clean : `/${clean}`;
}

function parseText(text) {
  const clean = text.replace(/^\uFEFF/, '');
  if (/^\s*[{[]/.test(clean)) {
    try {
      return JSON.parse(clean);
    } catch {
      // YAML that begins like JSON.
    }
  }
  return parse(clean, { maxAliasCount: -1, uniqueKeys: false, merge: true, strict: false, logLevel: 'silent' });
}

function fromPointer(word) {
  return decode(word).replaceAll('~1', '/').replaceAll('~0', '~');
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
