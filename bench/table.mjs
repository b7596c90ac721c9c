/**
 * The table of the goals, in Markdown: what each row reached and, where that is not enough, what stands in the way.
 *
 * @param results what `results.json` holds
 */
export function toTable({ machine, rows: all }) {
  const rows = Object.values(all).filter(({ isPeer, goal }) => isPeer !== true && goal !== undefined);
  const lines = rows.map(({ title, low, median, high, goal, met, failed, inTheWay }) => {
    const figures = failed === undefined ? [low, median, high].map(format).join(' | ') : `${failed.slice(0, 60)} | | `;
    const aim = goal.atLeast === undefined ? `≤ ${format(goal.atMost)}` : `≥ ${format(goal.atLeast)}`;
    return `| ${title} | ${figures} | ${aim} | ${met ? 'met' : (inTheWay ?? 'missed')} |`;
  });
  return `| what | min | median | max | goal | |
|---|---:|---:|---:|---:|---|
${lines.join('\n')}

${machine.processor}, ${machine.cores} cores, ${machine.memory}, Node ${machine.node}.`;
}

/** A document with the table between its marks. */
export function withTable(text, results) {
  const [begin, end] = ['<!-- table: npm run bench writes it -->', '<!-- end of table -->'];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`Failed to write the table: ${begin} … ${end} is missing. Put it back.`);
  return `${text.slice(0, from + begin.length)}\n\n${toTable(results)}\n\n${text.slice(to)}`;
}

function format(figure) {
  return figure >= 100 ? figure.toFixed(0) : figure >= 10 ? figure.toFixed(1) : figure.toFixed(2);
}
