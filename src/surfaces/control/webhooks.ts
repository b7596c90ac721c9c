import { WEBHOOKS } from '../../engine/outbox.ts';
import type { Registry } from '../../engine/registry.ts';
import type { Entity } from '../../engine/store/store.ts';
import {
  isWebhookSecret,
  needWebhook,
  registerWebhook,
  removeWebhook,
  rotateSecret,
  unknownChannels,
  validSecrets,
  type Webhook,
} from '../../engine/webhooks.ts';
import type { Instant } from '../../lib/time.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { bodyOf, invalidMember, pathOf } from './input.ts';
import { pageOf } from './paging.ts';

export interface WebhookHandlersOptions {
  readonly registry: Pick<Registry, 'channels'>;
  /** The known word that a misspelt one was most likely meant to be. */
  readonly nearest: (word: string, known: readonly string[]) => string | undefined;
}

/**
 * Answers what concerns webhooks: who is told of events by signed HTTP requests.
 *
 * @example createWebhookHandlers({ registry, nearest }).createWebhook({ tenant, command, base });
 */
export function createWebhookHandlers({ registry, nearest }: WebhookHandlersOptions) {
  const mustBeChannels = (channels: readonly string[]): void => {
    const [unknown] = unknownChannels(registry, channels);
    if (unknown === undefined) return;
    const known = registry.channels.map(({ channel }) => channel.address);
    const meant = nearest(unknown, known);
    const advice = meant === undefined ? `Known channels: ${known.join(', ') || 'none'}.` : `Did you mean "${meant}"?`;
    throw invalidMember(
      `/channels/${channels.indexOf(unknown)}`,
      'must match a channel',
      `Failed to register the webhook: no contract has a channel like "${unknown}". ${advice}`,
    );
  };
  return {
    listWebhooks: ({ tenant, command }: ControlContext) => {
      const { items } = tenant.store.query(WEBHOOKS);
      const part = pageOf(items as unknown as readonly Webhook[], ({ id }) => id, command);
      const webhooks = (part.items as readonly Webhook[]).map((webhook) => present(webhook, tenant.now()));
      return { status: 200, body: { ...part, items: webhooks.map(({ secret: _, ...shown }) => shown) } };
    },
    createWebhook: ({ tenant, command }: ControlContext) => {
      const { url, channels, secret, ordered } = bodyOf(command);
      const wanted = (channels as readonly unknown[]).map(String);
      mustBeTarget(String(url));
      mustBeChannels(wanted);
      mustBeSecret(secret);
      const webhook = tenant.perform((work) =>
        registerWebhook(work, {
          url: String(url),
          channels: wanted,
          ...(typeof secret === 'string' && { secret }),
          ...(typeof ordered === 'boolean' && { ordered }),
        }),
      );
      return { status: 201, body: present(webhook, tenant.now()) };
    },
    readWebhook: ({ tenant, command }: ControlContext) => ({
      status: 200,
      body: present(needWebhook(tenant.store, pathOf(command, 'id')), tenant.now()),
    }),
    deleteWebhook: ({ tenant, command }: ControlContext) => {
      tenant.perform((work) => removeWebhook(work, pathOf(command, 'id')));
      return { status: 204 };
    },
    rotateWebhookSecret: ({ tenant, command }: ControlContext) => {
      const { secret } = bodyOf(command);
      mustBeSecret(secret);
      const given = typeof secret === 'string' ? secret : undefined;
      const webhook = tenant.perform((work) => rotateSecret(work, pathOf(command, 'id'), given));
      return { status: 200, body: present(webhook, tenant.now()) };
    },
  } satisfies Record<string, ControlHandler>;
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
      'Failed to register the webhook: its address holds a user name or password. Leave them out: the signature tells who sends.',
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
