import { parameterSchema } from './description.mjs';
import { fakeValue, Sampler } from './sample.mjs';
import { Schemas } from './schemas.mjs';

/** Optional parameters that leave parts of an answer out on purpose, so that its schema no longer judges it. */
const CUTS = /^\$?(fields?|select|include_?fields|exclude_?fields)$/i;
/** How many ways of filling a body are tried before its schema counts as one that nothing fits. */
const BRANCHES = 4;

/**
 * Makes valid requests from the contract's own words, and proves each of its values against the contract before it is
 * sent, so that a refusal is never the request's fault.
 *
 * @example new Requests(description).make(operation, { values: new Map() });
 */
export class Requests {
  #sampler;
  #schemas;

  constructor(description) {
    this.#sampler = new Sampler(description, 'readOnly');
    this.#schemas = new Schemas(description, 'request');
  }

  /**
   * The request, or undefined where no valid one could be made. `values` and `queries` hold what parameters in the path
   * and the query shall be, by name; `withOptions` sends the optional query parameters as well.
   */
  make(operation, { values = new Map(), queries = new Map(), withOptions = false } = {}) {
    // What follows `#` is for the reader of a contract only: no client sends it.
    let path = operation.path.split('#')[0];
    const query = [];
    const headers = {};
    const cookies = [];
    for (const parameter of operation.parameters) {
      const isWanted =
        parameter.in === 'path' ||
        parameter.required === true ||
        (withOptions && parameter.in === 'query' && parameter.deprecated !== true);
      if (!isWanted || isOurs(parameter) || (parameter.required !== true && CUTS.test(parameter.name))) continue;
      const given = { path: values, query: queries }[parameter.in]?.get(parameter.name);
      const value = given ?? this.valueOf(parameterSchema(parameter), parameter.file, exampleOf(parameter));
      if (value === undefined) {
        if (parameter.in === 'path' || parameter.required === true) return undefined;
        continue;
      }
      if (parameter.in === 'path') path = path.replaceAll(`{${parameter.name}}`, pathText(parameter, value));
      else if (parameter.in === 'query') query.push(...queryPairs(parameter, value));
      else if (parameter.in === 'header') headers[parameter.name] = plainText(parameter, value);
      else if (parameter.in === 'cookie') cookies.push(...queryPairs({ style: 'form', ...parameter }, value));
    }
    if (/[{}]/.test(path)) return undefined;
    if (cookies.length > 0) headers.cookie = cookies.join('; ');
    const body = operation.body === undefined ? {} : this.#body(operation.body);
    if (body === undefined) return undefined;
    const search = query.length > 0 ? `?${query.join('&')}` : '';
    return {
      method: operation.method,
      path: `${operation.base}${path}${search}`,
      headers: { ...headers, ...body.headers },
      body: body.bytes,
      sent: body.sent,
    };
  }

  /** A value that fits, or undefined where none was found. */
  valueOf(schema, file, example) {
    for (const value of this.#attempts(schema, file, example)) {
      if (value === undefined) continue;
      try {
        if (this.#schemas.errorOf(schema, file, value) === undefined) return value;
      } catch {
        return value;
      }
    }
    return undefined;
  }

  *#attempts(schema, file, example) {
    for (let branch = 0; branch < BRANCHES; branch += 1) yield this.#sampler.next(schema, file, { branch });
    yield this.#sampler.next(schema, file, { options: false });
    yield example;
    const bundle = this.#schemas.bundle(schema, file);
    if (bundle !== undefined) for (let seed = 1; seed <= 3; seed += 1) yield fakeValue(bundle, seed);
  }

