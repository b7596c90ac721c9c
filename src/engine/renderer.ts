import type { Instant } from '../lib/time.ts';
import type { Answer, Outcome, Refusal } from '../model/command.ts';
import type { Fault } from './faults/fault.ts';
import type { RequestFacts } from './input.ts';
import type { RecordWriter } from './records/records.ts';

/**
 * The surface's side of a request: what an outcome looks like when it leaves, and what records say of it. Each answer
 * depends on what it is given, the tenant's time among it, and on nothing else, so that the same inputs give the same records without a socket.
 */
export interface Renderer extends RecordWriter {
  /** Throws a `Refusal` where the answer must not leave: that undoes the command. */
  render(request: RequestFacts, outcome: Outcome, at: Instant, fault?: Fault): Answer;
  refuse(request: RequestFacts, refusal: Refusal, at: Instant, fault?: Fault): Answer;
  /** What nobody foresaw has gone wrong; the command has been undone. */
  fail(request: RequestFacts, error: unknown, at: Instant): Answer;
  /** The answer that a fault gives in place of the world. */
  strike(request: RequestFacts, fault: Fault, at: Instant): Answer;
}
