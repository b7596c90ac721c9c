import type { Contract } from '../../../model/contract.ts';
import type { Operation } from '../../../model/operation.ts';
import { createDefinitions } from '../../definitions.ts';
import { extensionsOf, objectOr, stringOr, stringsIn } from '../../plain-object.ts';
import type { SourceFile } from '../../source-file.ts';
import { childOf, childrenOf, type Place, type SourceFiles } from '../../source-files.ts';
import type { Dialect, LoadContext } from './dialect.ts';
import { mostCommonErrorSchema } from './error-schema.ts';
import { openapi3 } from './openapi-3.ts';
import { securityRequirements, securitySchemes } from './security.ts';
import { swagger2 } from './swagger-2.ts';

/** Builds the contract from the raw document, so that names and pointers of the source survive. */
export function loadOpenapi(source: SourceFile, files: SourceFiles): Contract {
  const document = objectOr(source.value);
  const root: Place = { source, pointer: '', value: source.value };
  const dialect = 'swagger' in document ? swagger2 : openapi3;
  const definitions = createDefinitions(source, files);
  definitions.add(childrenOf(childOf(root, ...dialect.schemas)));
  const context: LoadContext = { root, files, definitions };
  const operations = childrenOf(childOf(root, 'paths')).flatMap(([path, place]) =>
    path.startsWith('/') ? operationsAt(path, place, dialect, context) : [],
  );
  const info = objectOr(document.info);
  return {
    system: source.system,
    name: source.name,
    title: stringOr(info.title) ?? source.name,
    version: String(info.version ?? ''),
    format: dialect.formatOf(document),
    file: source.relative,
    basePath: dialect.basePath(root.value),
    operations,
    channels: [],
    $defs: definitions.$defs,
    securitySchemes: securitySchemes(childOf(root, ...dialect.securitySchemes), files),
    resources: [],
    errorSchema: mostCommonErrorSchema(operations),
  };
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

function operationsAt(path: string, place: Place, dialect: Dialect, context: LoadContext): Operation[] {
  const item = context.files.follow(place) ?? place;
  return childrenOf(item)
    .filter(([method]) => METHODS.includes(method))
    .map(([method, operation]) => {
      const members = objectOr(operation.value);
      const parameters = mergedParameters(item, operation, context.files);
      const requestBody = dialect.requestBody(operation, parameters, context);
      const requestSchema = Object.values(requestBody?.content ?? {})[0]?.schema;
      const servers = [operation, item, context.root].map(({ value }) => value);
      const basePath = dialect.basePath(servers.find((value) => 'servers' in objectOr(value)) ?? context.root.value);
      return {
        id: stringOr(members.operationId) ?? `${method.toUpperCase()} ${path}`,
        system: context.root.source.system,
        contract: context.root.source.name,
        method: method.toUpperCase(),
        path: basePath + path,
        summary: stringOr(members.summary),
        description: stringOr(members.description),
        tags: stringsIn(members.tags),
        parameters: parameters.flatMap((parameter) => dialect.parameter(parameter, context) ?? []),
        requestBody,
        responses: Object.fromEntries(
          childrenOf(childOf(operation, 'responses'))
            .filter(([status]) => !status.startsWith('x-'))
            .map(([status, response]) => [status, dialect.response(response, operation, context)]),
        ),
        security: securityRequirements(members.security ?? objectOr(context.root.value).security),
        pointer: `${place.pointer}/${method}`,
        extensions: {
          ...(requestSchema === undefined ? {} : extensionsOf(context.definitions.resolve(requestSchema))),
          ...extensionsOf(members),
        },
      };
    });
}

/** The parameters of the path and of the operation; the operation's own win over those of the same name and place. */
function mergedParameters(item: Place, operation: Place, files: SourceFiles): Place[] {
  const merged = new Map<string, Place>();
  for (const owner of [item, operation]) {
    for (const [, place] of childrenOf(childOf(owner, 'parameters'))) {
      const parameter = files.follow(place) ?? place;
      const { in: where, name } = objectOr(parameter.value);
      merged.set(`${where} ${name}`, parameter);
    }
  }
  return [...merged.values()];
}
