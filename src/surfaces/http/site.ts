import type { IncomingMessage, ServerResponse } from 'node:http';
import { loadInTurns } from '../../lib/load-in-turns.ts';
import { Refusal } from '../../model/command.ts';
import type { Contract } from '../../model/contract.ts';
import { problemBody } from './error-body.ts';
import { isSafe } from './http-words.ts';
import type { PathAdvice } from './path-advice.ts';
import { notFound } from './refusals.ts';

/** Pages for people; answers whether the request was one of theirs. */
export interface SiteConsole {
  handle(request: IncomingMessage, response: ServerResponse): boolean;
}

export interface SiteOptions {
  readonly contracts: readonly Contract[];
  readonly version: string;
  /** Answers browsers at `/`, and what lies below a path of its own. */
  readonly console?: SiteConsole;
  /** What whoever missed a path is told. */
  readonly advise?: PathAdvice;
  /** Called with what a page threw. */
  readonly reportFailure: (message: string, error: unknown) => void;
}

/**
 * Makes what answers everything that is no contract's: the console, a list at `/` for who is no browser, and 404 for the rest.
 * Express is only loaded when the list is first asked for, because most never do, and nobody waits for it at a 404.
 *
 * @example new Dispatcher({ ...options, fallback: createSite({ contracts, version, reportFailure }) });
 */
export function createSite(options: SiteOptions): (request: IncomingMessage, response: ServerResponse) => void {
  let loading: ReturnType<typeof loadSite> | undefined;
  return (request, response) => {
    if (options.console?.handle(request, response) === true) return;
    const { method = '' } = request;
    const [path = ''] = (request.url ?? '').split('?');
    if (path !== '/' || !isSafe(request)) {
      sendProblem(response, notFound(method, path, options.advise?.(method, path)));
      return;
    }
    loading ??= loadSite(options);
    loading.then(
      (site) => site(request, response),
      (error: unknown) => {
        options.reportFailure('the site could not be loaded', error);
        response.writeHead(500).end();
      },
    );
  };
}

async function loadSite({ contracts, version, reportFailure }: SiteOptions) {
  await loadInTurns('express', import.meta.url);
  const { default: express } = await import('express');
  const page = renderPage(contracts, version);
  const site = express();
  site.disable('x-powered-by');
  site.get('/', (_request, response) => {
    response.set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'").type('html').send(page);
  });
  // Express recognizes an error handler by its four parameters.
  site.use((error: unknown, _request: IncomingMessage, response: ServerResponse, _next: unknown) => {
    reportFailure('a page failed', error);
    if (response.headersSent) response.destroy();
    else
      sendProblem(
        response,
        new Refusal(
          500,
          'INTERNAL_ERROR',
          'Failed to answer the request: something unexpected happened in the simulator. Look into its log.',
        ),
      );
  });
  return site;
}

function sendProblem(response: ServerResponse, refusal: Refusal): void {
  const { contentType, body } = problemBody(refusal);
  const text = JSON.stringify(body);
  response
    .writeHead(refusal.status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) })
    .end(text);
}

function renderPage(contracts: readonly Contract[], version: string): string {
  const sections = contracts.map(
    ({ system, name, title, version: contractVersion, operations, channels }) => `
<h2>${escapeHtml(title)} <small>${escapeHtml(contractVersion)}</small></h2>
<p><a href="/_simulator/contracts/${encodeURIComponent(system)}/${encodeURIComponent(name)}">${escapeHtml(system)}/${escapeHtml(name)}</a></p>
<ul>
${[
  ...operations.map(
    ({ method, path, summary = '' }) =>
      `<li><code>${escapeHtml(method)} ${escapeHtml(path)}</code> ${escapeHtml(summary)}</li>`,
  ),
  ...channels.map(
    ({ address, description = '' }) =>
      `<li><code>WebSocket /${escapeHtml(address)}</code> ${escapeHtml(description)}</li>`,
  ),
].join('\n')}
</ul>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>bss-simulator</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}small{color:#666}</style>
<h1>bss-simulator <small>${escapeHtml(version)}</small></h1>
<p><a href="/_simulator/health">Health</a> · <a href="/_simulator/contracts">Contracts</a> · <a href="/_simulator/clock">Clock</a> · <a href="/_simulator/events">Events</a> · <a href="/_simulator/requests">Requests</a></p>
${sections.join('\n')}
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
