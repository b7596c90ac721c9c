import type { Settings } from './config.ts';
import type { CommitLog } from './engine/keeping/commit-log.ts';
import { isLoopback } from './lib/loopback.ts';
import type { Legacy } from './simulator-hooks.ts';
import { createLogger } from './surfaces/log.ts';
import { secretToken } from './surfaces/wall-time.ts';

/** What tokens are signed with, and what opens the control API. */
export interface Secrets {
  readonly tokenSecret: string;
  /** None where everybody may use the control API. */
  readonly adminToken?: string | undefined;
  /** Shows the token to whoever started this, where it was made just now: nobody could use the control API without it. */
  tell(): void;
}

/** What deliveries of this simulator carry: whose they are, and what opens its own inboxes. */
export interface DeliverySecrets {
  readonly process: string;
  readonly inboxToken: string;
}

/**
 * Makes what deliveries carry. Processes that share a store share it: what one sends may come in by another.
 *
 * @example const { process, inboxToken } = await deliverySecrets(store?.isShared === true ? store.log : undefined);
 */
export async function deliverySecrets(shared: Pick<CommitLog, 'secret'> | undefined): Promise<DeliverySecrets> {
  const make = (name: string) => shared?.secret(name, secretToken) ?? secretToken();
  return { process: await make('deliveries'), inboxToken: await make('inbox-token') };
}

/**
 * Chooses the secrets of a simulator: those of the options, else those of the simulator or the store before, else new
 * ones. On loopback the key is derived from the seed; beyond, whoever knows the seed could sign with it.
 *
 * @example const { tokenSecret, adminToken } = await chooseSecrets(settings, hooks.legacy, log);
 */
export async function chooseSecrets(
  { host, seed, signingKey, adminToken }: Pick<Settings, 'host' | 'seed' | 'signingKey' | 'adminToken'>,
  legacy: Legacy | undefined,
  store: Pick<CommitLog, 'secret'> | undefined,
): Promise<Secrets> {
  if (isLoopback(host)) {
    return { tokenSecret: signingKey ?? `seed ${seed}`, adminToken: adminToken ?? legacy?.adminToken, tell: () => {} };
  }
  const kept = async (name: string, before: string | undefined): Promise<string> =>
    before ?? (store === undefined ? secretToken() : store.secret(name, secretToken));
  const token = adminToken ?? (await kept('admin-token', legacy?.adminToken));
  return {
    tokenSecret: signingKey ?? (await kept('signing-key', legacy?.tokenSecret)),
    adminToken: token,
    tell() {
      if (adminToken !== undefined || token === legacy?.adminToken) return;
      const made = store === undefined ? 'made for this run' : 'which the store keeps';
      // Whatever the level.
      createLogger('warn').warn({}, `the control API wants this bearer token, ${made}: ${token}`);
    },
  };
}
