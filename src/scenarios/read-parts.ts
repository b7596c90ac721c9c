import { jsonPathMistake, pointerKeys } from '../lib/json-path.ts';
import { isJsonType } from '../lib/json-type.ts';
import type { Action, Parameter, Replacement, RequestBody, WorkflowTarget } from './arazzo-document.ts';
import { type Criterion, CriterionError, compileCriterion, expressionsOfCriterion } from './criteria.ts';
import type { DocumentReader, Members, Part } from './document-reader.ts';
import { parseExpression } from './expressions.ts';
import { isRecord } from './json-values.ts';
import { selectorMistake, selectorType, type Template } from './templates.ts';

const LOCATIONS = ['path', 'query', 'querystring', 'header', 'cookie'] as const;

/** Parameters of a step, workflow or action; those for an operation say where they go, those for a workflow do not. */
export function readParameters(
  reader: DocumentReader,
  members: Members,
  pointer: string,
  { needsIn, isShared = false }: { readonly needsIn: boolean; readonly isShared?: boolean },
): Parameter[] {
  const parameters: Parameter[] = [];
  for (const given of reader.list(members, pointer, 'parameters')) {
    const { part, value: replaced } = followReference(reader, given, 'parameters');
    if (part === undefined) continue;
    const own = reader.members(
      part,
      'A parameter',
      ['name', 'in', 'value'],
      replaced === undefined ? ['name', 'value'] : ['name'],
    );
    if (own === undefined) continue;
    const locations = reader.isModern ? LOCATIONS : LOCATIONS.filter((location) => location !== 'querystring');
    const name = reader.text(own, part.pointer, 'name');
    const location = reader.word(own, part.pointer, 'in', locations);
    if (needsIn && own.in === undefined) {
      reader.report(
        part.pointer,
        `The parameter \`${name ?? ''}\` does not say where it goes.`,
        `Add \`in\`, one of ${locations.join(', ')}.`,
      );
    }
    if (name === undefined) continue;
    if (parameters.some((known) => known.name === name && known.in === location)) {
      reader.report(given.pointer, `The parameter \`${name}\` is given twice.`, 'Remove one of them.');
      continue;
    }
    const value = reader.template(replaced ?? { value: own.value, pointer: `${part.pointer}/value` });
    parameters.push({ name, in: location, value, isShared });
  }
  return parameters;
}

export function readCriteria(reader: DocumentReader, members: Members, pointer: string, name: string): Criterion[] {
  return reader.list(members, pointer, name, { isFilled: name === 'successCriteria' }).flatMap((part) => {
    const own = reader.members(part, 'A criterion', ['condition', 'context', 'type'], ['condition']);
    if (own === undefined) return [];
    // YAML reads a bare `true` as no text, though it is a condition.
    const condition =
      typeof own.condition === 'boolean' ? String(own.condition) : reader.text(own, part.pointer, 'condition');
    if (condition === undefined) return [];
    try {
      const criterion = compileCriterion({ condition, context: own.context, type: own.type });
      for (const expression of expressionsOfCriterion(criterion)) reader.note(expression, `${part.pointer}/condition`);
      return [criterion];
    } catch (error) {
      if (!(error instanceof CriterionError)) throw error;
      reader.mistake(`${part.pointer}/${error.member}`, error.mistake);
      return [];
    }
  });
}

export interface ActionContext {
  readonly stepIds: readonly string[];
  findWorkflow(part: Part, text: string): WorkflowTarget | undefined;
}

export function readActions(
  reader: DocumentReader,
  members: Members,
  pointer: string,
  name: 'onSuccess' | 'onFailure' | 'successActions' | 'failureActions',
  context: ActionContext,
): Action[] {
  const isFailure = name === 'onFailure' || name === 'failureActions';
  const known = [
    'name',
    'type',
    'workflowId',
    'stepId',
    'parameters',
    'criteria',
    ...(isFailure ? ['retryAfter', 'retryLimit'] : []),
  ];
  const actions: Action[] = [];
  for (const given of reader.list(members, pointer, name)) {
    const { part } = followReference(reader, given, isFailure ? 'failureActions' : 'successActions');
    if (part === undefined) continue;
    const own = reader.members(part, `An action of \`${name}\``, known, ['name', 'type']);
    if (own === undefined) continue;
    const action = readAction(reader, own, part.pointer, isFailure, context);
    if (action === undefined) continue;
    if (actions.some((other) => other.name === action.name)) {
      reader.report(given.pointer, `Two actions are named \`${action.name}\`.`, 'Give one of them another name.');
    }
    actions.push(action);
  }
  return actions;
}

