import type { Action, Parameter, Step, StepDependency, StepTarget } from './arazzo-document.ts';
import type { DocumentReader, Members, Part } from './document-reader.ts';
import {
  type FindDocument,
  type FoundOperation,
  findByPath,
  findOperationId,
  findWorkflowId,
  type LinkedSource,
} from './link-sources.ts';
import {
  type ActionContext,
  readActions,
  readCriteria,
  readOutputs,
  readParameters,
  readRequestBody,
} from './read-parts.ts';

/** What a step needs to know of its workflow and document. */
export interface StepContext extends ActionContext {
  readonly workflowIds: readonly string[];
  readonly sources: readonly LinkedSource[];
  readonly findDocument: FindDocument;
  readonly parameters: readonly Parameter[];
  readonly successActions: readonly Action[];
  readonly failureActions: readonly Action[];
}

const TARGETS = ['operationId', 'operationPath', 'channelPath', 'workflowId'] as const;
const MEMBERS = [
  ...['stepId', 'description', 'operationId', 'operationPath', 'workflowId', 'parameters', 'requestBody'],
  ...['successCriteria', 'onSuccess', 'onFailure', 'outputs'],
];
const MODERN_MEMBERS = ['channelPath', 'timeout', 'correlationId', 'action', 'dependsOn'];

/** Reads a step; `undefined` where it has no id or leads nowhere, which has been reported then. */
export function readStep(reader: DocumentReader, part: Part, context: StepContext): Step | undefined {
  const { pointer } = part;
  const members = stepMembers(reader, part);
  const stepId = members === undefined ? undefined : reader.text(members, pointer, 'stepId');
  if (members === undefined || stepId === undefined) return undefined;
  const target = readTarget(reader, members, pointer, context);
  const parameters = readParameters(reader, members, pointer, { needsIn: members.workflowId === undefined });
  const shared = context.parameters.filter(
    (one) => !parameters.some((own) => own.name === one.name && own.in === one.in),
  );
  const all = [...shared, ...parameters];
  if (target?.kind === 'operation') checkPathParameters(reader, pointer, target, all);
  const successCriteria = readCriteria(reader, members, pointer, 'successCriteria');
  const onSuccess = readActions(reader, members, pointer, 'onSuccess', context);
  const onFailure = readActions(reader, members, pointer, 'onFailure', context);
  const step = {
    stepId,
    description: reader.text(members, pointer, 'description'),
    parameters: all,
    requestBody: readRequestBody(reader, members, pointer),
    successCriteria,
    onSuccess: withShared(onSuccess, context.successActions),
    onFailure: withShared(onFailure, context.failureActions),
    outputs: readOutputs(reader, members, pointer),
    timeout: reader.amount(members, pointer, 'timeout', { isWhole: true }),
    dependsOn: readDependencies(reader, members, pointer, context),
    line: () => reader.document.locate(pointer).line,
  };
  return target === undefined ? undefined : { ...step, target };
}

function stepMembers(reader: DocumentReader, part: Part): Members | undefined {
  const members = reader.members(part, 'A step', reader.isModern ? [...MEMBERS, ...MODERN_MEMBERS] : MEMBERS, [
    'stepId',
  ]);
  if (members === undefined || reader.isModern) return members;
  // The general message would not say that only the version is too low.
  for (const [index, problem] of reader.problems.entries()) {
    const name = /^A step has no member `(\w+)`\.$/.exec(problem.message)?.[1];
    if (name !== undefined && MODERN_MEMBERS.includes(name)) {
      reader.problems[index] = { ...problem, hint: 'It came with Arazzo 1.1: write `arazzo: 1.1.0`.' };
    }
  }
  return members;
}

function readTarget(
  reader: DocumentReader,
  members: Members,
  pointer: string,
  context: StepContext,
): StepTarget | undefined {
  const given = TARGETS.filter((name) => members[name] !== undefined);
  const [kind] = given;
  if (kind === undefined) {
    reader.report(pointer, 'The step calls nothing.', `Add one of ${TARGETS.join(', ')}.`);
    return undefined;
  }
  if (given.length > 1) {
    reader.report(
      pointer,
      `The step has ${given.map((name) => `\`${name}\``).join(' and ')}, which exclude each other.`,
      'Keep one of them.',
    );
    return undefined;
  }
  const action = reader.word(members, pointer, 'action', ['send', 'receive'] as const);
  const text = reader.text(members, pointer, kind);
  if (text === undefined) return undefined;
  const part = { value: text, pointer: `${pointer}/${kind}` };
  if (kind === 'workflowId') {
    for (const name of ['action', 'correlationId']) {
      if (members[name] === undefined) continue;
      reader.report(`${pointer}/${name}`, `A step that calls a workflow has no \`${name}\`.`, 'Remove it.', {
        onKey: true,
      });
    }
    const workflow = findWorkflowId(reader, part, text, context.workflowIds, context.sources, context.findDocument);
    return workflow === undefined ? undefined : { kind: 'workflow', workflow };
  }
  const found =
    kind === 'operationId'
      ? findOperationId(reader, part, text, context.sources)
      : findByPath(reader, part, text, kind, context.sources, action);
  if (kind === 'channelPath' && members.action === undefined) {
    reader.report(
      pointer,
      'The step does not say what it does with the channel.',
      'Add `action: receive` or `action: send`.',
    );
  }
  return toTarget(reader, members, pointer, action, found);
}

