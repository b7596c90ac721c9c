import { parseSourceFile } from '../../src/contracts/source-file.ts';
import { createValidation } from '../../src/contracts/validation.ts';
import { nearestWord } from '../../src/lib/nearest-word.ts';
import type { Contract } from '../../src/model/contract.ts';
import type { Operation } from '../../src/model/operation.ts';
import type { ScenarioSources } from '../../src/scenarios/document-reader.ts';
import type { HttpExchange, HttpResponse, OperationCall, Player, ReceivedMessage } from '../../src/scenarios/player.ts';
import { readArazzo } from '../../src/scenarios/read-arazzo.ts';
import { runWorkflow } from '../../src/scenarios/run-workflow.ts';
import { requestOf } from '../../src/scenarios/to-request.ts';

/** Sources that know these texts, by their path, and two contracts: `/w/shop.yaml` and `/w/events.yaml`. */
export function sourcesOf(files: Readonly<Record<string, string>>): ScenarioSources {
  return {
    open: async (path) => {
      const text = files[path];
      return text === undefined
        ? undefined
        : parseSourceFile({ file: path.slice(3), path, relative: path, system: 'w', name: 'x' }, { text });
    },
    contract: async (path) => ({
      contract: path === '/w/shop.yaml' ? shop : path === '/w/events.yaml' ? events : undefined,
      problems: [],
    }),
    nearest: nearestWord,
  };
}

/** A document around these workflows. */
export function documentWith(workflows: string, { version = '1.1.0', more = '' } = {}): string {
  return `arazzo: ${version}
info: { title: Test, version: 1.0.0 }
sourceDescriptions:
  - { name: shop, url: shop.yaml, type: openapi }
${version.startsWith('1.0') ? '' : '  - { name: events, url: ./events.yaml, type: asyncapi }\n'}${more}workflows:
${workflows}`;
}

/** Reads one document; its problems as `line:column message hint`. */
export async function readText(text: string, others: Readonly<Record<string, string>> = {}) {
  const { documents, problems } = await readArazzo(
    ['/w/a.arazzo.yaml'],
    sourcesOf({ '/w/a.arazzo.yaml': text, ...others }),
  );
  return {
    documents,
    problems: problems.map(({ line, column, message, hint }) => `${line}:${column} ${message} ${hint}`),
  };
}

/** A player that answers as it is told, in a world where time passes by waiting only. */
export function createFakePlayer({
  answer = () => ({ status: 200 }),
  messages = [],
}: {
  readonly answer?: (call: OperationCall, count: number) => Partial<HttpResponse>;
  readonly messages?: readonly (Omit<ReceivedMessage, 'headers'> & { readonly after?: number })[];
} = {}): Player & { readonly calls: OperationCall[]; readonly sent: unknown[]; readonly waits: number[] } {
  const calls: OperationCall[] = [];
  const sent: unknown[] = [];
  const waits: number[] = [];
  const taken = new Set<unknown>();
  let now = Date.UTC(2026, 0, 1);
  return {
    usualWait: 31 * 86_400_000,
    calls,
    sent,
    waits,
    call: async (call): Promise<HttpExchange> => {
      calls.push(call);
      const response = answer(call, calls.length);
      return { request: requestOf(call, 'http://test'), response: { status: 200, headers: {}, ...response } };
    },
    receive: async ({ address }, { timeout, accepts }) => {
      const found = messages
        .map((message) => ({ headers: {}, ...message }))
        .find(
          (message, index) =>
            message.channel === address &&
            !taken.has(index) &&
            (message.after ?? 0) <= timeout &&
            accepts(message) &&
            taken.add(index),
        );
      now += found === undefined ? timeout : (found.after ?? 0);
      return found;
    },
    send: async (channel, message) => {
      sent.push({ channel: channel.address, ...message });
    },
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      now += milliseconds;
    },
    now: async () => now,
    messages: async () => messages.map((message) => ({ headers: {}, ...message })),
  };
}

/** Reads a document, which must be right, and plays its first workflow. */
export async function play(
  text: string,
  player: Player,
  inputs: Readonly<Record<string, unknown>> = {},
  maximumSteps?: number,
) {
  const { documents, problems } = await readText(text);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const [document] = documents;
  const [workflow] = document?.workflows ?? [];
  if (document === undefined || workflow === undefined) throw new Error('There is no workflow.');
  return runWorkflow({ document, workflow, player, inputs, validation: createValidation([]), maximumSteps });
}

const operation = (id: string, method: string, path: string): Operation => ({
  id,
  system: 'shop',
  contract: 'api',
  method,
  path,
  tags: [],
  parameters: [],
  ...(method === 'POST' && { requestBody: { required: true, content: { 'application/json': { examples: {} } } } }),
  responses: {
    '200': { description: '', headers: {}, content: {} },
    '404': { description: '', headers: {}, content: {} },
  },
  security: [{ oauth: [] }],
  pointer: `/paths/${path.replaceAll('/', '~1')}/${method.toLowerCase()}`,
  extensions: {},
});

export const shop: Contract = {
  system: 'shop',
  name: 'api',
  title: 'Shop',
  version: '1',
  format: 'openapi-3.1',
  file: 'w/shop.yaml',
  basePath: '',
  operations: [
    operation('listOrders', 'GET', '/orders'),
    operation('createOrder', 'POST', '/orders'),
    operation('getOrder', 'GET', '/orders/{orderId}'),
  ],
  channels: [],
  $defs: {},
  securitySchemes: {
    oauth: {
      type: 'oauth2',
      flows: { client_credentials: { tokenUrl: 'https://real.example/oauth/token', scopes: { all: 'All' } } },
    },
  },
  resources: [],
};

const message = { name: 'm', contentType: 'application/json', payload: {}, envelope: { previous: {} } };

export const events: Contract = {
  ...shop,
  name: 'events',
  format: 'asyncapi-2.6',
  operations: [],
  channels: [
    {
      address: 'order/created',
      system: 'shop',
      contract: 'events',
      direction: 'send',
      operationId: 'onCreated',
      messages: [message],
      bindings: {},
      pointer: '/channels/order~1created/subscribe',
    },
    {
      address: 'order/placed',
      system: 'shop',
      contract: 'events',
      direction: 'receive',
      operationId: 'place',
      messages: [{ ...message, correlationId: '$message.payload#/meta/id' }],
      bindings: {},
      pointer: '/channels/order~1placed/publish',
    },
  ],
};
