import type { ContractCoverage, Coverage, Share } from './covered.ts';
import { percentOf } from './text.ts';

/**
 * Writes the coverage as a page that stands by itself: a map of operations and their answers, channels, moves and faults,
 * the warmer the more often. Every place says its number too, so that nothing hangs on colour.
 *
 * @example await writeFile('coverage.html', toCoveragePage(coverage));
 */
export function toCoveragePage({ items, faults, totals }: Coverage): string {
  const most = Math.max(1, ...items.flatMap(countsOf), ...faults.map(({ count }) => count));
  const place = (name: string, count: number, isExtra = false): string =>
    `<span class="h${heatOf(count, most)}${isExtra ? ' extra' : ''}">${escapeHtml(name)} <b>${count}</b></span>`;
  const share = (name: string, one: Share): string =>
    one.total === 0 ? '' : `<li><b>${percentOf(one)} %</b> ${name} <small>${one.covered} of ${one.total}</small></li>`;
  const contract = ({ system, contract: name, operations, channels, moves, totals: own }: ContractCoverage): string =>
    [
      `<section><h2>${escapeHtml(`${system}/${name}`)}</h2>`,
      `<ul class="totals">${share('operations', own.operations)}${share('answers', own.answers)}${share('channels', own.channels)}${share('moves', own.moves)}</ul>`,
      operations.length === 0
        ? ''
        : `<table><thead><tr><th>operation</th><th>asked for</th><th>answers</th></tr></thead><tbody>${operations
            .map(
              ({ operationId, method, path, count, answers }) =>
                `<tr><th>${escapeHtml(`${method} ${path}`)}<br><small>${escapeHtml(operationId)}</small></th><td>${place('', count)}</td><td>${answers
                  .map((answer) => place(answer.status, answer.count, !answer.declared))
                  .join(' ')}</td></tr>`,
            )
            .join('')}</tbody></table>`,
      places(
        'Channels',
        channels.map(({ channel, count }) => place(channel, count)),
      ),
      places(
        'Moves of life cycles',
        moves.map(({ resource, from, to, count }) => place(`${resource}: ${from} → ${to}`, count)),
      ),
      '</section>',
    ].join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Coverage of contracts</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Coverage of contracts</h1>
<ul class="totals">${share('operations', totals.operations)}${share('answers', totals.answers)}${share('channels', totals.channels)}${share('moves', totals.moves)}${share('kinds of faults', totals.faults)}</ul>
<p>The number is how often. Answers in italics are not in the contract, and not counted.</p>
${items.map(contract).join('\n')}
${places(
  'Faults',
  faults.map(({ effect, count }) => place(effect, count)),
)}
</main>
</body>
</html>
`;
}

function places(title: string, all: readonly string[]): string {
  return all.length === 0 ? '' : `<h3>${title}</h3><p class="places">${all.join(' ')}</p>`;
}

/** 0 for never, then 1 to 4; by orders of magnitude, because some operations serve all tests and others one. */
function heatOf(count: number, most: number): number {
  return count === 0 ? 0 : Math.min(4, 1 + Math.floor((4 * Math.log(count)) / Math.log(most + 1)));
}

function countsOf({ operations, channels, moves }: ContractCoverage): number[] {
  return [...operations, ...channels, ...moves].map(({ count }) => count);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Names come from documents, and statuses from whoever adds faults. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const STYLE = `
:root { color-scheme: light dark; font: 14px/20px system-ui, sans-serif; }
body { margin: 0; } main { max-width: 1120px; margin: 0 auto; padding: 24px; }
h1 { font-size: 24px; line-height: 32px; } h2 { font-size: 18px; margin: 32px 0 8px; } h3 { font-size: 14px; margin: 16px 0 8px; }
.totals { display: flex; flex-wrap: wrap; gap: 8px 24px; list-style: none; padding: 0; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 500; }
th, td { padding: 4px 8px; border-top: 1px solid color-mix(in srgb, currentColor 16%, transparent); vertical-align: top; }
small { opacity: .7; } b { font-variant-numeric: tabular-nums; }
span { display: inline-block; margin: 0 4px 4px 0; padding: 0 8px; border-radius: 4px; border: 1px solid color-mix(in srgb, currentColor 24%, transparent); }
.h0 { border-style: dashed; opacity: .8; } .extra { font-style: italic; }
.h1 { background: color-mix(in srgb, #1a7f5a 16%, transparent); } .h2 { background: color-mix(in srgb, #1a7f5a 32%, transparent); }
.h3 { background: color-mix(in srgb, #1a7f5a 48%, transparent); } .h4 { background: color-mix(in srgb, #1a7f5a 64%, transparent); }
`;
