import { DAY, formatInstant, type Instant, parseInstant } from '../../lib/time.ts';
import { createAddressFinder } from '../../model/channel-address.ts';
import { Refusal } from '../../model/command.ts';
import type { SimulatorEvent } from '../../model/event.ts';
import { channelMatcher } from '../records/event-log.ts';
import type { Registry } from '../registry.ts';
import type { EventFollower } from '../state/event-follower.ts';
import { equals } from '../state/store/filter.ts';
import type { StoreReader } from '../state/store/store.ts';
import type { Work } from '../state/work.ts';
import type { DeliveryRequest } from './delivery.ts';
import { failPending, WEBHOOKS } from './outbox.ts';

/** What a receiver has subscribed to, and where it listens. */
export interface WebhookRequest {
  /** `http://simulator/…` means this simulator and tenant. */
  readonly url: string;
  /** Channel addresses, `*` allowed. */
  readonly channels: readonly string[];
  /** What deliveries are signed with. Default: made from the tenant's chance. */
  readonly secret?: string;
  /** Whether an event waits until those before it have been taken. Default true. */
  readonly ordered?: boolean;
}

/** A registered webhook. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly channels: readonly string[];
  readonly ordered: boolean;
  /** `disabled`: its receiver is gone for good. */
  readonly state: 'active' | 'disabled';
  /** Newest first; those with a time are valid until then. */
  readonly secrets: readonly WebhookSecret[];
}

export interface WebhookSecret {
  readonly secret: string;
  /** Virtual time; absent for the newest. */
  readonly until?: string;
}

/** How long a secret is still signed with after it has been replaced. */
const ROTATION = DAY;

/** Receivers read every signature: more would only make the header long. */
const MOST_SECRETS = 5;

/** Writes the bytes of a new secret, given in hexadecimal, in the form that receivers are given it in. */
export type ToSecret = (hex: string) => string;

/** Those of some channel patterns that no channel of any contract meets. */
export function unknownChannels(registry: Pick<Registry, 'channels'>, patterns: readonly string[]): readonly string[] {
  const channels = registry.channels.map(({ channel }) => channel);
  const findAddress = createAddressFinder(channels);
  return patterns.filter((pattern) => {
    const isMeant = channelMatcher(pattern);
    return findAddress(pattern) === undefined && !channels.some(({ address }) => isMeant(address));
  });
}

/** Webhooks of a tenant. */
const MOST_WEBHOOKS = 500;

/**
 * Registers a webhook; it hears of what happens from the next command on.
 *
 * @example registerWebhook(work, { url: 'http://localhost:9000/', channels: ['customer/*'] }, toWebhookSecret);
 */
export function registerWebhook(work: Work, request: WebhookRequest, toSecret: ToSecret): Webhook {
  if (work.query(WEBHOOKS, { limit: 1 }).total >= MOST_WEBHOOKS) {
    throw new Refusal(
      409,
      'TOO_MANY_WEBHOOKS',
      `Failed to register the webhook: the tenant has ${MOST_WEBHOOKS}, and every event asks each of them. Delete one first.`,
    );
  }
  const { url, channels, ordered = true } = request;
  const id = `WHK-${String(work.nextNumber(WEBHOOKS)).padStart(6, '0')}`;
  const secret = request.secret ?? newSecret(work, id, toSecret);
  const webhook: Webhook = { id, url, channels, ordered, state: 'active', secrets: [{ secret }] };
  work.put(WEBHOOKS, id, { ...webhook });
  return webhook;
}

/** The webhook of this id; refuses with 404 where there is none. */
export function requireWebhook(store: Pick<StoreReader, 'get'>, id: string): Webhook {
  const webhook = store.get(WEBHOOKS, id) as Webhook | undefined;
  if (webhook !== undefined) return webhook;
  throw new Refusal(
    404,
    'NOT_FOUND',
    `Failed to find the webhook "${id}": there is none. List the webhooks to see the ids.`,
  );
}

/** Gives a webhook a new secret; for a virtual day, deliveries are signed with the one before too. */
export function rotateSecret(work: Work, id: string, given: string | undefined, toSecret: ToSecret): Webhook {
  const webhook = requireWebhook(work, id);
  const secret = given ?? newSecret(work, id, toSecret);
  const until = formatInstant(work.now + ROTATION);
  const former = validSecrets(webhook, work.now)
    .filter((each) => each.secret !== secret)
    .map((each) => ({ until, ...each }));
  const rotated: Webhook = { ...webhook, secrets: [{ secret }, ...former].slice(0, MOST_SECRETS) };
  work.put(WEBHOOKS, id, { ...rotated });
  return rotated;
}

/** Forgets a webhook; what still waits to be sent to it is given up. */
export function removeWebhook(work: Work, id: string): void {
  requireWebhook(work, id);
  work.delete(WEBHOOKS, id);
  failPending(work, id, 'the webhook has been deleted');
}

/** Sends each event to the webhooks that want it; the message unchanged. */
export const webhookFollower: EventFollower = {
  listen(store) {
    const { items } = store.query(WEBHOOKS, { filter: equals('state', 'active') });
    if (items.length === 0) return undefined;
    const listening = (items as unknown as readonly Webhook[]).map((webhook) => {
      const matchers = webhook.channels.map(channelMatcher);
      return { webhook, wants: (channel: string) => matchers.some((isMeant) => isMeant(channel)) };
    });
    return (work, event, contentType) => {
      for (const { webhook, wants } of listening) {
        if (wants(event.channel)) work.deliver(toDelivery(webhook, event, contentType));
      }
    };
  },
  /** It stays listed, so that somebody can see why it is silent. */
  gone(work, { webhook: id, attempts }) {
    if (id === undefined) return;
    const webhook = work.get(WEBHOOKS, id) as Webhook | undefined;
    if (webhook !== undefined) work.put(WEBHOOKS, id, { ...webhook, state: 'disabled' });
    const status = attempts.at(-1)?.status;
    const how = status === undefined ? '' : ` by answering ${status}`;
    failPending(work, id, `the receiver has ended the subscription${how}`);
  },
};

function toDelivery({ id, url, ordered }: Webhook, event: SimulatorEvent, contentType: string): DeliveryRequest {
  return {
    kind: 'webhook',
    url,
    body: event.payload,
    contentType,
    eventId: event.id,
    lane: ordered ? `webhook/${id}` : `webhook/${id}/${event.id}`,
    webhook: id,
  };
}

/** The secrets to sign with at a time, newest first; none where the webhook is gone. */
export function signingSecrets(store: StoreReader, id: string, now: Instant): readonly string[] {
  const webhook = store.get(WEBHOOKS, id) as Webhook | undefined;
  return webhook === undefined ? [] : validSecrets(webhook, now).map(({ secret }) => secret);
}

/** Those of a webhook's secrets that are valid at a time, newest first. */
export function validSecrets({ secrets }: Webhook, now: Instant): readonly WebhookSecret[] {
  return secrets.filter(({ until }) => until === undefined || (parseInstant(until) ?? 0) > now);
}

function newSecret(work: Work, id: string, toSecret: ToSecret): string {
  const number = work.nextNumber(`${WEBHOOKS}/${id}/secret`);
  return toSecret(work.hex(64, 'webhook-secret', id, number));
}
