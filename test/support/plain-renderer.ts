import type { Commit } from '../../src/engine/commit.ts';
import type { RequestFacts } from '../../src/engine/input.ts';
import type { Renderer } from '../../src/engine/renderer.ts';

/** Answers with outcomes and refusals as they are; what nobody foresaw is thrown, so that a test fails. */
export const plainRenderer: Renderer = {
  render: (_, { status, headers = {}, body }) => ({ status, headers, body, violations: [] }),
  refuse: (_, { status, headers, code, message }) => ({ status, headers, body: { code, message }, violations: [] }),
  fail: (_, error) => {
    throw error;
  },
  strike: (_, { fault: { status = 200, headers = {}, body } }) => ({ status, headers, body, violations: [] }),
  toEntry: (commit, id) => {
    const { method, url, operation, headers, body } = requestOf(commit);
    const { status = 0, headers: sent = {}, body: answered } = commit.answer ?? {};
    return {
      id,
      at: new Date(commit.at).toISOString(),
      method,
      url,
      operationId: operation.split('/')[2],
      request: { headers, body },
      response: { status, headers: sent, body: answered },
    };
  },
  toRequestLine: (commit) => {
    const { method, url: path, body } = requestOf(commit);
    return { kind: 'request', at: new Date(commit.at).toISOString(), method, path, body };
  },
  toResponseLine: ({ at, answer }) => ({ kind: 'response', at: new Date(at).toISOString(), ...answer }),
};

function requestOf({ input }: Commit): RequestFacts {
  if (input.kind === 'answer') return input.request;
  if (input.kind === 'operation') return input;
  throw new Error(`No request stands behind ${input.kind}.`);
}
