/** The library that reads the command line, for all files that describe commands. */
export { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
