import type { Entity } from '../../engine/state/store/store.ts';
import type { Work } from '../../engine/state/work.ts';
import type { TimerHandler } from '../../engine/system.ts';
import { integerBetween } from '../../engine/values/random.ts';
import { SECOND } from '../../lib/time.ts';
import { applyOrder } from './apply-order.ts';
import { violationsOf } from './invalid-message.ts';
import { isOrderUser, ORDERS, type OrderRecord, RECEIVED, usersOf } from './message.ts';
import { withdrawMobiles } from './mobiles.ts';
import { isStruck, namesStage, type ScriptedOutcome, takeOutcome } from './outcomes.ts';
import { later, respond } from './responding.ts';
import type { UserOutcome } from './subscribers.ts';

/**
 * Sets the timers of the first two stages: Parsing within 5 s of acceptance, ActiveOrder 8 to 11 s after it.
 *
 * Orders overtake each other in neither stage: two orders about one user that are accepted at the same instant have to
 * take effect in the order they came in.
 */
export function startStages(work: Work, record: OrderRecord): void {
  const { transactionId } = record;
  const random = work.random('macd', 'delays', transactionId);
  const last = work.get(PIPELINE, 'last');
  const parsed = Math.max(work.now + integerBetween(random, 500, 2 * SECOND), Number(last?.parsed ?? 0));
  // Within 8 to 11 s of acceptance and of Parsing alike: the source document's examples count from acceptance.
  const activated = Math.max(
    integerBetween(random, parsed + 8 * SECOND, work.now + 11 * SECOND),
    Number(last?.activated ?? 0),
  );
  work.put(PIPELINE, 'last', { parsed, activated });
  work.schedule({ key: `macd/parse/${transactionId}`, due: parsed, kind: 'macd/parse', data: { transactionId } });
  work.schedule({
    key: activateKey(transactionId),
    due: activated,
    kind: 'macd/activate',
    data: { transactionId },
  });
}

/** Parsing: what the schemas let pass but nobody can work with. After an error the order goes no further. */
export const parseOrder: TimerHandler = (work, data) => {
  const record = work.need(ORDERS, String(data.transactionId)) as OrderRecord;
  const { transactionId } = record;
  const scripted = scriptedFor(work, record, 'Parsing', data);
  if (scripted?.delay !== undefined && data.scripted === undefined) {
    const due = later(work.now, scripted.delay);
    work.schedule({ key: `macd/parse/${transactionId}`, due, kind: 'macd/parse', data: { transactionId, scripted } });
    // The stage after it takes its time from there.
    const activated = due + 8 * SECOND;
    work.schedule({ key: activateKey(transactionId), due: activated, kind: 'macd/activate', data: { transactionId } });
    return;
  }
  const violations = violationsOf(work, record);
  const problem = violations ?? problemOf(record);
  const natural: Report = problem === undefined ? { Status: 'Success' } : { Status: 'Error', ResponseText: problem };
  // What breaks its schema cannot be worked with, whatever a script says.
  const said = violations === undefined ? reportOf(record, 'Parsing', scripted) : undefined;
  const report = said ?? natural;
  const isError = report.Status === 'Error';
  if (isError) work.cancel(activateKey(transactionId));
  const state = isError ? 'Failed' : 'Processing';
  respond(work, record, { Stage: 'Parsing', ...report }, { state, isLast: isError, scripted });
};