  /** The same value with one text in it that stands nowhere else, or undefined where the schema leaves no room. */
  marked(operation, sent, mark, except) {
    const medium = mediumOf(operation.body);
    if (sent === null || typeof sent !== 'object' || Array.isArray(sent) || medium === undefined) return undefined;
    for (const path of textsIn(sent)) {
      const copy = structuredClone(sent);
      const last = path.at(-1);
      // A changed id is another thing.
      if (last === except) continue;
      const owner = path.slice(0, -1).reduce((node, name) => node[name], copy);
      if (owner[last] === mark) continue;
      owner[last] = mark;
      try {
        if (this.#schemas.errorOf(medium[1].schema, medium[1].file, copy) === undefined) return { body: copy, path };
      } catch {
        return undefined;
      }
    }
    return undefined;
  }

  /** The bytes and headers of a body, in the first media type of the contract that can be written here. */
  encode(operation, sent) {
    const [type, medium] = mediumOf(operation.body);
    const written = encoders.find(([pattern]) => pattern.test(type))?.[1](sent, type, medium);
    return written === undefined ? undefined : { ...written, sent };
  }

  #body(body) {
    const found = mediumOf(body);
    if (found === undefined) return body.required ? undefined : {};
    const [, medium] = found;
    const sent =
      medium.schema === undefined ? (medium.example ?? {}) : this.valueOf(medium.schema, medium.file, medium.example);
    if (sent === undefined) return body.required ? undefined : {};
    return this.encode({ body }, sent) ?? (body.required ? undefined : {});
  }
}

/** Headers that HTTP itself or the declared security gives: OpenAPI says that their parameters are ignored. */
function isOurs(parameter) {
  return (
    parameter.in === 'header' && ['accept', 'content-type', 'authorization'].includes(parameter.name.toLowerCase())
  );
}

const encoders = [
  [/[/+]json/i, (value, type) => ({ headers: { 'content-type': type }, bytes: JSON.stringify(value) })],
  [/^\*\/\*/, (value) => ({ headers: { 'content-type': 'application/json' }, bytes: JSON.stringify(value) })],
  [
    /urlencoded/i,
    (value, type, medium) => ({
      headers: { 'content-type': type },
      bytes: Object.entries(value ?? {})
        .flatMap(([name, each]) => {
          const encoding = medium.encoding?.[name];
          const isWhole =
            each !== null && typeof each === 'object' && !Array.isArray(each) && encoding?.style === undefined;
          return queryPairs({ name, style: 'form', explode: true, ...encoding }, isWhole ? JSON.stringify(each) : each);
        })
        .join('&'),
    }),
  ],
  [/^multipart\/form-data/i, multipart],
  [
    /^text\/(?!xml)/i,
    (value, type) => ({ headers: { 'content-type': type.replace('*', 'plain') }, bytes: String(value) }),
  ],
  [
    /octet-stream|^(image|audio|video)\/|pdf|zip/i,
    (_, type) => ({ headers: { 'content-type': type.replace('*', 'png') }, bytes: 'corpus' }),
  ],
  // Whatever else is a text, such as a JWT, is sent as it is; XML is not written here.
  [
    /^application\/(?!.*xml)[^*]*$/i,
    (value, type) => (typeof value === 'string' ? { headers: { 'content-type': type }, bytes: value } : undefined),
  ],
];

function mediumOf(body) {
  const entries = Object.entries(body?.content ?? {}).map(([type, medium]) => [
    type === '*/*' ? 'application/json' : type,
    medium,
  ]);
  for (const [pattern] of encoders) {
    const found = entries.find(([type]) => pattern.test(type));
    if (found !== undefined) return found;
  }
  return undefined;
}

function multipart(value, _, medium) {
  const boundary = 'corpus-boundary';
  const parts = Object.entries(value ?? {}).flatMap(([name, each]) =>
    (Array.isArray(each) ? each : [each]).map((item) => {
      const schema = medium.schema?.properties?.[name];
      const isFile = schema?.format === 'binary' || schema?.items?.format === 'binary';
      const isObject = item !== null && typeof item === 'object';
      const file = isFile ? '; filename="corpus.bin"' : '';
      const declared = medium.encoding?.[name]?.contentType?.split(',')[0].trim().replace('*', 'png');
      const type = declared ?? (isFile ? 'application/octet-stream' : isObject ? 'application/json' : undefined);
      const head = `content-disposition: form-data; name="${name}"${file}${type === undefined ? '' : `\r\ncontent-type: ${type}`}`;
      return `--${boundary}\r\n${head}\r\n\r\n${isObject ? JSON.stringify(item) : item}\r\n`;
    }),
  );
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    bytes: `${parts.join('')}--${boundary}--\r\n`,
  };
}

