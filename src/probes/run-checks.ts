import { Refusal } from '../model/command.ts';
import type { Contract } from '../model/contract.ts';
import type { Operation, Parameter } from '../model/operation.ts';
import type { Violation } from '../model/schema.ts';
import { createBodyReader } from '../surfaces/http/request-body.ts';
import { createParameterReader } from '../surfaces/http/request-parameters.ts';
import type { Finding } from './findings.ts';
import { findingOf } from './judge.ts';
import { cleanUpOf, liveThrough } from './life.ts';
import type { BrokenPart, Check, Variant } from './plan.ts';
import { jsonMedia } from './plan.ts';
import { type Place, type ProbeRequest, toWire } from './request.ts';
import type { Asked } from './server.ts';
import { makeCheck, type RunParts, Skipped } from './steps.ts';

/**
 * Makes the checks of a plan one after the other, and afterwards deletes what they have created.
 *
 * @example await runChecks(plan.checks, parts);
 */
export async function runChecks(checks: readonly Check[], parts: RunParts): Promise<void> {
  const cleanUps: (() => Promise<void>)[] = [];
  const lives = new Map(
    checks.flatMap(({ life }) => (life === undefined ? [] : [[life.create.operation, life] as const])),
  );
  /** What a check has created on its way goes in the end. */
  const noteCreated: NoteCreated = (request, asked, contract) => {
    const life = lives.get(request.operation);
    const cleanUp = life === undefined ? undefined : cleanUpOf(life, request, asked, contract, parts);
    if (cleanUp !== undefined) cleanUps.push(cleanUp);
  };
  const readers = new Map<Operation, InvalidityOf>();
  const isInvalid: InvalidityOf = (request, check) => {
    const reader = readers.get(check.operation) ?? createInvalidity(check.operation, parts);
    readers.set(check.operation, reader);
    return reader(request, check);
  };
  for (const check of checks) {
    if (check.life !== undefined) {
      const cleanUp = await liveThrough(check.life, check.contract, parts);
      if (cleanUp !== undefined) cleanUps.push(cleanUp);
      continue;
    }
    await makeCheck(parts, check, async () => {
      if (check.kind === 'valid') return sendValid(check, check.variant ?? 'least', parts, noteCreated);
      if (check.kind === 'unknown') return sendUnknown(check, parts);
      if (check.kind === 'anonymous') return sendAnonymous(check, parts, noteCreated);
      return check.broken === undefined ? [] : sendInvalid(check, check.broken, parts, isInvalid, noteCreated);
    });
  }
  // Inner things go before what they stand in.
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
}

/** Statuses that say that a request is wrong in itself, and not that the world is not ready for it. */
const WRONG_IN_ITSELF: ReadonlySet<number> = new Set([400, 405, 406, 415, 422]);

async function sendValid(
  { operation, contract }: Check,
  variant: Variant,
  { server, judge, values, known }: RunParts,
  noteCreated: NoteCreated,
): Promise<readonly Finding[] | Skipped> {
  const isDelete = operation.method === 'DELETE';
  const request = withoutKnown(values.request(operation, variant), isDelete, values);
  if (hasUnmadeBody(operation, request)) return new Skipped('Its body is in no form that can be made.');
  const asked = await server.ask(request, contract);
  noteCreated(request, asked, contract);
  const found = judge.judge(operation, asked, 'accepted');
  const status = asked.answer?.status ?? 0;
  if (status === 401 || status === 403) return found.length > 0 ? found : new Skipped(NOT_LET_IN);
  const isWrong = WRONG_IN_ITSELF.has(status);
  if (!isWrong)
    return status >= 400 && status < 500 && found.length === 0
      ? new Skipped(`Answered with ${status}: what it needs is not there.`)
      : found;
  // What was made up may break a rule that no contract can say; what the contract itself shows, or demands, may not.
  const isMadeUp =
    (request.body !== undefined && variant !== 'example') ||
    PLACES.some((where) => Object.keys(request.values[where]).length > 0) ||
    Object.keys(request.values.path).some((name) => known.valuesFor(operation)[name] === undefined);
  const isSure = !isDelete && (status === 405 || status === 415 || (status === 400 && !isMadeUp));
  return [
    ...found,
    findingOf(
      'refuses-valid',
      `It refuses with ${status} what its contract allows.`,
      asked,
      isSure ? 'error' : 'warning',
    ),
  ];
}

/** Places of parameters whose values are made up. */
const PLACES: readonly Place[] = ['query', 'header', 'cookie'];

const NOT_LET_IN = 'It was not let in: give credentials with --bearer or --header.';

function hasUnmadeBody({ requestBody }: Operation, { body }: ProbeRequest): boolean {
  return requestBody?.required === true && body === undefined;
}

/** What deletes is not tried on what others need: that belongs to the lives of things. */
function withoutKnown(request: ProbeRequest, isDelete: boolean, values: RunParts['values']): ProbeRequest {
  if (!isDelete) return request;
  const last = lastParameter(request.operation);
  const stranger = last === undefined ? undefined : values.stranger(last);
  return stranger === undefined ? request : withLastId(request, stranger);
}

