import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import Eleventy from '@11ty/eleventy';
import anchors from 'markdown-it-anchor';
import { agentTexts } from './agents.mjs';
import { checkLinks } from './check-links.mjs';
import { pathOf, readSections, slugify, targetOf } from './pages.mjs';

// `npm run site`: docs/ and what else site/nav.json names, as pages in site/dist, their links checked.
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const OUT = 'site/dist';
const sections = readSections();
const pages = sections.flatMap((section) => section.pages);
const known = new Set(pages.map(({ file }) => file));
const { repository, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const source = (typeof repository === 'string' ? repository : repository?.url)?.replace(/^git\+|\.git$/g, '');

rmSync(OUT, { recursive: true, force: true });
// A folder of its own, with nothing in it: every page comes from the table of pages.
mkdirSync(join(OUT, '.none'), { recursive: true });

const eleventy = new Eleventy(join(OUT, '.none'), OUT, { quietMode: true, config: configure });
await eleventy.write();
rmSync(join(OUT, '.none'), { recursive: true });

for (const { text, path } of pages) write(path.replace(/html$/, 'md'), text);
write(
  'llms.txt',
  agentTexts()['docs/llms.txt'].replaceAll(/\]\(([^)]+)\)/g, (_, href) => `](${asSource(href)})`),
);
write('llms-full.txt', pages.map(({ text }) => text.trim()).join('\n\n'));
write('headings.json', JSON.stringify(pages.flatMap(headingsOf)));
for (const asset of ['style.css', 'find.js']) write(asset, readFileSync(join('site', asset), 'utf8'));
write(
  'index.html',
  `<!doctype html><meta http-equiv="refresh" content="0; url=start.html"><a href="start.html">Begin</a>\n`,
);

const found = checkLinks(OUT);
if (found.problems.length > 0) {
  process.stderr.write(
    `${found.problems.join('\n')}\nFailed to make the site: ${found.problems.length} links lead nowhere.\n`,
  );
  process.exitCode = 1;
} else {
  process.stdout.write(`${found.pages} pages in ${OUT}, ${found.links} links inside them: all lead somewhere.\n`);
}

function configure(config) {
  config.amendLibrary('md', (markdown) => {
    markdown.set({ html: true, linkify: false });
    markdown.use(anchors, { slugify, permalink: anchors.permalink.headerLink({ safariReaderFix: true }) });
    const renderLink =
      markdown.renderer.rules.link_open ?? ((tokens, at, options, _, self) => self.renderToken(tokens, at, options));
    markdown.renderer.rules.link_open = (tokens, at, options, env, self) => {
      const token = tokens[at];
      token.attrSet('href', hrefOf(env.source, token.attrGet('href') ?? ''));
      return renderLink(tokens, at, options, env, self);
    };
    // The table is read on narrow screens, too.
    markdown.renderer.rules.table_open = () => '<div class="table"><table>\n';
    markdown.renderer.rules.table_close = () => '</table></div>\n';
  });
  config.addNunjucksGlobal('sections', sections);
  config.addNunjucksGlobal('version', version);
  config.setIncludesDirectory('../../layout');
  for (const page of pages) {
    const { file, path, title } = page;
    config.addTemplate(`${path.replaceAll('/', '-')}.md`, withoutSources(page), {
      layout: 'page.njk',
      permalink: path,
      source: file,
      path,
      title,
      root: '../'.repeat(path.split('/').length - 1),
    });
  }
  return { markdownTemplateEngine: false };
}

/** A link as the site has it: to a page of it, or else to the sources. */
function hrefOf(file, href) {
  const target = targetOf(file, href);
  if (target === undefined) return href;
  const anchor = target.anchor === undefined ? '' : `#${target.anchor}`;
  if (!known.has(target.file)) return `${source}/blob/HEAD/${target.file}${anchor}`;
  return `${posix.relative(posix.dirname(pathOf(file)), pathOf(target.file))}${anchor}`;
}

/** Until package.json says where the sources can be read, what leads to them is only named. Where they are not is found here. */
function withoutSources({ file, text }) {
  return text.replaceAll(/(^```[\s\S]*?^```)|!?\[([^\]]*)\]\(([^)\s]+)\)/gm, (whole, fence, words, href) => {
    const target = fence === undefined ? targetOf(file, href) : undefined;
    if (target === undefined || known.has(target.file)) return whole;
    if (!existsSync(target.file))
      throw new Error(`Failed to make the site: ${file} links to ${href}, which is not there.`);
    if (whole.startsWith('!')) return `![${words}](${pictureOf(file, target.file)})`;
    return source === undefined ? words : whole;
  });
}

/** Pictures are taken along. */
function pictureOf(file, picture) {
  mkdirSync(join(OUT, 'pictures'), { recursive: true });
  copyFileSync(picture, join(OUT, 'pictures', posix.basename(picture)));
  return `${'../'.repeat(pathOf(file).split('/').length - 1)}pictures/${posix.basename(picture)}`;
}

function asSource(href) {
  const target = targetOf('docs/llms.txt', href);
  return target !== undefined && known.has(target.file) ? pathOf(target.file).replace(/html$/, 'md') : href;
}

function headingsOf({ path, title, text }) {
  const seen = new Map();
  return [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,4} (.+)$/gm)].map(([, heading]) => {
    const words = heading.replaceAll(/[`*]|\[([^\]]*)\]\([^)]*\)/g, '$1');
    const slug = slugify(words);
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return { page: title, heading: words, href: `${path}#${times === 0 ? slug : `${slug}-${times}`}` };
  });
}

function write(path, text) {
  mkdirSync(dirname(join(OUT, path)), { recursive: true });
  writeFileSync(join(OUT, path), text);
}
