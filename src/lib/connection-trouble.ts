/**
 * Why a server could not be asked, as `fetch` hides it in a cause.
 *
 * @example troubleOf(error) // 'connect ECONNREFUSED 127.0.0.1:4010'
 */
export function troubleOf(error: unknown): string {
  const cause = innermost(error);
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
}

/**
 * What to do about it: where a certificate is not trusted, something else than usual.
 *
 * @example adviceOn(error, 'Start it there, or correct the address.')
 */
export function adviceOn(error: unknown, usual: string): string {
  const code = String((innermost(error) as NodeJS.ErrnoException | undefined)?.code);
  return OF_CERTIFICATES.test(code)
    ? 'Name the authority that signed its certificate: NODE_EXTRA_CA_CERTS=<file.pem> in front of the command.'
    : usual;
}

/** The codes of OpenSSL for certificates that nobody vouches for. */
const OF_CERTIFICATES = /^(?:UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_)/;

function innermost(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error;
}
