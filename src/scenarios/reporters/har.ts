import { STATUS_CODES } from 'node:http';
import type { HttpRequest, HttpResponse } from '../player.ts';
import type { ScenarioResult, ScenarioSummary } from '../results.ts';
import { allSteps, type StepResult } from '../results.ts';
import type { Reporter } from './reporter.ts';

/**
 * Writes the calls of a run as an HTTP Archive (HAR 1.2), which browsers and proxies open: a page for each workflow, an
 * entry for each call, on the clock of its world. Credentials are left out, because a report gets around.
 *
 * @example createHarReporter((text) => writeFile('calls.har', text), '1.0.0');
 */
export function createHarReporter(write: (text: string) => void | Promise<void>, version: string): Reporter {
  return { ended: (summary) => write(`${JSON.stringify(toHar(summary, version), null, 2)}\n`) };
}

function toHar({ scenarios }: ScenarioSummary, version: string): object {
  const played = scenarios.filter(({ result }) => result.status !== 'skipped' && result.at !== '');
  return {
    log: {
      version: '1.2',
      creator: { name: 'bss-simulator', version },
      pages: played.map(({ tenant, result }) => ({
        startedDateTime: result.at,
        id: tenant,
        title: `${result.file} › ${result.workflowId}`,
        pageTimings: {},
      })),
      entries: played.flatMap(entriesOf),
    },
  };
}

function entriesOf({ tenant, result }: ScenarioResult): object[] {
  return allSteps(result).flatMap((step) => {
    const { request, response, at, duration, target } = step;
    // A step that calls a workflow shows the last exchange of that, which is an entry of its own already.
    if (request === undefined || response === undefined || target.kind !== 'operation') return [];
    return [
      {
        pageref: tenant,
        startedDateTime: at,
        time: duration,
        request: toHarRequest(request),
        response: toHarResponse(response),
        cache: {},
        timings: { send: 0, wait: duration, receive: 0 },
        comment: commentOf(step),
      },
    ];
  });
}

function commentOf({ stepId, attempt, status, reason }: StepResult): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  return `step ${stepId}${again}: ${status}${reason === undefined ? '' : `. ${reason}`}`;
}

function toHarRequest({ method, url, headers, text }: HttpRequest): object {
  return {
    method,
    url,
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: toHarHeaders(headers),
    queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })),
    ...(text !== undefined && { postData: { mimeType: headers['content-type'] ?? '', text } }),
    headersSize: UNKNOWN,
    bodySize: Buffer.byteLength(text ?? ''),
  };
}

function toHarResponse({ status, headers, text = '' }: HttpResponse): object {
  return {
    status,
    statusText: STATUS_CODES[status] ?? '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: toHarHeaders(headers),
    content: { size: Buffer.byteLength(text), mimeType: headers['content-type'] ?? '', text },
    redirectURL: headers.location ?? '',
    headersSize: UNKNOWN,
    bodySize: UNKNOWN,
  };
}

/** The format's value for an unmeasured size. */
const UNKNOWN = -1;

const CREDENTIALS = /^(authorization|cookie|set-cookie|proxy-authorization|.*-token|.*api-?key)$/;

function toHarHeaders(headers: Readonly<Record<string, string>>): object[] {
  return Object.entries(headers).map(([name, value]) => ({
    name,
    value: CREDENTIALS.test(name) ? '(removed)' : value,
  }));
}
