import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { SimulatorOptions } from '../config.ts';
import { SimulatorError } from '../errors.ts';
import { formatInstant } from '../lib/time.ts';
import type { StoreTools, VerifiedTenant } from '../store-tools.ts';
import type { Output } from './check.ts';
import { toLine } from './style.ts';
import { writeFailure } from './write-output.ts';

/** What is done with a store. */
export type StoreAction = 'ls' | 'export' | 'import' | 'verify' | 'compact';

/** The flags of `store`. */
export interface StoreFlags {
  readonly tenant?: string;
  readonly replace?: boolean;
  readonly out?: string;
  readonly json?: boolean;
}

export interface StoreContext {
  readonly output: Output;
  readonly cwd: string;
  readonly openStoreTools: (options: SimulatorOptions) => Promise<StoreTools>;
}

/**
 * The command `store`: looks after what a `--store` keeps. Answers 0; 1 where `verify` finds a difference or damage.
 *
 * @example await runStore('export', ['acme'], { out: 'acme.jsonl' }, { store: 'file:worlds' }, context);
 */
export async function runStore(
  action: StoreAction,
  names: readonly string[],
  flags: StoreFlags,
  options: SimulatorOptions,
  context: StoreContext,
): Promise<number> {
  const [only] = names;
  if (action === 'export' || action === 'import') {
    const what = action === 'export' ? 'the tenant' : 'the file';
    if (only === undefined || names.length > 1) {
      throw new SimulatorError(
        'CONFIG_INVALID',
        `Failed to read the command line: "store ${action}" is about one thing. Name ${what}, for example store ${action} ${action === 'export' ? 'acme' : 'acme.jsonl'}.`,
      );
    }
  }
  const tools = await context.openStoreTools(options);
  try {
    const { stdout } = context.output;
    switch (action) {
      case 'ls':
        return await list(tools, names, flags, stdout);
      case 'export':
        return await exportTenant(tools, only ?? '', flags, context);
      case 'import': {
        const { tenant, lines } = await tools.import(resolve(context.cwd, only ?? ''), flags);
        stdout.write(flags.json === true ? `${JSON.stringify({ tenant, lines })}\n` : `${tenant}: ${lines} lines\n`);
        return 0;
      }
      case 'verify':
        return await verify(tools, await allOr(names, tools), flags, stdout);
      default:
        for (const tenant of await allOr(names, tools)) {
          const done = await tools.compact(tenant);
          const { commits, before, after, damage } = done;
          if (damage !== undefined)
            context.output.stderr.write(`warning: the tenant "${tenant}" was damaged: ${damage}\n`);
          stdout.write(
            flags.json === true
              ? `${JSON.stringify({ tenant, ...done })}\n`
              : `${tenant}: ${commits} commits are in a checkpoint now; it takes ${after} bytes, and took ${before}\n`,
          );
        }
        return 0;
    }
  } finally {
    await tools.close();
  }
}

async function allOr(names: readonly string[], tools: StoreTools): Promise<readonly string[]> {
  return names.length > 0 ? names : (await tools.list()).map(({ name }) => name);
}

async function list(
  tools: StoreTools,
  names: readonly string[],
  { json }: StoreFlags,
  stdout: Output['stdout'],
): Promise<number> {
  const all = await tools.list();
  const wanted = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  if (json === true) {
    stdout.write(`${JSON.stringify(wanted, null, 2)}\n`);
    return 0;
  }
  const rows = wanted.map(({ name, bytes, engine, owner = '' }) => [name, String(bytes), engine, owner]);
  const table = [['tenant', 'bytes', 'version', 'served by'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const [name = '', bytes = '', engine = '', owner = ''] of table) {
    const cells = [name.padEnd(widths[0] ?? 0), bytes.padStart(widths[1] ?? 0), engine.padEnd(widths[2] ?? 0), owner];
    stdout.write(`${toLine(cells.join('  '), undefined).trimEnd()}\n`);
  }
  return 0;
}

async function exportTenant(
  tools: StoreTools,
  tenant: string,
  { out }: StoreFlags,
  { output, cwd }: StoreContext,
): Promise<number> {
  let damage: string | undefined;
  async function* texts(): AsyncGenerator<string> {
    damage = yield* tools.exported(tenant);
  }
  if (out === undefined) for await (const text of texts()) output.stdout.write(text);
  else await writeWhole(resolve(cwd, out), texts());
  if (damage !== undefined) output.stderr.write(`warning: of the tenant "${tenant}" ${damage}; all before is there\n`);
  return 0;
}

/** A file that is there only once it is whole. */
async function writeWhole(path: string, texts: AsyncIterable<string>): Promise<void> {
  const fresh = `${path}.new`;
  const written: { error?: unknown } = {};
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = createWriteStream(fresh, { flush: true });
    file.on('error', (error) => {
      written.error = error;
    });
    await pipeline(texts, file);
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => {});
    throw error instanceof SimulatorError ? error : writeFailure(path, written.error ?? error);
  }
}

async function verify(
  tools: StoreTools,
  names: readonly string[],
  { json }: StoreFlags,
  stdout: Output['stdout'],
): Promise<number> {
  let code = 0;
  for (const tenant of names) {
    const verified = await tools.verify(tenant);
    if (verified.difference !== undefined || verified.damage !== undefined) code = 1;
    const { header, ...told } = verified;
    stdout.write(
      json === true ? `${JSON.stringify({ tenant, engine: header.engine, ...told })}\n` : sentences(tenant, verified),
    );
  }
  return code;
}

function sentences(tenant: string, { header, commits, isSameContracts, damage, difference }: VerifiedTenant): string {
  const lines = [`${tenant}: ${commits} commits since the checkpoint come to the same`];
  if (!isSameContracts) lines.push(`  it was written by version ${header.engine} under other contracts`);
  if (damage !== undefined) lines.push(`  damaged: ${damage}`);
  if (difference !== undefined) {
    const { number, at, input, where, kept, now } = difference;
    const { method, url, key } = input as { method?: string; url?: string; key?: string };
    const what = [input.kind, method, url, key].filter((part) => part !== undefined).join(' ');
    lines.push(`  commit ${number} at ${formatInstant(at)} (${what}) differs at ${where || '/'}`);
    lines.push(`    kept: ${shown(kept)}`, `    now:  ${shown(now)}`);
  }
  return `${lines.map((line) => toLine(line, undefined)).join('\n')}\n`;
}

/** Characters of a value that are shown. */
const LONGEST = 300;

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
