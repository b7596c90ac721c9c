import { withoutSupplies } from '../engine/behaviours/supplied-items.ts';
import { registerWebhook, unknownChannels, type WebhookRequest } from '../engine/delivery/webhooks.ts';
import type { Registry } from '../engine/registry.ts';
import { createStartingPoints } from '../engine/state/starting-points.ts';
import type { StartingPoint } from '../engine/state/tenant-snapshot.ts';
import type { StartingWorld } from '../engine/system.ts';
import type { KeptClock } from '../engine/time/clock.ts';
import { SimulatorError } from '../errors.ts';
import { readRegularFile } from '../lib/regular-file.ts';
import { formatInstant, type Instant } from '../lib/time.ts';
import { toWebhookSecret } from '../lib/webhook-secret.ts';
import type { Validation } from '../model/schema.ts';
import { readWorld } from './kept-world.ts';
import { type NamedFixture, shippedFixtures } from './shipped-fixtures.ts';
import { syntheticWorld } from './synthetic-world.ts';
import type { System } from './system.ts';

/** What a tenant is to start from. */
export interface StartRequest {
  readonly seed: number;
  readonly clock: KeptClock;
  /** `default`, `empty`, a shipped one, a file, or what fills the world. Default: `default`. */
  readonly fixture?: string | NamedFixture | StartingWorld;
  /** Policies that differ from the server's, by section and name. */
  readonly policies?: Readonly<Record<string, unknown>>;
}

export interface StartingWorldsOptions {
  readonly registry: Registry;
  readonly validation: Validation;
  readonly systems: readonly System[];
  readonly policies: Readonly<Record<string, unknown>>;
  /** In every world, so that a reset brings them back. */
  readonly webhooks: readonly WebhookRequest[];
  readonly disableLinks: readonly string[];
  /** Where the build may have kept a world, and the contracts that it would have to be of. */
  readonly kept?: { readonly folder: string; readonly contracts: string };
}

/**
 * Makes the starting points that tenants are forked from. Throws `CONFIG_INVALID` where a webhook makes no sense; a
 * start throws `FIXTURE_INVALID`.
 *
 * @example
 * const startAt = createStartingWorlds({ registry, validation, systems, policies: {}, webhooks: [] });
 * await startAt({ seed: 1, clock, fixture: 'marketplace' });
 */
export function createStartingWorlds(
  options: StartingWorldsOptions,
): (request: StartRequest) => Promise<StartingPoint> {
  const { registry, systems, webhooks, disableLinks, kept } = options;
  requireKnownChannels(options);
  const points = createStartingPoints(registry);
  const configured = registry.policies.configure(options.policies);
  const made = syntheticWorld(systems);
  return async ({ seed, clock, fixture = 'default', policies: changes }) => {
    const policies =
      changes === undefined ? configured : registry.policies.change(configured, changes, registry.policies.defaults);
    const synthetic = withSeeds(async (work) => {
      const origin = kept && { contracts: kept.contracts, seed, now: clock.now, policies, disableLinks };
      const read = origin && (await readWorld(kept.folder, origin));
      await (read ?? made)(work);
    }, registry);
    const { name, told = name, fill } = await chooseWorld(fixture, synthetic, options);
    const withWebhooks: StartingWorld = async (work) => {
      await fill(work);
      for (const webhook of webhooks) registerWebhook(work, webhook, toWebhookSecret);
    };
    try {
      return await points.of({ seed, clock, policies, world: { name, fill: withWebhooks } });
    } catch (error) {
      throw error instanceof RangeError ? beyondTime(told, clock.now, error) : error;
    }
  };
}

/** What a world begins with lies before and after its clock: near the ends of time there is no room for that. */
function beyondTime(name: string, now: Instant, cause: RangeError): SimulatorError {
  return new SimulatorError(
    'CONFIG_INVALID',
    `Failed to make the starting world ${name} at ${formatInstant(now)}: some of it would lie beyond the years that dates have. Choose a clock further from their ends, or the fixture empty.`,
    { cause },
  );
}

/** With what the contracts themselves say there is from the start. */
function withSeeds(fill: StartingWorld, { resources }: Registry): StartingWorld {
  const seeded = resources.filter(({ resource }) => resource.seeds !== undefined);
  if (seeded.length === 0) return fill;
  return async (work) => {
    await fill(work);
    for (const { resource, collection } of seeded) {
      for (const seed of resource.seeds ?? []) work.create(collection, seed);
    }
  };
}

/** A starting world by the name that it is remembered by. */
interface NamedWorld {
  readonly name: string;
  /** What it is called where something is wrong with it. Default: `name`. */
  readonly told?: string;
  readonly fill: StartingWorld;
}

/** The starting world of this name or file; `default` is the synthetic one, and what fixtures build on. */
async function chooseWorld(
  fixture: string | NamedFixture | StartingWorld,
  synthetic: StartingWorld,
  { registry, validation }: StartingWorldsOptions,
): Promise<NamedWorld> {
  if (typeof fixture === 'function') return { name: 'in process', fill: fixture };
  if (fixture === 'default') return { name: fixture, fill: synthetic };
  if (fixture === 'empty') return { name: fixture, fill: withoutSupplies };
  const file = typeof fixture === 'object' ? fixture.file : (shippedFixtures().get(fixture) ?? fixture);
  const told = typeof fixture === 'object' ? fixture.name : fixture;
  const read = readRegularFile(file);
  if ('failure' in read) {
    const why = read.isMissing ? 'it is no shipped one and no file' : `the file ${read.failure}`;
    throw new SimulatorError(
      'FIXTURE_INVALID',
      `Failed to find the fixture "${told}": ${why}. Use default, empty, or the path of a file.`,
    );
  }
  // With its YAML parser, only where there is something to parse.
  const { fixtureWorld, parseFixture } = await import('./fixture.ts');
  const parsed = parseFixture(read.bytes.toString('utf8'), told, registry, validation);
  return { name: file, told, fill: fixtureWorld(parsed, synthetic, registry) };
}

/** Nothing would ever be sent to a webhook of a channel that no contract has, and nobody would know why. */
function requireKnownChannels({ webhooks, registry }: StartingWorldsOptions): void {
  const unknown = webhooks.flatMap(({ channels }) => unknownChannels(registry, channels));
  if (unknown.length === 0) return;
  throw new SimulatorError(
    'CONFIG_INVALID',
    `Failed to register the configured webhooks: no contract has a channel like ${unknown.join(', ')}. Known are: ${registry.channels.map(({ channel }) => channel.address).join(', ') || 'none'}.`,
  );
}
