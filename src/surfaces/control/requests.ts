import { messageOf } from '../../engine/records/effects.ts';
import { channelMatcher } from '../../engine/records/event-log.ts';
import type { JournalEntry } from '../../engine/records/journal.ts';
import { type Command, Refusal } from '../../model/command.ts';
import type { Schema } from '../../model/schema.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { bodyOf, invalidMember, pathOf } from './input.ts';
import { pageOf } from './paging.ts';
import { type Expectation, schemaExcess, verifyRequests } from './verify-requests.ts';

/**
 * Answers what clients have asked.
 *
 * @example createRequestHandlers().listRequests({ tenant, command, base });
 */
export function createRequestHandlers() {
  return {
    async listRequests({ tenant, command, base }: ControlContext) {
      const isWanted = wantedBy(command);
      const found: JournalEntry[] = [];
      for await (const entry of tenant.inTurns(tenant.journal.each())) if (isWanted(entry)) found.push(entry);
      const page = pageOf<JournalEntry>(found, ({ id }) => id, command);
      if (command.query.as !== 'har') return { status: 200, body: page };
      // Loaded when somebody wants one.
      const { toHar } = await import('../../lib/har.ts');
      const { log } = toHar(page.items, base);
      const body = { log: { ...log, ...(page.next !== undefined && { _next: page.next }) } };
      return { status: 200, headers: { 'content-type': 'application/har+json' }, body };
    },
    async readRequest({ tenant, command }: ControlContext) {
      const id = pathOf(command, 'id');
      for await (const entry of tenant.inTurns(tenant.journal.each()))
        if (entry.id === id) return { status: 200, body: entry };
      throw new Refusal(
        404,
        'NOT_FOUND',
        `Failed to find the request "${id}": the journal does not hold it. List the requests to see the ids.`,
      );
    },
    clearRequests: ({ tenant, caused }: ControlContext) => {
      tenant.apply({ kind: 'forget', record: 'journal', ...caused });
      return { status: 204 };
    },
    async verifyRequests({ tenant, command }: ControlContext) {
      const expectation = bodyOf(command) as unknown as Expectation;
      // Loaded when the first request is verified: a start has no use for it.
      const { jsonPathMistake, queryJson } = await import('../../lib/json-path.ts');
      for (const [place, schema] of schemasOf(expectation)) {
        const excess = schemaExcess(schema);
        if (excess !== undefined) throw tooLargeSchema(place, excess);
      }
      for (const [index, path] of pathsOf(expectation)) {
        const mistake = jsonPathMistake(path);
        if (mistake !== undefined) throw malformedPath(index, path, mistake);
      }
      const { validation } = tenant.read(({ registry }) => registry);
      const budget = { left: MOST_STEPS, each: MOST_STEPS_AT_ONCE };
      const query = (value: unknown, path: string): readonly unknown[] => {
        try {
          return queryJson(value, path, budget);
        } catch (error) {
          throw tooCostly(path, error);
        }
      };
      const comparison = { check: (schema: Schema) => validation.check(schema), query };
      return {
        status: 200,
        body: await verifyRequests(tenant.inTurns(tenant.journal.each()), expectation, comparison),
      };
    },
  } satisfies Record<string, ControlHandler>;
}

function pathsOf({ jsonPath = [], before }: Expectation): readonly [string, string][] {
  return [
    ...jsonPath.map((path, index): [string, string] => [`/jsonPath/${index}`, path]),
    ...(before?.jsonPath ?? []).map((path, index): [string, string] => [`/before/jsonPath/${index}`, path]),
  ];
}

/** Steps of all JSONPaths of one verification, in all requests that they are looked up in. */
const MOST_STEPS = 1_000_000;
/** Steps of one of them in one request, for which nobody else is answered. */
const MOST_STEPS_AT_ONCE = 60_000;

function schemasOf({ schema, before }: Expectation): readonly [string, Schema][] {
  return [
    ...(schema === undefined ? [] : [['/schema', schema] as [string, Schema]]),
    ...(before?.schema === undefined ? [] : [['/before/schema', before.schema] as [string, Schema]]),
  ];
}

function tooLargeSchema(place: string, excess: string): Refusal {
  return invalidMember(
    place,
    `is too large: ${excess}`,
    `Failed to verify the requests: the schema is too large, ${excess}. Send the part of it that matters.`,
  );
}

function tooCostly(path: string, error: unknown): Refusal {
  return new Refusal(
    400,
    'VERIFICATION_TOO_COSTLY',
    `Failed to verify the requests: "${path.slice(0, 100)}" cannot be looked up in all of them, ${messageOf(error)} Ask for less, or clear the journal with DELETE /_simulator/requests before.`,
  );
}

function malformedPath(place: string, path: string, mistake: string): Refusal {
  return invalidMember(
    place,
    'must be a JSONPath (RFC 9535)',
    `Failed to verify the requests: "${path.slice(0, 100)}" is no JSONPath, ${mistake}. Send one such as $.lines[0].sku.`,
  );
}

function wantedBy({ query }: Pick<Command, 'query'>): (entry: JournalEntry) => boolean {
  const { operationId, method, path, status } = query;
  const fits = (pattern: unknown, text = '') => pattern === undefined || channelMatcher(String(pattern))(text);
  return (entry) =>
    fits(operationId, entry.operationId) &&
    fits(path, entry.url.split('?')[0]) &&
    (method === undefined || String(method).toUpperCase() === entry.method.toUpperCase()) &&
    (status === undefined || status === entry.response.status);
}
