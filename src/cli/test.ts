import { resolve } from 'node:path';
import { loadContracts } from '../contracts/load-contracts.ts';
import { createValidation } from '../contracts/validation.ts';
import { createLazyGenerator } from '../engine/values/lazy-generator.ts';
import { createChance } from '../engine/values/random.ts';
import { SimulatorError } from '../errors.ts';
import { adviceOn, troubleOf } from '../lib/connection-trouble.ts';
import { grouped } from '../lib/grouped.ts';
import { didYouMean } from '../lib/nearest-word.ts';
import { CONTROL_SYSTEM, type Contract } from '../model/contract.ts';
import { createSchemaResolver } from '../model/schema-resolver.ts';
import { compareContracts } from '../probes/compare-contracts.ts';
import { type CheckResult, FINDING_CODES, type TestReport } from '../probes/findings.ts';
import { Judge } from '../probes/judge.ts';
import { type KnownFinding, KnownFindings, readKnownFinding } from '../probes/known-findings.ts';
import { KnownThings } from '../probes/known-things.ts';
import { planChecks } from '../probes/plan.ts';
import type { WireRequest } from '../probes/request.ts';
import { runChecks } from '../probes/run-checks.ts';
import { ConnectionLost, TestedServer, type WireAnswer } from '../probes/server.ts';
import { Values } from '../probes/values.ts';
import type { Output } from './check.ts';
import { badUsage } from './steering.ts';
import { planInWords, reportAsCtrf, reportAsHtml, reportAsJUnit, reportInWords } from './test-report.ts';
import { writeOutput } from './write-output.ts';

/** The flags of `test`. */
export interface TestFlags {
  readonly seed?: number;
  /** Print the plan, and send nothing. */
  readonly plan?: boolean;
  readonly filter?: readonly string[];
  readonly readOnly?: boolean;
  /** Findings that are no errors, such as `accepts-invalid createOrder`. */
  readonly known?: readonly string[];
  readonly maxRequests?: number;
  /** Milliseconds for one answer. */
  readonly timeout?: number;
  readonly bearer?: string;
  readonly header?: readonly string[];
  /** Older contracts, files or folders. */
  readonly against?: readonly string[];
  readonly junit?: string;
  readonly ctrf?: string;
  readonly html?: string;
  readonly json?: boolean;
}

export interface TestContext {
  readonly output: Output;
  readonly cwd: string;
  /** The folders and files that the contracts are read from, and how. */
  readonly specs: readonly string[];
  readonly overlays?: readonly string[];
  readonly allowRefs?: boolean;
  readonly cacheDir?: string;
  readonly fetch: typeof fetch;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Wall time in milliseconds. */
  readonly now: () => number;
}

const USUAL_REQUESTS = 2_000;
const USUAL_TIMEOUT = 10_000;
/** Bytes of one answer that are read. */
const MOST_BYTES = 8 * 2 ** 20;

/**
 * The command `test`: asks a server everything that its contracts say something about, and tells where it does otherwise.
 * Answers 1 where it does.
 *
 * @example await runTest('http://127.0.0.1:8080', { seed: 7, junit: 'test.xml' }, context);
 */
export async function runTest(url: string, flags: TestFlags, context: TestContext): Promise<number> {
  const { output, cwd, now } = context;
  const { seed = 1, maxRequests = USUAL_REQUESTS, filter, readOnly = false, json = false } = flags;
  const server = serverOf(url);
  const accepted = new KnownFindings((flags.known ?? []).map(knownFinding));
  const credentials = credentialsOf(flags);
  const contracts = await contractsOf(context.specs, context);
  const schemas = createSchemaResolver(contracts);
  const hasCredential = Object.keys(credentials).length > 0;
  const plan = planChecks(contracts, schemas, {
    ...(filter && { filter }),
    isReadOnly: readOnly,
    maxRequests,
    hasCredential,
  });
  if (plan.checks.length === 0)
    throw badUsage(
      'there is nothing to test',
      'Name contracts with --specs, and operations that they have with --filter.',
    );
  const where = server.origin + (server.pathname === '/' ? '' : server.pathname);
  if (!json) output.stdout.write(planInWords(plan, { server: where, seed, maxRequests, isWhole: flags.plan === true }));
  if (flags.plan === true) return 0;

  const began = now();
  const compared = await comparedWith(flags.against, contracts, context);
  const results = compared.map((result) => accepted.without(result));
  const validation = createValidation(contracts);
  const known = new KnownThings();
  const generator = await createLazyGenerator(contracts, validation)();
  const tested = new TestedServer({
    url: server,
    credentials,
    maxRequests,
    sleep: context.sleep,
    send: sender(server, flags, context),
  });
  await requireServer(server, where, flags, context);
  await runChecks(plan.checks, {
    server: tested,
    judge: new Judge(schemas, validation),
    values: new Values({
      schemas,
      validation,
      generator,
      known,
      chance: createChance(seed),
      now: new Date(now()).toISOString(),
    }),
    known,
    schemas,
    validation,
    now,
    report: (result) => void results.push(accepted.without(result)),
  });
  const report: TestReport = { server: where, seed, requests: tested.asked, results, gone: accepted.gone };
  output.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `\n${reportInWords(report)}`);
  const files = [
    [flags.junit, () => reportAsJUnit(report)],
    [flags.ctrf, () => reportAsCtrf(report, began, now())],
    [flags.html, () => reportAsHtml(report)],
  ] as const;
  for (const [file, write] of files) if (file !== undefined) await writeOutput(resolve(cwd, file), write());
  return results.some(({ status }) => status === 'failed') ? 1 : 0;
}

function serverOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw badUsage(`"${text}" is no address of a server`, 'Give one such as http://127.0.0.1:8080.');
}

function credentialsOf({ bearer, header = [] }: TestFlags): Readonly<Record<string, string>> {
  const own = header.map((text) => {
    const colon = text.indexOf(':');
    if (colon < 1) throw badUsage(`--header is "${text}"`, 'Give a name and a value, such as X-Api-Key:secret.');
    return [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()] as const;
  });
  return { ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }), ...Object.fromEntries(own) };
}

function knownFinding(text: string): KnownFinding {
  const known = readKnownFinding(text);
  if (known !== undefined) return known;
  const usual = 'Write a code and an operation, such as "accepts-invalid createOrder".';
  const [code = ''] = text.split(' ');
  throw badUsage(`--known "${text}" begins with no code of a finding`, didYouMean(code, FINDING_CODES, usual));
}

async function contractsOf(
  paths: readonly string[],
  { overlays, allowRefs = false, cacheDir }: TestContext,
): Promise<readonly Contract[]> {
  const { contracts } = await loadContracts(paths, {
    allowRefs,
    isQuick: true,
    ...(overlays && { overlays }),
    ...(cacheDir !== undefined && { cacheDir }),
  });
  return contracts.filter(({ system }) => system !== CONTROL_SYSTEM);
}

/** What clients of older contracts run into, as results of a check of each operation. */
async function comparedWith(
  against: readonly string[] | undefined,
  contracts: readonly Contract[],
  context: TestContext,
): Promise<CheckResult[]> {
  if (against === undefined) return [];
  const { overlays: _, ...plain } = context;
  const older = await contractsOf(
    against.map((path) => resolve(context.cwd, path)),
    plain,
  );
  const changes = grouped(compareContracts(older, contracts), ({ operation }) => operation);
  return older.flatMap((contract) =>
    contract.operations.map((operation): CheckResult => {
      const found = changes.get(operation) ?? [];
      return {
        kind: 'compared',
        contract: `${contract.system}/${contract.name}`,
        operationId: operation.id,
        method: operation.method,
        path: operation.path,
        title: 'what clients of the older contract rely on',
        status: found.length > 0 ? 'failed' : 'passed',
        findings: found.map(({ message }) => ({
          code: 'breaking-change',
          level: 'error',
          message: `${message[0]?.toUpperCase()}${message.slice(1)}.`,
        })),
        requests: 0,
        duration: 0,
      };
    }),
  );
}

/** Sends requests over the network, and reads no more of an answer than is looked at. */
function sender(server: URL, { timeout = USUAL_TIMEOUT }: TestFlags, { fetch }: TestContext) {
  return async ({ method, target, headers, text }: WireRequest): Promise<WireAnswer> => {
    const signal = AbortSignal.timeout(timeout);
    try {
      const response = await fetch(server.origin + target, {
        method,
        headers: { ...headers },
        redirect: 'manual',
        signal,
        ...(text !== undefined && method !== 'GET' && method !== 'HEAD' && { body: text }),
      });
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of response.body ?? []) {
        size += chunk.length;
        if (size > MOST_BYTES) break;
        chunks.push(chunk);
        // A stream has no end.
        if (/^text\/event-stream/.test(response.headers.get('content-type') ?? '')) break;
      }
      const isCut = size > MOST_BYTES || /^text\/event-stream/.test(response.headers.get('content-type') ?? '');
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: Buffer.concat(chunks),
        isCut,
      };
    } catch (error) {
      if (signal.aborted) throw new Error(`it did not come within ${timeout} ms`, { cause: error });
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      if (!(cause instanceof Error)) throw new Error(String(cause));
      if (LOST.has((cause as NodeJS.ErrnoException).code ?? '')) throw new ConnectionLost(cause.message, { cause });
      throw cause;
    }
  };
}

/** What Node and its `fetch` call a connection that ended before an answer began. */
const LOST: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** A server that is not there is no server with thousands of faults. */
async function requireServer(server: URL, where: string, flags: TestFlags, context: TestContext): Promise<void> {
  try {
    await sender(server, flags, context)({ method: 'OPTIONS', target: server.pathname, headers: {} });
  } catch (cause) {
    throw new SimulatorError(
      'UNREACHABLE',
      `Failed to test ${where}: it does not answer (${troubleOf(cause)}). ${adviceOn(cause, 'Start the server, or correct the address.')}`,
      { cause },
    );
  }
}
