/** Version, trace id, parent id and flags; later versions may add parts. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:$|-)/;

/** What a client brings along. */
export interface TraceContext {
  readonly trace: string;
  /** What it does this for, in that trace. */
  readonly span: string;
}

/**
 * The trace that a client brings along in the header of W3C Trace Context; none where the header cannot be read.
 *
 * @example readTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')?.span // 'b7ad6b7169203331'
 */
export function readTraceparent(traceparent: string): TraceContext | undefined {
  const [all = '', version, trace, span] = TRACEPARENT.exec(traceparent.trim()) ?? [];
  // The first version is exactly as long as its four parts.
  if (version === '00' && all.length !== traceparent.trim().length) return undefined;
  return trace === undefined || span === undefined ? undefined : { trace, span };
}
