import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError, Server } from '@modelcontextprotocol/server';
import { didYouMean } from '../../lib/nearest-word.ts';
import type { Contract } from '../../model/contract.ts';
import { type Ask, ToolFailure } from './ask.ts';
import { readResource, resourcesOf, TEMPLATES } from './resources.ts';
import type { Tool } from './tool.ts';
import { createTools } from './tools.ts';

export interface McpParts {
  /** What is served, the control API among it. */
  readonly contracts: readonly Contract[];
  readonly version: string;
  readonly ask: Ask;
}

/** Characters of an answer; what is longer is cut, and says so. */
const LONGEST_ANSWER = 200_000;

const INSTRUCTIONS = `A simulated telecom operator: stateful REST systems over one world, with one virtual clock that stands still until it is advanced. Begin with status. Find operations with list_operations, call them with call_operation, let time pass with advance_clock, and ask explain why something happened. Every tool takes the tenant whose world it is about; take a tenant of your own, so that you are in nobody's way, and snapshot before you try something. What was done can be kept with save_as_story.`;

/**
 * Makes a factory of MCP servers: one for each request over HTTP, one for each connection over standard input. They keep
 * nothing, so that any of them answers anything.
 *
 * @example serveStdio(createMcpServers({ contracts, version: '0.2.0', ask }));
 */
export function createMcpServers({ contracts, version, ask }: McpParts): () => Server {
  const tools = createTools(contracts);
  return () => {
    const server = new Server(
      { name: 'bss-simulator', title: 'BSS simulator', version },
      { capabilities: { tools: {}, resources: {} }, instructions: INSTRUCTIONS },
    );
    server.setRequestHandler('tools/list', () => ({
      tools: tools.map(({ name, title, description, inputSchema, annotations }) => ({
        name,
        title,
        description,
        inputSchema: inputSchema as unknown as Record<string, unknown> & { type: 'object' },
        annotations,
      })),
    }));
    server.setRequestHandler('tools/call', ({ params }) => callTool(tools, params.name, params.arguments ?? {}, ask));
    server.setRequestHandler('resources/list', () => ({ resources: [...resourcesOf(contracts)] }));
    server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [...TEMPLATES] }));
    server.setRequestHandler('resources/read', async ({ params: { uri } }) => {
      try {
        return { contents: [{ uri, ...(await readResource(uri, ask)) }] };
      } catch (error) {
        if (!(error instanceof ToolFailure)) throw error;
        throw new ResourceNotFoundError(uri, error.message);
      }
    });
    return server;
  };
}

async function callTool(
  tools: readonly Tool[],
  name: string,
  args: Readonly<Record<string, unknown>>,
  ask: Ask,
): Promise<ToolResult> {
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined) {
    const names = tools.map((each) => each.name);
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `Failed to call "${name.slice(0, 200)}": there is no such tool. ${didYouMean(name, names, `Use one of: ${names.join(', ')}.`)}`,
    );
  }
  try {
    requireKnownArguments(tool, args);
    const value = shortened(await tool.run(args, ask));
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? { done: true });
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return { ...textResult(text), ...(isObject && { structuredContent: value as Record<string, unknown> }) };
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    return { ...textResult(error.message), isError: true };
  }
}

type ToolResult = {
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
};

/** An answer that is no longer than it may be: of its longest list as much as there is room for, and how much that is. */
function shortened(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.length <= LONGEST_ANSWER
      ? value
      : `${value.slice(0, LONGEST_ANSWER)}\n… cut here: it is longer than ${LONGEST_ANSWER} characters.`;
  }
  const text = JSON.stringify(value) ?? '';
  if (text.length <= LONGEST_ANSWER) return value;
  const lists = Object.entries(Object(value)).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const sized = lists.map(([name, list]) => ({ name, list, length: JSON.stringify(list).length }));
  const [longest] = sized.sort((a, b) => b.length - a.length);
  if (longest === undefined) return shortened(text);
  const { name, list, length } = longest;
  let room = LONGEST_ANSWER - (text.length - length) - CUT_NOTE;
  const shown = list.slice(
    0,
    list.findIndex((each) => {
      room -= JSON.stringify(each).length + 1;
      return room < 0;
    }),
  );
  const cut = `Of ${list.length} in "${name}" the first ${shown.length} are shown: ask for less at a time.`;
  return { ...(value as object), [name]: shown, cut };
}

/** Characters of what is said of a cut. */
const CUT_NOTE = 200;

function textResult(text: string): ToolResult {
  return { content: [{ type: 'text', text }] };
}

/** A misspelt argument would be left out in silence, and its call be about something else. */
function requireKnownArguments({ name, inputSchema }: Tool, args: Readonly<Record<string, unknown>>): void {
  const known = Object.keys(inputSchema.properties);
  const unknown = Object.keys(args).find((each) => !known.includes(each));
  if (unknown !== undefined) {
    throw new ToolFailure(
      `Failed to call ${name}: it takes no argument "${unknown.slice(0, 200)}". ${didYouMean(unknown, known, `Use one of: ${known.join(', ')}.`)}`,
    );
  }
  const missing = (inputSchema.required ?? []).filter((each) => args[each] === undefined);
  if (missing.length > 0) {
    throw new ToolFailure(`Failed to call ${name}: ${missing.join(' and ')} must be given. See the tool's schema.`);
  }
  for (const [argument, value] of Object.entries(args)) {
    const { type } = Object(inputSchema.properties[argument]) as { readonly type?: unknown };
    if (typeof type !== 'string' || isOfType(value, type)) continue;
    throw new ToolFailure(`Failed to call ${name}: "${argument}" must be of the type ${type}. See the tool's schema.`);
  }
}

/** Types are all that the tools rely on; what else a schema says is checked by what they ask. */
function isOfType(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === (type === 'integer' ? 'number' : type);
}
