/** Version, trace id, parent id and flags; later versions may add parts. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/;

/**
 * The trace id that a client brings along in the header of W3C Trace Context; none where the header cannot be read.
 *
 * @example traceOf('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01') // '0af7651916cd43dd8448eb211c80319c'
 */
export function traceOf(traceparent: string): string | undefined {
  const [all = '', version, trace] = TRACEPARENT.exec(traceparent.trim()) ?? [];
  // The first version is exactly as long as its four parts.
  return version === '00' && all.length !== traceparent.trim().length ? undefined : trace;
}
