import type { ContractCoverage, Coverage, Share } from './covered.ts';

/** The kinds of things that are exercised, in the order of their columns. */
const KINDS = ['operations', 'answers', 'channels', 'moves'] as const;

/** The coverage as a table for a terminal; what is missing is too long for one. */
export function toCoverageTable({ items, totals, faults }: Coverage): string {
  const rows = [
    ['contract', ...KINDS],
    ...items.map((item) => [nameOf(item), ...KINDS.map((kind) => figure(item.totals[kind]))]),
    ['all', ...KINDS.map((kind) => figure(totals[kind]))],
    ['', ...KINDS.map((kind) => percentText(totals[kind]))],
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
  );
  const struck = faults.filter(({ count }) => count > 0).map(({ effect }) => effect);
  const faultLine = `faults ${figure(totals.faults)}${struck.length === 0 ? '' : `: ${struck.join(', ')}`}`;
  return `${[...lines.map((cells) => cells.join('  ').trimEnd()), faultLine].join('\n')}\n`;
}

/**
 * Everything that was not exercised, line by line, contract by contract.
 *
 * @example toMissingText(coverage) // 'connectx/bss-api\n  POST /v1/customers (createCustomer): 400, 409\n…'
 */
export function toMissingText({ items, faults }: Coverage): string {
  const missing = items.flatMap((item) => {
    const lines = missingIn(item);
    return lines.length === 0 ? [] : [nameOf(item), ...lines.map((line) => `  ${line}`)];
  });
  const unused = faults.filter(({ count }) => count === 0).map(({ effect }) => effect);
  const lines = unused.length === 0 ? missing : [...missing, `faults: ${unused.join(', ')}`];
  return lines.map((line) => `${line}\n`).join('');
}

/** What part of a share was covered, in whole percent, downwards; 100 where there is nothing to cover. */
export function percentOf({ covered, total }: Share): number {
  return total === 0 ? 100 : Math.floor((100 * covered) / total);
}

function missingIn({ operations, channels, moves }: ContractCoverage): string[] {
  return [
    ...operations.flatMap(({ operationId, method, path, count, answers }) => {
      const open = answers.filter((answer) => answer.declared && answer.count === 0).map(({ status }) => status);
      if (count > 0 && open.length === 0) return [];
      const name =
        operationId === `${method.toLowerCase()} ${path}` ? `${method} ${path}` : `${method} ${path} (${operationId})`;
      return [count === 0 ? `${name}: never asked for` : `${name}: ${open.join(', ')}`];
    }),
    ...channels.filter(({ count }) => count === 0).map(({ channel }) => `channel ${channel}`),
    ...moves.filter(({ count }) => count === 0).map(({ resource, from, to }) => `${resource} ${from} -> ${to}`),
  ];
}

function nameOf({ system, contract }: ContractCoverage): string {
  return `${system}/${contract}`;
}

function figure({ covered, total }: Share): string {
  return total === 0 ? '-' : `${covered}/${total}`;
}

function percentText(share: Share): string {
  return share.total === 0 ? '-' : `${percentOf(share)} %`;
}
