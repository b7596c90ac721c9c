import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

/** @typedef {{ file: string, path: string, title: string, about: string, text: string }} Page */

/**
 * The sections of the site with their pages, in the order of `nav.json`: what the site, `llms.txt` and the skills are made
 * from. A page is called what its heading says, and is about what its first paragraph says.
 *
 * @returns {{ title: string, pages: Page[] }[]}
 */
export function readSections() {
  const sections = JSON.parse(readFileSync('site/nav.json', 'utf8'));
  const named = new Set(sections.flatMap(({ pages }) => pages));
  const others = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .map((file) => `docs/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.md') && !file.startsWith('docs/decisions/') && !named.has(file))
    .sort();
  // A page that nobody has put anywhere is a guide, so that it is found.
  return sections.map(({ title, pages }) => ({
    title,
    pages: [...pages, ...(title === 'Guides' ? others : [])].map(readPage),
  }));
}

/** `README.md#options` is a part of a page that is a page of its own here. */
function readPage(named) {
  const [file, part] = named.split('#');
  if (!existsSync(file)) throw new Error(`Failed to make the site: site/nav.json names ${file}, which is not there.`);
  const whole = readFileSync(file, 'utf8');
  const text = part === undefined ? whole : partOf(whole, part);
  const title = plain(/^# (.+)$/m.exec(text ?? '')?.[1] ?? '');
  const about = text
    ?.replace(/^# .+$/m, '')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .find((paragraph) => paragraph !== '' && !/^([#|`<!-]|\d\.)/.test(paragraph));
  if (title === '' || about === undefined)
    throw new Error(`Failed to make the site: ${named} has no heading or no text.`);
  const path = part === undefined ? pathOf(file) : `${part}.html`;
  return { file: named, path, title, about: plain(about.replaceAll(/\s+/g, ' ')), text };
}

function partOf(text, slug) {
  const parts = text.split(/\n(?=## )/);
  return parts.find((part) => slugify(/^## (.+)$/m.exec(part)?.[1] ?? '') === slug)?.replace(/^## /, '# ');
}

/** Where a page of the site stands: pages of `docs/` at the root, those of the project beside them. */
export function pathOf(file) {
  return file
    .replace(/^docs\//, '')
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/\.md$/, '.html');
}

/** What a link of a page means, as a path in the repository with its anchor; nothing if it leads elsewhere. */
export function targetOf(file, href) {
  if (/^[a-z][a-z+.-]*:|^\/\//i.test(href)) return undefined;
  const [path, anchor] = href.split('#');
  return { file: path === '' ? file : posix.normalize(posix.join(posix.dirname(file), path)), anchor };
}

/** As GitHub makes anchors, so that a link holds in both places. */
export function slugify(text) {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

function plain(text) {
  return text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
}
