import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StreamingOutcome } from '../surface.ts';

/**
 * Sends the head of an answer that stays open and hands its body to whoever fills it, until either side ends it; until
 * then it is one of the `open` ones.
 *
 * @example streamResponse(request, response, { status: 200, headers, start: (sink) => follow(sink) }, open);
 */
export function streamResponse(
  request: IncomingMessage,
  response: ServerResponse,
  outcome: StreamingOutcome,
  open: Set<ServerResponse>,
): void {
  response.writeHead(outcome.status, outcome.headers);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  response.flushHeaders();
  const stop = outcome.start({
    write: (text) => !response.writableEnded && !response.destroyed && response.write(text),
    buffered: () => response.writableLength,
    end: () => void response.end(),
  });
  // A client that has gone already closes nothing any more.
  if (response.destroyed) {
    stop();
    return;
  }
  open.add(response);
  response.once('close', () => {
    open.delete(response);
    stop();
  });
}
