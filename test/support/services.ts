import { connect } from 'node:net';
import { test } from 'vitest';

/**
 * A `test` for what needs a service on this machine. Where its port is closed the tests are skipped, and their names say
 * why; with `REQUIRE_SERVICES=1` they fail instead, so that no build is green for want of a broker. Where another service
 * is needed, too, `also` is the test for that.
 *
 * @example
 * const rabbitTest = await serviceTest('RabbitMQ', '127.0.0.1', 5672);
 * rabbitTest('publishes', async () => {});
 */
export async function serviceTest(
  name: string,
  host: string,
  port: number,
  also: ServiceTest = test,
): Promise<ServiceTest> {
  const isThere = await isOpen(host, port);
  return (title, body) => {
    if (isThere) also(title, body);
    else if (process.env.REQUIRE_SERVICES === '1') {
      test(title, () => {
        throw new Error(`${name} does not listen on ${host}:${port}, and REQUIRE_SERVICES=1 demands it`);
      });
    } else test.skip(`${title} (skipped: ${name} does not listen on ${host}:${port})`, body);
  };
}

export type ServiceTest = (title: string, body: () => Promise<void>) => void;

/** Whether something listens there. */
export function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(1_000, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