export function readRequestBody(reader: DocumentReader, members: Members, pointer: string): RequestBody | undefined {
  if (members.requestBody === undefined) return undefined;
  const part = { value: members.requestBody, pointer: `${pointer}/requestBody` };
  const own = reader.members(part, 'A request body', ['contentType', 'payload', 'replacements']);
  if (own === undefined) return undefined;
  const contentType = reader.text(own, part.pointer, 'contentType');
  const payload =
    own.payload === undefined
      ? undefined
      : readPayload(reader, { value: own.payload, pointer: `${part.pointer}/payload` }, contentType);
  const replacements = reader
    .list(own, part.pointer, 'replacements')
    .flatMap((item) => readReplacement(reader, item, contentType));
  return { contentType, payload, replacements };
}

/** Named outputs of a step or workflow. */
export function readOutputs(
  reader: DocumentReader,
  members: Members,
  pointer: string,
): Readonly<Record<string, Template>> {
  const outputs = reader.map(members, pointer, 'outputs').map(([name, part]): [string, Template] => {
    const isExpression = typeof part.value === 'string' && part.value.startsWith('$');
    const isText = typeof part.value === 'string' && part.value.includes('{$');
    if (isExpression) reader.attempt(part.pointer, () => parseExpression(String(part.value)));
    else if (!isText && isRecord(part.value) && reader.isModern) {
      reader.members(part, 'A selector', ['context', 'selector', 'type'], ['context', 'selector', 'type']);
    } else if (!isText) {
      reader.report(
        part.pointer,
        `The output \`${name}\` is no expression.`,
        'Write for example `$response.body#/id`.',
      );
    }
    // A mistake that has just been reported would be reported again by the template.
    const isBad = isExpression && !isReadable(String(part.value));
    return [name, isBad ? { kind: 'literal', value: undefined } : reader.template(part)];
  });
  return Object.fromEntries(outputs);
}

function isReadable(text: string): boolean {
  try {
    parseExpression(text);
    return true;
  } catch {
    return false;
  }
}

