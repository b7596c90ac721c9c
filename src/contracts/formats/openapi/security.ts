import { didYouMean } from '../../../lib/nearest-word.ts';
import type { SecurityRequirement, SecurityScheme } from '../../../model/operation.ts';
import type { Place } from '../../place.ts';
import { objectOr, type PlainObject, stringOr, stringsIn } from '../../plain-object.ts';
import { flowsOf } from '../../security-flows.ts';
import type { Report } from '../../source-file.ts';
import { childrenOf, type SourceFiles } from '../../source-files.ts';

/** The security schemes at a place, whether written as in Swagger 2.0 or in OpenAPI 3. */
export function securitySchemes(place: Place, files: SourceFiles, report: Report): Record<string, SecurityScheme> {
  return Object.fromEntries(
    files.members(place).map(([name, written]) => {
      const at = files.follow(written) ?? written;
      const scheme = securityScheme(objectOr(at.value));
      if (scheme.type !== 'apiKey' || scheme.name !== undefined) return [name, scheme];
      report({
        source: at.source,
        pointer: at.pointer,
        onKey: true,
        message: `The security scheme \`${name}\` does not say what the key is called: it demands nothing.`,
        hint: 'Add `name`, and `in`.',
        severity: 'warning',
      });
      return [name, { type: 'other' }];
    }),
  );
}

/**
 * The alternatives that a `security` member lists. A scheme that is not defined demands nothing: nobody could know what
 * to send.
 */
export function securityRequirements(
  place: Place,
  { schemes, report }: { readonly schemes: Readonly<Record<string, SecurityScheme>>; readonly report: Report },
): SecurityRequirement[] {
  return childrenOf(place).map(([, requirement]) => {
    const named = childrenOf(requirement).filter(([name, { source, pointer }]) => {
      if (Object.hasOwn(schemes, name)) return true;
      report({
        source,
        pointer,
        onKey: true,
        message: `The security scheme \`${name}\` is not defined: it demands nothing.`,
        hint: didYouMean(name, Object.keys(schemes), 'Define it among the security schemes.'),
        severity: 'warning',
      });
      return false;
    });
    return Object.fromEntries(named.map(([name, { value }]) => [name, stringsIn(value)]));
  });
}

function securityScheme(scheme: PlainObject): SecurityScheme {
  switch (scheme.type) {
    case 'basic':
      return { type: 'http', scheme: 'basic' };
    case 'http':
      return { type: 'http', scheme: stringOr(scheme.scheme)?.toLowerCase() };
    case 'apiKey':
      return { type: 'apiKey', name: stringOr(scheme.name), in: carrierOf(scheme.in) };
    case 'openIdConnect':
      return { type: 'openIdConnect', ...metadataAt(scheme.openIdConnectUrl) };
    case 'oauth2': {
      const flow = stringOr(scheme.flow);
      const flows = flowsOf(flow === undefined ? objectOr(scheme.flows) : { [flow]: scheme });
      return { type: 'oauth2', flows, ...metadataAt(scheme.oauth2MetadataUrl) };
    }
    case 'mutualTLS':
      return { type: 'mutualTLS' };
    default:
      return { type: 'other' };
  }
}

function metadataAt(url: unknown): Pick<SecurityScheme, 'metadataUrl'> {
  return typeof url === 'string' ? { metadataUrl: url } : {};
}

function carrierOf(where: unknown): SecurityScheme['in'] {
  return where === 'query' || where === 'cookie' ? where : 'header';
}
