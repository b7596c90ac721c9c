import { CONTROL_SYSTEM, type Contract } from '../../model/contract.ts';
import { createSchemaResolver } from '../../model/schema-resolver.ts';
import { contentOf } from './ask.ts';
import { contractTools } from './call-operation.ts';
import { type OperationToolParts, operationTool } from './operation-tool.ts';
import { ADDS, CHANGES, prefixOf, READS, REPLACES, TENANT_ARGUMENT, type Tool } from './tool.ts';

/** The tools that are operations of the control API, by operation id; their arguments are in its contract. */
const CONTROL_TOOLS: Readonly<Record<string, OperationToolParts>> = {
  listTimers: {
    name: 'due_next',
    description: 'Lists what is going to happen, when, for what, and what set it: bills, dunning, callbacks, retries.',
    hints: READS,
  },
  advanceClock: {
    name: 'advance_clock',
    description:
      'Lets the time of the world pass, by a duration such as P30D, to a time, or to what is due next, and answers what happened on the way.',
    hints: CHANGES,
  },
  listEntities: {
    name: 'find_entities',
    description:
      'Finds things in a collection such as connectx/Customer: filter, sort and page. A wrong name is answered with those there are.',
    hints: READS,
  },
  listRequests: {
    name: 'list_requests',
    description: 'Lists what clients have asked and been answered, with what broke a contract and which fault struck.',
    hints: READS,
  },
  listActivity: {
    name: 'list_activity',
    description:
      'Lists everything that has happened, in order: requests, events, timers, deliveries, attempts, moves of the clock, faults. Their ids are what explain takes.',
    hints: READS,
  },
  readTrace: {
    name: 'explain',
    description:
      'Explains one thing that has happened: the tree it belongs to, from the first cause down to every effect.',
    hints: READS,
  },
  readDiff: {
    name: 'changes_since',
    description: 'Lists what has been created, changed and deleted since a snapshot.',
    hints: READS,
    without: ['tenant'],
  },
  takeSnapshot: {
    name: 'snapshot',
    description: 'Keeps the world as it stands, clock and records and all; restore goes back to it.',
    hints: ADDS,
  },
  restoreSnapshot: {
    name: 'restore',
    description: 'Goes back to a snapshot: what has happened since is undone.',
    hints: REPLACES,
  },
  forkTenant: {
    name: 'fork_tenant',
    description: 'Makes another tenant, named `name`, that starts as a copy of this one: to try something beside it.',
    hints: ADDS,
  },
  runAction: {
    name: 'run_action',
    description:
      'Does what the contracts offer no operation for, such as connectx/record-payment. A wrong name is answered with the nearest, a wrong input with what is wanted.',
    hints: CHANGES,
  },
  addFault: {
    name: 'add_fault',
    description:
      'Lets something go wrong: a status, silence, a lost answer, a dropped or doubled event, for what matches.',
    hints: ADDS,
  },
  playStory: {
    name: 'run_story',
    description: 'Plays a story, a scripted scenario, in a tenant that begins anew, and answers how each step went.',
    hints: CHANGES,
  },
  verifyRequests: {
    name: 'verify_requests',
    description: 'Counts the requests that fit a pattern, and shows the nearest misses member by member.',
    hints: READS,
  },
  readTranscript: {
    name: 'save_as_story',
    description: 'Writes what was done in the tenant as a story (an Arazzo document) that can be played again.',
    hints: READS,
    fixed: { as: 'arazzo' },
  },
};

/**
 * The tools that agents are offered, in an order that stays: what is served decides their schemas, nothing else.
 *
 * @example createTools(contracts).find(({ name }) => name === 'advance_clock')?.inputSchema
 */
export function createTools(contracts: readonly Contract[]): readonly Tool[] {
  const control = contracts.filter(({ system }) => system === CONTROL_SYSTEM);
  const schemas = createSchemaResolver(control);
  const operations = new Map(control.flatMap((contract) => contract.operations).map((each) => [each.id, each]));
  const named = Object.entries(CONTROL_TOOLS).flatMap(([id, parts]) => {
    const operation = operations.get(id);
    return operation === undefined ? [] : [operationTool(operation, parts, schemas)];
  });
  return [statusTool(), ...contractTools(contracts.filter(({ system }) => system !== CONTROL_SYSTEM)), ...named];
}

function statusTool(): Tool {
  return {
    name: 'status',
    title: 'See where things stand',
    description:
      'Answers what is simulated, which tenants there are, and the time of the tenant with how much is due. The first thing to call.',
    inputSchema: { type: 'object', properties: { ...TENANT_ARGUMENT }, additionalProperties: false },
    annotations: READS,
    async run(args, ask) {
      const read = async (path: string) => contentOf(await ask({ method: 'GET', path, headers: {} }));
      const tenants = (await read('/_simulator/tenants?limit=1000')) as { readonly items: readonly { name: string }[] };
      const { tenant = 'default' } = args;
      const isThere = tenants.items.some(({ name }) => name === tenant);
      return {
        simulator: await read('/_simulator/health'),
        tenants: tenants.items,
        tenant,
        // To ask for the time of a tenant that nobody has used is a mistake to the control API; here it is where one begins.
        ...(isThere && { clock: await read(`${prefixOf(args)}/_simulator/clock`) }),
        ...(!isThere && {
          note: `The tenant "${String(tenant)}" begins with the first operation, action or move of its clock.`,
        }),
      };
    },
  };
}