/** A JSON text is read as JSON, so that what stands in its strings is escaped and structures can be put in whole. */
function readPayload(reader: DocumentReader, part: Part, contentType: string | undefined): Template {
  if (typeof part.value !== 'string' || (contentType !== undefined && !isJsonType(contentType)))
    return reader.template(part);
  const text = part.value.trim();
  if (!/^[[{]/.test(text)) return reader.template(part);
  try {
    return reader.template({ value: JSON.parse(text) as unknown, pointer: part.pointer });
  } catch {
    // Such as {"quantity": {$inputs.quantity}}, which is JSON only once it is filled in.
    return reader.template(part);
  }
}

function readReplacement(reader: DocumentReader, part: Part, contentType: string | undefined): Replacement[] {
  const own = reader.members(
    part,
    'A replacement',
    ['target', 'value', ...(reader.isModern ? ['targetSelectorType'] : [])],
    ['target', 'value'],
  );
  const target = own === undefined ? undefined : reader.text(own, part.pointer, 'target');
  if (own === undefined || target === undefined) return [];
  const isXml = contentType !== undefined && /[/+]xml\b/.test(contentType);
  const type = own.targetSelectorType ?? (isXml ? 'xpath' : 'jsonpointer');
  const mistake = selectorMistake(type, ['jsonpointer', 'jsonpath']);
  if (mistake !== undefined) {
    const place = own.targetSelectorType === undefined ? 'target' : 'targetSelectorType';
    reader.report(`${part.pointer}/${place}`, mistake.message, mistake.hint);
    return [];
  }
  const isPath = selectorType(type).name === 'jsonpath';
  const wrong = isPath
    ? jsonPathMistake(target)
    : pointerKeys(target) === undefined
      ? 'it must begin with `/`'
      : undefined;
  if (wrong !== undefined)
    reader.report(
      `${part.pointer}/target`,
      `The target \`${target}\` cannot be read: ${wrong}.`,
      'Correct the target.',
    );
  const value = reader.template({ value: own.value, pointer: `${part.pointer}/value` });
  return [{ target, type: isPath ? 'jsonpath' : 'jsonpointer', value }];
}

function readAction(
  reader: DocumentReader,
  own: Members,
  pointer: string,
  isFailure: boolean,
  context: ActionContext,
): Action | undefined {
  const name = reader.text(own, pointer, 'name');
  const type = reader.word(
    own,
    pointer,
    'type',
    isFailure ? (['end', 'goto', 'retry'] as const) : (['end', 'goto'] as const),
  );
  const stepId = reader.text(own, pointer, 'stepId');
  const workflowId = reader.text(own, pointer, 'workflowId');
  if (stepId !== undefined && workflowId !== undefined) {
    reader.report(
      pointer,
      'An action leads to a step or to a workflow, not to both.',
      'Remove `stepId` or `workflowId`.',
    );
  }
  if (type === 'goto' && own.stepId === undefined && own.workflowId === undefined) {
    reader.report(pointer, '`goto` does not say where to.', 'Add `stepId` or `workflowId`.');
  }
  if (type === 'end' && (own.stepId !== undefined || own.workflowId !== undefined)) {
    reader.report(pointer, '`end` leads nowhere.', 'Remove `stepId` and `workflowId`, or write `type: goto`.');
  }
  if (stepId !== undefined && !context.stepIds.includes(stepId)) {
    reader.report(
      `${pointer}/stepId`,
      `This workflow has no step \`${stepId}\`.`,
      reader.suggest(stepId, context.stepIds),
    );
  }
  const workflow =
    workflowId === undefined
      ? undefined
      : context.findWorkflow({ value: workflowId, pointer: `${pointer}/workflowId` }, workflowId);
  const parameters = readParameters(reader, own, pointer, { needsIn: false });
  if (parameters.some((parameter) => parameter.in !== undefined)) {
    reader.report(
      `${pointer}/parameters`,
      'Parameters of an action are inputs of a workflow and have no `in`.',
      'Remove `in`.',
    );
  }
  const criteria = readCriteria(reader, own, pointer, 'criteria');
  const retryAfter = reader.amount(own, pointer, 'retryAfter') ?? 0;
  const retryLimit = reader.amount(own, pointer, 'retryLimit', { isWhole: true }) ?? 1;
  return name === undefined || type === undefined
    ? undefined
    : { name, type, stepId, workflow, parameters, criteria, retryAfter, retryLimit };
}

/** What a reusable object refers to, with the value that it sets; any other part as it is. */
function followReference(reader: DocumentReader, part: Part, expected: string): { part?: Part; value?: Part } {
  if (!isRecord(part.value) || part.value.reference === undefined) return { part };
  const place = `${part.pointer}/reference`;
  const reference = String(part.value.reference);
  const expression = reader.attempt(place, () => parseExpression(reference));
  if (expression === undefined) return {};
  if (expression.kind !== 'component' || expression.type !== expected) {
    reader.report(
      place,
      `\`${reference}\` is no reference to such an object.`,
      `Write \`$components.${expected}.<name>\`.`,
    );
    return {};
  }
  const root = reader.document.value as Members;
  const components = isRecord(root.components) ? root.components : {};
  const group = components[expected];
  const known = isRecord(group) ? group : {};
  const value = known[expression.name];
  if (value === undefined) {
    reader.report(
      place,
      `The components have no ${expected} \`${expression.name}\`.`,
      reader.suggest(expression.name, Object.keys(known)),
    );
    return {};
  }
  return {
    part: { value, pointer: `/components/${expected}/${expression.name.replaceAll('~', '~0').replaceAll('/', '~1')}` },
    ...(part.value.value !== undefined && { value: { value: part.value.value, pointer: `${part.pointer}/value` } }),
  };
}
