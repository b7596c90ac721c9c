import type { Instant } from '../../lib/time.ts';
import type { FaultEffect } from '../faults/fault.ts';
import type { Subject, TraceRoot } from '../state/origin.ts';

/** A delivery as it is asked for. */
export interface DeliveryRequest {
  /** For example `callback`, `webhook`, `hub`. */
  readonly kind: string;
  /** Where it is posted; `http://simulator/…` means this simulator and tenant. */
  readonly url: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly eventId?: string;
  /** The media type of the body. Default `application/json`. */
  readonly contentType?: string;
  /** Default `POST`. */
  readonly method?: string;
  /** The earliest time of the first attempt. Default: now. */
  readonly due?: Instant;
  /** Deliveries of one lane go out one after another, in order. Default: the URL. */
  readonly lane?: string;
  /** The webhook whose secrets sign it. */
  readonly webhook?: string;
  /** The name of the credentials that it is sent with, where there are any. */
  readonly credentials?: string;
}

/** Something to be sent outside, and what has come of it. */
export interface Delivery {
  readonly id: string;
  readonly target: string;
  readonly kind: string;
  readonly eventId?: string;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: readonly Attempt[];
  /** When the next attempt is due; absent once there is none. */
  readonly nextAt?: string;
  readonly lane: string;
  readonly body: unknown;
  /** The media type of the body. Default `application/json`. */
  readonly contentType?: string;
  /** Default `POST`. */
  readonly method?: string;
  /** The webhook that it belongs to, whose secrets sign it. */
  readonly webhook?: string;
  /** The name of the credentials that it is sent with, where there are any. */
  readonly credentials?: string;
  /** Why it has failed, where no attempt shows it. */
  readonly reason?: string;
  /** How often it has been asked for again by hand. */
  readonly redeliveries?: number;
  /** The id of what asked for it. */
  readonly cause?: string;
  readonly root?: TraceRoot;
  /** The resource that it concerns. */
  readonly subject?: Subject;
}

/** A delivery as it is handed to the transport; what is added belongs to the attempt alone and is never stored. */
export interface Dispatch extends Delivery {
  readonly signing?: Signing;
  /** What the receiver asks for. */
  readonly authorization?: Credentials;
  /** The trace that the attempt belongs to, and the attempt's own place in it, as W3C Trace Context has them. */
  readonly trace?: { readonly id: string; readonly span: string };
  /** What goes wrong on the way. */
  readonly fault?: { readonly id: string; readonly effect: FaultEffect };
}

/** What a receiver asks for before it takes anything: a token, a user and password, or tokens that are renewed. */
export type Credentials =
  | { readonly token: string }
  | { readonly username: string; readonly password: string }
  | ClientCredentials;

/** Who a client is at a token endpoint, which gives it tokens that are good for a while. */
export interface ClientCredentials {
  /** `http://simulator/…` means this simulator and tenant. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Default: what the endpoint gives where nothing is asked for. */
  readonly scope?: string;
}

/** What a delivery is signed with; each attempt anew, because time passes and secrets rotate. */
export interface Signing {
  /** Newest first. */
  readonly secrets: readonly string[];
  /** The tenant's time. */
  readonly now: Instant;
}

/** What the record of a delivery says of one attempt. */
export interface Attempt extends AttemptRecord {
  /** Virtual time. */
  readonly at: string;
}

/** What a transport says of an attempt for a reader; the engine draws no conclusion from it. */
export interface AttemptRecord {
  readonly status?: number;
  readonly error?: string;
}

/** Sends one attempt; it never throws. The port that a surface implements. */
export interface Transport {
  send(delivery: Dispatch, tenant: string): Promise<AttemptResult>;
}

/** What came of an attempt. */
export interface AttemptResult extends AttemptRecord {
  /** `retry`: it did not arrive, and may be sent again; `gone`: the receiver wants nothing any more. */
  readonly outcome: 'delivered' | 'retry' | 'gone';
  /** How long the receiver asks to be left alone, in seconds. */
  readonly after?: number;
}
