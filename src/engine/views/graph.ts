import type { Entity } from '../state/store/store.ts';
import type { ReadWork } from '../state/work.ts';
import { Links } from './links.ts';
import { getOf, type ShownEntry, titleOf } from './look-up.ts';

export interface GraphNode {
  readonly collection: string;
  readonly id: string;
  readonly title: string;
  readonly state?: unknown;
  /** How many links lie between it and where the graph begins. */
  readonly depth: number;
}

/** From the thing that holds the reference to the one that it names. */
export interface GraphEdge {
  readonly from: Pick<GraphNode, 'collection' | 'id'>;
  readonly to: Pick<GraphNode, 'collection' | 'id'>;
  readonly rel: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Whether more belongs to it than is shown. */
  readonly isCut: boolean;
}

/** What one picture shows. */
const MOST_NODES = 200;

/**
 * What belongs together with one thing, as far as so many links lead.
 *
 * @example graphOf(work, registry.resources, registry.resource('connectx/Customer'), 'CUS-000001', customer, 2);
 */
export function graphOf(
  work: ReadWork,
  shown: readonly ShownEntry[],
  start: ShownEntry,
  id: string,
  entity: Entity,
  depth: number,
): Graph {
  const links = new Links(work, shown);
  const entries = new Map(shown.map((entry) => [entry.collection, entry]));
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  let isCut = false;
  const add = (entry: ShownEntry, key: string, each: Entity, at: number): void => {
    const state = entry.rules.lifecycle === undefined ? undefined : each[entry.rules.lifecycle.property];
    const node = { collection: entry.collection, id: key, title: titleOf(each, key), depth: at };
    nodes.set(`${entry.collection}/${key}`, state === undefined ? node : { ...node, state });
  };
  add(start, id, entity, 0);
  let ring: readonly { entry: ShownEntry; id: string; entity: Entity }[] = [{ entry: start, id, entity }];
  for (let at = 1; at <= depth && ring.length > 0; at += 1) {
    const further: { entry: ShownEntry; id: string; entity: Entity }[] = [];
    for (const each of ring) {
      const found = links.of(each.entry, each.id, each.entity);
      isCut ||= found.omitted > 0;
      for (const link of found.links) {
        const key = `${link.collection}/${link.id}`;
        if (!nodes.has(key)) {
          if (nodes.size >= MOST_NODES) {
            isCut = true;
            continue;
          }
          const entry = entries.get(link.collection);
          const other = entry && getOf(work, entry, link.id);
          if (entry === undefined || other === undefined) continue;
          add(entry, link.id, other, at);
          further.push({ entry, id: link.id, entity: other });
        }
        const here = { collection: each.entry.collection, id: each.id };
        const there = { collection: link.collection, id: link.id };
        const [from, to] = link.direction === 'out' ? [here, there] : [there, here];
        edges.set(`${from.collection}/${from.id} ${to.collection}/${to.id}`, { from, to, rel: link.rel });
      }
    }
    ring = further;
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()], isCut };
}
