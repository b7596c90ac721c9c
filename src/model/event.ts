/** One published message, as it stands in the event log and on every channel. */
export interface SimulatorEvent {
  /** Unique in its tenant; also the payload's own event id where the message has one. */
  readonly id: string;
  /** The channel's address, for example `customer/created`. */
  readonly channel: string;
  /** The virtual time it happened, ISO 8601 UTC with milliseconds. */
  readonly at: string;
  readonly payload: unknown;
}
