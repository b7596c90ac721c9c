/**
 * What a problem document (RFC 9457) says, in one text: its sentence, and every violation on a line of its own; the
 * sentence given where the body is no such document.
 *
 * @example problemText('{"detail":"Failed to advance the clock: …"}', 'Failed to steer it: it answered 400.')
 */
export function problemText(body: string, otherwise: string): string {
  const { detail, errors } = parsed(body);
  const lines = (errors ?? []).map(({ path, message }) => `  ${path === '' ? 'the body' : path}: ${message}`);
  return [detail ?? otherwise, ...lines].join('\n');
}

interface Problem {
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

function parsed(body: string): Problem {
  try {
    return Object(JSON.parse(body)) as Problem;
  } catch {
    return {};
  }
}
