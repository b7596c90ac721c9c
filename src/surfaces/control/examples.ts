import type { Registry } from '../../engine/registry.ts';
import type { ReadWork } from '../../engine/state/work.ts';
import { createChance } from '../../engine/values/random.ts';
import type { Channel } from '../../model/channel.ts';
import type { Contract } from '../../model/contract.ts';
import { type Operation, operationKey, type Parameter } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';

export interface ExampleHandlersOptions {
  readonly registry: Registry;
  /** Makes values; loaded when first asked for. */
  readonly generator: () => Promise<ValueMaker>;
}

interface ValueMaker {
  generate(schema: Schema, random: () => number, options?: { readonly now?: string }): unknown;
}

/** Examples are the same for everybody: they depend on what they are for, and on no tenant's seed. */
const EXAMPLES = createChance(1);

/**
 * Answers what each operation and channel of a contract takes, with a valid example in the words of this tenant: ids are
 * those of things that are there.
 *
 * @example createExampleHandlers({ registry, generator }, served).readExamples({ tenant, command, base });
 */
export function createExampleHandlers(
  { registry, generator }: ExampleHandlersOptions,
  served: (context: ControlContext) => Contract,
) {
  return {
    readExamples: async (context: ControlContext) => {
      const contract = served(context);
      const values = await generator();
      const body = context.tenant.read((work) => ({
        basePath: contract.basePath,
        operations: contract.operations.map((operation) => toOperation(operation, work, registry, values)),
        channels: contract.channels.map((channel) => toChannel(channel, work, values)),
      }));
      return { status: 200, body };
    },
  } satisfies Record<string, ControlHandler>;
}

function toOperation(operation: Operation, work: ReadWork, registry: Registry, values: ValueMaker) {
  const { id, method, path, summary, description, parameters, requestBody, responses, security } = operation;
  const [contentType, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const make = (schema: Schema | undefined, ...purpose: string[]) =>
    madeOrNothing(() =>
      values.generate(schema ?? {}, EXAMPLES.source('example', id, ...purpose), { now: work.nowText }),
    );
  const shown = Object.values(media?.examples ?? {})[0];
  return {
    operationId: id,
    method,
    path,
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    isSecured: security.length > 0,
    parameters: parameters.map((parameter) => ({
      name: parameter.name,
      in: parameter.in,
      required: parameter.required,
      ...(parameter.description !== undefined && { description: parameter.description }),
      ...(parameter.required && {
        example: idFor(operation, parameter, work, registry) ?? make(parameter.schema, parameter.name),
      }),
    })),
    ...(contentType !== undefined && {
      body: { contentType, example: shown ?? make(media?.schema, 'body') ?? null },
    }),
    responses: Object.keys(responses),
  };
}

/** The id of something that is there, where a path names such a thing. */
function idFor(operation: Operation, { name, in: place }: Parameter, work: ReadWork, registry: Registry): unknown {
  if (place !== 'path') return undefined;
  const { item } = registry.operation(operationKey(operation));
  const entry = registry.resources.find(({ collection, resource, isId }) =>
    item?.parameter === name ? collection === item.collection : resource.system === operation.system && isId(name),
  );
  const [first] = entry === undefined ? [] : work.query(entry.collection, { limit: 1 }).items;
  return first === undefined ? undefined : entry?.idOf(first);
}

function toChannel(channel: Channel, work: ReadWork, values: ValueMaker) {
  const { address, direction, description, messages } = channel;
  const [message] = messages;
  const random = EXAMPLES.source('example', address);
  const example = madeOrNothing(() => values.generate(message?.payload ?? {}, random, { now: work.nowText }));
  return {
    address,
    direction,
    ...(description !== undefined && { description }),
    messages: messages.map(({ name }) => name),
    ...(example !== undefined && { example }),
  };
}

/** A schema that nothing fits has no example; the rest of the contract has. */
function madeOrNothing(make: () => unknown): unknown {
  try {
    return make();
  } catch {
    return undefined;
  }
}
