/** What the corpus is measured by. Shares are of everything in their column. */
const GOALS = [
  ['refused documents', ({ refusedShare }) => refusedShare, 0.03],
  ['server errors', ({ serverErrors }) => serverErrors, 0],
  ['hanging calls', ({ hangs }) => hangs, 0],
  ['valid requests refused', ({ refusedRequestShare }) => refusedRequestShare, 0.01],
  ['answers that break the contract', ({ breakShare }) => breakShare, 0.01],
  ['resources not inferred', ({ inferredShare }) => 1 - inferredShare, 0.2],
  ['resources not living', ({ livingShare }) => 1 - livingShare, 0.35],
];

/** The figures over all documents that are not invalid on purpose. */
export function summaryOf(results) {
  const valid = results.filter(({ invalid }) => !invalid);
  const sum = (pick) => valid.reduce((total, each) => total + (pick(each) ?? 0), 0);
  const served = valid.filter(({ loads }) => loads);
  const figures = {
    documents: valid.length,
    refused: valid.length - served.length,
    operations: sum(({ operations }) => operations),
    answered: sum(({ answered }) => answered),
    unmade: sum(({ unmade }) => unmade),
    calls: sum(({ calls }) => calls),
    requestsRefused: sum(({ refused }) => refused),
    serverErrors: sum(({ serverErrors }) => serverErrors),
    hangs: sum(({ hangs }) => hangs),
    breaks: sum(({ breaks }) => breaks),
    seen: sum(({ resources }) => resources?.seen),
    inferred: sum(({ resources }) => resources?.inferred),
    partly: sum(({ resources }) => resources?.partly),
    living: sum(({ resources }) => resources?.living),
    channels: sum(({ channels }) => channels?.declared),
    open: sum(({ channels }) => channels?.open),
    delivered: sum(({ channels }) => channels?.delivered),
    messageBreaks: sum(({ channels }) => channels?.breaks),
    judgeFailed: valid.filter(({ judgeFailed }) => judgeFailed !== undefined).length,
    medianStart: median(served.map(({ startedIn }) => startedIn)),
    longestStart: Math.max(0, ...served.map(({ startedIn }) => startedIn ?? 0)),
    medianMemory: median(served.map(({ memory }) => memory)),
    largestMemory: Math.max(0, ...served.map(({ peak, memory }) => peak ?? memory ?? 0)),
  };
  const share = (part, whole) => (whole === 0 ? 0 : part / whole);
  return {
    ...figures,
    refusedShare: share(figures.refused, figures.documents),
    refusedRequestShare: share(figures.requestsRefused, figures.calls),
    breakShare: share(figures.breaks, figures.calls),
    inferredShare: figures.seen === 0 ? 1 : figures.inferred / figures.seen,
    livingShare: figures.seen === 0 ? 1 : figures.living / figures.seen,
  };
}

/** One sentence for each goal that is missed. */
export function missedGoals(summary) {
  return GOALS.filter(([, figure, most]) => figure(summary) > most + 1e-9).map(
    ([name, figure, most]) => `Missed: ${name} ${shown(figure(summary), most)}, goal at most ${shown(most, most)}.`,
  );
}

/** A table in Markdown, one line for each suite and one for all. */
export function toTable(results) {
  const suites = [...new Set(results.map(({ suite }) => suite))];
  const rows = [...suites.map((suite) => [suite, results.filter((each) => each.suite === suite)]), ['all', results]];
  const heads = [
    'suite',
    'documents',
    'refused',
    'operations',
    'answered',
    'calls',
    'valid refused',
    '5xx',
    'hangs',
    'breaks',
    'resources seen',
    'inferred',
    'in part',
    'living',
    'channels',
    'open',
    'delivered',
    'start, ms',
    'memory, MiB',
  ];
  const lines = rows.map(([name, each]) => {
    const s = summaryOf(each);
    return [
      name,
      s.documents,
      s.refused,
      s.operations,
      s.answered,
      s.calls,
      s.requestsRefused,
      s.serverErrors,
      s.hangs,
      s.breaks + s.messageBreaks,
      s.seen,
      s.inferred,
      s.partly,
      s.living,
      s.channels,
      s.open,
      s.delivered,
      `${s.medianStart} (${s.longestStart})`,
      `${s.medianMemory} (${s.largestMemory})`,
    ];
  });
  const text = (cells) => `| ${cells.join(' | ')} |`;
  return [text(heads), text(heads.map((_, at) => (at === 0 ? '---' : '---:'))), ...lines.map(text)].join('\n');
}

/** The kinds of failure, those of the most documents first, each with its smallest example. */
export function toKinds(results) {
  const kinds = new Map();
  for (const { name, bytes, findings = [], invalid } of results) {
    if (invalid) continue;
    for (const finding of findings) {
      const kind = `${finding.kind}: ${plain(finding.detail)}`;
      const held = kinds.get(kind) ?? { kind, names: new Set(), times: 0, size: Number.POSITIVE_INFINITY };
      held.names.add(name);
      held.times += 1;
      if (bytes < held.size) {
        held.size = bytes;
        held.example = [name, finding.where, finding.detail, finding.path, finding.body]
          .filter(Boolean)
          .join(' · ')
          .replace(/\s+/g, ' ');
      }
      kinds.set(kind, held);
    }
  }
  return [...kinds.values()]
    .map(({ names, size, ...rest }) => ({ ...rest, documents: names.size }))
    .sort((one, other) => other.documents - one.documents || other.times - one.times);
}

/** A sentence without what differs from document to document. */
function plain(detail) {
  return detail
    .replace(/^\S+:\d+:\d+ /, '')
    .replace(/"[^"]*"|`[^`]*`|'[^']*'/g, '…')
    .replace(/\/\S+/g, '…')
    .replace(/\d{4,}|corpus\w*/g, '…')
    .replace(/\b\d+\b(?<!\b[2-5]\d\d)/g, 'N')
    .slice(0, 110);
}

function shown(figure, goal) {
  return goal > 0 && goal < 1 ? `${(figure * 100).toFixed(1)} %` : String(figure);
}

function median(values) {
  const sorted = values.filter((each) => each !== undefined).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
