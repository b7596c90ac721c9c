import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { agentTexts } from './agents.mjs';

// The build writes them into the package; they are not kept beside the pages that they are made from.
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const { files } = JSON.parse(readFileSync('package.json', 'utf8'));
const isIn = (file, listed) => file === listed || file.startsWith(`${listed}/`);
// What else npm puts into every package.
const listed = [...files, 'README.md'];
const isShipped = (file) =>
  listed.some((each) => isIn(file, each)) && !listed.some((each) => isIn(file, each.slice(1)));
for (const [file, text] of Object.entries(agentTexts(isShipped))) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
