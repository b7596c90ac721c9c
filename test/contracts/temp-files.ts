import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type LoadedContracts, loadContracts } from '../../src/contracts/load-contracts.ts';
import type { Contract } from '../../src/model/contract.ts';

/** A folder that lives as long as the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'contracts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files below a temporary folder; what is not text is written as JSON. */
export function writeFiles(files: Readonly<Record<string, unknown>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
  return folder;
}

/** Loads files that must have no problem. */
export async function loadFiles(files: Readonly<Record<string, unknown>>): Promise<LoadedContracts> {
  const loaded = await loadContracts([writeFiles(files)]);
  if (loaded.problems.length > 0) throw new Error(JSON.stringify(loaded.problems, null, 2));
  return loaded;
}

/** Loads one document as `shop/api` and returns its contract. */
export async function loadDocument(document: unknown, name = 'api.yaml'): Promise<Contract> {
  const { contracts } = await loadFiles({ [`shop/${name}`]: document });
  const [contract] = contracts;
  if (contract === undefined) throw new Error('no contract was loaded');
  return contract;
}
