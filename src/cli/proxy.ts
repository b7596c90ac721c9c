import { dirname, resolve } from 'node:path';
import type { SimulatorOptions } from '../config.ts';
import { findFiles } from '../contracts/find-files.ts';
import type { Tenant } from '../engine/tenant.ts';
import { toJUnit } from '../lib/junit.ts';
import { relativePath } from '../lib/relative-path.ts';
import { loadYaml } from '../lib/text/yaml-library.ts';
import { CONTROL_SYSTEM, type Contract } from '../model/contract.ts';
import { mergeArazzo, type RecordedDocument } from '../scenarios/merge-arazzo.ts';
import { recordArazzo } from '../scenarios/record-arazzo.ts';
import { SeenWorld } from '../scenarios/record-fixture.ts';
import type { SimulatorHooks } from '../simulator-hooks.ts';
import { Findings, type FoundViolation, type ProxyReport } from '../surfaces/http/proxy/findings.ts';
import { createProxy } from '../surfaces/http/proxy/proxy.ts';
import { type ServeContext, type ServedSimulator, serve } from './serve.ts';
import { badUsage } from './steering.ts';
import { writeOutput } from './write-output.ts';

/** The flags of `proxy`, beside options of `serve`. */
export interface ProxyFlags {
  readonly fail?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly hold?: number;
  readonly report?: string;
  readonly junit?: string;
  /** Stories (`*.arazzo.yaml`) and starting worlds (other YAML, or JSON). */
  readonly out?: readonly string[];
  readonly json?: boolean;
}

export interface ProxyContext extends Pick<ServeContext, 'output' | 'onSignal' | 'exit' | 'afterWallTime'> {
  readonly cwd: string;
  /** The folders and files that the contracts are read from. */
  readonly specs: readonly string[];
  readonly createSimulator: (options: SimulatorOptions, hooks: SimulatorHooks) => ServedSimulator;
}

/**
 * The command `proxy`: passes requests on to another server, looks at both sides by the contracts, and tells what it
 * found once a signal ends it. Answers 1 where something broke a contract.
 *
 * @example await runProxy('http://127.0.0.1:8080', { report: 'report.json' }, options, context);
 */
export async function runProxy(
  url: string,
  flags: ProxyFlags,
  options: SimulatorOptions,
  context: ProxyContext,
): Promise<number> {
  const upstream = upstreamOf(url);
  const { output, cwd } = context;
  const { fail = false, timeout = USUAL_TIMEOUT, hold = USUAL_HOLD, out = [], json = false } = flags;
  const findings = new Findings(upstream.origin + upstream.pathname.replace(/\/$/, ''));
  const tenants = new Map<string, Tenant>();
  let world: SeenWorld | undefined;
  const wantsWorld = out.some((file) => !isStory(file));
  const front = createProxy({
    upstream,
    fail,
    timeout,
    hold,
    observe(exchange) {
      findings.add(exchange);
      if (exchange.operation !== undefined) world?.add({ ...exchange, operation: exchange.operation });
    },
    observeMessage: (message) => findings.addMessage(message),
  });
  let contracts: readonly Contract[] = [];
  await serve(
    // Nothing of a world is simulated, and time is that of the other server.
    { options: { clock: 'real', fixture: 'empty', logLevel: 'warn', port: USUAL_PORT, ...options }, json, watched: [] },
    {
      ...context,
      createSimulator(given) {
        const made = context.createSimulator(given, {
          front(parts) {
            contracts = parts.contracts;
            if (wantsWorld) world = new SeenWorld(parts.contracts, parts.validation);
            return front(parts);
          },
          created: (tenant) => void tenants.set(tenant.name, tenant),
        });
        return {
          get url() {
            return made.url;
          },
          async start() {
            await made.start();
            output.stderr.write(`Passing on to ${upstream.origin}. The journal: ${made.url}/_simulator/requests\n`);
          },
          async stop() {
            for (const file of out) {
              const path = resolve(cwd, file);
              const text = isStory(file) ? await storyOf(tenants, contracts, path, context) : world?.toFixture(file);
              if (text === undefined)
                output.stderr.write(`Not written: ${file}. Nothing was seen that makes a story.\n`);
              else {
                await writeOutput(path, text);
                output.stderr.write(`Written: ${file}. ${useOf(file)}\n`);
              }
            }
            await made.stop();
          },
        };
      },
    },
  );
  const report = findings.report();
  if (flags.report !== undefined) await writeOutput(resolve(cwd, flags.report), `${JSON.stringify(report, null, 2)}\n`);
  if (flags.junit !== undefined) await writeOutput(resolve(cwd, flags.junit), junitOf(report, contracts));
  output.stderr.write(wordsOf(report));
  return findings.broken > 0 ? 1 : 0;
}

/** Beside a simulator, not in its place. */
const USUAL_PORT = 4020;

/** Milliseconds for the head of an answer, and for which an answer is held back. */
const USUAL_TIMEOUT = 60_000;
const USUAL_HOLD = 1_000;

function upstreamOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw badUsage(`"${text}" is no address of a server`, 'Give one such as http://127.0.0.1:8080.');
}

function isStory(file: string): boolean {
  return /\.arazzo\.(ya?ml|json)$/.test(file);
}

