// Whether a wrong test fails, and prints what docs/testing.md says that it does: `node check.mjs <runner> <command…>`.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const [runner, command, ...args] = process.argv.slice(2);
const docs = readFileSync(new URL('../../docs/testing.md', import.meta.url), 'utf8');
const [, promised] = new RegExp(`<!-- ${runner} -->\\s*\`\`\`text\\n(.*?)\`\`\``, 's').exec(docs);

const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, CI: '1' } });
const printed = linesOf(`${stdout}${stderr}`);
if (status === 0) fail('the test passes');
let at = 0;
for (const line of linesOf(promised)) {
  at = printed.indexOf(line, at) + 1;
  if (at === 0) fail(`it does not print, or not in this order:\n  ${line}`);
}
console.log(`${runner}: the wrong test fails as docs/testing.md says.`);

/** Without what runners put around the text; numbers of tests and what follows from them are everybody's own. */
function linesOf(text) {
  return stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.trim().replace(/(in the tenant [a-z-]*?)-[\da-f-]+:$/, '$1:').replace(/^Digest: [\da-f]{64}$/, 'Digest:'))
    .filter((line) => line !== '');
}

function fail(why) {
  console.error(`${runner}: ${why}.\n${stdout}${stderr}`);
  process.exit(1);
}
