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

/**
 * The table of this simulator and its peers, with the day on which they were measured, in Markdown.
 *
 * @param results what `results.json` holds
 */
export function toPeerTable({ machine, measured, rows: all }) {
  const own = [['bss-simulator', all['get-one']]];
  const peers = Object.values(all).filter(({ isPeer }) => isPeer === true);
  const lines = [...own, ...peers.map((row) => [row.title.split(':')[0], row])]
    .sort(([, one], [, other]) => other.median - one.median)
    .map(([name, { low, median, high }]) => `| ${name} | ${[low, median, high].map(format).join(' | ')} |`);
  return `One GET of one thing, 32 connections, as a part of what bare \`node:http\` answers in the same run. This simulator
authenticates, validates both ways and journals; Fastify and Express repeat a text. Measured on ${measured}, ${machine.processor},
${machine.cores} cores, ${machine.memory}, Node ${machine.node}.

| server | min | median | max |
|---|---:|---:|---:|
${lines.join('\n')}`;
}

/** The comparison with the figures between its marks. */
export function withPeers(text, results) {
  return text.replace(
    /(<!-- figures: [^>]*-->)[\s\S]*?<!-- end -->/,
    (_, begin) => `${begin}\n\n${toPeerTable(results)}\n\n<!-- end -->`,
  );
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
