import { REDACTED } from '../lib/redacted.ts';
import { loadYaml } from '../lib/text/yaml-library.ts';
import type { Channel } from '../model/channel.ts';
import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import { type GivenId, GivenIds, isNameOfId } from './given-ids.ts';
import { isRecord, toPointer } from './json-values.ts';
import { type RecordedEntry as Entry, recordedOperation } from './recorded-entry.ts';

export interface RecordingOptions {
  readonly contracts: readonly Contract[];
  /** The id of the workflow. Default `recorded`. */
  readonly workflowId?: string;
  /** The folder of the contracts, as seen from where the scenario is going to be. Default `../../specs`. */
  readonly specs?: string;
  /** Where a contract's document is, seen from there; default: by `specs`. */
  readonly urlOf?: (contract: Contract) => string;
  /** Goes through many things in as many turns as that takes. */
  readonly inTurns: <T>(values: Iterable<T>) => AsyncIterable<T>;
}

/**
 * Turns what a tenant did, its transcript, into a scenario: a step for each request, with criteria for what was
 * answered; a step for each event that concerns something in the story; and ids that the simulator gave out bound to
 * the outputs of the steps that they came from, so that the story does not depend on them.
 *
 * @example await recordArazzo(tenant.transcript.lines(), { contracts, inTurns: (values) => tenant.inTurns(values) });
 */
export async function recordArazzo(
  transcript: Iterable<string> | AsyncIterable<string>,
  options: RecordingOptions,
): Promise<string> {
  const recording = new Recording(options);
  for await (const line of transcript) recording.add(JSON.parse(line) as Entry);
  const steps = recording.steps();
  // Step by step, because to write a long story takes long, and others are asked meanwhile.
  let text = write(recording.toDocument(), LINE).replace(/ \[\]\n$/, '\n');
  if (steps.length === 0) return text.replace(/\n$/, ' []\n');
  for await (const step of options.inTurns(steps)) {
    text += write([step], LINE - INDENT).replaceAll(/^(?=.)/gm, ' '.repeat(INDENT));
  }
  return text;
}

/** Characters of a line. */
const LINE = 120;
/** How far the steps of the only workflow stand inside. */
const INDENT = 6;

function write(value: object, lineWidth: number): string {
  return loadYaml().stringify(value, { lineWidth, aliasDuplicateObjects: false });
}

interface RecordedStep {
  readonly stepId: string;
  readonly [member: string]: unknown;
  readonly outputs: Record<string, string>;
}

/** Where an id came from; one that the client brought along stands for itself. */
interface Known {
  readonly step?: RecordedStep;
  readonly pointer: string;
}

/** A fault that lets an answer come, but not whole. */
interface BreakingFault {
  readonly match: Readonly<Record<string, unknown>>;
  /** How often it can still strike. */
  left: number;
}

/** Most criteria that one step gets, besides the status; more would only say again what is stored. */
const MOST_CRITERIA = 8;

class Recording {
  readonly #options: RecordingOptions;
  readonly #steps: RecordedStep[] = [];
  readonly #nameOf = naming('step');
  /** Names of all contracts, so that those of several recordings are the same. */
  readonly #names: ReadonlyMap<Contract, string>;
  readonly #sources = new Set<Contract>();
  /** By value, in the order they became known. */
  readonly #known = new Map<string, Known>();
  readonly #given = new GivenIds<Known>();
  #request: Entry | undefined;
  /** Steps that may get no whole answer, and so are a failure that the story goes on from. */
  readonly #lossy = new Set<RecordedStep>();
  #breaking: BreakingFault[] = [];
  /** Events stand before the request that caused them, because they are committed before it is answered. */
  #events: Entry[] = [];

  constructor(options: RecordingOptions) {
    this.#options = options;
    const nameOf = naming('contract');
    this.#names = new Map(options.contracts.map((each) => [each, nameOf(`${each.system}-${each.name}`)]));
  }

