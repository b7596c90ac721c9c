import { createRequire } from 'node:module';
import type { pino } from 'pino';

/** Writes what happens, one JSON object a line. */
export interface Logger {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Where log lines go: `process.stderr` will do. */
export interface LogDestination {
  write(line: string): unknown;
}

/**
 * Makes a logger that writes what is as grave as `level` (`silent`, `error`, `warn`, `info`, `debug`), and no secrets.
 * The one file that imports `pino`.
 *
 * @example createLogger('info').warn({ operation: 'readCustomer' }, 'the response breaks its contract');
 */
export function createLogger(level: string, destination: LogDestination = process.stderr): Logger {
  let logger: pino.Logger | undefined;
  const writer =
    (name: 'debug' | 'info' | 'warn' | 'error') => (fields: Readonly<Record<string, unknown>>, message: string) => {
      // Asked first, so that what is not written is not copied either.
      if (LEVELS.indexOf(name) < LEVELS.indexOf(level)) return;
      logger ??= loadPino()({ level, base: null }, { write: (line: string) => void destination.write(line) });
      logger[name](withoutSecrets(fields, 0) as object, withoutSecretsInText(message));
    };
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') };
}

/** The least grave first. */
const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];

/** At the first line, as most starts write none; at once, so that no line is lost where the process ends with it. */
function loadPino(): typeof pino {
  return createRequire(import.meta.url)('pino') as typeof pino;
}

const SECRET_NAME =
  /^(authorization|proxy-authorization|cookie|set-cookie|aps-token|x-api-key|webhook-signature)$|token$|secret|password|credential/i;
const SECRET_IN_TEXT =
  /\b(Bearer|Basic) (?!tokens?\b)[\w.~+/=-]{4,}|([?&][^=&\s]*(?:token|secret|password|key)=)[^&\s"]+/g;
const DEEPEST = 8;

function withoutSecrets(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return withoutSecretsInText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) return '…';
  if (value instanceof Error) {
    const { name, message, stack, cause, code } = value as Error & { code?: unknown };
    return withoutSecrets(
      { name, ...(code !== undefined && { code }), message, stack, ...(cause !== undefined && { cause }) },
      depth + 1,
    );
  }
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECRET_NAME.test(name) ? '***' : withoutSecrets(member, depth + 1),
    ]),
  );
}

function withoutSecretsInText(text: string): string {
  return text.replace(SECRET_IN_TEXT, (_, scheme?: string, parameter?: string) =>
    parameter === undefined ? `${scheme} ***` : `${parameter}***`,
  );
}
