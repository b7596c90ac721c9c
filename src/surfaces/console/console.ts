import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { PACKAGE_FOLDER } from '../../lib/package-folder.ts';

/** Where the page is; everything below it that is no file is the page, which reads the rest of the address itself. */
const CONSOLE_PATH = '/_simulator/console/';
const FILES = `${CONSOLE_PATH}-/`;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing from elsewhere, nothing inline, no page around it: text of clients cannot become more than text. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  // What an upgrade of the simulator has changed is asked for again; what has not is not sent again.
  'cache-control': 'no-cache',
} as const;

/**
 * Makes what serves the console to browsers, at `/` and below `/_simulator/console/`. Its files are read when a browser
 * asks for them: a simulator that nobody looks at pays nothing for it.
 *
 * @example createSite({ contracts, version, console: createConsole(), reportFailure });
 */
export function createConsole(folder = join(PACKAGE_FOLDER, 'dist', 'console')) {
  return {
    handle(request: IncomingMessage, response: ServerResponse): boolean {
      const { method, url = '', headers } = request;
      if (method !== 'GET' && method !== 'HEAD') return false;
      const path = url.split('?')[0] ?? '';
      const isBrowser = headers.accept?.includes('text/html') === true;
      const isPage = (path === '/' && isBrowser) || (path.startsWith(CONSOLE_PATH) && !path.startsWith(FILES));
      if (path === CONSOLE_PATH.slice(0, -1)) {
        response.writeHead(308, { location: CONSOLE_PATH }).end();
        return true;
      }
      const name = isPage ? 'index.html' : path.startsWith(FILES) ? path.slice(FILES.length) : undefined;
      // No folder in a name: nothing leads out of the one.
      if (name === undefined || !/^[a-z][a-z-]*\.(html|js|css|svg)$/.test(name)) return false;
      void send(join(folder, name), request, response);
      return true;
    },
  };
}

async function send(file: string, { method, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  const isSmall = headers['accept-encoding']?.includes('gzip') === true;
  // Each file is there once, as most who ask can read it; for others it is unpacked.
  const packed = await readFile(`${file}.gz`).catch(() => undefined);
  const bytes = packed === undefined || isSmall ? packed : (await import('node:zlib')).gunzipSync(packed);
  if (bytes === undefined) {
    const text = 'Failed to show the console: it has not been built. Run npm run build.\n';
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
    return;
  }
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}"`;
  const common = { ...HEADERS, etag, vary: 'Accept, Accept-Encoding' };
  if (headers['if-none-match'] === etag) {
    response.writeHead(304, common).end();
    return;
  }
  response.writeHead(200, {
    ...common,
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-length': bytes.length,
    ...(isSmall && { 'content-encoding': 'gzip' }),
  });
  response.end(method === 'HEAD' ? undefined : bytes);
}
