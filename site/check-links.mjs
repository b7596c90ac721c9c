import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/**
 * Follows every link inside a built site: to a page, to a place on it, to a file. Links to elsewhere are not asked for, as
 * a check that needs the network says nothing about these pages.
 */
export function checkLinks(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));
  const places = new Map(files.map((file) => [file, idsOf(readFileSync(join(folder, file), 'utf8'))]));
  const problems = [];
  let links = 0;
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, attribute] of text.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
      const href = attribute.replaceAll('&amp;', '&');
      if (/^[a-z][a-z+.-]*:|^\/\//i.test(href)) continue;
      links += 1;
      const [path, anchor] = href.split('#');
      const target = path === '' ? file : normalize(join(dirname(file), decodeURI(path)));
      if (!existsSync(join(folder, target))) problems.push(`${file}: ${href} is no file of the site`);
      else if (anchor !== undefined && places.get(target)?.has(decodeURIComponent(anchor)) === false) {
        problems.push(`${file}: ${href} names no place on ${target}`);
      }
    }
  }
  return { pages: files.length, links, problems };
}

function idsOf(html) {
  return new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id));
}
