import type { Command } from 'commander';
import { toKebabCase } from '../../src/cli/option-text.ts';
import { createProgram, type ProgramContext } from '../../src/cli/program.ts';
import { OPTION_NAMES } from '../../src/options/option-table.ts';
import { fillPlaces } from './fill-places.ts';

/** `docs/commands.md` with the options of each command where a comment names it. */
export function withCommands(text: string): string {
  const program = createProgram({ output: SILENT, version: '' } as unknown as ProgramContext, () => {});
  return fillPlaces(text, 'command', Object.fromEntries(program.commands.map((each) => [each.name(), tableOf(each)])));
}

const SILENT = { stdout: { write() {} }, stderr: { write() {} } };

/** So many options of `serve` make a command one that takes them all; the README has their table. */
const MANY = 10;

function tableOf(command: Command): string {
  const help = command.createHelp();
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help');
  const ofServe = options.filter(({ long }) => OF_SERVE.has(String(long)));
  const shown = ofServe.length > MANY ? options.filter((each) => !ofServe.includes(each)) : options;
  const words = command.registeredArguments.map((each) => help.argumentTerm(each));
  const usage = ['bss-simulator', command.name(), ...command.registeredArguments.map(argumentOf)].join(' ');
  const rows = [
    ...command.registeredArguments.map((each, at) => [words[at], help.argumentDescription(each)]),
    ...shown.map((each) => [help.optionTerm(each), help.optionDescription(each)]),
    ...(shown.length < options.length
      ? [['every option of `serve`', '[the table in the README](../README.md#options)']]
      : []),
  ];
  const cell = (value = '') => value.replaceAll('|', '\\|').replaceAll('<', '&lt;');
  return [
    `\`${usage}\`: ${command.description()}.`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name = '', says]) => `| ${name.includes('`') ? name : `\`${name}\``} | ${cell(says)} |`),
  ].join('\n');
}

const OF_SERVE: ReadonlySet<string> = new Set(OPTION_NAMES.map((name) => `--${toKebabCase(name)}`));

function argumentOf(argument: Command['registeredArguments'][number]): string {
  const word = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${word}>` : `[${word}]`;
}
