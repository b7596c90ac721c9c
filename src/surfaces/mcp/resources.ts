import { CONTROL_SYSTEM, type Contract } from '../../model/contract.ts';
import { type Ask, contentOf, ToolFailure } from './ask.ts';

/** What can be read by address, in the list of resources. */
interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
}

/** Where the resources of one tenant stand. */
export const TEMPLATES = [
  {
    uriTemplate: 'simulator://tenants/{tenant}/policies',
    name: 'policies',
    title: 'Policies of a tenant',
    description: 'What the contracts do not say and is decided by number: bill days, dunning, time-outs.',
    mimeType: 'application/json',
  },
  {
    uriTemplate: 'simulator://tenants/{tenant}/activity',
    name: 'activity',
    title: 'Activity of a tenant',
    description: 'The beginning of everything that has happened, in order.',
    mimeType: 'application/json',
  },
  {
    uriTemplate: 'simulator://contracts/{system}/{name}',
    name: 'contract',
    title: 'A contract',
    description: 'The document that a system is served from.',
    mimeType: 'text/plain',
  },
] as const;

const COVERAGE: ListedResource = {
  uri: 'simulator://coverage',
  name: 'coverage',
  title: 'Coverage',
  description: 'Which operations, answers, channels, moves and faults have been exercised, in all tenants together.',
  mimeType: 'application/json',
};

/**
 * The resources that have an address without a choice: every contract, coverage, and what belongs to the tenant
 * `default`.
 *
 * @example resourcesOf(contracts).map(({ uri }) => uri) // ['simulator://contracts/connectx/bss-api', …]
 */
export function resourcesOf(contracts: readonly Contract[]): readonly ListedResource[] {
  const documents = contracts.map(({ system, name, title, format }) => ({
    uri: `simulator://contracts/${encodeURIComponent(system)}/${encodeURIComponent(name)}`,
    name: `${system}/${name}`,
    title,
    description:
      system === CONTROL_SYSTEM
        ? `The simulator's own contract (${format}).`
        : `The contract of ${system} (${format}).`,
    mimeType: 'text/plain',
  }));
  const ofDefault = TEMPLATES.slice(0, 2).map(({ uriTemplate, ...rest }) => ({
    ...rest,
    uri: uriTemplate.replace('{tenant}', 'default'),
  }));
  return [...documents, COVERAGE, ...ofDefault];
}

/** Reads a resource by its address; throws a `ToolFailure` where there is none. */
export async function readResource(uri: string, ask: Ask): Promise<{ mimeType: string; text: string }> {
  const path = pathOf(uri);
  if (path === undefined) {
    throw new ToolFailure(
      `Failed to read ${uri.slice(0, 200)}: there is no such resource. List the resources and their templates.`,
    );
  }
  const value = contentOf(await ask({ method: 'GET', path, headers: {} }));
  return typeof value === 'string'
    ? { mimeType: 'text/plain', text: value }
    : { mimeType: 'application/json', text: JSON.stringify(value, null, 2) };
}

/** Where the control API has what stands at an address. */
function pathOf(uri: string): string | undefined {
  const [, kind, first, second, more] = /^simulator:\/\/([a-z]+)(?:\/([^/]+))?(?:\/([^/]+))?(\/.*)?$/.exec(uri) ?? [];
  if (more !== undefined) return undefined;
  if (kind === 'coverage' && first === undefined) return '/_simulator/coverage?limit=1000';
  if (first === undefined || second === undefined) return undefined;
  if (kind === 'contracts') return `/_simulator/contracts/${first}/${second}`;
  if (kind !== 'tenants' || !['policies', 'activity'].includes(second)) return undefined;
  return `${first === 'default' ? '' : `/@${first}`}/_simulator/${second}`;
}
