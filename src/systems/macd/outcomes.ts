import { TEXT } from '../../engine/action-input.ts';
import { channelMatcher } from '../../engine/records/event-log.ts';
import type { Entity } from '../../engine/state/store/store.ts';
import type { ReadWork, Work } from '../../engine/state/work.ts';
import type { ActionHandler } from '../../engine/system.ts';
import { parseDuration } from '../../lib/time.ts';
import { Refusal } from '../../model/command.ts';
import type { Schema } from '../../model/schema.ts';
import { type OrderRecord, usersOf } from './message.ts';

/** How a stage is to end, and how its response gets away; what is left out goes its natural way. */
export interface ScriptedOutcome extends Entity {
  readonly id: string;
  /** Which orders; `*` stands for any text. */
  readonly match: OutcomeMatch;
  /** The stage meant. Default: every stage that an order comes to. */
  readonly stage?: string;
  readonly status?: 'Success' | 'Warning' | 'Error';
  readonly text?: string;
  /** How much later the stage itself takes place; ISO 8601. */
  readonly delay?: string;
  /** How much later its response is sent; ISO 8601. */
  readonly late?: string;
  /** No response is sent. */
  readonly silence?: boolean;
  /** The response is sent twice. */
  readonly duplicate?: boolean;
  /** The response is sent after the next one of the order. */
  readonly wrongOrder?: boolean;
  /** How many stages it still decides. Default: without end. */
  readonly count?: number;
  /** How likely it decides one, from 0 to 1. Default: always. */
  readonly chance?: number;
  /** Stages that it was asked about. */
  readonly seen: number;
  /** Stages that it has decided. */
  readonly used: number;
}

interface OutcomeMatch {
  /** The MessageID. */
  readonly order?: string;
  /** A user of the order; of its users, only those that fit are struck. */
  readonly user?: string;
  readonly operation?: string;
  readonly customer?: string;
  readonly location?: string;
}

/** The stages that an order can pass, in their order. */
const STAGES = ['Parsing', 'ActiveOrder', 'MobileOrder', 'MobileMigrated'] as const;

/** What `script-outcome` takes. */
export const OUTCOME_INPUT: Schema = {
  type: 'object',
  properties: {
    match: {
      type: 'object',
      properties: { order: TEXT, user: TEXT, operation: TEXT, customer: TEXT, location: TEXT },
      additionalProperties: false,
    },
    stage: { enum: STAGES },
    status: { enum: ['Success', 'Warning', 'Error'] },
    text: { type: 'string' },
    delay: TEXT,
    late: TEXT,
    silence: { type: 'boolean' },
    duplicate: { type: 'boolean' },
    wrongOrder: { type: 'boolean' },
    count: { type: 'integer', minimum: 1 },
    chance: { type: 'number', minimum: 0, maximum: 1 },
  },
  additionalProperties: false,
};

/** What `clear-outcomes` takes. */
export const CLEAR_INPUT: Schema = { type: 'object', properties: { id: TEXT }, additionalProperties: false };

/**
 * The action `script-outcome`: decides how orders that match end in a stage, from now on. The first that was scripted
 * decides, as faults do. Returns the outcome with its id.
 *
 * @example
 * POST /_simulator/actions/macd/script-outcome { "match": { "user": "pfelt" }, "stage": "ActiveOrder", "status": "Error", "count": 1 }
 */
export const scriptOutcome: ActionHandler = (work, input) => {
  const durations = (['delay', 'late'] as const).filter(
    (name) => input[name] !== undefined && parseDuration(String(input[name])) === undefined,
  );
  const hasEffect = EFFECTS.some((name) => input[name] !== undefined && input[name] !== false);
  if (durations.length > 0 || !hasEffect) {
    const violations = durations.map((name) => ({ in: 'body' as const, path: `/${name}`, message: DURATION }));
    if (!hasEffect) violations.push({ in: 'body', path: '', message: `must have one of: ${EFFECTS.join(', ')}` });
    throw new Refusal(
      400,
      'INVALID_REQUEST',
      'Failed to script the outcome: it makes no sense. Correct what is listed.',
      {
        violations,
      },
    );
  }
  if (work.query(OUTCOMES, { limit: 1 }).total >= MAX_OUTCOMES) {
    throw new Refusal(
      409,
      'TOO_MANY_OUTCOMES',
      `Failed to script the outcome: there are ${MAX_OUTCOMES} already, which is the most. Clear those that are used up.`,
    );
  }
  const id = `OUT-${String(work.nextNumber(OUTCOMES)).padStart(6, '0')}`;
  const outcome = { id, match: {}, ...input, seen: 0, used: 0 };
  work.put(OUTCOMES, id, outcome);
  return outcome;
};

/** The action `clear-outcomes` `{id?}`: from here on orders end as they would by themselves. Returns how many it cleared. */
export const clearOutcomes: ActionHandler = (work, input) => {
  const ids = outcomesOf(work).map(({ id }) => id);
  const meant = input.id === undefined ? ids : ids.filter((id) => id === input.id);
  if (input.id !== undefined && meant.length === 0) {
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to clear the outcome "${String(input.id)}": there is none of this id. Leave the id out to clear all.`,
    );
  }
  for (const id of meant) work.delete(OUTCOMES, id);
  return { cleared: meant.length };
};

/** Whether an outcome names a stage that an order would not come to by itself; one that means every stage does not. */
export function namesStage(work: ReadWork, record: OrderRecord, stage: string): boolean {
  return outcomesOf(work).some((outcome) => outcome.stage === stage && isMeant(outcome, record, stage));
}

/** The outcome that decides a stage of an order, if one does; it counts as used. */
export function takeOutcome(work: Work, record: OrderRecord, stage: string): ScriptedOutcome | undefined {
  for (const outcome of outcomesOf(work)) {
    if (!isMeant(outcome, record, stage)) continue;
    const { id, count, chance = 1, seen, used } = outcome;
    const decides = chance >= 1 || work.random('macd', 'outcome', id, seen)() < chance;
    const after = {
      ...outcome,
      ...(count !== undefined && { count: decides ? count - 1 : count }),
      seen: seen + 1,
      used: decides ? used + 1 : used,
    };
    work.put(OUTCOMES, id, after);
    if (decides) return after;
  }
  return undefined;
}

/** Whether an outcome strikes a user of an order that it decides about. */
export function isStruck({ match }: ScriptedOutcome, username: string): boolean {
  return channelMatcher(match.user)(username);
}

const OUTCOMES = 'macd/$outcomes';

/** Each stage of each order looks through all of them. */
const MAX_OUTCOMES = 1_000;

const EFFECTS = ['status', 'delay', 'late', 'silence', 'duplicate', 'wrongOrder'] as const;

const DURATION = 'must be an ISO 8601 duration, such as PT30S';

function outcomesOf(work: ReadWork): readonly ScriptedOutcome[] {
  return work.query(OUTCOMES).items as unknown as readonly ScriptedOutcome[];
}

function isMeant({ match, stage, count }: ScriptedOutcome, { order }: OrderRecord, at: string): boolean {
  if ((count !== undefined && count <= 0) || (stage !== undefined && stage !== at)) return false;
  const { MessageID, Operation = 'Delete', Customer, Location } = order.Order;
  const fits = (pattern: string | undefined, text: string) => channelMatcher(pattern)(text);
  return (
    fits(match.order, MessageID) &&
    fits(match.operation, Operation) &&
    fits(match.customer, String(Customer)) &&
    fits(match.location, String(Location)) &&
    (match.user === undefined || usersOf(order).some(({ Username }) => fits(match.user, Username)))
  );
}
