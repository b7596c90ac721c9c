import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// `npm run --silent sbom > sbom.cdx.json`: what the package brings with it, as CycloneDX, by `npm sbom`. It is asked in a
// folder that knows of nothing else: with `--omit dev` it leaves out what a tool for development needs as well, such as ws.
const work = mkdtempSync(join(tmpdir(), 'sbom-'));
const folder = join(work, 'bss-simulator');
const npm = (...words) => execFileSync('npm', words, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
try {
  mkdirSync(folder);
  const own = withoutDevelopment(readJson('package.json'));
  const lock = readJson('package-lock.json');
  lock.packages[''] = withoutDevelopment(lock.packages['']);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(own));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  npm('install', '--package-lock-only', '--ignore-scripts', '--offline', '--no-audit', '--no-fund');
  process.stdout.write(npm('sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'));
} finally {
  rmSync(work, { recursive: true, force: true });
}

function withoutDevelopment({ devDependencies, peerDependencies, peerDependenciesMeta, scripts, ...rest }) {
  return rest;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
