/** One test of a report. */
export interface CtrfTest {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped' | 'other';
  /** Milliseconds. */
  readonly duration: number;
  readonly suite: readonly string[];
  readonly filePath?: string;
  readonly message?: string;
  readonly trace?: string;
  readonly steps?: readonly { readonly name: string; readonly status: string }[];
}

/**
 * Writes a report as CTRF JSON (Common Test Report Format). `start` and `stop` are wall time in milliseconds.
 *
 * @example toCtrf([{ name: 'createOrder', status: 'passed', duration: 3, suite: ['orders'] }], start, stop)
 */
export function toCtrf(tests: readonly CtrfTest[], start: number, stop: number): string {
  const count = (status: CtrfTest['status']) => tests.filter((each) => each.status === status).length;
  const [passed, failed, skipped, other] = [count('passed'), count('failed'), count('skipped'), count('other')];
  const report = {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    results: {
      tool: { name: 'bss-simulator' },
      summary: { tests: tests.length, passed, failed, pending: 0, skipped, other, start, stop },
      tests,
    },
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
