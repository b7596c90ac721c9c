import type { SecurityRequirement, SecurityScheme } from '../../../model/operation.ts';
import type { Place } from '../../place.ts';
import { objectOr, type PlainObject, stringOr, stringsIn } from '../../plain-object.ts';
import { flowsOf } from '../../security-flows.ts';
import { childOf, childrenOf, type SourceFiles } from '../../source-files.ts';

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
    case 'userPassword':
      return { type: 'http', scheme: 'basic' };
    case 'oauth2':
      return { type: 'oauth2', flows: flowsOf(objectOr(scheme.flows)) };
    case 'openIdConnect':
      return { type: 'openIdConnect' };
    default:
      return { type: 'other' };
  }
}

/** What who listens needs: alternatives, and the schemes among them that are written where they are used. */
export interface ChannelSecurity {
  readonly requirements: readonly SecurityRequirement[];
  readonly schemes: Readonly<Record<string, SecurityScheme>>;
}

/**
 * Reads the `security` of an operation or server, whichever of the places has one first; `undefined` where none has. In
 * AsyncAPI 2 it names schemes, in AsyncAPI 3 it holds them or refers to them.
 */
export function readSecurity(places: readonly Place[], files: SourceFiles): ChannelSecurity | undefined {
  const listed = places.map((place) => childOf(place, 'security')).find(({ value }) => Array.isArray(value));
  if (listed === undefined) return undefined;
  const schemes: Record<string, SecurityScheme> = {};
  const requirements = childrenOf(listed).map(([, place]): SecurityRequirement => {
    const members = objectOr(place.value);
    const scheme = files.follow(place);
    const value = objectOr(scheme?.value);
    if (typeof members.$ref !== 'string' && typeof members.type !== 'string') {
      return Object.fromEntries(Object.entries(members).map(([name, scopes]) => [name, stringsIn(scopes)]));
    }
    const name = scheme?.pointer ?? place.pointer;
    schemes[name] = securityScheme(value);
    return { [name]: stringsIn(value.scopes) };
  });
  return { requirements, schemes };
}
