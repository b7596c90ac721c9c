import { DAY, formatInstant, type Instant, parseInstant } from '../lib/time.ts';
import { Refusal } from '../model/command.ts';
import type { SimulatorEvent } from '../model/event.ts';
import { channelMatcher } from './event-log.ts';
import { failPending, WEBHOOKS } from './outbox.ts';
import type { Registry } from './registry.ts';
import { equals } from './store/filter.ts';
import type { StoreReader, StoreTransaction } from './store/store.ts';
import type { DeliveryRequest, Work } from './work.ts';

/** What somebody wants to be told, and where. */
export interface WebhookRequest {
  /** `http://simulator/…` means this simulator and tenant. */
  readonly url: string;
  /** Channel addresses, `*` allowed. */
  readonly channels: readonly string[];
  /** `whsec_` and the base64 of 24 to 64 bytes; made from the tenant's chance unless told. */
  readonly secret?: string;
  /** Whether an event waits until those before it have been taken; true unless told. */
  readonly ordered?: boolean;
}

/** A registered webhook. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly channels: readonly string[];
  readonly ordered: boolean;
  /** `disabled`: its receiver has answered 410. */
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

const SECRET = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

/** Whether a text is a secret as Standard Webhooks writes it: `whsec_` and the base64 of 24 to 64 bytes. */
export function isWebhookSecret(text: string): boolean {
  const encoded = SECRET.exec(text)?.[1];
  if (encoded === undefined) return false;
  const size = Buffer.from(encoded, 'base64').length;
  return size >= 24 && size <= 64;
}

/** Those of some channel patterns that no channel of any contract meets. */
export function unknownChannels(registry: Pick<Registry, 'channels'>, patterns: readonly string[]): readonly string[] {
  return patterns.filter((pattern) => {
    const isMeant = channelMatcher(pattern);
    return !registry.channels.some(({ channel }) => isMeant(channel.address));
  });
}

/**
 * Registers a webhook; it hears of what happens from the next command on.
 *
 * @example tenant.perform((work) => registerWebhook(work, { url: 'http://localhost:9000/', channels: ['customer/*'] }));
 */
export function registerWebhook(work: Work, request: WebhookRequest): Webhook {
  const { url, channels, ordered = true } = request;
  const id = `WHK-${String(work.nextNumber(WEBHOOKS)).padStart(6, '0')}`;
  const secret = request.secret ?? newSecret(work, id);
  const webhook: Webhook = { id, url, channels, ordered, state: 'active', secrets: [{ secret }] };
  work.put(WEBHOOKS, id, { ...webhook });
  return webhook;
}

/** The webhook of this id; refuses with 404 where there is none. */
export function needWebhook(store: Pick<StoreReader, 'get'>, id: string): Webhook {
  const webhook = store.get(WEBHOOKS, id) as Webhook | undefined;
  if (webhook !== undefined) return webhook;
  throw new Refusal(
    404,
    'NOT_FOUND',
    `Failed to find the webhook "${id}": there is none. List the webhooks to see the ids.`,
  );
}

/** Gives a webhook a new secret; for a virtual day, deliveries are signed with the one before too. */
export function rotateSecret(work: Work, id: string, given?: string): Webhook {
  const webhook = needWebhook(work, id);
  const secret = given ?? newSecret(work, id);
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
  needWebhook(work, id);
  work.delete(WEBHOOKS, id);
  failPending(work, id, 'the webhook has been deleted');
}

/** Ends a webhook whose receiver is gone for good; it stays listed, so that somebody can see why it is silent. */
export function disableWebhook(transaction: StoreTransaction, id: string): void {
  const webhook = transaction.get(WEBHOOKS, id) as Webhook | undefined;
  if (webhook !== undefined) transaction.put(WEBHOOKS, id, { ...webhook, state: 'disabled' });
  failPending(transaction, id, 'the receiver has ended the subscription by answering 410');
}

/** The webhooks that want to be told of events, each with a test of channels; next to nothing where there are none. */
export function listeningWebhooks(store: StoreReader): readonly ListeningWebhook[] {
  const { items } = store.query(WEBHOOKS, { filter: equals('state', 'active') });
  return (items as unknown as readonly Webhook[]).map((webhook) => {
    const matchers = webhook.channels.map(channelMatcher);
    return { webhook, wants: (channel) => matchers.some((isMeant) => isMeant(channel)) };
  });
}

export interface ListeningWebhook {
  readonly webhook: Webhook;
  wants(channel: string): boolean;
}

/** What is sent to a webhook of one event: the message unchanged. */
export function toDelivery({ id, url, ordered }: Webhook, event: SimulatorEvent, contentType: string): DeliveryRequest {
  return {
    kind: 'webhook',
    url,
    body: event.payload,
    headers: { 'content-type': contentType },
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

function newSecret(work: Work, id: string): string {
  const number = work.nextNumber(`${WEBHOOKS}/${id}/secret`);
  return `whsec_${Buffer.from(work.hex(64, 'webhook-secret', id, number), 'hex').toString('base64')}`;
}
