import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { missedGoals, summaryOf, toTable } from './report.mjs';

/**
 * Writes what was measured into docs/corpus.md: the figures, the table by document, what is not inferred or does not
 * live, and why, and the conformance kits beside Prism's share.
 *
 * @example node bench/corpus/write-docs.mjs --results results.json --kits kits.json --prism kits-prism.json --commit 1a2b3c4
 */
const { values: options } = parseArgs({
  options: {
    results: { type: 'string' },
    kits: { type: 'string' },
    prism: { type: 'string' },
    loosened: { type: 'string' },
    help: { type: 'boolean', default: false },
    commit: { type: 'string', default: '' },
  },
});
if (options.help) {
  console.log(
    'node bench/corpus/write-docs.mjs --results <file> --kits <file> --prism <file> --loosened <file> --commit <id>',
  );
  process.exit(0);
}
const PAGE = new URL('../../docs/corpus.md', import.meta.url);
let page = readFileSync(PAGE, 'utf8');
if (options.results !== undefined) {
  const results = readJson(options.results).filter(({ invalid }) => !invalid);
  const missed = missedGoals(summaryOf(results));
  put('figures', [
    `Commit ${options.commit}, ${results.length} documents in one run, each in processes of its own.`,
    '',
    toTable(results),
    '',
    goalsOf(summaryOf(results)),
    ...missed,
  ]);
  put('reasons', reasonsOf(results));
  put('documents', documentsOf(results));
}
if (options.kits !== undefined)
  put('kits', kitsOf(readJson(options.kits), options.prism === undefined ? [] : readJson(options.prism)));
if (options.loosened !== undefined) put('loosened', kitsOf(readJson(options.loosened), []));
writeFileSync(PAGE, page);

function put(name, lines) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`Failed to write docs/corpus.md: it has no place called ${name}.`);
  page = `${page.slice(0, from + begin.length)}\n${lines.join('\n')}\n${page.slice(to)}`;
}

function goalsOf(summary) {
  const share = (figure, digits = 1) => `${(100 * figure).toFixed(digits)} %`;
  return [
    `Refused documents ${share(summary.refusedShare)} (goal: at most 3 %), server errors ${summary.serverErrors} (0), calls`,
    `that hang ${summary.hangs} (0), valid requests refused ${share(summary.refusedRequestShare, 2)} (1 %), answers that break`,
    `their contract ${share(summary.breakShare, 2)} (1 %), resources inferred ${share(summary.inferredShare)} (at least 80 %),`,
    `living ${share(summary.livingShare)} (at least 65 %).`,
  ].join('\n');
}

/** What stood in the way, the most frequent first, each with one place where it did. */
function reasonsOf(results) {
  const kinds = new Map();
  for (const { name, findings = [] } of results) {
    for (const { kind, detail, where, path } of findings) {
      if (!/^(not inferred|inferred in part|not living)$/.test(kind)) continue;
      const why =
        kind === 'not living'
          ? [detail]
          : [...detail.matchAll(/(?:^|[(;] ?)[A-Z]+: ([^;)]+)/g)].map(([, each]) => each);
      for (const each of new Set(why.map(plain))) {
        const key = `${kind}: ${each}`;
        const held = kinds.get(key) ?? { times: 0, example: `${name} ${kind === 'not living' ? path : where}` };
        kinds.set(key, { ...held, times: held.times + 1 });
      }
    }
  }
  const rows = [...kinds].sort(([, one], [, other]) => other.times - one.times);
  return table(
    ['what', 'resources', 'for example'],
    ['---', '---:', '---'],
    rows.map(([key, { times, example }]) => [key, times, example]),
  );
}

function documentsOf(results) {
  const rows = results
    .filter(({ suite }) => suite !== 'tck')
    .sort((one, other) => one.name.localeCompare(other.name))
    .map((each) => [
      each.name,
      each.loads ? (each.allowRefs ? 'with `--allow-refs`' : 'yes') : 'no',
      each.operations === undefined ? '' : `${each.answered ?? 0}/${each.operations}`,
      each.resources?.seen > 0 ? each.resources.seen : '',
      each.resources?.seen > 0 ? each.resources.inferred : '',
      each.resources?.seen > 0 ? each.resources.living : '',
      each.calls === undefined ? '' : `${each.breaks}/${each.calls}`,
      each.channels === undefined ? '' : `${each.channels.delivered}/${each.channels.declared}`,
      each.startedIn ?? '',
      each.seconds,
      each.peak ?? each.memory ?? '',
    ]);
  const kit = results.filter(({ suite }) => suite === 'tck');
  return [
    ...table(
      [
        'document',
        'loads',
        'answered',
        'seen',
        'inferred',
        'living',
        'breaks/calls',
        'channels',
        'start, ms',
        's',
        'MiB',
      ],
      ['---', '---', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:', '---:'],
      rows,
    ),
    '',
    `The valid documents of AsyncAPI's test kit: ${kit.filter(({ loads }) => loads).length} of ${kit.length} load.`,
  ];
}

function kitsOf(own, prism) {
  const share = (kit) =>
    kit === undefined || kit.assertions === 0 ? '–' : `${((100 * kit.passed) / kit.assertions).toFixed(1)} %`;
  const part = (kit) => (kit === undefined ? '–' : `${kit.passed}/${kit.assertions}`);
  return table(
    ['kit', 'passed', 'share', 'Prism', "Prism's share"],
    ['---', '---:', '---:', '---:', '---:'],
    own.map((kit) => {
      const other = prism.find(({ name }) => name === kit.name);
      return [kit.name, part(kit), share(kit), part(other), share(other)];
    }),
  );
}

function table(heads, rule, rows) {
  const text = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [text(heads), text(rule), ...rows.map(text)];
}

/** A sentence without what differs from document to document. */
function plain(detail) {
  return detail
    .replace(/"[^"]*"|`[^`]*`|'[^']*'/g, '…')
    .replace(/look like .+$/, 'look like what is read')
    .replace(/list of .+$/, 'list of what is read')
    .replace(/of one [A-Z]\w*/g, 'of one thing')
    .replace(/Failed to find the [\w ]+:/, 'Failed to find it:')
    .replace(/\d{3,}(?<!\b[2-5]\d\d)/g, '…')
    .trim();
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
