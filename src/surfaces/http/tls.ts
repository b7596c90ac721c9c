import { X509Certificate } from 'node:crypto';
import { SimulatorError } from '../../errors.ts';
import { readRegularFile } from '../../lib/regular-file.ts';

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
    tls().createSecureContext(material);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw invalid(`the files make no server (${why})`, 'Name PEM files, the key being that of the certificate.', cause);
  }
  return material;
}

/**
 * The certificates of the authorities that receivers are trusted by, those in a file of one's own besides the usual;
 * nothing where no file is named. Throws `CONFIG_INVALID` where it holds none.
 *
 * @example new Agent({ ca: readAuthorities('company-ca.pem') });
 */
export function readAuthorities(file: string | undefined): readonly string[] | undefined {
  if (file === undefined) return undefined;
  const own = String(read(file, '--ca')).match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const certificate of own) new X509Certificate(certificate);
    if (own.length > 0) return [...tls().rootCertificates, ...own];
  } catch (cause) {
    throw invalid(`${file} holds what is no certificate`, 'Name a PEM file with --ca.', cause, TRUST);
  }
  throw invalid(`${file} holds no certificate`, 'Name a PEM file with --ca.', undefined, TRUST);
}

/** Node's TLS. An import would read all it exports, every authority that Node trusts among it (0.2 MB), and few have use for those. */
export function tls() {
  return process.getBuiltinModule('node:tls');
}

/** Whether a client has proven who it is by a certificate that the server trusts. */
export function isCertified(socket: object): boolean {
  return 'authorized' in socket && socket.authorized === true;
}

function read(file: string, option: string): Buffer {
  const found = readRegularFile(file, MOST_BYTES);
  if ('bytes' in found) return found.bytes;
  const doing = option === '--ca' ? TRUST : SERVE;
  throw invalid(`${file} ${found.failure}`, `Name a readable file with ${option}.`, undefined, doing);
}

/** All authorities that browsers trust have a quarter of this. */
const MOST_BYTES = 2 ** 20;

const [SERVE, TRUST] = ['serve HTTPS', 'trust the receivers'] as const;

function invalid(why: string, advice: string, cause?: unknown, doing: string = SERVE): SimulatorError {
  return new SimulatorError('CONFIG_INVALID', `Failed to ${doing}: ${why}. ${advice}`, { cause });
}
