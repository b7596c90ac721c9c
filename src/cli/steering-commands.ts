import { ENTRIES } from '../options/option-table.ts';
import type { CallFlags } from './call.ts';
import { type Command, InvalidArgumentError, Option } from './command-parser.ts';
import { parseOption } from './option-text.ts';
import type { AdvanceFlags, ResetFlags, SnapshotFlags, TrafficFlags } from './steer-world.ts';
import type { SteeringContext } from './steering.ts';

/**
 * Adds the commands that steer a simulator that runs; what they do is loaded with the first of them.
 *
 * @example addSteeringCommands(program, context, report);
 */
export function addSteeringCommands(program: Command, context: SteeringContext, report: (code: number) => void): void {
  steering(program, 'advance', 'let time pass in a running simulator, and tell what happened on the way')
    .argument('[duration]', 'how far, such as P31D or PT1H')
    .option('--to <time>', 'to this time, such as 2026-02-01T00:00:00Z')
    .option('--next', 'to what is due next')
    .action(async (by: string | undefined, flags: AdvanceFlags) =>
      report(await (await import('./steer-world.ts')).runAdvance(by, flags, context)),
    );
  steering(program, 'traffic', "start a synthetic operator's day in a running simulator, or tell how it stands")
    .option('--rate <number>', 'events a minute of the time in the simulator', numberOf)
    .option('--count <number>', 'end after so many events', numberOf)
    .option('--duration <duration>', 'end after so much time in the simulator, such as P1D')
    .option('--mix <acts>', 'how often each act is done, such as join=3,subscribe=3,pay=4', mixOf)
    .addOption(new Option('--shape <shape>', 'evenly, or by the hours and days of life').choices(['even', 'life']))
    .option('--stop', 'end the traffic')
    .action(async (flags: TrafficFlags) => report(await (await import('./steer-world.ts')).runTraffic(flags, context)));
  steering(program, 'reset', 'bring a running simulator back to its start, or to another one')
    .option('--seed <number>', 'start from another seed', numberOf)
    .option('--clock <time>', 'start at another time, as for serve')
    .option('--fixture <name>', 'start from another world, of those that the simulator knows by name')
    .option('--policies <json>', `${ENTRIES.policies.description}, as for serve`, policiesOf)
    .action(async (flags: ResetFlags) => report(await (await import('./steer-world.ts')).runReset(flags, context)));
  steering(program, 'snapshot', 'keep the world of a running simulator as it stands, print its id, or go back to one')
    .option('--list', 'list what is kept')
    .option('--restore [id]', 'go back to a snapshot; to the newest without an id')
    .action(async (flags: SnapshotFlags) =>
      report(await (await import('./steer-world.ts')).runSnapshot(flags, context)),
    );
  steering(program, 'call', 'call an operation of a running simulator, with a valid example of what is not said')
    .argument('<operation...>', 'its id, such as createCustomer or connectx/createCustomer, or its method and path')
    .option('--set <name=value...>', 'a parameter, or a member of the body, such as address.city=Oslo')
    .option('--body <json>', 'the body, or @ and a file')
    .option('--header <name:value...>', 'a further header')
    .option('--token <token>', 'bearer token of the system that is called (default: one of no value)')
    .option('--curl', 'print the request as a command of curl, and send nothing')
    .action(async (words: string[], flags: CallFlags) =>
      report(await (await import('./call.ts')).runCall(words, flags, context)),
    );
}

/** A command with the flags that all of these have. */
function steering(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--url <url>', 'where the simulator listens (default: http://127.0.0.1:4010)')
    .option('--tenant <name>', 'whose world it is about (default: default)')
    .option('--admin-token <token>', 'bearer token of the control API, required beyond loopback')
    .option('--json', 'print what the control API answers');
}

function numberOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Use a number.');
  return value;
}

function mixOf(text: string): Readonly<Record<string, number>> {
  const pairs = text.split(',').map((part) => {
    const [name = '', weight = ''] = part.split(/=(?=[^=]*$)/);
    if (name.trim() === '' || weight.trim() === '' || !Number.isFinite(Number(weight))) {
      throw new InvalidArgumentError('Use names and numbers, such as join=3,pay=4.');
    }
    return [name.trim(), Number(weight)] as const;
  });
  return Object.fromEntries(pairs);
}

function policiesOf(text: string): unknown {
  const value = parseOption('policies', text);
  if (typeof value !== 'object' || value === null) throw new InvalidArgumentError('Use a JSON object.');
  return value;
}
