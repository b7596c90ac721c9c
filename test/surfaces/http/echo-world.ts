import type { Command } from '../../../src/model/command.ts';
import { loadDocument } from '../../contracts/temp-files.ts';
import { startHttp } from './http-world.ts';

/** A server of one OpenAPI 3.1 document's paths whose operations answer with what they understood of a request. */
export async function echo(paths: object, more: object = {}) {
  const contract = await loadDocument({ openapi: '3.1.0', info: { title: 'T', version: '1' }, paths, ...more });
  const commands: Command[] = [];
  const operations = Object.fromEntries(
    contract.operations.map(({ id }) => [
      id,
      (_work: unknown, command: Command) => {
        commands.push(command);
        return { status: 200, body: {} };
      },
    ]),
  );
  const world = await startHttp({
    contracts: [{ ...contract, resources: [] }],
    systems: [{ name: contract.system, operations }],
  });
  /** What the operation understood, or the violations that it was refused with. */
  const understood = async (method: string, path: string, init: Parameters<typeof world.ask>[2] = {}) => {
    commands.length = 0;
    const { status, body } = await world.ask(method, path, init);
    const [command] = commands;
    return command === undefined ? { status, errors: body?.errors as unknown } : command;
  };
  return { ...world, understood };
}

const OK = { 200: { description: 'Fine.', content: { 'application/json': {} } } };

/** The paths of one GET with these parameters. */
export function get(path: string, ...parameters: readonly object[]) {
  return { [path]: { get: { parameters, responses: OK } } };
}
