import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { SimulatorError } from '../../errors.ts';

/** What a server proves itself with, and whom it trusts; PEM. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Who signs the certificates of clients; nobody is asked for one without it. */
  readonly ca?: Buffer;
}

/** The options that name the files. */
export interface TlsFiles {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
}

/**
 * Reads the files of a server that is to speak TLS; nothing where none is named. Throws `CONFIG_INVALID` where one is
 * missing, cannot be read, or does not belong to the other.
 *
 * @example readTls({ tlsCert: 'server.pem', tlsKey: 'server.key' })
 */
export function readTls({ tlsCert, tlsKey, tlsClientCa }: TlsFiles): TlsMaterial | undefined {
  if (tlsCert === undefined && tlsKey === undefined && tlsClientCa === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw invalid('a certificate and its key are both needed', 'Name them with --tls-cert and --tls-key.');
  }
  const material: TlsMaterial = {
    cert: read(tlsCert, '--tls-cert'),
    key: read(tlsKey, '--tls-key'),
    ...(tlsClientCa !== undefined && { ca: read(tlsClientCa, '--tls-client-ca') }),
  };
  try {
    createSecureContext(material);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`the files make no server (${why})`, 'Name PEM files, the key being that of the certificate.', cause);
  }
  return material;
}

/** Whether a client has proven who it is by a certificate that the server trusts. */
export function isCertified(socket: object): boolean {
  return 'authorized' in socket && socket.authorized === true;
}

function read(file: string, option: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw invalid(`${file} cannot be read (${code})`, `Name a readable file with ${option}.`, cause);
  }
}

function invalid(why: string, advice: string, cause?: unknown): SimulatorError {
  return new SimulatorError('CONFIG_INVALID', `Failed to serve HTTPS: ${why}. ${advice}`, { cause });
}
