import type { SimulatorOptions } from '../config.ts';
import { SimulatorError } from '../errors.ts';
import { nearestWord } from '../lib/nearest-word.ts';
import { expectedValue } from '../options/expected-value.ts';
import { ENTRIES, OPTION_NAMES } from '../options/option-table.ts';
import { isOurVariable, parseOption, toVariable } from './option-text.ts';

/** What Kubernetes and Docker put into the environment beside a service named bss-simulator. */
const SERVICE_VARIABLE = /^BSS_SIMULATOR_(SERVICE_(HOST|PORT(_.+)?)|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;

/**
 * Reads the options of the `BSS_SIMULATOR_…` variables. One that nearly names an option is a slip, and refused; any
 * other may well be somebody's own, and is only mentioned.
 *
 * @example readEnvironment({ BSS_SIMULATOR_SEED: '7' }) // { seed: 7 }
 */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  warn: (message: string) => void = () => {},
): SimulatorOptions {
  const names = new Map(OPTION_NAMES.map((name) => [toVariable(name), name]));
  const options: Record<string, unknown> = {};
  for (const [variable, text = ''] of Object.entries(environment)) {
    if (!isOurVariable(variable) || text === '' || SERVICE_VARIABLE.test(variable)) continue;
    const name = names.get(variable);
    if (name === undefined) {
      refuseSlip(variable, [...names.keys()]);
      warn(`The environment variable ${variable} is ignored: it names no option.`);
      continue;
    }
    // The same services say where they listen by a variable of this very name.
    if (name === 'port' && text.startsWith('tcp://')) continue;
    const value = parseOption(name, text);
    if (value === undefined) throw invalid(`${variable} is "${text}"`, `Set it to ${expectedValue(ENTRIES[name])}.`);
    options[name] = value;
  }
  return options;
}

function refuseSlip(variable: string, known: readonly string[]): void {
  // Without the prefix, which all have in common: it would make strangers look alike.
  const bare = (each: string) => each.replace(/^BSS_SIMULATOR_/, '');
  const nearest = nearestWord(bare(variable), known.map(bare));
  if (nearest === undefined) return;
  throw invalid(`there is no option for ${variable}`, `Did you mean BSS_SIMULATOR_${nearest}?`);
}

function invalid(why: string, advice: string): SimulatorError {
  return new SimulatorError('CONFIG_INVALID', `Failed to read the environment: ${why}. ${advice}`);
}
