import { signal, useSignal } from '@preact/signals';
import { type Control, stream } from '../api.ts';
import { Empty, Failure, Json, Link, State, Time, useControl } from '../parts.tsx';
import { attempt, hrefOf, route, tenant } from '../world.ts';

type Story = Control['Story'];
type Progress = Control['StoryProgress'];
interface Step {
  readonly stepId: string;
  readonly status: string;
  readonly reason?: string;
  readonly at: string;
  readonly target: Record<string, string>;
  readonly request?: { readonly method: string; readonly url: string; readonly body?: unknown };
  readonly response?: { readonly status: number; readonly body?: unknown };
  readonly message?: { readonly channel: string; readonly payload?: unknown };
  readonly criteria: readonly { readonly condition?: string; readonly passed?: boolean }[];
}

/** What is being played, so that it goes on while another view is looked at. */
const playing = signal<{ readonly id: string; readonly stop: () => void } | undefined>(undefined);
const reports = signal<{ readonly id: string; readonly items: readonly Progress[] }>({ id: '', items: [] });

/** Milliseconds between two steps that people can follow. */
const PACES = [
  { pause: 6_000, label: 'slow' },
  { pause: 3_500, label: 'readable' },
  { pause: 1_000, label: 'fast' },
  { pause: 0, label: 'at once' },
];

async function play(story: Story, pause: number): Promise<void> {
  playing.peek()?.stop();
  const gone = new AbortController();
  playing.value = { id: story.id, stop: () => gone.abort() };
  reports.value = { id: story.id, items: [] };
  await attempt(async () => {
    try {
      const events = await stream(tenant.peek(), `/stories/${encodeURIComponent(story.id)}/play`, {
        signal: gone.signal,
        method: 'POST',
        body: { pause },
      });
      for await (const { data } of events)
        reports.value = { id: story.id, items: [...reports.peek().items, JSON.parse(data) as Progress] };
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    }
  });
  if (playing.peek()?.id === story.id) playing.value = undefined;
}

/** All stories with their purpose; played step by step, each with what it showed. */
export function StoriesView() {
  const list = useControl<{ items: Story[] }>('/stories?limit=10000', false);
  const text = useSignal('');
  const id = route.value.path[0];
  if (list.value.error !== undefined) return <Failure error={list.value.error} />;
  const stories = list.value.data?.items;
  if (stories === undefined) return <p class="muted pad">Reading the stories…</p>;
  if (stories.length === 0)
    return (
      <Empty title="There is no story of the contracts that are served.">
        <p>
          Start the simulator with <code>--stories</code> and files of your own.
        </p>
      </Empty>
    );
  const words = text.value.toLowerCase();
  const wanted = stories.filter(({ title, document, purpose, file }) =>
    `${document} ${title} ${purpose} ${file}`.toLowerCase().includes(words),
  );
  const story = stories.find((each) => each.id === id);
  const groups = [...new Set(wanted.map(({ file }) => file.split('/').at(-2) ?? ''))];
  return (
    <div class={story === undefined ? 'side-by-side wide-side' : 'side-by-side wide-side has-content'}>
      <nav class="side" aria-label="Stories">
        <input
          type="search"
          aria-label="Find a story"
          placeholder="Find a story"
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
        {groups.map((group) => (
          <div key={group}>
            <h3 class="side-title">{group}</h3>
            <ul class="plain">
              {wanted
                .filter(({ file }) => (file.split('/').at(-2) ?? '') === group)
                .map((each) => (
                  <li key={each.id}>
                    <Link
                      class="side-link stacked"
                      href={hrefOf(`stories/${each.id}`)}
                      {...(each.id === id && { 'aria-current': 'page' as const })}
                    >
                      <span>{each.document}</span>
                      <span class="muted small">{each.title}</span>
                    </Link>
                  </li>
                ))}
            </ul>
          </div>
        ))}
      </nav>
      <div class="content">
        {story === undefined ? (
          <Empty title="Choose a story to play.">
            <p>Each is played in a tenant of its own, and leaves this one as it is.</p>
            <Link
              class="button primary"
              href={hrefOf(
                `stories/${(stories.find(({ workflowId }) => workflowId === 'suspendForDebtAndReinstate') ?? (stories[0] as Story)).id}`,
              )}
            >
              Show me the unpaid bill
            </Link>
          </Empty>
        ) : (
          <Player key={story.id} story={story} />
        )}
      </div>
    </div>
  );
}

