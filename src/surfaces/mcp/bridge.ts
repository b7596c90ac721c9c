import { ProtocolError, Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

/** What is asked over HTTP and handed to standard output. */
const FORWARDED = ['tools/list', 'tools/call', 'resources/list', 'resources/templates/list', 'resources/read'] as const;

/** The revision that messages without an envelope of their own are in. */
const REVISION = '2025-11-25';

export interface BridgeOptions {
  /** Where the simulator listens. */
  readonly url: string;
  readonly version: string;
  /** Bearer token of the control API, which a simulator beyond loopback wants. */
  readonly adminToken?: string;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Serves the Model Context Protocol over standard input and output, for agents that start their servers themselves: each
 * message is answered by the simulator at `url`. Resolves once the agent has gone.
 *
 * @example await bridgeStdio({ url: 'http://127.0.0.1:4010', version: '0.2.0', fetch });
 */
export async function bridgeStdio({ url, version, adminToken, fetch }: BridgeOptions): Promise<void> {
  const address = `${url.replace(/\/+$/, '')}/_simulator/mcp`;
  let id = 0;
  const forward = async (method: string, params: unknown): Promise<Record<string, unknown>> => {
    id += 1;
    const answer = await fetch(address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': REVISION,
        ...(adminToken !== undefined && { authorization: `Bearer ${adminToken}` }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
    });
    const { result, error, detail } = messageIn(await answer.text());
    if (error !== undefined) throw new ProtocolError(error.code, error.message, error.data);
    if (result === undefined) {
      throw new ProtocolError(
        INTERNAL_ERROR,
        detail ?? `Failed to reach the simulator at ${url}: it answered ${answer.status}. Check the --url.`,
      );
    }
    return result;
  };
  const factory = (): Server => {
    const server = new Server(
      { name: 'bss-simulator', title: 'BSS simulator', version },
      { capabilities: { tools: {}, resources: {} } },
    );
    for (const method of FORWARDED) {
      server.setRequestHandler(method, async ({ params }) => (await forward(method, params)) as never);
    }
    return server;
  };
  const ended = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
  });
  const handle = serveStdio(factory);
  await ended;
  await handle.close();
}

const INTERNAL_ERROR = -32603;

interface Message {
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  /** What a refusal of the control API says. */
  readonly detail?: string;
}

/** The message in an answer, which is JSON or the last of a stream of events. */
function messageIn(text: string): Message {
  const lines = text.split('\n').filter((line) => line.startsWith('data:'));
  try {
    return JSON.parse(lines.at(-1)?.slice('data:'.length) ?? text) as Message;
  } catch {
    return {};
  }
}
