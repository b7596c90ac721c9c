import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/**
 * `npm run howtos`: follows the five-minute start and each how-to word by word, from an empty folder, with the package as it
 * would be published. What a block is, its first line says:
 *
 *     ```sh              commands, one after the other; each has to succeed
 *     ```sh background   a terminal of its own; it is ready once it has printed an address
 *     ```console         commands behind `$ `, and what they print; `…` stands for anything
 *     ```js test/a.js    a file of this name
 *     ```text            nothing to be done
 *
 * The package is installed from the file that `npm pack` makes, and the ports that pages name are others, which are free.
 * `node site/run-howtos.mjs [--package <file>] [pages…]`
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PORTS = ['4010', '9000'];
const STEERING = /(npx bss-simulator (?:call|advance|traffic|snapshot|reset)\b)/g;
const LONGEST_COMMAND = 120_000;
const AT_A_TIME = 2;

process.chdir(ROOT);
const { tarball, pages } = await readArguments(process.argv.slice(2));
const waiting = [...pages];
const failures = [];
await Promise.all(
  Array.from({ length: AT_A_TIME }, async () => {
    for (let page = waiting.shift(); page !== undefined; page = waiting.shift()) {
      const started = performance.now();
      try {
        const blocks = await follow(page, tarball);
        console.log(`${page}: ${blocks} blocks followed in ${((performance.now() - started) / 1_000).toFixed(1)} s.`);
      } catch (error) {
        failures.push(page);
        console.error(`${page}: ${error.message}`);
      }
    }
  }),
);
if (failures.length > 0) {
  console.error(`Failed to follow ${failures.join(', ')}. Correct the pages, or what they show.`);
  process.exitCode = 1;
}

async function readArguments(words) {
  const at = words.indexOf('--package');
  const given = at < 0 ? undefined : words.splice(at, 2)[1];
  const all = ['docs/start.md', ...readdirSync('docs/how-to').map((name) => `docs/how-to/${name}`)];
  const packed = given === undefined ? await pack() : resolve(given);
  return { tarball: packed, pages: words.length > 0 ? words : all };
}

async function pack() {
  const folder = mkdtempSync(join(tmpdir(), 'howtos-package-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  await run('npm pack --silent --ignore-scripts --pack-destination "$FOLDER" > /dev/null', ROOT, { FOLDER: folder });
  return join(folder, readdirSync(folder)[0]);
}

async function follow(page, tarball) {
  const folder = mkdtempSync(join(tmpdir(), 'howto-'));
  const free = await Promise.all(PORTS.map(freePort));
  const background = [];
  const asHere = (text) =>
    PORTS.reduce((changed, port, index) => changed.replaceAll(new RegExp(`\\b${port}\\b`, 'g'), free[index]), text);
  const asRun = (command) =>
    asHere(command)
      .replaceAll(/^(npm install .*?)\bbss-simulator\b/gm, `$1"${tarball}"`)
      .replaceAll(STEERING, `$1 --url http://127.0.0.1:${free[0]}`);
  const environment = { BSS_SIMULATOR_PORT: free[0], CI: '1' };
  const commands = [];
  const files = [];
  try {
    const blocks = blocksOf(readFileSync(page, 'utf8'));
    for (const { line, language, name, text } of blocks) {
      const where = `line ${line}`;
      if (language === 'sh' && name === 'background') {
        background.push(await runBeside(asRun(text), folder, environment, where));
      } else if (language === 'sh') {
        commands.push(...text.trim().split('\n'));
        await run(asRun(text.trim()), folder, environment, where);
      } else if (language === 'console') {
        for (const { command, expected } of dialogue(text)) {
          commands.push(command);
          compare(
            await run(`exec 2>&1; ${asRun(command)}`, folder, environment, where),
            asHere(expected),
            `${where}, $ ${command}`,
          );
        }
      } else if (name !== '') {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), asHere(text));
        files.push({ name, text, line });
      } else if (language !== 'text') {
        throw new Error(
          `${where}: a block of ${language} is neither run nor written. Give it a file name, or make it text.`,
        );
      }
    }
    for (const file of files) checkRecipe(file, commands);
    return blocks.length;
  } finally {
    await Promise.all(background.map((stop) => stop()));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A recipe for somebody else's machine cannot run here; but it can be read, and its commands are those that were run. */
function checkRecipe({ name, text, line }, commands) {
  if (/\.ya?ml$/.test(name)) parse(text);
  for (const [, command] of text.matchAll(/(npx bss-simulator .*?)(?:"|'\)?)?$/gm)) {
    const known = commands.some((run) => run === command || run === command.replace(/['"]$/, ''));
    const quoted = commands.some((run) => text.includes(run) && run.startsWith(command.slice(0, 40)));
    if (!known && !quoted) throw new Error(`line ${line}: ${name} runs \`${command}\`, which the page has not tried.`);
  }
}

function blocksOf(text) {
  const found = text.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?)^```$/gm);
  return [...found].map(({ index, 1: language, 2: name, 3: content }) => ({
    line: text.slice(0, index).split('\n').length,
    language,
    name: name.trim(),
    text: content,
  }));
}

function dialogue(text) {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [, command = '', expected = ''] = /^((?:.*\\\n)*.*)\n?([\s\S]*)$/.exec(part) ?? [];
      return { command, expected };
    });
}

function compare(printed, expected, where) {
  const pattern = expected
    .trimEnd()
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[\\s\\S]*?');
  if (!new RegExp(`^${pattern}\\s*$`).test(printed)) {
    throw new Error(`${where} should print\n${expected}\nand printed\n${printed.slice(0, 2_000)}`);
  }
}

function start(command, folder, environment) {
  const npm = { npm_config_audit: 'false', npm_config_fund: 'false', npm_config_prefer_offline: 'true' };
  const safe = { ...npm, npm_config_ignore_scripts: 'true', npm_config_update_notifier: 'false' };
  return spawn('bash', ['-euo', 'pipefail', '-c', command], {
    cwd: folder,
    env: { ...process.env, ...safe, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

function run(command, folder, environment, where = '') {
  return new Promise((done, failed) => {
    const child = start(command, folder, environment);
    let [out, all] = ['', ''];
    child.stdout.on('data', (chunk) => {
      out += chunk;
      all += chunk;
    });
    child.stderr.on('data', (chunk) => {
      all += chunk;
    });
    const limit = setTimeout(() => stopGroup(child), LONGEST_COMMAND);
    child.on('close', (code) => {
      clearTimeout(limit);
      if (code === 0) done(out);
      else failed(new Error(`${where}: \`${command}\` ended with ${code}:\n${all.slice(-3_000)}`));
    });
  });
}

/** Resolves to what stops it, once it has printed an address. */
function runBeside(command, folder, environment, where) {
  return new Promise((done, failed) => {
    const child = start(command, folder, environment);
    let all = '';
    const ended = new Promise((resolveEnd) => child.on('close', resolveEnd));
    const stop = async () => {
      stopGroup(child);
      await ended;
    };
    const limit = setTimeout(
      () => stop().then(() => failed(new Error(`${where}: no address was printed:\n${all}`))),
      30_000,
    );
    const look = (chunk) => {
      all += chunk;
      if (/http:\/\/\S+/.test(all)) {
        clearTimeout(limit);
        done(stop);
      }
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    ended.then((code) => {
      clearTimeout(limit);
      failed(new Error(`${where}: \`${command.trim()}\` ended with ${code}:\n${all.slice(-3_000)}`));
    });
  });
}

function stopGroup(child) {
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(String(port)));
    });
  });
}
