import { pointerTo } from '../../../lib/json-pointer.ts';
import type { Contract } from '../../../model/contract.ts';
import type { Operation, Parameter, RequestBody, Response } from '../../../model/operation.ts';
import { extensionsOf, objectOr, stringOr } from '../../plain-object.ts';
import type { SourceFile } from '../../source-file.ts';
import type { SourceFiles } from '../../source-files.ts';
import { type ApsSchemas, createApsSchemas } from './aps-schemas.ts';
import { typeName } from './type-names.ts';

/** Builds the contract of one APS type: its structures, itself as a resource, and its operations. */
export function loadAps(source: SourceFile, files: SourceFiles): Contract {
  const document = objectOr(source.value);
  const schemas = createApsSchemas(source, files);
  for (const structure of Object.keys(objectOr(document.structures))) {
    schemas.reference({ source, structure, name: structure });
  }
  schemas.reference({ source, name: typeName(source) });
  // What a type inherits is served by the resources' own contract; a reconstruction is there to be referred to.
  const operations = document['x-reconstructed'] === true ? [] : Object.entries(objectOr(document.operations));
  return {
    system: source.system,
    name: source.name,
    title: typeName(source),
    version: /\/(\d+(?:\.\d+)*)$/.exec(stringOr(document.id) ?? '')?.[1] ?? '',
    format: `aps-${String(document.apsVersion)}`,
    file: source.relative,
    basePath: BASE_PATH,
    operations: operations.map(([name, operation]) => toOperation(name, objectOr(operation), source, schemas)),
    channels: [],
    $defs: schemas.$defs,
    securitySchemes: { [TOKEN]: { type: 'apiKey', in: 'header', name: TOKEN } },
    resources: [],
  };
}

const BASE_PATH = '/aps/2/resources';
const RESOURCE_ID = 'aps-id';
const TOKEN = 'APS-Token';

type Members = Readonly<Record<string, unknown>>;

function toOperation(name: string, operation: Members, source: SourceFile, schemas: ApsSchemas): Operation {
  const parameters = Object.entries(objectOr(operation.parameters)).map(
    ([parameter, aps]) => [parameter, objectOr(aps)] as const,
  );
  const body = parameters.find(([, { kind }]) => kind === 'body')?.[1];
  const isStatic = operation.static === true;
  const path = (stringOr(operation.path) ?? '/').replace(/\/$/, '');
  return {
    id: name,
    system: source.system,
    contract: source.name,
    method: String(operation.verb).toUpperCase(),
    path: `${BASE_PATH}${isStatic ? '' : `/{${RESOURCE_ID}}`}${path}`,
    description: stringOr(operation.description),
    tags: [typeName(source)],
    parameters: [
      ...(isStatic ? [] : [RESOURCE_ID_PARAMETER]),
      ...parameters
        .filter(([, { kind }]) => kind === 'path' || kind === 'query')
        .map(([parameter, aps]) => toParameter(parameter, aps, source, schemas)),
    ],
    ...(body === undefined ? {} : { requestBody: toRequestBody(body, source, schemas) }),
    responses: toResponses(operation, source, schemas),
    // `access` says who may ask; that one has to say who one is holds for public operations too.
    security: [{ [TOKEN]: [] }],
    pointer: pointerTo('/operations', name),
    extensions: {
      ...extensionsOf(operation),
      'x-aps-access': operation.access ?? objectOr(source.value).access ?? {},
    },
  };
}

const RESOURCE_ID_PARAMETER: Parameter = {
  in: 'path',
  name: RESOURCE_ID,
  required: true,
  description: 'APS id of the resource.',
  schema: { type: 'string', format: 'uuid' },
};

function toParameter(name: string, aps: Members, source: SourceFile, schemas: ApsSchemas): Parameter {
  return {
    in: aps.kind === 'path' ? 'path' : 'query',
    name,
    required: aps.kind === 'path' || aps.required === true,
    description: stringOr(aps.description),
    schema: schemas.schema(aps, source),
    ...(aps.type === 'array' ? { explode: false } : {}),
  };
}

/** The parameter is the whole body, so that a request without one says nothing. */
function toRequestBody(aps: Members, source: SourceFile, schemas: ApsSchemas): RequestBody {
  return {
    required: aps.required !== false,
    description: stringOr(aps.description),
    content: { 'application/json': { schema: schemas.schema(aps, source), examples: {} } },
  };
}

function toResponses(operation: Members, source: SourceFile, schemas: ApsSchemas): Record<string, Response> {
  const answer = (description: string, aps: unknown): Response => ({
    description,
    headers: {},
    content: { 'application/json': { schema: schemas.schema(aps, source), examples: {} } },
  });
  const { response, errorResponse } = operation;
  const isVoid = response === undefined || objectOr(response).type === 'void';
  return {
    ...(isVoid ? { 204: { description: 'Done.', headers: {}, content: {} } } : { 200: answer('Done.', response) }),
    ...(errorResponse === undefined ? {} : { default: answer('It could not be done.', errorResponse) }),
  };
}
