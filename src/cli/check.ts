import { type CheckOptions, type ContractSummary, checkContracts } from '../contracts/check-contracts.ts';
import { formatProblem, type Severity } from '../errors.ts';

export interface CheckCommand extends CheckOptions {
  /** Folders or files with contracts. */
  readonly specs: readonly string[];
  /** Print one JSON object instead of a table. */
  readonly json: boolean;
  /** The least severity that is a failure. */
  readonly failOn: Severity;
  /** Print for each operation why it is answered as it is. */
  readonly isExplained?: boolean;
}

/** Where a command writes: `process.stdout` and `process.stderr` will do. */
export interface Output {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
}

/** Something written to, and whether somebody watches it. */
export interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The command `check`: a table of the contracts, and every problem in them. Answers the exit code, 0 or 2. */
export async function runCheck(
  { specs, json, failOn, isExplained = false, ...options }: CheckCommand,
  output: Output,
): Promise<number> {
  const result = await checkContracts(specs, options);
  if (json) {
    output.stdout.write(`${JSON.stringify({ problems: result.problems, contracts: result.rows }, null, 2)}\n`);
  } else {
    output.stdout.write(toTable(result.rows, isExplained));
    for (const problem of result.problems) output.stderr.write(`${formatProblem(problem)}\n`);
  }
  return result.problems.some(({ severity }) => failOn === 'warning' || severity !== 'warning') ? 2 : 0;
}

const HEADINGS = ['system', 'contract', 'format', 'operations', 'channels', 'schemas', 'state', 'code', 'sample'];

function toTable(rows: readonly ContractSummary[], isExplained: boolean): string {
  const answered = (row: ContractSummary, by: string) => row.answers.filter((answer) => answer.by === by).length;
  const lines = [
    HEADINGS,
    ...rows.map((row) => [
      row.system,
      row.contract,
      row.format,
      ...[row.operations, row.channels, row.schemas].map(String),
      ...['state', 'code', 'sample'].map((by) => String(answered(row, by))),
    ]),
  ];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const operations = rows.flatMap((row) => [
    ...row.answers.flatMap((answer) => (isExplained ? explained(row, answer) : shortly(row, answer))),
    ...(isExplained ? row.speech.map((speech) => spoken(row, speech)) : []),
  ]);
  if (rows.some(({ speech }) => speech.some(({ by }) => by === 'asked'))) operations.push(ON_DEMAND);
  const table = lines.map((line) => line.map((cell, column) => align(cell, widths[column] ?? 0, column)).join('  '));
  return `${[...table.map((line) => line.trimEnd()), '', ...operations].join('\n')}\n`;
}

function shortly({ system, contract }: ContractSummary, { operation, by }: ContractSummary['answers'][number]): string {
  return `${system}/${contract} ${operation}: ${by}`;
}

/** How it is answered, and why; below that, the line that would change it. */
function explained(row: ContractSummary, answer: ContractSummary['answers'][number]): string[] {
  const { method, path, operation, by, role, resource, clue, change, line, column } = answer;
  const name = operation === `${method} ${path}` ? '' : ` (${operation})`;
  const doing = role === undefined ? by : `${by}, ${role} of ${resource}`;
  return [
    `${row.system}/${row.contract} ${method} ${path}${name}: ${doing}, because ${clue}`,
    ...(change === undefined ? [] : [`  ${row.file}:${line}:${column} ${change}`]),
  ];
}

/** What leads to messages on a channel, and why. */
function spoken(row: ContractSummary, { channel, by, clue }: ContractSummary['speech'][number]): string {
  return `${row.system}/${row.contract} channel ${channel}: ${SPOKEN[by]}, because ${clue}`;
}

const SPOKEN: Readonly<Record<ContractSummary['speech'][number]['by'], string>> = {
  state: 'sends by itself',
  reply: 'answers',
  code: 'sends by itself',
  asked: 'sends when asked',
  client: 'listens',
};

const ON_DEMAND =
  'Where no operation leads to a channel, messages are sent by hand (POST /_simulator/events) or at a rate (POST /_simulator/traffic, `bss-simulator traffic --rate 60`).';

function align(cell: string, width: number, column: number): string {
  return column < 3 ? cell.padEnd(width) : cell.padStart(width);
}
