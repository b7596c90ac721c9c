import { signal, useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type Control, control } from './api.ts';
import { Dialog, timeText, useControl } from './parts.tsx';
import { moves } from './time-bar.tsx';
import { attempt, go, hrefOf, route, snapshots, tenant, tenants } from './world.ts';

export const isPaletteOpen = signal(false);

interface Choice {
  readonly title: string;
  readonly hint: string;
  readonly run: () => unknown;
}

export const VIEWS = [
  { view: 'activity', title: 'Activity', key: '1' },
  { view: 'data', title: 'Data', key: '2' },
  { view: 'stories', title: 'Stories', key: '3' },
  { view: 'trouble', title: 'Trouble', key: '4' },
  { view: 'contracts', title: 'Contracts', key: '5' },
  { view: 'coverage', title: 'Coverage', key: '6' },
  { view: 'tenants', title: 'Tenants', key: '7' },
] as const;

/** Everything that can be done from the keyboard, found by a few letters. */
export function Palette() {
  const text = useSignal('');
  const chosen = useSignal(0);
  const input = useRef<HTMLInputElement>(null);
  const collections = useControl<{ items: Control['Collection'][] }>('/collections?limit=10000', false);
  const stories = useControl<{ items: Control['Story'][] }>('/stories?limit=10000', false);
  const contracts = useControl<Control['Coverage']>('/coverage?limit=10000', false);
  useEffect(() => input.current?.focus(), []);
  const close = () => (isPaletteOpen.value = false);
  const choices = useComputed((): readonly Choice[] => {
    const all: Choice[] = [
      ...VIEWS.map(({ view, title, key }) => ({ title, hint: `view, ${key}`, run: () => go(hrefOf(view)) })),
      { title: 'Next thing that is due', hint: 'time, n', run: moves.next },
      { title: '+1 day', hint: 'time, d', run: moves.day },
      { title: '+1 month', hint: 'time, m', run: moves.month },
      { title: 'Play', hint: 'time, p', run: () => moves.play() },
      { title: 'Stop the clock', hint: 'time, p', run: moves.stop },
      { title: 'Keep a restore point', hint: 'time, k', run: moves.keep },
      ...snapshots.value
        .slice(-5)
        .reverse()
        .map(({ id, at }) => ({
          title: `Go back to ${timeText(at)}`,
          hint: id,
          run: () => moves.restore(id),
        })),
      {
        title: 'Start traffic',
        hint: 'trouble',
        run: () => attempt(() => control(tenant.peek(), 'POST', '/traffic', { rate: 5 }), 'Traffic has started.'),
      },
      {
        title: 'Stop traffic',
        hint: 'trouble',
        run: () => attempt(() => control(tenant.peek(), 'DELETE', '/traffic')),
      },
      {
        title: 'Clear all faults',
        hint: 'trouble',
        run: () => attempt(() => control(tenant.peek(), 'DELETE', '/faults')),
      },
      { title: 'Guided tour', hint: 'help', run: () => go(hrefOf('tour')) },
      ...(collections.value.data?.items ?? []).map((each) => ({
        title: each.collection,
        hint: `${each.count} in data`,
        run: () => go(hrefOf(`data/${each.collection}`)),
      })),
      ...(contracts.value.data?.items ?? []).flatMap(({ system, contract, operations, channels }) => [
        ...operations.map(({ operationId, method, path }) => ({
          title: operationId,
          hint: `${method} ${path}`,
          run: () => go(hrefOf(`contracts/${system}/${contract}/${encodeURIComponent(operationId)}`)),
        })),
        ...channels.map(({ channel }) => ({
          title: channel,
          hint: 'channel',
          run: () => go(hrefOf(`contracts/${system}/${contract}/${channel}`)),
        })),
      ]),
      ...tenants.value.map((name) => ({
        title: `Tenant ${name}`,
        hint: 'switch',
        run: () => go(hrefOf(route.peek().view, {}, name)),
      })),
      ...(stories.value.data?.items ?? []).map((each) => ({
        title: `${each.document}: ${each.title}`,
        hint: 'story',
        run: () => go(hrefOf(`stories/${each.id}`)),
      })),
    ];
    const words = text.value
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const found = all.filter(({ title, hint }) =>
      words.every((word) => `${title} ${hint}`.toLowerCase().includes(word)),
    );
    const searched =
      text.value.trim() === ''
        ? []
        : [
            {
              title: `Find “${text.value.trim()}” in the activity`,
              hint: 'search',
              run: () => go(hrefOf('activity', { text: text.value.trim() })),
            },
          ];
    return [...found, ...searched].slice(0, 50);
  });
  const run = (choice: Choice | undefined): void => {
    close();
    choice?.run();
  };
  return (
    <Dialog title="Commands" onClose={close}>
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={`choice-${chosen.value}`}
        aria-label="Command"
        placeholder="A view, a move of the clock, a collection, a story, a tenant…"
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          chosen.value = 0;
        }}
        onKeyDown={(event) => {
          const last = choices.value.length - 1;
          if (event.key === 'ArrowDown') chosen.value = Math.min(last, chosen.value + 1);
          else if (event.key === 'ArrowUp') chosen.value = Math.max(0, chosen.value - 1);
          else if (event.key === 'Enter') run(choices.value[chosen.value]);
          else return;
          event.preventDefault();
          document.getElementById(`choice-${chosen.value}`)?.scrollIntoView({ block: 'nearest' });
        }}
      />
      <ul id="palette-list" class="palette" role="listbox" aria-label="Commands">
        {choices.value.map((choice, index) => (
          <li
            key={choice.title + choice.hint}
            id={`choice-${index}`}
            role="option"
            aria-selected={index === chosen.value}
            class="choice"
            onClick={() => run(choice)}
          >
            <span>{choice.title}</span> <span class="muted small">{choice.hint}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
