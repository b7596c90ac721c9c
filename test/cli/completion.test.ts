import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commandLine } from '../support/command-line.ts';

const { run } = commandLine();
const { out: script } = await run('completion', 'bash');

/** What bash offers for the last of these words. */
function offered(...words: string[]): string[] {
  const typed = words.map((word) => `'${word}'`).join(' ');
  const program = `${script}\nCOMP_WORDS=(bss-simulator ${typed}); COMP_CWORD=${words.length}; _bss_simulator; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', program], { encoding: 'utf8', cwd: 'fixtures' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

test('bash offers commands, flags of the command that is there, and values of a flag that has a few', () => {
  expect(offered('adv')).toEqual(['advance']);
  expect(offered('--po')).toEqual(['--port', '--policies']);
  expect(offered('advance', '--')).toEqual(expect.arrayContaining(['--to', '--next', '--url']));
  expect(offered('advance', '--po')).toEqual([]);
  expect(offered('--auth', '')).toEqual(['any', 'strict', 'off']);
  expect(offered('traffic', '--shape', 'l')).toEqual(['life']);
});

test('bash offers files where a file may stand', () => {
  expect(offered('--fixture', 'geo')).toEqual(['geologic.yaml']);
  expect(offered('check', 'mark')).toEqual(['marketplace.yaml']);
});

test.each(['zsh', 'fish'])('%s is told every command and every flag, quoted', async (shell) => {
  const { out, code } = await run('completion', shell);

  expect(code).toBe(0);
  for (const word of ['advance', 'record', 'strict-contracts', 'admin-token']) expect(out).toContain(word);
  // What stands in quotes ends where it should: without quoted texts no quote is left over.
  const bare = out
    .replace(/'\\''/g, '')
    .replace(/\\'/g, '')
    .replace(/'[^']*'/g, '');
  expect(bare.split('\n').filter((line) => !line.startsWith('#') && line.includes("'"))).toEqual([]);
});

test('a shell that nobody has written a completion for is told so', async () => {
  const { code, err } = await run('completion', 'csh');

  expect(code).toBe(2);
  expect(err).toContain('Allowed choices are bash, zsh, fish');
});
