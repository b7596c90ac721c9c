import type { Lifecycle } from '../../model/lifecycle.ts';
import type { SystemDefinition } from '../system.ts';

/** A life cycle with the collection it rules. */
export interface NamedLifecycle {
  readonly collection: string;
  readonly lifecycle: Lifecycle;
}

/** The life cycles that systems define. */
export function lifecyclesOf(systems: readonly SystemDefinition[]): readonly NamedLifecycle[] {
  return systems.flatMap(({ name: system, resources = {}, lifecycles = {} }) => [
    ...Object.entries(resources).flatMap(([name, { lifecycle }]) =>
      lifecycle === undefined ? [] : [{ collection: `${system}/${name}`, lifecycle }],
    ),
    ...Object.entries(lifecycles).map(([name, lifecycle]) => ({ collection: `${system}/${name}`, lifecycle })),
  ]);
}

/**
 * Writes life cycles as Markdown: a Mermaid diagram and a table each. `docs/lifecycles.md` is its output.
 *
 * @example describeLifecycles(lifecyclesOf([shop]))
 */
export function describeLifecycles(lifecycles: readonly NamedLifecycle[]): string {
  return [
    '# Life cycles',
    '',
    'Written from the life cycles that the engine enforces; `npm run docs` writes it anew. Any move that is not here is',
    'refused with 409, and the refusal lists the moves that are legal.',
    '',
    ...lifecycles.flatMap(({ collection, lifecycle }) => [
      `## ${collection}: \`${lifecycle.property}\``,
      '',
      ...diagramOf(lifecycle),
      '',
      '| from | to | when | announced on |',
      '|---|---|---|---|',
      ...lifecycle.moves.map(
        ({ from, to, when, announces }) =>
          `| ${from} | ${to} | ${when} | ${announces === undefined ? '' : `\`${announces}\``} |`,
      ),
      '',
    ]),
  ].join('\n');
}

function diagramOf({ initial, moves }: Lifecycle): string[] {
  const states = [...new Set([initial, ...moves.flatMap(({ from, to }) => [from, to])])];
  const idOf = (state: string) => `s${states.indexOf(state)}`;
  const final = states.filter((state) => moves.every(({ from }) => from !== state));
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...states.map((state) => `  state "${state}" as ${idOf(state)}`),
    `  [*] --> ${idOf(initial)}`,
    ...moves.map(({ from, to, when }) => `  ${idOf(from)} --> ${idOf(to)}: ${when.replaceAll(':', ' ')}`),
    ...final.map((state) => `  ${idOf(state)} --> [*]`),
    '```',
  ];
}
