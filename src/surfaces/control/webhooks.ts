import { WEBHOOKS } from '../../engine/delivery/outbox.ts';
import {
  registerWebhook,
  removeWebhook,
  requireWebhook,
  rotateSecret,
  unknownChannels,
  validSecrets,
  type Webhook,
} from '../../engine/delivery/webhooks.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { OperationHandler } from '../../engine/system.ts';
import type { Instant } from '../../lib/time.ts';
import { isWebhookSecret, toWebhookSecret } from '../../lib/webhook-secret.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { adviceOnChannel } from './channels.ts';
import { bodyOf, invalidMember, pathOf } from './input.ts';
import { pageOf } from './paging.ts';

/**
 * Answers which webhooks there are: receivers of events by signed HTTP requests.
 *
 * @example createWebhookHandlers().listWebhooks({ tenant, command, base });
 */
export function createWebhookHandlers() {
  return {
    listWebhooks: ({ tenant, command }: ControlContext) => {
      const { items } = tenant.store.query(WEBHOOKS);
      const part = pageOf(items as unknown as readonly Webhook[], ({ id }) => id, command);
      const webhooks = (part.items as readonly Webhook[]).map((webhook) => present(webhook, tenant.now()));
      return { status: 200, body: { ...part, items: webhooks.map(({ secret: _, ...shown }) => shown) } };
    },
    readWebhook: ({ tenant, command }: ControlContext) => ({
      status: 200,
      body: present(requireWebhook(tenant.store, pathOf(command, 'id')), tenant.now()),
    }),
  } satisfies Record<string, ControlHandler>;
}

/** Registers webhooks and removes them. */
export const webhookCommands = {
  createWebhook: (work, command) => {
    const { url, channels, secret, ordered } = bodyOf(command);
    const wanted = (channels as readonly unknown[]).map(String);
    mustBeTarget(String(url));
    mustBeChannels(work, wanted);
    mustBeSecret(secret);
    const request = {
      url: String(url),
      channels: wanted,
      ...(typeof secret === 'string' && { secret }),
      ...(typeof ordered === 'boolean' && { ordered }),
    };
    return { status: 201, body: present(registerWebhook(work, request, toWebhookSecret), work.now) };
  },
  deleteWebhook: (work, command) => {
    removeWebhook(work, pathOf(command, 'id'));
    return { status: 204 };
  },
  rotateWebhookSecret: (work, command) => {
    const { secret } = bodyOf(command);
    mustBeSecret(secret);
    const given = typeof secret === 'string' ? secret : undefined;
    return {
      status: 200,
      body: present(rotateSecret(work, pathOf(command, 'id'), given, toWebhookSecret), work.now),
    };
  },
} satisfies Record<string, OperationHandler>;

function mustBeChannels({ registry }: Work, channels: readonly string[]): void {
  const [unknown] = unknownChannels(registry, channels);
  if (unknown === undefined) return;
  throw invalidMember(
    `/channels/${channels.indexOf(unknown)}`,
    'must match a channel',
    `Failed to register the webhook: no contract has a channel like "${unknown}". ${adviceOnChannel(registry, unknown)}`,
  );
}

/** As it is answered: one secret, the newest, and until when those before it are signed with too. */
function present(webhook: Webhook, now: Instant): Entity {
  const { id, url, channels, ordered, state } = webhook;
  const [newest, former] = validSecrets(webhook, now);
  return {
    id,
    url,
    channels,
    secret: newest?.secret,
    ordered,
    state,
    ...(former?.until !== undefined && { rotatingUntil: former.until }),
  };
}

function mustBeTarget(text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw invalidMember(
      '/url',
      'must be an http or https address',
      `Failed to register the webhook: "${text}" is no http or https address. Send one such as http://localhost:9000/hook.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw invalidMember(
      '/url',
      'must not hold a user name or password',
      'Failed to register the webhook: its address holds a user name or password. Leave them out: the signature identifies the sender.',
    );
  }
}

function mustBeSecret(secret: unknown): void {
  if (secret === undefined || (typeof secret === 'string' && isWebhookSecret(secret))) return;
  throw invalidMember(
    '/secret',
    'must be whsec_ and the base64 of 24 to 64 bytes',
    'Failed to take the secret: it is not "whsec_" and the base64 of 24 to 64 bytes. Correct it, or leave it out to get one.',
  );
}
