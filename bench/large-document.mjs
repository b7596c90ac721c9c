/**
 * Writes an OpenAPI document with many operations, for what a start costs: of each group of four operations one is a
 * list, one a creation, one a read and one a change of a thing whose schema refers to others.
 *
 * node bench/large-document.mjs <file.json | file.yaml> [operations]
 */
import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import yaml from 'js-yaml';

const OPERATIONS = 1_200;
const PROPERTIES = 24;
const PARTS = 200;

/** The document; every name in it is made up. */
export function largeDocument(operations = OPERATIONS) {
  const paths = {};
  const schemas = { Error: objectOf({ code: text('A word for machines.'), message: text('A sentence for people.') }) };
  for (let index = 0; index < PARTS; index += 1)
    schemas[`Part${index}`] = objectOf({ code: text('Its code.'), count: { type: 'integer' } });
  for (let index = 0; index < operations / 4; index += 1) {
    const name = `Thing${index}`;
    schemas[name] = thing(name, index);
    schemas[`${name}Draft`] = { ...thing(name, index), required: ['name'] };
    paths[`/area${index % 40}/things${index}`] = { get: list(name), post: create(name) };
    paths[`/area${index % 40}/things${index}/{id}`] = {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      get: read(name),
      patch: change(name),
    };
  }
  const info = { title: 'Many operations', version: '1.0.0', description: 'Made to measure what a start costs.' };
  const security = { key: { type: 'apiKey', in: 'header', name: 'X-Key' } };
  return {
    openapi: '3.0.3',
    info,
    servers: [{ url: 'https://api.example.com/v1' }],
    paths,
    components: { schemas, securitySchemes: security },
  };
}

function thing(name, index) {
  const properties = { id: { type: 'string', readOnly: true }, name: text(`What ${name} is called.`) };
  for (let at = 0; at < PROPERTIES; at += 1) {
    const kind = (index + at) % 6;
    properties[`part${at}`] =
      kind === 0
        ? { type: 'integer', minimum: 0, description: `How many there are of part ${at}.` }
        : kind === 1
          ? { type: 'string', enum: ['open', 'held', 'closed'], description: 'Where it stands.' }
          : kind === 2
            ? { type: 'array', items: ref(`Part${(index + at) % PARTS}`) }
            : kind === 3
              ? {
                  allOf: [ref(`Part${(index * 7 + at) % PARTS}`)],
                  description: 'What it stands on.',
                }
              : kind === 4
                ? {
                    type: 'string',
                    format: 'date-time',
                    description: 'When it was last seen.',
                    example: '2026-01-01T00:00:00Z',
                  }
                : text(`A few words on part ${at} of ${name}, long enough to be a sentence as documents have them.`);
  }
  return objectOf(properties);
}

const objectOf = (properties) => ({ type: 'object', properties });
const text = (description) => ({ type: 'string', description, maxLength: 500 });
const json = (schema) => ({ content: { 'application/json': { schema } } });
const ref = (name) => ({ $ref: `#/components/schemas/${name}` });
const failing = { description: 'It failed.', ...json(ref('Error')) };
const described = (id, rest) => ({ operationId: id, summary: `${id}, in one line.`, tags: ['things'], ...rest });

const list = (name) =>
  described(`list${name}`, {
    parameters: ['limit', 'offset'].map((each) => ({ name: each, in: 'query', schema: { type: 'integer' } })),
    responses: { 200: { description: 'All.', ...json({ type: 'array', items: ref(name) }) }, default: failing },
  });
const create = (name) =>
  described(`create${name}`, {
    requestBody: { required: true, ...json(ref(`${name}Draft`)) },
    responses: { 201: { description: 'Made.', ...json(ref(name)) }, 400: failing },
  });
const read = (name) =>
  described(`read${name}`, { responses: { 200: { description: 'One.', ...json(ref(name)) }, 404: failing } });
const change = (name) =>
  described(`change${name}`, {
    requestBody: json(ref(`${name}Draft`)),
    responses: { 200: { description: 'Changed.', ...json(ref(name)) }, 404: failing },
  });

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file = 'large.openapi.json', operations = OPERATIONS] = process.argv.slice(2);
  const document = largeDocument(Number(operations));
  writeFileSync(
    file,
    extname(file) === '.json'
      ? JSON.stringify(document, null, 1)
      : yaml.dump(document, { noRefs: true, lineWidth: 120 }),
  );
}