  add(entry: Entry): void {
    if (entry.kind === 'event') this.#events.push(entry);
    if (entry.kind === 'request') this.#request = entry;
    if (entry.kind !== 'response' || this.#request === undefined) return;
    this.#addCall(this.#request, entry);
    this.#request = undefined;
    for (const event of this.#events) this.#addEvent(event);
    this.#events = [];
  }

  /** The steps of the story, each as the document has it. */
  steps(): readonly object[] {
    return this.#stepsInOrder().map(({ outputs, ...step }) => ({
      ...step,
      ...(Object.keys(outputs).length > 0 && { outputs }),
    }));
  }

  /** The document around the steps, once these are known. */
  toDocument(): object {
    const { workflowId = 'recorded', specs = '../../specs' } = this.#options;
    const { urlOf = ({ file }) => `${specs}/${file.split(/[\\/]/).slice(-2).join('/')}` } = this.#options;
    return {
      arazzo: '1.1.0',
      info: { title: 'Recorded', version: '1.0.0', description: 'What a tenant did, as it was recorded.' },
      sourceDescriptions: [...this.#sources].map((contract) => ({
        name: this.#names.get(contract),
        url: urlOf(contract),
        type: contract.format.startsWith('asyncapi') ? 'asyncapi' : 'openapi',
      })),
      workflows: [{ workflowId, steps: [] }],
    };
  }

  #addCall(request: Entry, response: Entry): void {
    const found = recordedOperation(request, this.#options.contracts);
    // Tokens and what no contract describes are the runner's business, or nobody's.
    // What a client had by then it asked about in a header, and headers are not recorded: it would be sent all of it.
    if (found === undefined || response.status === NOT_MODIFIED) return;
    const { contract, operation, path } = found;
    const parameters = [
      ...Object.entries(path).map(([name, value]) => {
        const from = this.#given.inPath(value, name, operation.path);
        return { name, in: 'path', value: this.#bound(value, from) };
      }),
      ...this.#queryOf(operation, request.query ?? ''),
      ...headersOf(operation, keysOf(operation, contract)),
    ];
    // What the client named before anybody sent it is part of the story, too: its events are waited for.
    for (const value of Object.values(path)) this.#learn(value, undefined, '');
    const before = new Set(this.#known.keys());
    const isLost = response.status === NO_ANSWER;
    const isBroken = this.#isBroken(operation);
    const criteria = [isLost ? UNANSWERED : { condition: `$statusCode == ${response.status}` }];
    const step: RecordedStep = {
      stepId: this.#nameOf(operation.id),
      ...this.#targetOf(contract, operation),
      ...(parameters.length > 0 && { parameters }),
      ...(request.body !== undefined && { requestBody: { payload: this.#boundIn(request.body, operation) } }),
      successCriteria: criteria,
      outputs: {},
    };
    this.#steps.push(step);
    if (isLost || isBroken) this.#lossy.add(step);
    this.#noteFaults(operation, request.body);
    if (operation.path.startsWith('/_simulator/clock') || isLost || isBroken) return;
    const given = operation.method === 'POST' ? givenIds(step, operation, request, response) : [];
    criteria.push(...this.#criteriaOf('$response.body', response.body, before, operation, given));
    for (const each of given) this.#given.add(each);
    const sent = JSON.stringify([request.body, request.path, request.query]);
    for (const [keys, value] of leavesOf(response.body)) {
      if (isId(value) && !sent.includes(value)) this.#learn(value, step, `$response.body#${toPointer(keys)}`);
    }
  }

  #addEvent({ channel: address = '', payload }: Entry): void {
    const found = this.#options.contracts
      .flatMap((contract) => contract.channels.map((channel): [Contract, Channel] => [contract, channel]))
      .find(([, channel]) => channel.address === address);
    const own = new Set(leavesOf(payload).map(([, value]) => value));
    const subject = [...this.#known.keys()].findLast((id) => own.has(id));
    if (found === undefined || subject === undefined) return;
    const [contract, channel] = found;
    const before = new Set(this.#known.keys());
    const step: RecordedStep = {
      stepId: this.#nameOf(channel.operationId),
      ...this.#targetOf(contract, channel),
      action: 'receive',
      timeout: 0,
      correlationId: this.#bound(subject),
      successCriteria: this.#criteriaOf('$message.payload', payload, before),
      outputs: {},
    };
    this.#steps.push(step);
    for (const [keys, value] of leavesOf(payload)) {
      if (isId(value) && !keys.some((key) => OF_THE_EVENT.has(key)))
        this.#learn(value, step, `$message.payload#${toPointer(keys)}`);
    }
  }

  /** Whether an answer was cut or garbled: the transcript has it as it would have been. */
  #isBroken({ id, system }: Operation): boolean {
    const fault = this.#breaking.find(
      ({ match, left }) =>
        left > 0 &&
        (match.operationId ?? id) === id &&
        (match.system ?? system) === system &&
        match.channel === undefined,
    );
    if (fault !== undefined) fault.left -= 1;
    return fault !== undefined;
  }

  #noteFaults({ method, path }: Operation, body: unknown): void {
    if (path !== FAULTS) return;
    if (method === 'DELETE') this.#breaking = [];
    if (method !== 'POST' || !isRecord(body) || !isRecord(body.fault) || !isRecord(body.match)) return;
    const { fault, match, times, probability } = body;
    if (fault.truncate !== true && fault.malformed !== true) return;
    const left = typeof times === 'number' && probability === undefined ? times : Number.POSITIVE_INFINITY;
    this.#breaking.push({ match, left });
  }

  /** Where an answer is lost the story goes on with the next step, so one has to come after it. */
  #stepsInOrder(): RecordedStep[] {
    const steps = [...this.#steps];
    const last = steps.at(-1);
    const contract = this.#options.contracts.find(({ operations }) => operations.some(({ id }) => id === AFTERWARDS));
    if (last !== undefined && this.#lossy.has(last) && contract !== undefined) {
      const operationId = `$sourceDescriptions.${this.#sourceOf(contract)}.${AFTERWARDS}`;
      const successCriteria = [{ condition: '$statusCode == 200' }];
      steps.push({ stepId: this.#nameOf(AFTERWARDS), operationId, successCriteria, outputs: {} });
    }
    return steps.map((step, index) => {
      const next = steps[index + 1]?.stepId;
      if (!this.#lossy.has(step) || next === undefined) return step;
      return { ...step, onFailure: [{ name: 'answer-lost', type: 'goto', stepId: next, criteria: [UNANSWERED] }] };
    });
  }

  #queryOf(operation: Operation, query: string): object[] {
    if (query === '') return [];
    const declared = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
    const entries = [...new URLSearchParams(query)];
    // A query language of its own, such as RQL, is one value.
    const isPlain = entries.every(([name, value]) => declared.includes(name) || value !== '');
    if (!isPlain || declared.length === 0) return [{ name: 'query', in: 'querystring', value: query }];
    return entries
      .filter(([, value]) => value !== REDACTED)
      .map(([name, value]) => {
        const from = this.#given.named(value, name, operation.path, true);
        return { name, in: 'query', value: this.#bound(value, from) };
      });
  }

  /** What was said at the first level, without what differs each time; ids only where they are known by then. */
  #criteriaOf(
    root: string,
    body: unknown,
    before: ReadonlySet<string>,
    operation?: Operation,
    given: readonly GivenId<Known>[] = [],
  ): { condition: string }[] {
    const isGiven = (value: unknown, name?: string) => given.some((each) => each.name === name && each.value === value);
    const isSaid = ([keys, value]: [readonly string[], unknown]) =>
      keys.length <= 1 && value !== REDACTED && !keys.some((key) => OF_THE_EVENT.has(key)) && !isGiven(value, keys[0]);
    return leavesOf(body)
      .filter(isSaid)
      .flatMap(([keys, value]) => {
        const place = `${root}${keys.length === 0 ? '' : `#${toPointer(keys)}`}`;
        const from = operation && this.#given.named(value, keys[0] ?? '', operation.path);
        if (from !== undefined) return [{ condition: `${place} == ${this.#bound(String(value), from)}` }];
        if (typeof value === 'string' && before.has(value))
          return [{ condition: `${place} == ${this.#operand(value)}` }];
        if (isTime(value) || (typeof value === 'string' && (value.length > 80 || HOLDS_AN_ID.test(value)))) return [];
        return [{ condition: `${place} == ${literal(value)}` }];
      })
      .slice(0, MOST_CRITERIA);
  }

  #learn(value: string, step: RecordedStep | undefined, pointer: string): void {
    if (!this.#known.has(value)) this.#known.set(value, { pointer, ...(step !== undefined && { step }) });
  }

  /** A value, or the output that it came from. */
  #bound(value: string, known = this.#known.get(value)): string {
    if (known?.step === undefined) return value;
    const { outputs, stepId } = known.step;
    const taken = Object.entries(outputs).find(([, pointer]) => pointer === known.pointer)?.[0];
    const name = taken ?? freeName(outputs, known.pointer.slice(known.pointer.lastIndexOf('/') + 1));
    outputs[name] = known.pointer;
    return `$steps.${stepId}.outputs.${name}`;
  }

  #operand(value: string): string {
    const bound = this.#bound(value);
    return bound === value ? literal(value) : bound;
  }

  #boundIn(value: unknown, operation: Operation, name = ''): unknown {
    const from = this.#given.named(value, name, operation.path);
    if (typeof value === 'string' || from !== undefined) return this.#bound(String(value), from);
    if (Array.isArray(value)) return value.map((item) => this.#boundIn(item, operation, name));
    if (!isRecord(value)) return value;
    // Secrets are not recorded; where one was sent, the simulator makes one.
    const members = Object.entries(value).filter(([, member]) => member !== REDACTED);
    return Object.fromEntries(members.map(([key, member]) => [key, this.#boundIn(member, operation, key)]));
  }

  /** The operation or channel of a step, by its place where its contract gives it no id, or one of several words. */
  #targetOf(contract: Contract, target: Operation | Channel): object {
    const source = `$sourceDescriptions.${this.#sourceOf(contract)}`;
    const placeOf = (pointer: string) => `{${source}.url}#${pointer.replaceAll('%', '%25')}`;
    if ('address' in target) {
      const { operationId, pointer, channelPointer = pointer } = target;
      return /\s/.test(operationId)
        ? { channelPath: placeOf(channelPointer) }
        : { operationId: `${source}.${operationId}` };
    }
    const { id, pointer } = target;
    const isAlone = contract.operations.filter((each) => each.pointer === pointer).length === 1;
    return /\s/.test(id) && isAlone ? { operationPath: placeOf(pointer) } : { operationId: `${source}.${id}` };
  }

  #sourceOf(contract: Contract): string {
    this.#sources.add(contract);
    return this.#names.get(contract) ?? '';
  }
}

/** Gives names of the characters that Arazzo allows in them, none of them twice. */
function naming(otherwise: string): (text: string) => string {
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  return (text) => {
    const wanted = text.replaceAll(/[^A-Za-z0-9_]+/g, '-').replaceAll(/^-+|-+$/g, '') || otherwise;
    let count = counts.get(wanted) ?? 0;
    let name = wanted;
    do {
      count += 1;
      name = count === 1 ? wanted : `${wanted}${count}`;
    } while (taken.has(name));
    counts.set(wanted, count);
    taken.add(name);
    return name;
  };
}

/** The status that a transcript has for a request whose connection was cut. */
const NO_ANSWER = 0;

const NOT_MODIFIED = 304;

const UNANSWERED = { condition: '$statusCode == null' };

const FAULTS = '/_simulator/faults';

/** An operation that can always stand at the end, and changes nothing. */
const AFTERWARDS = 'readClock';

/** Members of messages that say when and for whom, or which message it is, and nothing about the story. */
const OF_THE_EVENT = new Set(['eventId', 'tenantId', 'eventTime', 'timeOcurred']);

/** Every value that is no object or array, with the keys that lead to it. */
function leavesOf(value: unknown, keys: readonly string[] = []): [readonly string[], unknown][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, [...keys, String(index)]));
  if (isRecord(value)) return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...keys, name]));
  return value === undefined || value === null ? [] : [[keys, value]];
}

