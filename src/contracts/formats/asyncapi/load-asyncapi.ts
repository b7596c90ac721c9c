import type { Channel } from '../../../model/channel.ts';
import type { Contract } from '../../../model/contract.ts';
import { createDefinitions } from '../../definitions.ts';
import { objectOr, stringOr } from '../../plain-object.ts';
import type { Report, SourceFile } from '../../source-file.ts';
import { childOf, type SourceFiles, wholeOf } from '../../source-files.ts';
import { channelsOf2 } from './channels-2.ts';
import { channelsOf3 } from './channels-3.ts';
import { isWrapped, type LoadContext } from './messages.ts';
import { readSecurity, securitySchemes } from './security.ts';
import { serversReached, webSocketPath } from './servers.ts';

/** Builds the contract from the raw document, so that names and pointers of the source survive. */
export function loadAsyncapi(source: SourceFile, files: SourceFiles, report: Report): Contract {
  const document = objectOr(source.value);
  const root = wholeOf(source);
  const definitions = createDefinitions(source, files, report);
  const schemas = files.members(files.member(root, 'components', 'schemas'));
  // What is written in another language is read where it is used.
  definitions.add(schemas.filter(([, { value }]) => !isWrapped(objectOr(value))));
  const schemes = securitySchemes(files.member(root, 'components', 'securitySchemes'), files);
  const servers = serversReached(childOf(root, 'servers'), files);
  const context: LoadContext = {
    root,
    files,
    definitions,
    report,
    securityOf(operation) {
      const found = readSecurity([operation, ...servers], files);
      if (found === undefined) return {};
      Object.assign(schemes, found.schemes);
      return { security: found.requirements };
    },
    defaultContentType: stringOr(document.defaultContentType) ?? 'application/json',
  };
  const asyncapi = String(document.asyncapi);
  const channels: Channel[] = asyncapi.startsWith('2') ? channelsOf2(context) : channelsOf3(context);
  const info = objectOr(document.info);
  return {
    system: source.system,
    name: source.name,
    title: stringOr(info.title) ?? source.name,
    version: String(info.version ?? ''),
    format: `asyncapi-${asyncapi.split('.').slice(0, 2).join('.')}`,
    file: source.relative,
    basePath: '',
    webSocketPath: webSocketPath(childOf(root, 'servers'), files),
    operations: [],
    channels,
    $defs: definitions.$defs,
    securitySchemes: schemes,
    resources: [],
  };
}
