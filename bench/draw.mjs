const WIDTH = 760;
const LABEL = 250;
const LINE = 30;

/**
 * Draws how many requests a second of one GET each server answers, as a part of what bare `node:http` does.
 *
 * @returns {string} an SVG that is readable on light and dark ground
 */
export function draw({ machine, rows }) {
  const peers = Object.values(rows).filter(({ isPeer, failed }) => isPeer === true && failed === undefined);
  const own = rows['get-one'];
  const bars = [
    { label: 'bare node:http', value: 1, kind: 'bare' },
    ...(own?.median === undefined
      ? []
      : [{ label: 'bss-simulator', value: own.median, low: own.low, high: own.high, kind: 'own' }]),
    ...peers.map(({ title, median, low, high }) => ({
      label: title.split(':')[0],
      value: median,
      low,
      high,
      kind: 'peer',
    })),
  ].sort((a, b) => b.value - a.value);
  const height = 70 + bars.length * LINE;
  const scale = WIDTH - LABEL - 70;
  const lines = bars.map((bar, index) => drawBar(bar, 48 + index * LINE, scale));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Requests a second of one GET, as a part of bare node:http" font-family="system-ui, sans-serif" font-size="14">
<style>text{fill:#24292f}.bare{fill:#8c959f}.own{fill:#1f6feb}.peer{fill:#b6bec7}.range{stroke:#57606a;stroke-width:1.5}@media (prefers-color-scheme:dark){text{fill:#e6edf3}.peer{fill:#57606a}.range{stroke:#adbac7}}</style>
<text x="0" y="20" font-weight="600">Requests a second of one GET, as a part of bare node:http</text>
${lines.join('\n')}
<text x="0" y="${height - 8}" font-size="12">32 connections, median of alternating rounds, line from lowest to highest. ${escapeXml(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}`)}</text>
</svg>
`;
}

function drawBar({ label, value, low, high, kind }, y, scale) {
  const width = Math.max(1, value * scale);
  const range =
    low === undefined
      ? ''
      : `<line class="range" x1="${LABEL + low * scale}" x2="${LABEL + high * scale}" y1="${y + 9}" y2="${y + 9}"/>`;
  return `<text x="${LABEL - 10}" y="${y + 14}" text-anchor="end"${kind === 'own' ? ' font-weight="600"' : ''}>${escapeXml(label)}</text><rect class="${kind}" x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="18" rx="2"/>${range}<text x="${(LABEL + Math.max(width, (high ?? 0) * scale) + 8).toFixed(1)}" y="${y + 14}">${value.toFixed(2)}</text>`;
}

function escapeXml(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
