import type { SimulatorEvent } from '../../model/event.ts';
import type { Delivery } from '../delivery/delivery.ts';
import type { StoreReader } from './store/store.ts';
import type { Work } from './work.ts';

/** Called with each event of a command as it is published, in the transaction of the command. */
export type FollowedEvent = (work: Work, event: SimulatorEvent, contentType: string) => void;

/** Something that follows events inside their transaction, such as webhooks: what it does is undone with the command. */
export interface EventFollower {
  /** What to call with the events of one command; nothing without listeners. Asked for with its first event. */
  listen(store: StoreReader): FollowedEvent | undefined;
  /** Called when the receiver of one of its deliveries has answered that it is gone for good. */
  gone?(work: Work, delivery: Delivery): void;
}
