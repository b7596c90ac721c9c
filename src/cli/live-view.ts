import type { Activity } from '../model/activity.ts';
import { createStyle, toLine } from './style.ts';

export interface LiveViewOptions {
  readonly write: (text: string) => unknown;
  readonly hasColours: boolean;
  readonly columns: () => number | undefined;
  /** Wall time. */
  readonly afterWallTime: (milliseconds: number, callback: () => void) => () => void;
}

/** Nobody reads more, and writing more would slow down what is watched; what fails has as much room again. */
const MOST_LINES = 50;
const PACE = 1_000;
/** A UUID has this many characters. */
const LONGEST_ID = 36;
/** What has happened is told even where it breaks the line. */
const NARROWEST = 20;

/**
 * Shows what a simulator does, one short line each, with the tenant's time and the id: requests, events, attempts of
 * deliveries. What is more than can be read is counted; what failed goes first then.
 *
 * @example createSimulator(options, { observe: createLiveView({ write, hasColours, columns, afterWallTime }) });
 */
export function createLiveView(options: LiveViewOptions): (activity: Activity, tenant: string) => void {
  const { write, columns, afterWallTime } = options;
  const style = createStyle(options.hasColours);
  let lines = 0;
  let [shown, failures] = [0, 0];
  let isTiming = false;
  const endOfPace = (): void => {
    if (lines > shown) write(`${style.dim(`… and ${lines - shown} more`)}\n`);
    lines = 0;
    [shown, failures] = [0, 0];
    isTiming = false;
  };
  return (activity, tenantName) => {
    const parts = partsOf(activity);
    if (parts === undefined) return;
    lines += 1;
    if (!isTiming) {
      isTiming = true;
      afterWallTime(PACE, endOfPace);
    }
    const hasFailed = activity.error !== undefined || (activity.status ?? 0) >= 400;
    if (shown - failures >= MOST_LINES && !(hasFailed && failures < MOST_LINES)) return;
    shown += 1;
    if (hasFailed) failures += 1;
    const { mark, text, tail, paint } = parts;
    const tenant = tenantName === 'default' ? '' : ` @${tenantName}`;
    const time = activity.at.slice(0, 19).replace('T', ' ');
    const id = ` ${toLine(activity.id, LONGEST_ID)}`;
    const width = columns();
    const taken = mark.length + time.length + tail.length + id.length + tenant.length + 4;
    const room = width === undefined ? undefined : Math.max(width - taken, NARROWEST);
    const end = tail === '' ? '' : ` ${toLine(tail, width)}`;
    write(`${style.dim(`${time} ${mark}`)} ${paint(toLine(text, room))}${end}${style.dim(id + tenant)}\n`);
  };

  function partsOf(activity: Activity) {
    const { kind, status, method = '', path = '', channel = '', target = '', state = '', error } = activity;
    switch (kind) {
      case 'request':
      // What steers the simulator is shown once it is done.
      case 'answer':
        return {
          mark: '>',
          text: `${method.padEnd(6)} ${path}`,
          tail: '',
          paint: (text: string) => `${style.status(status, String(status ?? ''))} ${text}`,
        };
      case 'event':
        return { mark: '*', text: channel, tail: '', paint: (text: string) => `    ${style.channel(text)}` };
      case 'attempt': {
        const outcome = status === undefined ? (error ?? state) : String(status);
        return { mark: '<', text: target, tail: outcome, paint: (text: string) => style.status(status, `    ${text}`) };
      }
      default:
        return undefined;
    }
  }
}
