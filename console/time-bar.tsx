import { signal, useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { control } from './api.ts';
import { Dialog, distance, startOfDay, Time, timeText } from './parts.tsx';
import {
  activity,
  attempt,
  changed,
  clock,
  go,
  hrefOf,
  reload,
  revision,
  snapshots,
  tenant,
  worldNow,
  zone,
} from './world.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Of what has happened, the newest so many have marks; one for each hour in which there was something. */
const MOST_PAST = 2_000;
const MOST_MARKS = 200;
/** What a finger or a mouse can hit, in pixels. */
const TARGET = 24;

/** Keeps the world as it is, so that a click goes back to it. */
async function keep(): Promise<void> {
  await control(tenant.peek(), 'POST', '/snapshots');
}

async function advance(target: object): Promise<void> {
  await keep();
  await control(tenant.peek(), 'POST', '/clock/advance', target);
}

export const moves = {
  next: () => attempt(() => advance({ next: true })),
  day: () => attempt(() => advance({ by: 'P1D' })),
  month: () => attempt(() => advance({ by: 'P1M' })),
  to: (time: string) => attempt(() => advance({ to: time })),
  play: (rate = pace.peek()) => attempt(() => control(tenant.peek(), 'PUT', '/clock', { mode: 'real', rate })),
  stop: () => attempt(() => control(tenant.peek(), 'PUT', '/clock', { mode: 'manual' })),
  keep: () => attempt(keep, 'The world as it is now is kept as a restore point.'),
  restore: (id: string) =>
    attempt(async () => {
      await control(tenant.peek(), 'POST', `/snapshots/${id}/restore`);
      await reload();
    }, 'Back at the restore point.'),
  /** A new tenant that begins at a restore point; this one stays as it is. */
  fork: (id: string, name: string) =>
    attempt(async () => {
      const from = tenant.peek();
      await control(from, 'POST', `/tenants/${encodeURIComponent(name)}/fork`, { from, snapshot: id });
      changed();
      go(hrefOf('activity', {}, name));
    }, `${name} has begun there.`),
};

/** How fast the clock is to run when it is played. */
const pace = signal(3_600);

const RATES = [
  { rate: 1, label: '1 s per second' },
  { rate: 60, label: '1 min per second' },
  { rate: 3_600, label: '1 h per second' },
  { rate: 86_400, label: '1 day per second' },
];

/** The one clock: what was, what is, what is due, and the ways to move it. */
export function TimeBar() {
  const state = clock.value;
  const isAsking = useSignal(false);
  const opened = useSignal<string | undefined>(undefined);
  const now = worldNow();
  const [next] = state?.pending ?? [];
  const isRunning = state?.mode === 'real';
  const rate = isRunning ? state.rate : pace.value;
  const rates = RATES.some((each) => each.rate === rate) ? RATES : [...RATES, { rate, label: `${rate} s per second` }];
  const isThere = state !== undefined;
  return (
    <section class="time-bar" aria-label="Time">
      <div class="time-now">
        <span class="label">
          Now <span class="small">{zone.value}</span>
        </span>
        <strong class="figures">{isThere ? <Time at={now} /> : '…'}</strong>
        <span class="muted small next-due">
          {!isThere
            ? ''
            : next === undefined
              ? 'nothing is due'
              : `next: ${next.kind} in ${distance(now, Date.parse(next.due))}`}
        </span>
      </div>
      {isThere ? <Timeline now={now} onOpen={(id) => (opened.value = id)} /> : <div class="timeline" />}
      <div class="time-moves">
        {isRunning ? (
          <button type="button" class="primary" aria-label="Stop" onClick={() => void moves.stop()}>
            <span aria-hidden="true">❚❚</span> <span class="fine">Stop</span>
          </button>
        ) : (
          <button type="button" aria-label="Play" disabled={!isThere} onClick={() => void moves.play()}>
            <span aria-hidden="true">▶</span> <span class="fine">Play</span>
          </button>
        )}
        <select
          aria-label="Speed"
          value={String(rate)}
          onChange={(event) => {
            pace.value = Number(event.currentTarget.value);
            if (isRunning) void moves.play();
          }}
        >
          {rates.map(({ rate: each, label }) => (
            <option key={each} value={each}>
              {label}
            </option>
          ))}
        </select>
        <button type="button" disabled={next === undefined} onClick={() => void moves.next()}>
          Next
        </button>
        <button type="button" disabled={!isThere} onClick={() => void moves.day()}>
          +1 day
        </button>
        <button type="button" disabled={!isThere} onClick={() => void moves.month()}>
          +1 month
        </button>
        <button type="button" disabled={!isThere} onClick={() => (isAsking.value = true)}>
          To…
        </button>
      </div>
      {isAsking.value && <ToDate now={now} onClose={() => (isAsking.value = false)} />}
      {opened.value !== undefined && <RestorePoint id={opened.value} onClose={() => (opened.value = undefined)} />}
    </section>
  );
}

function ToDate({ now, onClose }: { now: number; onClose: () => void }) {
  const date = useSignal(timeText(now + DAY).slice(0, 10));
  return (
    <Dialog title="Move the clock to a date" onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          void moves.to(startOfDay(date.value));
        }}
      >
        <p class="muted">Everything that is due until then happens in order, each thing at its own time.</p>
        <label>
          Date, as it begins in {zone.value}
          <input
            type="date"
            required
            value={date.value}
            min={timeText(now).slice(0, 10)}
            onInput={(event) => (date.value = event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary">
          Move there
        </button>
      </form>
    </Dialog>
  );
}

function RestorePoint({ id: first, onClose }: { id: string; onClose: () => void }) {
  const chosen = useSignal(first);
  const id = chosen.value;
  const name = useSignal(`${tenant.value}-from-${first.replace(/\D/g, '').replace(/^0+/, '')}`);
  const at = snapshots.value.find((each) => each.id === id)?.at ?? '';
  return (
    <Dialog title={`Restore point of ${timeText(at)}`} onClose={onClose}>
      <div class="stack">
        <p class="muted">
          State, clock, timers and logs go back to what they were. What came after is gone, unless you keep it first.
        </p>
        {snapshots.value.length > 1 && (
          <label>
            Restore point
            <select value={id} onChange={(event) => (chosen.value = event.currentTarget.value)}>
              {snapshots.value.map((each) => (
                <option key={each.id} value={each.id}>
                  {timeText(each.at)} ({each.id})
                </option>
              ))}
            </select>
          </label>
        )}
        <div class="actions">
          <button
            type="button"
            class="primary"
            onClick={() => {
              onClose();
              void moves.restore(id);
            }}
          >
            Go back there
          </button>
          <button
            type="button"
            onClick={() => {
              onClose();
              go(hrefOf('data/diff', { from: id }));
            }}
          >
            Compare with now
          </button>
        </div>
        <form
          class="inline"
          onSubmit={(event) => {
            event.preventDefault();
            onClose();
            void moves.fork(id, name.value);
          }}
        >
          <label>
            New tenant
            <input
              value={name.value}
              required
              pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"
              onInput={(event) => (name.value = event.currentTarget.value)}
            />
          </label>
          <button type="submit">Fork from there</button>
        </form>
      </div>
    </Dialog>
  );
}

/** Restore points behind, timers ahead; as much of the past as there is, and as much of what comes. */
function Timeline({ now, onOpen }: { now: number; onOpen: (id: string) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useSignal(600);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      width.value = element.clientWidth;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const marks = useComputed(() => {
    const ahead = (clock.value?.pending ?? [])
      .slice(0, 60)
      .map(({ due, kind, key }) => ({ at: Date.parse(due), text: kind, key }));
    // So many things have happened that a mark for each would be a bar.
    void revision.value;
    const past = new Set<number>();
    for (const item of activity.items.slice(-MOST_PAST))
      if (item.kind === 'event' || item.kind === 'request') past.add(Math.round(Date.parse(item.at) / HOUR) * HOUR);
    const behind = snapshots.value.slice(-40).map(({ id, at }) => ({ at: Date.parse(at), id }));
    return { ahead, behind, past: [...past].slice(-MOST_MARKS) };
  });
  const { ahead, behind, past } = marks.value;
  const start = Math.min(now - 7 * DAY, ...behind.map(({ at }) => at), ...past);
  const end = Math.max(now + 7 * DAY, ...ahead.filter(({ at }) => at < now + 62 * DAY).map(({ at }) => at));
  // The past and the future have half of it each, so that now stays where it is.
  const spot = (at: number): number =>
    at <= now ? 48 * (1 - (now - at) / (now - start || 1)) + 1 : 50 + 48 * Math.min(1, (at - now) / (end - now));
  const place = (at: number): string => `${spot(at)}%`;
  // One that would lie under a newer one is reached by way of that.
  const points: { at: number; id: string; older: number }[] = [];
  for (const each of behind.toReversed()) {
    const newer = points.at(-1);
    if (newer !== undefined && ((spot(newer.at) - spot(each.at)) / 100) * width.value < TARGET) newer.older += 1;
    else points.push({ ...each, older: 0 });
  }
  return (
    <div class="timeline" ref={box}>
      <span class="timeline-line" />
      {past.map((at) => (
        <span key={at} class="timeline-past" style={{ left: place(at) }} />
      ))}
      <span class="timeline-now" style={{ left: '50%' }} title="Now" />
      {ahead.map(({ at, text, key }) => (
        <span key={key} class="timeline-due" style={{ left: place(at) }} title={`${text}, ${timeText(at)}`} />
      ))}
      {points.map(({ at, id, older }) => (
        <button
          key={id}
          type="button"
          class={older > 0 ? 'timeline-point many' : 'timeline-point'}
          style={{ left: place(at) }}
          aria-label={`Restore point of ${timeText(at)}${older > 0 ? `, and ${older} more before it` : ''}`}
          title={`Restore point of ${timeText(at)}${older > 0 ? `, and ${older} more before it` : ''}`}
          onClick={() => onOpen(id)}
        />
      ))}
      <span class="timeline-from small muted">{timeText(start).slice(0, 10)}</span>
      <span class="timeline-to small muted">{timeText(end).slice(0, 10)}</span>
    </div>
  );
}