/** ActiveOrder: the order takes effect, user by user; those that fail do not stop the others. */
export const activateOrder: TimerHandler = (work, data) => {
  const record = work.need(ORDERS, String(data.transactionId)) as OrderRecord;
  const scripted = scriptedFor(work, record, 'ActiveOrder', data);
  if (scripted?.delay !== undefined && data.scripted === undefined) {
    const { transactionId } = record;
    const due = later(work.now, scripted.delay);
    work.schedule({ key: activateKey(transactionId), due, kind: 'macd/activate', data: { transactionId, scripted } });
    return;
  }
  const { status, text = SCRIPTED_TEXT } = scripted ?? {};
  const struck = usersOf(record.order).filter(({ Username }) => scripted !== undefined && isStruck(scripted, Username));
  const failing = status === 'Error' ? struck.map(({ Username }) => [Username, text] as const) : [];
  const outcomes = applyOrder(work, record.order, new Map(failing)).map((outcome): UserOutcome => {
    const isWarned = status === 'Warning' && struck.some(({ Username }) => Username === outcome.username);
    return isWarned && outcome.result !== 'failed' ? { ...outcome, result: 'warned', text } : outcome;
  });
  const OrderID = orderIdOf(work, record, outcomes);
  const { state, ...summary } = summaryOf(outcomes);
  // What is said is the script's; what really came of the order stays as it is.
  const said =
    scripted?.status !== undefined && scripted.match.user === undefined ? saidOf(scripted, summary) : summary;
  const stages = state === 'Failed' ? [] : mobileStagesOf(work, record, outcomes);
  const facts = { OrderID, Stage: 'ActiveOrder', ...said };
  respond(work, record, facts, { state, isLast: stages.length === 0, scripted });
  scheduleMobileStages(work, record, OrderID, stages);
};

/** MobileOrder and MobileMigrated: the mobile numbers are there, or, after an error, taken from their users again. */
export const reportMobile: TimerHandler = (work, data) => {
  const record = work.need(ORDERS, String(data.transactionId)) as OrderRecord;
  const { OrderID, isNatural } = data;
  const Stage = String(data.Stage);
  const isLast = data.isLast === true;
  const scripted = scriptedFor(work, record, Stage, data);
  if (scripted?.delay !== undefined && data.scripted === undefined) {
    const due = later(work.now, scripted.delay);
    const key = mobileKey(record.transactionId, Stage);
    work.schedule({ key, due, kind: 'macd/mobile', data: { ...data, scripted } });
    return;
  }
  if (scripted === undefined && isNatural === false) return;
  const report = reportOf(record, Stage, scripted) ?? { Status: 'Success' };
  if (report.Status === 'Error') {
    for (const { Username } of usersOf(record.order)) {
      if (scripted === undefined || isStruck(scripted, Username)) withdrawMobiles(work, record.order, Username);
    }
  }
  respond(work, record, { OrderID, Stage, ...report }, { state: record.state, isLast, scripted });
};

/** When the last accepted order passes its stages. */
const PIPELINE = 'macd/$pipeline';

/** What is said where a script gives no text. */
const SCRIPTED_TEXT = 'The outcome was scripted.';

function activateKey(transactionId: string): string {
  return `macd/activate/${transactionId}`;
}

function mobileKey(transactionId: string, stage: string): string {
  return `macd/mobile/${transactionId}/${stage}`;
}

/** The script that decides a stage; one that has held it up decides it still when its time has come. */
function scriptedFor(work: Work, record: OrderRecord, stage: string, { scripted }: Entity) {
  return scripted === undefined ? takeOutcome(work, record, stage) : (scripted as ScriptedOutcome);
}

interface Report extends Entity {
  readonly Status: string;
}

/** What a script has a stage report; nothing where it leaves that to the stage. */
function reportOf(record: OrderRecord, stage: string, scripted: ScriptedOutcome | undefined): Report | undefined {
  if (scripted?.status === undefined) return undefined;
  const { status, text, match } = scripted;
  if (status === 'Success') return { Status: status, ...(text !== undefined && { ResponseText: text }) };
  const ResponseText = text ?? SCRIPTED_TEXT;
  // Parsing is about the message: it lists users only where the script names some.
  const struck = usersOf(record.order).filter(({ Username }) => isStruck(scripted, Username));
  const User = struck.map(({ Username }) => ({ Username, Status: status, ResponseText }));
  return { Status: status, ResponseText, ...((stage !== 'Parsing' || match.user !== undefined) && { User }) };
}

