import { resolve } from 'node:path';
import type { SimulatorOptions } from '../config.ts';
import { SimulatorError } from '../errors.ts';
import type { GeneratedWorld } from '../generate-world.ts';
import { loadYaml } from '../lib/text/yaml-library.ts';
import { writeOutput } from './write-output.ts';

/** The flags of `generate`. */
export interface GenerateFlags {
  readonly customers?: number;
  /** The file; its ending says whether it is YAML. Standard output without it. */
  readonly out?: string;
}

export interface GenerateContext {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly cwd: string;
  readonly generateWorld: (
    options: SimulatorOptions,
    customers: number,
    progress?: (done: number) => void,
  ) => Promise<GeneratedWorld>;
}

const WIDTH = 30;

/**
 * The command `generate`: writes a starting world that a simulator of the same seed and clock loads with `--fixture`.
 *
 * @example await runGenerate({ customers: 10_000, out: 'world.json' }, { seed: 7 }, context);
 */
export async function runGenerate(
  { customers = 36, out }: GenerateFlags,
  options: SimulatorOptions,
  { stdout, stderr, cwd, generateWorld }: GenerateContext,
): Promise<number> {
  if (!Number.isInteger(customers) || customers < 1) {
    throw new SimulatorError(
      'CONFIG_INVALID',
      'Failed to generate a world: --customers must be a whole number above zero. Give for example --customers 10000.',
    );
  }
  let shown = -1;
  const show = (done: number): void => {
    const percent = Math.floor(done * 100);
    if (stderr.isTTY !== true || percent === shown) return;
    shown = percent;
    const bar = '█'.repeat(Math.round(done * WIDTH)).padEnd(WIDTH, '░');
    stderr.write(`\r${bar} ${String(percent).padStart(3)} %${done === 1 ? '\n' : ''}`);
  };
  const world = await generateWorld(options, customers, show);
  show(1);
  const text =
    out !== undefined && /\.ya?ml$/i.test(out) ? loadYaml().stringify(world, { lineWidth: 0 }) : toJsonLines(world);
  if (out === undefined) stdout.write(text);
  else await writeOutput(resolve(cwd, out), text);
  const count = Object.values(world.records).reduce((sum, entries) => sum + Object.keys(entries).length, 0);
  const { seed, clock } = world.made;
  stderr.write(
    `${customers} customers, ${count} records. Serve them with --fixture ${out ?? '<file>'} --seed ${seed} --clock ${clock}\n`,
  );
  return 0;
}

/** JSON with a record a line, so that two worlds can be compared line by line. */
function toJsonLines({ records, ...world }: GeneratedWorld): string {
  const collections = Object.entries(records).map(([name, entries]) => {
    const lines = Object.entries(entries).map(([key, entry]) => `${JSON.stringify(key)}: ${JSON.stringify(entry)}`);
    return `${JSON.stringify(name)}: {\n${lines.join(',\n')}\n}`;
  });
  return `${JSON.stringify(world).slice(0, -1)},"records":{\n${collections.join(',\n')}\n}}\n`;
}
