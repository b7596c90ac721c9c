import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SimulatorOptions } from '../../src/config.ts';
import { createSimulator } from '../../src/simulator.ts';
import { type Ask, askAt } from './simulator.ts';

/** The paths and schemas of a contract, as YAML; what every document has stands around them. */
export interface ContractText {
  /** `3.0` by default; `swagger` for Swagger 2.0. */
  readonly dialect?: '3.0' | '3.1' | 'swagger';
  readonly paths: string;
  readonly schemas?: string;
}

/**
 * Serves one small contract alone until the end of the test, and answers how to ask it.
 *
 * @example const ask = await serveContract({ paths: "/things: {get: {…}}" });
 */
export async function serveContract(contract: ContractText | string, options: SimulatorOptions = {}): Promise<Ask> {
  const folder = mkdtempSync(join(tmpdir(), 'contract-text-'));
  const system = join(folder, 'stranger');
  mkdirSync(system);
  writeFileSync(join(system, 'api.yaml'), typeof contract === 'string' ? contract : toDocument(contract));
  const simulator = createSimulator({ port: 0, specs: [folder], ...options });
  onTestFinished(async () => {
    await simulator.stop();
    rmSync(folder, { recursive: true });
  });
  await simulator.start();
  return askAt(simulator.url);
}

function toDocument({ dialect = '3.0', paths, schemas = '{}' }: ContractText): string {
  const head = dialect === 'swagger' ? "swagger: '2.0'" : `openapi: ${dialect}.${dialect === '3.0' ? 3 : 0}`;
  const named =
    dialect === 'swagger' ? `definitions:\n${indent(schemas, 2)}` : `components:\n  schemas:\n${indent(schemas, 4)}`;
  return `${head}\ninfo: {title: T, version: '1'}\npaths:\n${indent(paths, 2)}\n${named}\n`;
}

function indent(text: string, by: number): string {
  return text
    .trim()
    .split('\n')
    .map((line) => ' '.repeat(by) + line)
    .join('\n');
}
