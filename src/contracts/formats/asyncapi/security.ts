import type { SecurityScheme } from '../../../model/operation.ts';
import type { Place } from '../../place.ts';
import { objectOr, type PlainObject, stringOr } from '../../plain-object.ts';
import type { SourceFiles } from '../../source-files.ts';

/** The security schemes of an AsyncAPI document; most of its kinds belong to brokers and have no word in the model. */
export function securitySchemes(place: Place, files: SourceFiles): Record<string, SecurityScheme> {
  return Object.fromEntries(
    files.members(place).map(([name, scheme]) => [name, securityScheme(objectOr(files.follow(scheme)?.value))]),
  );
}

function securityScheme(scheme: PlainObject): SecurityScheme {
  switch (scheme.type) {
    case 'http':
      return { type: 'http', scheme: stringOr(scheme.scheme)?.toLowerCase() };
    case 'httpApiKey':
      return {
        type: 'apiKey',
        name: stringOr(scheme.name),
        in: scheme.in === 'query' || scheme.in === 'cookie' ? scheme.in : 'header',
      };
    case 'openIdConnect':
      return { type: 'openIdConnect' };
    default:
      return { type: 'other' };
  }
}