/** The summary of a stage in the words of a script that means the whole order. */
function saidOf({ status, text }: ScriptedOutcome, summary: Entity): Entity {
  if (status === 'Success') return { Status: status, ...(text !== undefined && { ResponseText: text }) };
  return { ...summary, Status: status, ...(text !== undefined && { ResponseText: text }) };
}

/** Why an order cannot be parsed. */
function problemOf(record: OrderRecord): string | undefined {
  const { User = [] } = record.order;
  const broken = User.findIndex((user) => !isOrderUser(user));
  if (User.length === 0) return 'The order names no user.';
  return broken >= 0 ? `User ${broken + 1} of the order is no object with a Username.` : undefined;
}

/** The worst of the outcomes speaks for the order, but an order fails only if all of its users do. */
function summaryOf(outcomes: readonly UserOutcome[]): Entity & { readonly state: string } {
  const listed = outcomes.filter(({ result }) => result === 'failed' || result === 'warned');
  const User = listed.map(({ username, result, text }) => ({
    Username: username,
    Status: result === 'failed' ? 'Error' : 'Warning',
    ResponseText: text ?? '',
  }));
  if (outcomes.every(({ result }) => result === 'failed')) {
    return { Status: 'Error', ResponseText: 'No user of the order could be processed.', User, state: 'Failed' };
  }
  if (listed.length > 0) {
    const ResponseText = `${listed.length} of ${outcomes.length} users need a look.`;
    return { Status: 'Warning', ResponseText, User, state: 'UserProcessed' };
  }
  // What did not change is a success that is not billed again: the record's state and the text say so.
  const isSame = outcomes.every(({ result }) => result === 'same');
  const texts = new Set(outcomes.map(({ text }) => text).filter((text) => text !== undefined));
  return {
    Status: 'Success',
    ...(texts.size > 0 && { ResponseText: [...texts].join(' ') }),
    state: isSame ? 'SameAsPrevious' : 'UserProcessed',
  };
}

/** A message becomes an order of its own, but the second half of a move becomes part of the deletion's order. */
function orderIdOf(work: Work, record: OrderRecord, outcomes: readonly UserOutcome[]): string {
  const movedBy = outcomes.find((outcome) => outcome.movedBy !== undefined)?.movedBy;
  const first = movedBy === undefined ? undefined : work.get(RECEIVED, movedBy);
  const deletion = first === undefined ? undefined : work.get(ORDERS, String(first.transactionId));
  return `ORD-${String(deletion?.transactionSeqId ?? record.transactionSeqId)}`;
}

interface MobileStage {
  readonly Stage: string;
  /** Whether it comes by itself; others come where a script has them come. */
  readonly isNatural: boolean;
}

function mobileStagesOf(work: Work, record: OrderRecord, outcomes: readonly UserOutcome[]): readonly MobileStage[] {
  const applied = outcomes.filter(({ result }) => result === 'applied' || result === 'warned');
  return [
    { Stage: 'MobileOrder', isNatural: applied.some(({ hasNewMobile }) => hasNewMobile) },
    { Stage: 'MobileMigrated', isNatural: applied.some(({ hasKnownMobile }) => hasKnownMobile) },
  ].filter(({ Stage, isNatural }) => isNatural || namesStage(work, record, Stage));
}

function scheduleMobileStages(work: Work, record: OrderRecord, OrderID: string, stages: readonly MobileStage[]): void {
  const { transactionId } = record;
  let due = work.now;
  for (const [index, { Stage, isNatural }] of stages.entries()) {
    due += integerBetween(work.random('macd', 'delays', transactionId, Stage), 30 * SECOND, 90 * SECOND);
    const isLast = index === stages.length - 1;
    work.schedule({
      key: mobileKey(transactionId, Stage),
      due,
      kind: 'macd/mobile',
      data: { transactionId, OrderID, Stage, isNatural, isLast },
    });
  }
}