function exampleOf({ example, examples, schema }) {
  return example ?? Object.values(examples ?? {})[0]?.value ?? schema?.example;
}

/** Places of free texts in a value: the shallow ones first, and names of other things last. */
function textsIn(value) {
  const places = [...stringsIn(value, [], 0)].sort((one, other) => one.length - other.length);
  const isId = (path) => /id$/i.test(path.at(-1));
  return [...places.filter((path) => !isId(path)), ...places.filter(isId)];
}

function* stringsIn(value, path, depth) {
  for (const [name, each] of Object.entries(value)) {
    if (typeof each === 'string') yield [...path, name];
    else if (each !== null && typeof each === 'object' && depth < 3) yield* stringsIn(each, [...path, name], depth + 1);
  }
}

/** A path parameter in its style: simple, label or matrix. */
function pathText(parameter, value) {
  if (parameter.content !== undefined) return encodeURIComponent(JSON.stringify(value));
  const { name, style = 'simple', explode = false } = parameter;
  const pairs = partsOf(value);
  if (style === 'label') return `.${pairs.map((pair) => pairText(pair, explode, '=')).join(explode ? '.' : ',')}`;
  if (style !== 'matrix') return pairs.map((pair) => pairText(pair, explode, '=')).join(',');
  if (explode) return pairs.map(([key, each]) => `;${key ?? name}=${encodeURIComponent(each)}`).join('');
  return `;${name}=${pairs.map((pair) => pairText(pair, false, '=')).join(',')}`;
}

function pairText([key, each], explode, between) {
  const text = encodeURIComponent(each);
  return key === undefined ? text : `${encodeURIComponent(key)}${explode ? between : ','}${text}`;
}

function queryPairs(parameter, value) {
  const name = encodeURIComponent(parameter.name);
  if (parameter.content !== undefined) return [`${name}=${encodeURIComponent(JSON.stringify(value))}`];
  const swagger = { ssv: '%20', tsv: '%09', pipes: '|', csv: ',' }[parameter.collectionFormat];
  const style = parameter.style ?? 'form';
  const explode =
    parameter.collectionFormat === 'multi' ||
    (parameter.schema === undefined && parameter.type !== undefined ? false : (parameter.explode ?? style === 'form'));
  const pairs = partsOf(value);
  if (style === 'deepObject') return deepPairs(name, value);
  const isObject = pairs.some(([key]) => key !== undefined);
  if (explode)
    return pairs.map(([key, each]) => `${isObject ? encodeURIComponent(key) : name}=${encodeURIComponent(each)}`);
  const between = swagger ?? { spaceDelimited: '%20', pipeDelimited: '|' }[style] ?? ',';
  return [
    `${name}=${pairs.flatMap((pair) => pair.filter((each) => each !== undefined).map(encodeURIComponent)).join(between)}`,
  ];
}

function deepPairs(name, value) {
  return Object.entries(value ?? {}).flatMap(([key, each]) => {
    const inner = `${name}[${encodeURIComponent(key)}]`;
    if (Array.isArray(each)) return each.map((item) => `${inner}=${encodeURIComponent(item)}`);
    return each !== null && typeof each === 'object'
      ? deepPairs(inner, each)
      : [`${inner}=${encodeURIComponent(each)}`];
  });
}

function plainText(parameter, value) {
  if (parameter.content !== undefined) return JSON.stringify(value);
  return partsOf(value)
    .map(([key, each]) => (key === undefined ? String(each) : `${key}${parameter.explode ? '=' : ','}${each}`))
    .join(',');
}

function partsOf(value) {
  const text = (each) => (each !== null && typeof each === 'object' ? JSON.stringify(each) : String(each));
  if (Array.isArray(value)) return value.map((each) => [undefined, text(each)]);
  if (value !== null && typeof value === 'object') return Object.entries(value).map(([key, each]) => [key, text(each)]);
  return [[undefined, text(value)]];
}
