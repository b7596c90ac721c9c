import { parseText, writeText } from '../lib/text/parse-text.ts';
import type { Contract } from '../model/contract.ts';

/**
 * The document of a contract with its servers replaced by the one that simulates it, so that a client that is made from
 * it finds its way. A document of a kind that names no servers stays as it is, and so does one that cannot be read.
 *
 * @param base Where the tenant is reached, for example `http://127.0.0.1:4010/@acme`.
 * @example addressedDocument('openapi: 3.1.0 …', contract, 'http://127.0.0.1:4010') // 'openapi: 3.1.0 … servers: …'
 */
export function addressedDocument(
  text: string,
  { format, basePath, webSocketPath = '' }: Pick<Contract, 'format' | 'basePath' | 'webSocketPath'>,
  base: string,
): string {
  const [kind = '', version = ''] = format.split('-');
  const address = KINDS[kind];
  const parsed = address === undefined ? undefined : parseText(text);
  if (address === undefined || parsed === undefined || 'error' in parsed || !isRecord(parsed.value)) return text;
  return writeText(address(parsed.value, { url: new URL(base), basePath, webSocketPath, version }), text);
}

interface Place {
  readonly url: URL;
  readonly basePath: string;
  readonly webSocketPath: string;
  readonly version: string;
}

const KINDS: Readonly<Record<string, (document: Fields, place: Place) => Fields>> = {
  openapi: addressOpenApi,
  swagger: addressSwagger,
  asyncapi: addressAsyncApi,
};

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Paths and operations may name servers of their own, which are simulated here as well. */
function addressOpenApi(document: Fields, { url, basePath }: Place): Fields {
  const servers = [{ url: `${url.origin}${pathOf(url)}${basePath}` }];
  return { ...document, servers, ...withoutServers(document, 'paths', 2) };
}

function addressSwagger(document: Fields, { url, basePath }: Place): Fields {
  return {
    ...document,
    schemes: [url.protocol.replace(':', '')],
    host: url.host,
    basePath: `${pathOf(url)}${basePath}` || '/',
  };
}

/** Channels may name servers of the document, which are gone; without any, they are at all of them. */
function addressAsyncApi(document: Fields, { url, webSocketPath, version }: Place): Fields {
  const protocol = url.protocol === 'https:' ? 'wss' : 'ws';
  const pathname = `${pathOf(url)}${webSocketPath}`;
  const server = version.startsWith('2')
    ? { url: `${protocol}://${url.host}${pathname}`, protocol }
    : { host: url.host, protocol, ...(pathname !== '' && { pathname }) };
  return { ...document, servers: { simulator: server }, ...withoutServers(document, 'channels', 1) };
}

function withoutServers(document: Fields, member: string, depth: number): Fields {
  return isRecord(document[member]) ? { [member]: without(document[member], depth) } : {};
}

/** Leaves `servers` out of the members so many levels below. */
function without(holder: Fields, depth: number): Fields {
  return Object.fromEntries(
    Object.entries(holder).map(([name, each]) => {
      if (!isRecord(each)) return [name, each];
      const { servers: _, ...rest } = each;
      return [name, depth > 1 ? without(rest, depth - 1) : rest];
    }),
  );
}

function pathOf({ pathname }: URL): string {
  return pathname === '/' ? '' : pathname;
}
