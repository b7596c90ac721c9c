import type { Activity } from '../model/activity.ts';
import { createStyle, toLine } from './style.ts';

export interface LiveViewOptions {
  readonly write: (text: string) => unknown;
  readonly hasColours: boolean;
  readonly columns: () => number | undefined;
  /** Wall time. */
  readonly afterWallTime: (milliseconds: number, callback: () => void) => () => void;
}

/** Nobody reads more, and writing more would slow down what is watched. */
const MOST_LINES = 50;
const PACE = 1_000;

/**
 * Shows what a simulator does, one short line each: requests, events, attempts of deliveries. What is more than can be read is
 * counted.
 *
 * @example createSimulator(options, { observe: createLiveView({ write, hasColours, columns, afterWallTime }) });
 */
export function createLiveView(options: LiveViewOptions): (activity: Activity, tenant: string) => void {
  const { write, columns, afterWallTime } = options;
  const style = createStyle(options.hasColours);
  let lines = 0;
  let isTiming = false;
  const endOfPace = (): void => {
    if (lines > MOST_LINES) write(`${style.dim(`… and ${lines - MOST_LINES} more`)}\n`);
    lines = 0;
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
    if (lines > MOST_LINES) return;
    const { mark, text, tail, paint } = parts;
    const tenant = tenantName === 'default' ? '' : ` @${tenantName}`;
    const width = columns();
    const room = width === undefined ? undefined : width - mark.length - tail.length - tenant.length - 3;
    write(
      `${style.dim(mark)} ${paint(toLine(text, room))} ${tail === '' ? '' : toLine(tail, width)}${style.dim(tenant)}\n`,
    );
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
