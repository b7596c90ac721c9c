import { ENTRIES, isOptionName } from '../options/option-table.ts';
import type { Command, Option } from './command-parser.ts';

/** The shells that completions are written for. */
export type Shell = 'bash' | 'zsh' | 'fish';

/** What can be completed: commands, and the flags of each with what may follow them. */
interface Completions {
  readonly commands: readonly {
    readonly name: string;
    readonly description: string;
    readonly flags: readonly Flag[];
  }[];
}

interface Flag {
  /** For example `--port`. */
  readonly name: string;
  readonly description: string;
  /** Whether a value follows. */
  readonly takesValue: boolean;
  /** The values there are; files where there are none and a value follows. */
  readonly choices: readonly string[];
}

/**
 * Writes the completion of the command line for a shell, from the commands themselves.
 *
 * @example stdout.write(completionFor('fish', program));
 */
export function completionFor(shell: Shell, program: Command): string {
  const completions = { commands: program.commands.map(toCompletion) };
  return WRITERS[shell](completions);
}

function toCompletion(command: Command) {
  const help = command.createHelp();
  const flags = help.visibleOptions(command).flatMap(toFlag);
  return { name: command.name(), description: command.description(), flags };
}

function toFlag(option: Option): Flag[] {
  const { long, description, required, optional, argChoices } = option;
  if (long === undefined || long === null) return [];
  const name = option.attributeName();
  const choices = argChoices ?? (isOptionName(name) ? ENTRIES[name].enum : undefined) ?? [];
  return [{ name: long, description, takesValue: required || optional, choices }];
}

const WRITERS: Readonly<Record<Shell, (completions: Completions) => string>> = {
  bash: ({ commands }) => `# Completion of bss-simulator for bash: eval "$(bss-simulator completion bash)"
_bss_simulator() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command=serve each
  for each in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$each" in ${commands.map(({ name }) => name).join('|')}) command="$each"; break ;; esac
  done
  case "$command $before" in
${commands.flatMap(({ name, flags }) => flags.filter(({ choices }) => choices.length > 0).map((flag) => `    '${name} ${flag.name}') COMPREPLY=($(compgen -W '${flag.choices.join(' ')}' -- "$word")); return ;;`)).join('\n')}
${commands
  .filter(({ flags }) => flags.some(isFile))
  .map(
    ({ name, flags }) =>
      `    ${flags
        .filter(isFile)
        .map((flag) => `'${name} ${flag.name}'`)
        .join('|')}) COMPREPLY=($(compgen -f -- "$word")); return ;;`,
  )
  .join('\n')}
  esac
  if [[ "$word" != -* ]]; then
    [[ "$command" == serve ]] && COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$word"))
    [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$word"))
    return
  fi
  case "$command" in
${commands.map(({ name, flags }) => `    ${name}) COMPREPLY=($(compgen -W '${flags.map((flag) => flag.name).join(' ')}' -- "$word")) ;;`).join('\n')}
  esac
}
complete -o filenames -F _bss_simulator bss-simulator
`,
  zsh: ({ commands }) => `#compdef bss-simulator
# Completion of bss-simulator for zsh: source <(bss-simulator completion zsh)
_bss_simulator() {
  local -a commands
  local command=serve each
  commands=(
${commands.map(({ name, description }) => `    ${zshQuoted(`${name}:${description}`)}`).join('\n')}
  )
  for each in "\${words[@]:1:$((CURRENT-2))}"; do
    case "$each" in ${commands.map(({ name }) => name).join('|')}) command="$each"; break ;; esac
  done
  if (( CURRENT == 2 )) && [[ "$PREFIX" != -* ]]; then
    _describe -t commands 'command' commands
    return
  fi
  case "$command" in
${commands
  .map(
    ({ name, flags }) => `    ${name})
      _arguments \\
${flags.map((flag) => `        ${zshQuoted(zshSpec(flag))} \\`).join('\n')}
        '*:file:_files'
      ;;`,
  )
  .join('\n')}
  esac
}
compdef _bss_simulator bss-simulator
`,
  fish: ({ commands }) => {
    const names = commands.map(({ name }) => name).join(' ');
    const isNone = `not __fish_seen_subcommand_from ${names}`;
    return `# Completion of bss-simulator for fish: bss-simulator completion fish | source
${commands.map(({ name, description }) => `complete -c bss-simulator -n '${isNone}' -a ${name} -d ${fishQuoted(description)}`).join('\n')}
${commands
  .flatMap(({ name, flags }) =>
    flags.map((flag) => {
      const condition =
        name === 'serve' ? `${isNone}; or __fish_seen_subcommand_from serve` : `__fish_seen_subcommand_from ${name}`;
      const value = !flag.takesValue ? '' : flag.choices.length > 0 ? ` -xa '${flag.choices.join(' ')}'` : ' -r';
      return `complete -c bss-simulator -n '${condition}' -l ${flag.name.slice(2)}${value} -d ${fishQuoted(flag.description)}`;
    }),
  )
  .join('\n')}
`;
  },
};

function isFile({ takesValue, choices }: Flag): boolean {
  return takesValue && choices.length === 0;
}

function zshSpec({ name, description, takesValue, choices }: Flag): string {
  const text = description.replace(/[[\]:\\]/g, '\\$&');
  const value = !takesValue ? '' : choices.length > 0 ? `:value:(${choices.join(' ')})` : ':value:_files';
  return `*${name}[${text}]${value}`;
}

function zshQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