/** The parameter at the end of a path, which names a thing. */
function lastParameter({ path, parameters }: Operation): Parameter | undefined {
  const name = [...path.matchAll(/\{([^}]+)\}/g)].at(-1)?.[1];
  return parameters.find((each) => each.in === 'path' && each.name === name);
}

function withLastId(request: ProbeRequest, id: unknown): ProbeRequest {
  const name = lastParameter(request.operation)?.name;
  if (name === undefined) return request;
  return { ...request, values: { ...request.values, path: { ...request.values.path, [name]: id } } };
}

async function sendUnknown(
  { operation, contract }: Check,
  { server, judge, values }: RunParts,
): Promise<readonly Finding[] | Skipped> {
  const request = values.request(operation, 'least');
  const parameter = lastParameter(operation);
  const id = parameter === undefined ? undefined : values.stranger(parameter);
  if (id === undefined) return new Skipped('No id could be made that the contract allows and nothing has.');
  const asked = await server.ask(withLastId(request, id), contract);
  return judge.judge(operation, asked, 'unknown');
}

async function sendAnonymous(
  { operation, contract }: Check,
  { server, judge, values }: RunParts,
  noteCreated: NoteCreated,
): Promise<readonly Finding[] | Skipped> {
  const request = withoutKnown(values.request(operation, 'least'), operation.method === 'DELETE', values);
  const asked = await server.ask({ ...request, isAnonymous: true }, contract);
  noteCreated(request, asked, contract);
  const found = judge.judge(operation, asked, 'any');
  const status = asked.answer?.status ?? 0;
  if (status === 0 || status >= 400) return found;
  return [
    ...found,
    findingOf('lets-everybody-in', `It answers with ${status} to a request without a credential.`, asked),
  ];
}

async function sendInvalid(
  check: Check,
  broken: BrokenPart,
  { server, judge, values }: RunParts,
  isInvalid: InvalidityOf,
  noteCreated: NoteCreated,
): Promise<readonly Finding[] | Skipped> {
  const { operation, contract } = check;
  const request = requestsWith(
    broken,
    withoutKnown(values.request(operation, 'least'), operation.method === 'DELETE' && broken.in !== 'path', values),
    values,
  ).find((each) => isInvalid(each, check));
  if (request === undefined) return new Skipped('Nothing could be made that breaks this.');
  const asked = await server.ask(request, contract);
  noteCreated(request, asked, contract);
  const status = asked.answer?.status;
  const found = judge.judge(operation, asked, 'refused');
  return status === 401 || status === 403 ? (found.length > 0 ? found : new Skipped(NOT_LET_IN)) : found;
}

/** Requests with the part that is broken, in the order in which they are to be tried. */
function requestsWith(broken: BrokenPart, base: ProbeRequest, values: RunParts['values']): readonly ProbeRequest[] {
  const { operation } = base;
  if ('text' in broken) {
    const { text, contentType } = broken;
    const { body: _, contentType: usual, ...rest } = base;
    if (text === '') return [rest];
    return [{ ...rest, text, contentType: contentType ?? usual ?? 'application/json' }];
  }
  if (broken.in === 'body') {
    const [contentType = 'application/json'] = jsonMedia(operation) ?? [];
    return values.brokenBodies(operation, broken.breakage).map((body) => ({ ...base, contentType, body }));
  }
  const { in: where, parameter, breakage } = broken;
  const { [parameter.name]: _, ...others } = base.values[where];
  const withValues = (given: Readonly<Record<string, unknown>>): ProbeRequest => ({
    ...base,
    values: { ...base.values, [where]: given },
  });
  if (breakage.values.length === 0) return [withValues(others)];
  return values
    .brokenParameters(parameter, breakage)
    .map((value) => withValues({ ...others, [parameter.name]: value }));
}

type NoteCreated = (request: ProbeRequest, asked: Asked, contract: Contract) => void;

type InvalidityOf = (request: ProbeRequest, check: Check) => boolean;

/** Whether a request breaks the contract, by what reads requests for the simulator itself. */
function createInvalidity(operation: Operation, { schemas, validation }: RunParts): InvalidityOf {
  const readParameters = createParameterReader(operation, schemas, validation);
  const bodyReader = createBodyReader(operation, schemas, validation, {
    // A null of a patch may be a removal.
    isMergePatch: operation.method === 'PATCH',
    alwaysThere: () => new Set(),
  });
  return (request, { contract }) => {
    const wire = toWire(request, contract, ANYWHERE, {});
    const [path = '', rawQuery = ''] = wire.target.split(/\?(.*)/s);
    const texts = Object.entries(request.values.path).map(([name, value]) => [name, String(value)] as const);
    // An empty value is another path.
    if (texts.some(([, text]) => text === '')) return false;
    const violations: Violation[] = [];
    readParameters({ path: Object.fromEntries(texts), rawPath: path, rawQuery, headers: wire.headers }, violations, []);
    if (bodyReader !== undefined) {
      const bytes = wire.text === undefined || wire.text === '' ? undefined : Buffer.from(wire.text);
      const kind = bytes === undefined ? undefined : bodyReader.kindOf(wire.headers['content-type']);
      if (kind instanceof Refusal) return true;
      bodyReader.read(bytes, kind, violations);
    }
    return violations.length > 0;
  };
}

const ANYWHERE = new URL('http://server');
