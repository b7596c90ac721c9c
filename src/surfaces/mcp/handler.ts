import { Refusal } from '../../model/command.ts';
import type { ControlContext, ControlHandler, StreamingOutcome } from '../surface.ts';
import type { McpParts } from './server.ts';

/** Where the request stands that is given to the library; nothing of it is asked. */
const ADDRESS = 'http://simulator/_simulator/mcp';

/**
 * Answers the Model Context Protocol over Streamable HTTP, as an operation of the control API: whoever may not use that
 * may not use this. The library is loaded with the first request; it is an optional peer.
 *
 * @example createControl({ …, ...createMcpHandlers(() => ({ contracts, version, ask })) });
 */
export function createMcpHandlers(partsOf: () => McpParts): Readonly<Record<string, ControlHandler>> {
  let loading: ReturnType<typeof load> | undefined;
  return {
    receiveMcp: async ({ command }: ControlContext) => {
      loading ??= load(partsOf()).catch((error: unknown) => {
        // It may be installed by the next time.
        loading = undefined;
        throw error;
      });
      const { fetch } = await loading;
      const headers = new Headers({ 'content-type': 'application/json' });
      for (const [name, value] of Object.entries(command.headers)) {
        if (value !== undefined && /^(accept|mcp-.*)$/.test(name)) headers.set(name, value);
      }
      const body = JSON.stringify(command.body);
      const answer = await fetch(new Request(ADDRESS, { method: 'POST', headers, body }), { parsedBody: command.body });
      const type = answer.headers.get('content-type');
      if (type?.startsWith('text/event-stream') === true && answer.body !== null) {
        return streamOf(answer.status, answer.body);
      }
      const text = await answer.text();
      return text === ''
        ? { status: answer.status }
        : { status: answer.status, headers: { 'content-type': 'application/json' }, body: JSON.parse(text) as unknown };
    },
  };
}

async function load(parts: McpParts) {
  const { loadMcp } = await import('./load-mcp.ts');
  const { createMcpHandler } = await loadMcp().catch(() => {
    throw new Refusal(
      501,
      'NOT_IMPLEMENTED',
      'Failed to speak the Model Context Protocol: its library is not installed. Run `npm install @modelcontextprotocol/server` where the simulator is installed.',
    );
  });
  const { createMcpServers } = await import('./server.ts');
  return createMcpHandler(createMcpServers(parts));
}

/** An answer that comes in pieces, handed on as they come. */
function streamOf(status: number, body: ReadableStream<Uint8Array>): StreamingOutcome {
  return {
    status,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    start(sink) {
      const reader = body.getReader();
      const decoder = new TextDecoder();
      const pass = async (): Promise<void> => {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          sink.write(decoder.decode(value, { stream: true }));
        }
        sink.end();
      };
      pass().catch(() => sink.end());
      return () => void reader.cancel().catch(() => {});
    },
  };
}
