import { formatProblem, SimulatorError } from '../errors.ts';

/**
 * An error as the command line shows it: each problem on a line of its own, then the message, then where its code is
 * explained; or all of it as JSON. An
 * error that is not the user's is shown with its stack.
 *
 * @example process.stderr.write(formatError(error, false));
 */
export function formatError(error: unknown, json: boolean): string {
  if (error instanceof SimulatorError) {
    const { code, help, message, problems } = error;
    if (json) return `${JSON.stringify({ code, message, problems, help })}\n`;
    return [...problems.map(formatProblem), message, `${code}: see ${help}`].map((line) => `${line}\n`).join('');
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return json ? `${JSON.stringify({ code: 'INTERNAL', message: text, problems: [] })}\n` : `${text}\n`;
}
