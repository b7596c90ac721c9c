import type { RequestOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { type TlsMaterial, tls } from './tls.ts';

/**
 * Connections to processes that serve the same certificate, or one that anybody would trust: they are asked by an address
 * that no certificate may name.
 *
 * @example httpsRequest(url, { agent: new OwnAgent({ keepAlive: true }, tls) });
 */
export class OwnAgent extends HttpsAgent {
  readonly #tls: TlsMaterial | undefined;

  constructor(options: ConstructorParameters<typeof HttpsAgent>[0], tls: TlsMaterial | undefined) {
    super(options);
    this.#tls = tls;
  }

  // Node waits for the callback, so that nothing is sent before it is known to whom.
  override createConnection(options: RequestOptions, done: (error: Error | null, socket?: Duplex) => void): undefined {
    const { host = '', port = 443 } = options;
    const servername = /^[\d.]+$|:/.test(host ?? '') ? '' : (host ?? '');
    const socket = tls().connect({
      host: host ?? '',
      port: Number(port),
      servername,
      rejectUnauthorized: false,
      ...(this.#tls && { cert: this.#tls.cert, key: this.#tls.key }),
    });
    const fail = (error: Error): void => done(error);
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      socket.off('error', fail);
      const own = this.#tls?.cert;
      const isSame = own !== undefined && pemOf(socket.getPeerCertificate().raw) === pemOf(own);
      if (socket.authorized || isSame) done(null, socket);
      else {
        socket.destroy();
        done(new Error('the other process proves itself with another certificate'));
      }
    });
    return undefined;
  }
}

/** The Base64 of a certificate, whether it is written as PEM or not; of a chain, that of the first. */
function pemOf(certificate: Buffer): string {
  const text = certificate.toString('latin1');
  const found = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END/.exec(text)?.[1];
  return (found ?? certificate.toString('base64')).replace(/\s/g, '');
}