function toTarget(
  reader: DocumentReader,
  members: Members,
  pointer: string,
  action: 'send' | 'receive' | undefined,
  found: FoundOperation | undefined,
): StepTarget | undefined {
  if (found?.operation !== undefined) {
    for (const name of ['action', 'correlationId']) {
      if (members[name] === undefined) continue;
      reader.report(
        `${pointer}/${name}`,
        `\`${found.operation.id}\` is no channel, so that \`${name}\` says nothing.`,
        'Remove it.',
        { onKey: true },
      );
    }
    return { kind: 'operation', operation: found.operation, contract: found.contract };
  }
  // What the application sends, a scenario receives.
  const intent = action ?? (found?.channel?.direction === 'receive' ? 'send' : 'receive');
  if (
    members.correlationId !== undefined &&
    (action === undefined ? found !== undefined && intent === 'send' : action === 'send')
  ) {
    reader.report(
      `${pointer}/correlationId`,
      'Only a step that receives has a `correlationId`.',
      'Remove it, or write `action: receive`.',
      { onKey: true },
    );
  }
  const correlationId =
    members.correlationId === undefined
      ? undefined
      : reader.template({ value: members.correlationId, pointer: `${pointer}/correlationId` });
  if (found?.channel === undefined) return undefined;
  return { kind: 'channel', action: intent, channel: found.channel, contract: found.contract, correlationId };
}

function checkPathParameters(
  reader: DocumentReader,
  pointer: string,
  { operation }: Extract<StepTarget, { kind: 'operation' }>,
  parameters: readonly Parameter[],
): void {
  const needed = [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
  const given = parameters.filter((parameter) => parameter.in === 'path');
  for (const { name, isShared } of given) {
    if (needed.includes(name) || isShared) continue;
    reader.report(
      `${pointer}/parameters`,
      `The path of \`${operation.id}\` has no parameter \`${name}\`.`,
      reader.suggest(name, needed),
      { onKey: true },
    );
  }
  for (const name of needed) {
    if (given.some((parameter) => parameter.name === name)) continue;
    reader.report(
      pointer,
      `\`${operation.id}\` needs the path parameter \`${name}\`.`,
      `Add a parameter \`${name}\` with \`in: path\`.`,
    );
  }
}

function readDependencies(
  reader: DocumentReader,
  members: Members,
  pointer: string,
  context: StepContext,
): StepDependency[] {
  const dependencies: StepDependency[] = [];
  for (const { value, pointer: place } of reader.list(members, pointer, 'dependsOn', { isFilled: true })) {
    const text = String(value);
    if (dependencies.some((known) => known.text === text)) {
      reader.report(place, `\`${text}\` is named twice.`, 'Remove one of them.');
      continue;
    }
    const other = /^(?:\$workflows|\$sourceDescriptions\.[\w-]+)\.([\w-]+)\.steps\.([\w-]+)$/.exec(text);
    if (other !== null) {
      dependencies.push({ text, workflowId: other[1] ?? '', stepId: other[2] ?? '' });
      if (text.startsWith('$workflows') && !context.workflowIds.includes(other[1] ?? '')) {
        reader.report(
          place,
          `This document has no workflow \`${other[1]}\`.`,
          reader.suggest(other[1] ?? '', context.workflowIds),
        );
      }
    } else if (context.stepIds.includes(text)) dependencies.push({ text, stepId: text });
    else if (text.startsWith('$')) {
      reader.report(
        place,
        `\`${text}\` names no step.`,
        'Write the `stepId`, or `$workflows.<workflowId>.steps.<stepId>`.',
      );
    } else reader.report(place, `This workflow has no step \`${text}\`.`, reader.suggest(text, context.stepIds));
  }
  return dependencies;
}

function withShared(own: readonly Action[], shared: readonly Action[]): Action[] {
  return [...own, ...shared.filter((action) => !own.some(({ name }) => name === action.name))];
}