/** Whether a value looks like one that the simulator made up: a prefixed number, a UUID, a long hexadecimal key. */
function isId(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^([A-Z]{2,8}-(\d{4}-)?\d{4,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24})$/i.test(value)
  );
}

/** The ids that an answer has for what was created, but for those that are known for ids wherever they stand. */
function givenIds(
  step: RecordedStep,
  { path }: Operation,
  { body: sent }: Entry,
  { status = 0, body }: Entry,
): GivenId<Known>[] {
  if (status < 200 || status > 299) return [];
  const brought = leavesOf(sent);
  return leavesOf(body).flatMap(([keys, value]) => {
    const name = keys.at(-1) ?? '';
    if (!isNameOfId(name) || keys.length > 2 || isId(value) || value === REDACTED) return [];
    if (typeof value !== 'string' && typeof value !== 'number') return [];
    if (brought.some(([to, known]) => to.at(-1) === name && known === value)) return [];
    return [{ value, name, path, from: { step, pointer: `$response.body#${toPointer(keys)}` } }];
  });
}

/** For example a link, whose criterion would hold at one seed only. */
const HOLDS_AN_ID = /\b([A-Z]{2,8}-(\d{4}-)?\d{4,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24})\b/i;

function isTime(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

function freeName(outputs: Readonly<Record<string, string>>, wanted: string): string {
  const name = /^[A-Za-z][\w-]*$/.test(wanted) ? wanted : 'id';
  if (outputs[name] === undefined) return name;
  let count = 2;
  while (outputs[`${name}${count}`] !== undefined) count += 1;
  return `${name}${count}`;
}

/** Headers that have to be sent: no recording has them, so that they are what the contract shows. */
function headersOf({ parameters }: Operation, keys: readonly string[]): object[] {
  const values = new Map(keys.map((name) => [name.toLowerCase(), { name, in: 'header', value: 'recorded' }]));
  for (const { in: place, name, required, schema } of parameters) {
    // Tokens are got by whoever plays the story.
    const isLeft = place !== 'header' || !required || /^authorization$/i.test(name) || values.has(name.toLowerCase());
    if (isLeft) continue;
    const { default: usual, examples, enum: choices, format, type } = typeof schema === 'object' ? schema : {};
    const [example] = Array.isArray(examples) ? examples : [];
    const value = usual ?? example ?? choices?.[0] ?? LIKELY[format ?? String(type)] ?? 'recorded';
    values.set(name.toLowerCase(), { name, in: 'header', value: String(value) });
  }
  return [...values.values()];
}

const LIKELY: Readonly<Record<string, string>> = {
  uuid: '00000000-0000-4000-8000-000000000000',
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00Z',
  integer: '1',
  number: '1',
  boolean: 'true',
};

/** Headers that carry a key; a runner only gets tokens of OAuth by itself. */
function keysOf(operation: Operation, contract: Contract): string[] {
  return operation.security.flatMap((requirement) =>
    Object.keys(requirement).flatMap((name) => {
      const scheme = contract.securitySchemes[name];
      return scheme?.type === 'apiKey' && scheme.in === 'header' && scheme.name !== undefined ? [scheme.name] : [];
    }),
  );
}
