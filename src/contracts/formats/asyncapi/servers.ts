import type { Place } from '../../place.ts';
import { objectOr, type PlainObject, stringOr } from '../../plain-object.ts';
import type { SourceFiles } from '../../source-files.ts';

/** The path part of the first WebSocket server, `''` where it has none; `undefined` where there is no such server. */
export function webSocketPath(servers: Place, files: SourceFiles): string | undefined {
  for (const [, place] of files.members(servers)) {
    const server = objectOr(files.follow(place)?.value);
    const protocol = stringOr(server.protocol)?.toLowerCase();
    if (protocol === 'ws' || protocol === 'wss') return pathOf(server);
  }
  return undefined;
}

/** The servers that clients over WebSocket mean: those of that protocol, else all. */
export function serversReached(servers: Place, files: SourceFiles): readonly Place[] {
  const all = files.members(servers).flatMap(([, place]) => files.follow(place) ?? []);
  const spoken = all.filter(({ value }) => /^wss?$/i.test(stringOr(objectOr(value).protocol) ?? ''));
  return spoken.length > 0 ? spoken : all;
}

/** AsyncAPI 2 has one `url`, whose scheme may be missing; AsyncAPI 3 has `host` and `pathname`. */
function pathOf(server: PlainObject): string {
  const variables = objectOr(server.variables);
  const written = stringOr(server.pathname) ?? (stringOr(server.url) ?? '').replace(/^([a-z]+:)?\/\/|^(?=[^/])/i, '//');
  const text = written.replaceAll(/\{([^}]*)\}/g, (_, name: string) =>
    String(objectOr(variables[name]).default ?? name),
  );
  if (!URL.canParse(text, 'ws://localhost/')) return '';
  const { pathname } = new URL(text, 'ws://localhost/');
  try {
    return decodeURI(pathname).replace(/\/+$/, '');
  } catch {
    return pathname.replace(/\/+$/, '');
  }
}
