import { bareWord } from '../lib/bare-word.ts';
import { isJsonType } from '../lib/json-type.ts';
import { CONTROL_SYSTEM, type Contract } from '../model/contract.ts';
import { isSafe, type Operation, type Parameter } from '../model/operation.ts';
import type { Binding, Resource } from '../model/resource.ts';
import type { Schema } from '../model/schema.ts';
import type { SchemaResolver } from '../model/schema-resolver.ts';
import { type Breakage, breakagesOf } from './break-schema.ts';
import { CHECK_KINDS, type CheckKind } from './findings.ts';
import type { Place } from './request.ts';

/** One check, before it is made. */
export interface Check {
  readonly kind: CheckKind;
  readonly contract: Contract;
  readonly operation: Operation;
  readonly title: string;
  /** Requests that it takes at most. */
  readonly cost: number;
  /** For `invalid`: what of the request is broken. */
  readonly broken?: BrokenPart;
  /** For `stateful`: what is created, read, listed, changed and deleted. */
  readonly life?: Life;
  /** For `valid`: which of the valid requests. */
  readonly variant?: Variant;
}

/** How much of what may be sent is sent. */
export type Variant = 'example' | 'full' | 'least';

export type BrokenPart =
  | { readonly in: Place; readonly parameter: Parameter; readonly breakage: Breakage }
  | { readonly in: 'body'; readonly breakage: Breakage }
  | { readonly in: 'body'; readonly text: string; readonly contentType?: string };

/** The operations of one kind of thing. */
export interface Life {
  readonly resource: Resource;
  readonly create: BoundOperation;
  readonly read?: BoundOperation;
  readonly list?: BoundOperation;
  readonly change?: BoundOperation;
  readonly delete?: BoundOperation;
}

export interface BoundOperation {
  readonly operation: Operation;
  readonly binding: Binding;
}

export interface PlanOptions {
  /** Patterns of operation ids, or of `METHOD /path`; `*` stands for any text. */
  readonly filter?: readonly string[];
  /** Only what changes nothing. */
  readonly isReadOnly?: boolean;
  /** Requests altogether. */
  readonly maxRequests: number;
  /** Whether there is anything to leave out, for checks without a credential. */
  readonly hasCredential: boolean;
}

/** What is going to be done, and what there is no room for. */
export interface Plan {
  readonly checks: readonly Check[];
  /** Checks beyond the bound on requests. */
  readonly left: readonly Check[];
  /** Requests that it takes at most. */
  readonly cost: number;
}

/** Constraints of one operation that are broken one by one. */
const MOST_BROKEN = 200;

/**
 * Plans the checks of contracts: first the lives of things, whose ids the others use; then valid requests, unknown ids,
 * requests without a credential, and every constraint broken once. Where there are more than requests may be made, each
 * operation gets as much as the next.
 *
 * @example planChecks(contracts, schemas, { maxRequests: 1_000, hasCredential: true }).checks.length
 */
export function planChecks(contracts: readonly Contract[], schemas: SchemaResolver, options: PlanOptions): Plan {
  const { filter, isReadOnly = false, maxRequests } = options;
  const isWanted = matcherOf(filter);
  const all = contracts
    .filter(({ system }) => system !== CONTROL_SYSTEM)
    .flatMap((contract) => {
      const wanted = contract.operations.filter(
        (operation) => isWanted(operation) && (!isReadOnly || isSafe(operation)),
      );
      return [
        ...(isReadOnly ? [] : livesOf(contract, wanted)),
        ...wanted.flatMap((operation) => checksOf(operation, contract, schemas, options)),
      ];
    });
  const checks: Check[] = [];
  const left: Check[] = [];
  let cost = 0;
  for (const check of fairly(all)) {
    if (cost + check.cost > maxRequests) left.push(check);
    else {
      checks.push(check);
      cost += check.cost;
    }
  }
  return { checks: checks.toSorted((a, b) => all.indexOf(a) - all.indexOf(b)).toSorted(byKind), left, cost };
}

function byKind(a: Check, b: Check): number {
  return CHECK_KINDS.indexOf(a.kind) - CHECK_KINDS.indexOf(b.kind);
}

/** Kind after kind, and within a kind the first check of every operation, then the second of every one. */
function fairly(checks: readonly Check[]): readonly Check[] {
  const counts = new Map<string, number>();
  return checks
    .map((check) => {
      const key = `${check.kind} ${check.operation.system} ${check.operation.contract} ${check.operation.id}`;
      const turn = counts.get(key) ?? 0;
      counts.set(key, turn + 1);
      return { check, turn };
    })
    .toSorted((a, b) => byKind(a.check, b.check) || a.turn - b.turn)
    .map(({ check }) => check);
}

function matcherOf(patterns: readonly string[] | undefined): (operation: Operation) => boolean {
  if (patterns === undefined || patterns.length === 0) return () => true;
  const tests = patterns.map(toPattern);
  return ({ id, method, path, system, contract }) =>
    tests.some((each) =>
      [id, `${method} ${path}`, path, `${system}/${contract}/${id}`].some((name) => each.test(name)),
    );
}

/**
 * A text in which `*` stands for any.
 *
 * @example toPattern('GET /v1/*').test('GET /v1/orders') // true
 */
export function toPattern(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}

