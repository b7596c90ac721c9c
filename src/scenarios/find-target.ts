import { isRecord } from './json-values.ts';
import { sendRequest, type Wire } from './send-request.ts';

/** Milliseconds of wall time. */
const PATIENCE = 10_000;

/**
 * Whether a simulator listens at an address, or some other system: only a simulator reports its health there. Throws
 * where nobody answers, and where a simulator does not let us in.
 *
 * @example await isSimulator('http://127.0.0.1:4010', undefined, { fetch, patience })
 */
export async function isSimulator(baseUrl: string, adminToken: string | undefined, wire: Wire): Promise<boolean> {
  const url = `${baseUrl}/_simulator/health`;
  const headers: Record<string, string> = adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` };
  const {
    status,
    headers: answered,
    body,
  } = await sendRequest(wire, { method: 'GET', url, headers, timeout: PATIENCE });
  if (status === 401 && answered['www-authenticate']?.includes('realm="simulator"') === true)
    throw new Error('its control API wants a token, which --admin-token gives');
  const isOne = status === 200 && isRecord(body) && Array.isArray(body.contracts);
  if (!isOne && adminToken !== undefined)
    throw new Error('it is no simulator, which --admin-token is for; --token is for other systems');
  return isOne;
}
