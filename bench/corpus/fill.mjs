import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { documentsOf, folderOf, kits, repositories } from './documents.mjs';

/**
 * Fills `CORPUS_DIR` with the documents of `documents.json`, each at its commit, by plain git: from a folder of mirrors
 * where one is named, else from partial clones.
 *
 * @example CORPUS_DIR=/tmp/corpus node bench/corpus/fill.mjs --mirrors /srv/mirrors
 */
const target = process.env.CORPUS_DIR;
if (!target) {
  console.error('Failed to fill the corpus: CORPUS_DIR is not set. Set it to a folder outside the project.');
  process.exit(2);
}
const mirrors = optionOf('--mirrors');
let failed = 0;
for (const group of [...repositories(), ...kits()]) {
  try {
    const git = mirrorOf(group.repository) ?? clone(group);
    const folder = join(target, folderOf(group.repository));
    mkdirSync(folder, { recursive: true });
    extract(git, group, folder);
    console.log(`${group.repository}: ${documentsOf(group).length}`);
  } catch (error) {
    failed += 1;
    console.error(`Failed to fill ${group.repository}: ${error.message.trim()}`);
  }
}
process.exit(failed === 0 ? 0 : 1);

function mirrorOf(repository) {
  if (mirrors === undefined) return undefined;
  const flat = repository.replace('/', '+');
  return [`${repository}.git`, repository, `${flat}/repo`, flat, `${flat}.git`]
    .map((name) => join(mirrors, name))
    .find((path) => existsSync(path));
}

function clone({ repository, commit }) {
  const git = join(target, '.git-clones', `${folderOf(repository)}.git`);
  if (!existsSync(git)) {
    run('git', ['init', '--quiet', '--bare', git]);
    run('git', ['-C', git, 'remote', 'add', 'origin', `https://github.com/${repository}.git`]);
  }
  run('git', ['-C', git, 'fetch', '--quiet', '--depth=1', '--filter=blob:none', 'origin', commit]);
  return git;
}

/** Takes the documents and what they refer to out of the commit. */
function extract(git, group, folder) {
  const paths = new Set(group.folders);
  for (const { path, files = [] } of group.documents) for (const each of [path, ...files]) paths.add(each);
  const archive = run('git', ['-C', git, 'archive', '--format=tar', group.commit, '--', ...[...paths].map(literal)]);
  run('tar', ['-x', '-C', folder], archive);
}

/** Git reads `[` and `*` in a path as a pattern; this takes them as they are. */
function literal(path) {
  return path === '.' ? path : `:(literal)${path}`;
}

function run(command, words, input) {
  const { status, stdout, stderr, error } = spawnSync(command, words, { input, maxBuffer: 2 ** 30 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}

function optionOf(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}
