import { useSignal } from '@preact/signals';
import { type Control, control, mustDo } from '../api.ts';
import { Dialog, State, useControl } from '../parts.tsx';
import { attempt, tenant } from '../world.ts';

type Standing = NonNullable<Control['EntityPage']['lifecycle']>;
type Way = Standing['moves'][number]['by'];

const PITCH = 44;
const NODE = { width: 168, height: 28 };
/** How far the arrow between neighbours bends out, and how much farther each state between them sends it. */
const BEND = 16;
const LANE = 12;

interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly title: string;
  readonly isLegal: boolean;
}

/** A thing's life: every state and move, where it stands, and the legal moves as buttons. */
export function LifeCycle({ lifecycle }: { lifecycle: Standing }) {
  const asking = useSignal<Extract<Way, { action: string }> | undefined>(undefined);
  const make = (by: Way): void => {
    if ('action' in by) {
      if (by.missing !== undefined) asking.value = by;
      else
        void attempt(
          () => control(tenant.value, 'POST', `/actions/${by.action}`, by.input),
          `${by.action} has been done.`,
        );
    } else void attempt(() => mustDo(tenant.value, by.method, by.path, by.body), `${by.operationId} has been done.`);
  };
  const targets = [...new Set(lifecycle.moves.map(({ to }) => to))];
  return (
    <section aria-label="Life cycle">
      <h3>Life cycle</h3>
      <div class="life-cycle">
        <Diagram lifecycle={lifecycle} />
        <div class="life-moves">
          {targets.length + lifecycle.otherwise.length === 0 ? (
            <p class="muted">This state is final.</p>
          ) : (
            <ul class="plain">
              {targets.map((to) => (
                <li key={to} class="life-move">
                  <span class="life-to">
                    <span aria-hidden="true">→</span> <State value={to} />
                  </span>
                  <span class="actions">
                    {lifecycle.moves
                      .filter((move) => move.to === to)
                      .map(({ by }) => {
                        const name = 'action' in by ? by.action.split('/')[1] : by.operationId;
                        return (
                          <button key={name} type="button" onClick={() => make(by)}>
                            {name}
                          </button>
                        );
                      })}
                  </span>
                </li>
              ))}
              {lifecycle.otherwise.map(({ to, when }) => (
                <li key={to + when} class="life-move">
                  <span class="life-to">
                    <span aria-hidden="true">→</span> <State value={to} />
                  </span>
                  <span class="muted">when {when}</span>
                </li>
              ))}
            </ul>
          )}
        </div>
      </div>
      {asking.value !== undefined && (
        <ActionForm
          by={asking.value}
          onClose={() => {
            asking.value = undefined;
          }}
        />
      )}
    </section>
  );
}