/** The kinds of things that requests create, outer ones first: inner ones stand in them. */
function livesOf(contract: Contract, operations: readonly Operation[]): readonly Check[] {
  const lives = contract.resources.flatMap((resource): Life[] => {
    const boundTo = (...roles: readonly string[]): BoundOperation | undefined => {
      for (const role of roles)
        for (const binding of resource.bindings ?? []) {
          if (binding.role !== role || binding.contract !== contract.name || binding.copies === true) continue;
          const operation = operations.find(({ id }) => id === binding.operation);
          if (operation !== undefined) return { operation, binding };
        }
      return undefined;
    };
    const create = boundTo('create');
    if (create === undefined || resource.isSingleton === true) return [];
    const [read, list, change, gone] = [
      boundTo('read'),
      boundTo('list'),
      boundTo('merge', 'replace'),
      boundTo('delete'),
    ];
    return [
      {
        resource,
        create,
        ...(read !== undefined && read.binding.byProperty === undefined && { read }),
        ...(list !== undefined && { list }),
        ...(change !== undefined && { change }),
        ...(gone !== undefined && { delete: gone }),
      },
    ];
  });
  return lives
    .toSorted((a, b) => parametersIn(a.create.operation) - parametersIn(b.create.operation))
    .map((life) => ({
      kind: 'stateful',
      contract,
      operation: life.create.operation,
      title: `the life of ${life.resource.name}: ${['created', life.read && 'read', life.list && 'listed', life.change && 'changed', life.delete && 'deleted'].filter(Boolean).join(', ')}`,
      cost: LIFE_COST,
      life,
    }));
}

/** Requests that a life takes at most. */
const LIFE_COST = 24;

function parametersIn({ path }: Operation): number {
  return path.split('{').length;
}

function checksOf(
  operation: Operation,
  contract: Contract,
  schemas: SchemaResolver,
  { hasCredential }: PlanOptions,
): readonly Check[] {
  const about = { contract, operation, cost: 1 };
  const invalid = brokenParts(operation, schemas).slice(0, MOST_BROKEN);
  const variants = variantsOf(operation, schemas);
  const isRead = operation.method === 'GET' && /\{[^}]+\}$/.test(operation.path);
  return [
    ...variants.map(
      (variant): Check => ({ ...about, kind: 'valid', title: `a valid request, ${VARIANTS[variant]}`, variant }),
    ),
    ...(isRead ? [{ ...about, kind: 'unknown' as const, title: 'an id that nothing has' }] : []),
    ...(hasCredential && operation.security.length > 0
      ? [{ ...about, kind: 'anonymous' as const, title: 'a request without a credential' }]
      : []),
    ...invalid.map((broken): Check => ({ ...about, kind: 'invalid', title: titleOf(broken), broken })),
  ];
}

const VARIANTS: Readonly<Record<Variant, string>> = {
  example: 'as the contract shows one',
  full: 'with all that may be sent',
  least: 'with what must be sent',
};

/** Which valid requests differ at all. */
function variantsOf({ parameters, requestBody }: Operation, schemas: SchemaResolver): readonly Variant[] {
  const media = Object.values(requestBody?.content ?? {});
  const hasExample = media.some(({ examples }) => Object.keys(examples).length > 0);
  const hasOptional =
    parameters.some(({ required }) => !required) ||
    media.some(({ schema }) => schemas.members(schema).size > schemas.required(schema).size);
  return ['least', ...(hasOptional ? (['full'] as const) : []), ...(hasExample ? (['example'] as const) : [])];
}

function brokenParts(operation: Operation, schemas: SchemaResolver): readonly BrokenPart[] {
  const parts: BrokenPart[] = [];
  for (const parameter of operation.parameters) {
    if (parameter.in === 'querystring' || parameter.contentType !== undefined) continue;
    const where = parameter.in;
    // What is written in a path or header is a text always, and never null.
    const found = breakagesOf(parameter.schema, schemas).filter(
      ({ what, path }) => what !== 'is null' && path.length < 2,
    );
    parts.push(...found.map((breakage) => ({ in: where, parameter, breakage })));
    if (parameter.required && where !== 'path') {
      const breakage: Breakage = { path: [], what: 'is missing', values: [] };
      parts.push({ in: where, parameter, breakage });
    }
  }
  const json = jsonMedia(operation);
  if (json === undefined) return parts;
  const [contentType, schema] = json;
  if (operation.requestBody?.required === true) parts.push({ in: 'body', text: '' });
  parts.push({ in: 'body', text: '{"unfinished": ', contentType });
  parts.push(...breakagesOf(schema, schemas).map((breakage) => ({ in: 'body' as const, breakage })));
  return parts;
}

/**
 * The first JSON that an operation takes.
 *
 * @example jsonMedia(operation)?.[0] // 'application/json'
 */
export function jsonMedia({ requestBody }: Operation): readonly [contentType: string, schema: Schema] | undefined {
  const found = Object.entries(requestBody?.content ?? {}).filter(
    ([type]) => isJsonType(type) && !/json-patch/.test(type),
  );
  const [type, media] = found.find(([each]) => /^application\/json\b/.test(each)) ?? found[0] ?? [];
  return type === undefined || media === undefined ? undefined : [type, media.schema ?? true];
}

function titleOf(broken: BrokenPart): string {
  if ('text' in broken) return broken.text === '' ? 'no body' : 'a body that is no JSON';
  const { path, what } = broken.breakage;
  const place =
    broken.in === 'body'
      ? `body${path.map((name) => `/${name}`).join('')}`
      : `${broken.in} ${broken.parameter.name}${path.length > 0 ? ' item' : ''}`;
  return `${place} ${what}`;
}

/** Whether a name is that of the id of a kind of thing. */
export function isIdOf(name: string, { name: thing, idProperty, idParameter }: Resource): boolean {
  const word = bareWord(name);
  if (word === 'id') return false;
  return (
    word === bareWord(idParameter ?? '') ||
    word === `${bareWord(thing)}id` ||
    (word !== 'id' && word === bareWord(idProperty))
  );
}