function Player({ story }: { story: Story }) {
  const pause = useSignal(3_500);
  const opened = useSignal<string | undefined>(undefined);
  const items = reports.value.id === story.id ? reports.value.items : [];
  const isPlaying = playing.value?.id === story.id;
  const steps = new Map(
    items.flatMap((each) =>
      each.kind === 'step' ? [[(each.step as unknown as Step).stepId, each.step as unknown as Step] as const] : [],
    ),
  );
  const end = items.find(({ kind }) => kind === 'ended');
  const where = items.find(({ kind }) => kind === 'started')?.tenant;
  const next = isPlaying ? story.steps.find(({ stepId }) => !steps.has(stepId)) : undefined;
  const failed = [...steps.values()].find(({ status }) => status === 'failed')?.stepId;
  const narrated =
    story.steps.find(({ stepId }) => stepId === (next?.stepId ?? failed)) ??
    (end === undefined ? undefined : story.steps.at(-1));
  const open = opened.value ?? failed;
  return (
    <article class="player">
      <header class="view-head">
        <div>
          <span class="muted small">
            <Link href={hrefOf('stories')}>Stories</Link> · {story.file}
          </span>
          <h2>{story.document}</h2>
          <p class="muted">{story.title}</p>
        </div>
        <div class="filters">
          <select
            aria-label="Pace"
            value={String(pause.value)}
            onChange={(event) => (pause.value = Number(event.currentTarget.value))}
          >
            {PACES.map(({ pause: each, label }) => (
              <option key={each} value={each}>
                {label}
              </option>
            ))}
          </select>
          {isPlaying ? (
            <button type="button" onClick={() => playing.value?.stop()}>
              Stop
            </button>
          ) : (
            <button type="button" class="primary" onClick={() => void play(story, pause.value)}>
              <span aria-hidden="true">▶</span> {items.length === 0 ? 'Play' : 'Play again'}
            </button>
          )}
          {where !== undefined && (
            <Link class="button" href={hrefOf('activity', {}, where)}>
              Open its world
            </Link>
          )}
        </div>
      </header>
      <p class="narration" aria-live="polite">
        {end?.status === 'passed' && next === undefined
          ? 'The end.'
          : end?.status === 'failed' && failed === undefined
            ? end.reason
            : narrated === undefined
              ? story.purpose
              : (narrated.description ?? sentenceOf(narrated.stepId))}
      </p>
      {end?.status !== undefined && (
        <p>
          <State value={end.status} /> {end.reason !== undefined && <span class="muted">{end.reason}</span>}
        </p>
      )}
      <ol class="steps">
        {story.steps.map(({ stepId, description }) => {
          const step = steps.get(stepId);
          const isOpen = open === stepId && step !== undefined;
          return (
            <li key={stepId} class={stepId === next?.stepId ? 'step now' : 'step'}>
              <button
                type="button"
                class="step-head"
                aria-expanded={isOpen}
                disabled={step === undefined}
                onClick={() => (opened.value = isOpen ? '' : stepId)}
              >
                <span class="step-mark">
                  {step === undefined ? (
                    <span class="muted">{stepId === next?.stepId ? '▶' : '○'}</span>
                  ) : (
                    <State value={step.status} />
                  )}
                </span>
                <span class="step-title">
                  <strong>{sentenceOf(stepId)}</strong>
                  {description !== undefined && <span class="muted"> {description}</span>}
                </span>
                {step !== undefined && (
                  <span class="figures muted small">
                    <Time at={step.at} />
                  </span>
                )}
              </button>
              {isOpen && <StepDetail step={step} />}
            </li>
          );
        })}
      </ol>
    </article>
  );
}

function StepDetail({ step }: { step: Step }) {
  return (
    <div class="step-detail">
      {step.reason !== undefined && <p class="violation">■ {step.reason}</p>}
      {step.request !== undefined && (
        <p class="mono wrap">
          {step.request.method} {step.request.url}{' '}
          {step.response !== undefined && <State value={step.response.status} />}
        </p>
      )}
      {step.request?.body !== undefined && <Json label="Request body" value={step.request.body} />}
      {step.response?.body !== undefined && <Json label="Response body" value={step.response.body} />}
      {step.message !== undefined && (
        <>
          <p class="mono wrap">heard on {step.message.channel}</p>
          <Json label="Message" value={step.message.payload} />
        </>
      )}
    </div>
  );
}

/** `hearOfSuspension` as people say it. */
function sentenceOf(stepId: string): string {
  const words = stepId
    .replaceAll(/[-_]/g, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