function useOf(file: string): string {
  return isStory(file) ? `Play it with: bss-simulator run ${file}` : `Serve it with: bss-simulator --fixture ${file}`;
}

/** What went through, a workflow for each tenant; nothing where there is nothing to tell. */
async function storyOf(
  tenants: ReadonlyMap<string, Tenant>,
  contracts: readonly Contract[],
  path: string,
  { specs }: Pick<ProxyContext, 'specs'>,
): Promise<string | undefined> {
  const files = new Map((await findFiles(specs)).map(({ relative, path: file }) => [relative, file]));
  const urlOf = ({ file }: Contract): string => relativePath(dirname(path), files.get(file) ?? file);
  const stories = new Map<string, string>();
  const documents = new Map<string, RecordedDocument>();
  for (const [name, tenant] of tenants) {
    const lines = tenant.inTurns(tenant.transcript.lines());
    const text = await recordArazzo(lines, { contracts, urlOf, inTurns: (values) => tenant.inTurns(values) });
    const document = loadYaml().parse(text) as RecordedDocument;
    if (document.workflows.every(({ steps }) => (steps ?? []).length === 0)) continue;
    stories.set(name, text);
    documents.set(name, document);
  }
  const [only] = stories.values();
  return stories.size < 2 ? only : mergeArazzo(documents);
}

function junitOf({ operations, channels }: ProxyReport, contracts: readonly Contract[]): string {
  const ofChannels = contracts
    .filter(({ system, channels: all }) => all.length > 0 && system !== CONTROL_SYSTEM)
    .map(({ system, name: contract, channels: all }) => ({
      name: `${system}/${contract}`,
      cases: [...new Set(all.map(({ address }) => address))].map((address) => {
        const seen = channels.find(
          (each) => each.channel === address && each.system === system && each.contract === contract,
        );
        if (seen === undefined)
          return { name: address, time: 0, status: 'skipped' as const, message: 'Nothing was said on it.' };
        if (seen.broken === 0) return { name: address, time: 0, status: 'passed' as const };
        const message = `${seen.broken} of ${seen.messages} messages broke the contract.`;
        return { name: address, time: 0, status: 'failed' as const, message, details: seen.violations.map(lineOf) };
      }),
    }));
  const suites = contracts
    .filter(({ system, operations: all }) => all.length > 0 && system !== CONTROL_SYSTEM)
    .map((contract) => ({
      name: `${contract.system}/${contract.name}`,
      cases: contract.operations.map(({ id, method, path }) => {
        const seen = operations.find(
          ({ operationId, system, contract: name }) =>
            operationId === id && system === contract.system && name === contract.name,
        );
        const name = `${id}: ${method} ${path}`;
        if (seen === undefined) return { name, time: 0, status: 'skipped' as const, message: 'Nobody asked for it.' };
        if (seen.broken === 0) return { name, time: 0, status: 'passed' as const };
        const message = `${seen.broken} of ${seen.requests} exchanges broke the contract.`;
        return { name, time: 0, status: 'failed' as const, message, details: seen.violations.map(lineOf) };
      }),
    }));
  return toJUnit('bss-simulator proxy', [...suites, ...ofChannels]);
}

function lineOf({ of, in: where, path, message, times, first }: FoundViolation): string {
  return `${of ?? 'response'} ${where}${path === '' ? '' : ` ${path}`} ${message} (${times === 1 ? 'once' : `${times} times`}, first: ${first.url}, answered with ${first.status || 'nothing'})`;
}

function wordsOf({
  requests,
  checked,
  broken,
  operations,
  unknown,
  messages,
  brokenMessages,
  channels,
}: ProxyReport): string {
  const lines = [
    `${requests} ${requests === 1 ? 'request' : 'requests'}, ${checked} for operations of the contracts: ${broken === 0 ? 'none broke one' : `${broken} broke one`}.`,
  ];
  if (messages > 0)
    lines.push(
      `${messages} ${messages === 1 ? 'message' : 'messages'} on channels of the contracts: ${brokenMessages === 0 ? 'none broke one' : `${brokenMessages} broke one`}.`,
    );
  for (const { operationId, method, path, violations } of operations)
    lines.push(...violationsInWords(`${operationId} (${method} ${path})`, violations));
  for (const { channel, violations } of channels) lines.push(...violationsInWords(channel, violations));
  if (unknown.length > 0) {
    const shown = unknown.slice(0, MOST_TOLD).map(({ method, path, times }) => `${method} ${path} (${times})`);
    const more = unknown.length > shown.length ? ` and ${unknown.length - shown.length} more` : '';
    lines.push(`No contract describes: ${shown.join(', ')}${more}.`);
  }
  return `${lines.join('\n')}\n`;
}

function violationsInWords(where: string, violations: readonly FoundViolation[]): readonly string[] {
  if (violations.length === 0) return [];
  const lines = [`✗ ${where}`, ...violations.slice(0, MOST_TOLD).map((violation) => `    ${lineOf(violation)}`)];
  return violations.length > MOST_TOLD ? [...lines, `    and ${violations.length - MOST_TOLD} more`] : lines;
}

/** Violations of an operation, and unknown paths, that people are told one by one. */
const MOST_TOLD = 10;
