import { posix } from 'node:path';
import { readSections, targetOf } from './pages.mjs';

/**
 * What agents read, made from the same pages as the site: `docs/llms.txt` (https://llmstxt.org) and the skills
 * (https://agentskills.io). The build writes them.
 *
 * @param {(file: string) => boolean} isThere Whether a page is where they are read; default: all are.
 * @returns {Record<string, string>} texts by file
 */
export function agentTexts(isThere = () => true) {
  const all = readSections();
  const page = (file) => all.flatMap(({ pages }) => pages).find((each) => each.file === file);
  const sections = all.map(({ title, pages }) => ({ title, pages: pages.filter(({ file }) => isThere(file)) }));
  const files = { 'docs/llms.txt': llmsText(sections, page('README.md')) };
  for (const { name, description, parts } of SKILLS) {
    const file = `skills/${name}/SKILL.md`;
    const body = parts.map(([from, heading]) => partOf(page(from), heading, file)).join('\n\n');
    const more = sections.map(({ title, pages }) => `- ${title}: ${pages.map((each) => link(each, file)).join(', ')}`);
    files[file] = `---\nname: ${name}\ndescription: ${description}\n---\n\n${body}\n\n## More\n\n${more.join('\n')}\n`;
  }
  return files;
}

/** A sentence that is longer is told as far as its colon. */
const LONGEST_SENTENCE = 160;

/** Each is a job that an agent is given; what it says of it stands in the pages, by page and heading. */
const SKILLS = [
  {
    name: 'bss-simulator',
    description:
      'Runs a simulated telecom BSS back end (customers, subscriptions, billing, orders, events) or any OpenAPI or AsyncAPI contract, and moves its clock. Use it when a BSS or another API is needed and none is at hand, or to find out what it would do.',
    parts: [
      ['docs/start.md'],
      ['docs/concepts.md', 'What follows'],
      ['docs/agents.md', 'Two ways in'],
      ['docs/agents.md', 'Tools'],
      ['docs/command-line.md', 'Call an operation'],
    ],
  },
  {
    name: 'test-with-bss-simulator',
    description:
      'Writes tests of a BSS integration, or of any client of an API, with Vitest, Playwright, Jest or node:test against bss-simulator: a world for each test, virtual time, events, faults. Use it when such tests are to be written, mended or run in CI.',
    parts: [
      ['docs/how-to/vitest.md'],
      ['docs/testing.md', 'With Playwright, node:test, Jest, or a shell'],
      ['docs/testing.md', 'The handle of a tenant'],
      ['docs/testing.md', 'When a test fails'],
    ],
  },
  {
    name: 'reproduce-with-bss-simulator',
    description:
      'Reproduces a failing integration against bss-simulator: lets faults strike, explains by causes what happened, and saves it as a story that CI plays. Use it when an integration with a BSS fails and nobody knows why.',
    parts: [
      ['docs/agents.md', 'A story, as an agent played it'],
      ['docs/faults.md'],
      ['docs/scenarios.md', 'Or record it'],
    ],
  },
];

function llmsText(sections, readme) {
  const lists = sections.map(({ title, pages }) => {
    const items = pages.map((each) => `- ${link(each, 'docs/llms.txt')}: ${firstSentence(each.about)}`);
    return `## ${title}\n\n${items.join('\n')}`;
  });
  return `# bss-simulator\n\n> ${readme.about}\n\n${lists.join('\n\n')}\n`;
}

/** A page, or the part of it below a heading, with links that hold from where it is put. */
function partOf(page, heading, into) {
  if (page === undefined) throw new Error(`Failed to write ${into}: a page it is made from is not in site/nav.json.`);
  const [, ...parts] = `\n${page.text}`.split(/\n(?=#{1,2} )/);
  const part = heading === undefined ? page.text : parts.find((each) => each.startsWith(`## ${heading}\n`));
  if (part === undefined) throw new Error(`Failed to write ${into}: ${page.file} has no part "${heading}".`);
  return part
    .trim()
    .replaceAll(/<!--[\s\S]*?-->\n*/g, '')
    .replaceAll(/\]\(([^)\s]+)\)/g, (whole, href) => {
      const target = targetOf(page.file, href);
      if (target === undefined) return whole;
      const anchor = target.anchor === undefined ? '' : `#${target.anchor}`;
      return `](${posix.relative(posix.dirname(into), target.file)}${anchor})`;
    });
}

function link({ title, file }, into) {
  return `[${title}](${posix.relative(posix.dirname(into), file)})`;
}

function firstSentence(text) {
  const sentence = /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
  return sentence.length > LONGEST_SENTENCE ? sentence.replace(/: .*$/, '.') : sentence;
}