/** The states in their order; arrows forward on their right, back on their left, those that are legal now in colour. */
function Diagram({ lifecycle: { states, state, transitions } }: { lifecycle: Standing }) {
  const arrows = transitions.map(
    ({ from, to, when }): Arrow => ({
      from: states.indexOf(from),
      to: states.indexOf(to),
      title: `${from} → ${to}, when ${when}`,
      isLegal: from === state,
    }),
  );
  const reach = (isForward: boolean) =>
    Math.max(0, ...arrows.filter(({ from, to }) => to > from === isForward).map(({ from, to }) => Math.abs(to - from)));
  const gutter = (steps: number) => (steps === 0 ? 4 : BEND + steps * LANE);
  const left = gutter(reach(false));
  const width = left + NODE.width + gutter(reach(true));
  const height = (states.length - 1) * PITCH + NODE.height + 2;
  // What is legal is drawn last, above the others.
  const drawn = arrows.toSorted((a, b) => Number(a.isLegal) - Number(b.isLegal));
  return (
    <div
      class="life-diagram"
      role="img"
      aria-label={`It is ${String(state)}. Moves: ${arrows.map(({ title }) => title).join('; ')}.`}
    >
      <div class="life-space" style={{ width: `${width}px`, height: `${height}px` }}>
        <svg width={width} height={height} aria-hidden="true">
          <defs>
            {['life-head', 'life-head-legal'].map((id) => (
              <marker
                key={id}
                id={id}
                class={id}
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="8"
                markerHeight="8"
                markerUnits="userSpaceOnUse"
                orient="auto"
              >
                <path d="M0,0.5 L7.5,4 L0,7.5 Z" />
              </marker>
            ))}
          </defs>
          {drawn.map((arrow) => (
            <path
              key={arrow.title}
              class={arrow.isLegal ? 'life-arrow legal' : 'life-arrow'}
              marker-end={`url(#${arrow.isLegal ? 'life-head-legal' : 'life-head'})`}
              d={pathOf(arrow, left)}
            >
              <title>{arrow.title}</title>
            </path>
          ))}
        </svg>
        {states.map((each, index) => (
          <span
            key={each}
            class={each === state ? 'life here' : 'life'}
            style={{ left: `${left}px`, top: `${index * PITCH}px` }}
          >
            <State value={each} />
            {each === state && <span class="muted small">it is here</span>}
          </span>
        ))}
      </div>
    </div>
  );
}

function pathOf({ from, to }: Arrow, left: number): string {
  const middle = (index: number) => index * PITCH + NODE.height / 2;
  const isForward = to > from;
  const x = isForward ? left + NODE.width : left;
  const side = isForward ? 1 : -1;
  const bend = x + side * (BEND / 2 + Math.abs(to - from) * LANE) * 1.2;
  // Arrows leave below the middle of a state and come in above it, or the other way round, so that no two meet.
  const [start, end] = isForward ? [middle(from) + 5, middle(to) - 5] : [middle(from) - 5, middle(to) + 5];
  return `M${x},${start} C${bend},${start} ${bend},${end} ${x + side},${end}`;
}

interface InputSchema {
  readonly properties?: Readonly<Record<string, { readonly type?: string; readonly enum?: readonly unknown[] }>>;
}

/** Asks for what an action wants beside what is known. */
function ActionForm({ by, onClose }: { by: Extract<Way, { action: string }>; onClose: () => void }) {
  const actions = useControl<{ items: { id: string; input: InputSchema }[] }>('/actions?limit=10000', false);
  const given = useSignal<Record<string, string>>({});
  const schema = actions.value.data?.items.find(({ id }) => id === by.action)?.input;
  // What is asked for is known with the list; a text field that turns into a choice would lose what was typed.
  const isKnown = actions.value.data !== undefined || actions.value.error !== undefined;
  return (
    <Dialog title={by.action.split('/')[1] ?? by.action} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const more = Object.fromEntries(
            Object.entries(given.value).map(([name, text]) => [
              name,
              schema?.properties?.[name]?.type === 'number' ? Number(text) : text,
            ]),
          );
          onClose();
          void attempt(
            () => control(tenant.value, 'POST', `/actions/${by.action}`, { ...by.input, ...more }),
            `${by.action} has been done.`,
          );
        }}
      >
        {(isKnown ? (by.missing ?? []) : []).map((name) => {
          const member = schema?.properties?.[name];
          const set = (text: string) => (given.value = { ...given.value, [name]: text });
          return (
            <label key={name}>
              {name}
              {member?.enum !== undefined ? (
                <select required onChange={(event) => set(event.currentTarget.value)}>
                  <option value="">choose…</option>
                  {member.enum.map((each) => (
                    <option key={String(each)}>{String(each)}</option>
                  ))}
                </select>
              ) : (
                <input
                  required
                  type={member?.type === 'number' ? 'number' : 'text'}
                  step="any"
                  onInput={(event) => set(event.currentTarget.value)}
                />
              )}
            </label>
          );
        })}
        <button type="submit" disabled={!isKnown} class="primary">
          Do it
        </button>
      </form>
    </Dialog>
  );
}
