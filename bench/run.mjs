import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { compareWith } from './against.mjs';
import { draw } from './draw.mjs';
import { median, rows } from './rows.mjs';
import { toTable, withPeers, withTable } from './table.mjs';

/**
 * Runs the rows named on the command line, or all of them, and leaves the table, `results.json` and `results.svg`. Rows
 * that are not run keep their last result, so that the picture stays whole. With `--against <commit>`, this tree and
 * that commit take turns instead, and nothing is written.
 */
const wanted = process.argv.slice(2);
if (wanted[0] === '--against') {
  await compareWith(wanted[1] ?? 'HEAD', wanted.slice(2)).catch((error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
  process.exit();
}
const unknown = wanted.filter((name) => !(name in rows));
if (unknown.length > 0) {
  console.error(
    `Failed to run ${unknown.join(', ')}: there is no such row. Known are: ${Object.keys(rows).join(', ')}.`,
  );
  process.exit(2);
}
const file = new URL('results.json', import.meta.url);
const results = read(file);
results.measured = new Date().toISOString().slice(0, 10);
results.machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  node: process.version,
};
for (const name of wanted.length > 0 ? wanted : Object.keys(rows)) {
  const { title, goal, run, isPeer, inTheWay } = rows[name];
  process.stderr.write(`${name} … `);
  const began = performance.now();
  try {
    const { figures, ...more } = await run();
    const result = {
      title,
      goal,
      isPeer,
      low: Math.min(...figures),
      median: median(figures),
      high: Math.max(...figures),
      ...more,
    };
    results.rows[name] = { ...result, met: isMet(result), inTheWay };
    process.stderr.write(`${result.median.toFixed(3)} (${((performance.now() - began) / 1_000).toFixed(0)} s)\n`);
  } catch (error) {
    results.rows[name] = { title, goal, isPeer, failed: String(error), met: false };
    process.stderr.write(`failed: ${error.message}\n`);
  }
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
writeFileSync(new URL('results.svg', import.meta.url), draw(results));
const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), results));
const comparison = new URL('../docs/comparison.md', import.meta.url);
writeFileSync(comparison, withPeers(readFileSync(comparison, 'utf8'), results));
console.log(toTable(results));
process.exit();

function isMet({ goal, median: figure }) {
  if (goal === undefined) return undefined;
  return goal.atLeast === undefined ? figure <= goal.atMost : figure >= goal.atLeast;
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { rows: {} };
  }
}
