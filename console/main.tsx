import { signal, useSignal } from '@preact/signals';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { control, isTokenWanted, tryToken } from './api.ts';
import { isPaletteOpen, Palette, VIEWS } from './palette.tsx';
import { Dialog, Empty, Link, Notice } from './parts.tsx';
import { moves, TimeBar } from './time-bar.tsx';
import { ActivityView } from './views/activity.tsx';
import { ContractsView } from './views/contracts.tsx';
import { CoverageView } from './views/coverage.tsx';
import { WorldView } from './views/data.tsx';
import { StoriesView } from './views/stories.tsx';
import { TenantsView } from './views/tenants.tsx';
import { TourView } from './views/tour.tsx';
import { TroubleView } from './views/trouble.tsx';
import { attempt, begin, clock, go, hrefOf, isLive, missing, reload, route, tenant } from './world.ts';

const PAGES: Readonly<Record<string, () => preact.JSX.Element | null>> = {
  activity: ActivityView,
  data: WorldView,
  stories: StoriesView,
  trouble: TroubleView,
  contracts: ContractsView,
  coverage: CoverageView,
  tenants: TenantsView,
  tour: TourView,
};

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const theme = signal(localStorage.getItem('bss-theme') ?? (prefersDark.matches ? 'dark' : 'light'));

function chooseTheme(name: string): void {
  theme.value = name;
  localStorage.setItem('bss-theme', name);
  document.documentElement.dataset.theme = name;
}

function App() {
  const { view } = route.value;
  const Page = PAGES[view] ?? ActivityView;
  useEffect(() => {
    document.title = `${VIEWS.find((each) => each.view === view)?.title ?? 'Tour'} · ${tenant.value} · bss-simulator`;
    document.querySelector('.view[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [view, tenant.value]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof HTMLElement && event.target.matches('input, select, textarea, [contenteditable]');
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        isPaletteOpen.value = !isPaletteOpen.value;
      }
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]') !== null)
        return;
      const target = VIEWS.find(({ key }) => key === event.key);
      if (target !== undefined) go(hrefOf(target.view));
      else if (event.key === 'n') void moves.next();
      else if (event.key === 'd') void moves.day();
      else if (event.key === 'm') void moves.month();
      else if (event.key === 'k') void moves.keep();
      else if (event.key === 'p') void (clock.peek()?.mode === 'real' ? moves.stop() : moves.play());
      else if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLInputElement>('input[type=search]')?.focus();
      }
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="top">
        <Link class="brand" href={hrefOf('tour')} title="Guided tour">
          bss-simulator
        </Link>
        <nav class="views" aria-label="Views">
          {VIEWS.map((each) => (
            <Link
              key={each.view}
              class="view"
              href={hrefOf(each.view)}
              {...(each.view === view && { 'aria-current': 'page' as const })}
            >
              {each.title}
            </Link>
          ))}
        </nav>
        <div class="top-end">
          <span class={isLive.value ? 'live' : 'live off'}>
            <span aria-hidden="true">{isLive.value ? '●' : '○'}</span> {isLive.value ? 'live' : 'not connected'}
          </span>
          <Link class="button quiet tenant-name" href={hrefOf('tenants')} title="Tenants">
            {tenant.value}
          </Link>
          <button
            type="button"
            class="quiet"
            onClick={() => (isPaletteOpen.value = true)}
            aria-label="Ctrl K, commands"
          >
            <kbd>Ctrl K</kbd>
          </button>
          <button
            type="button"
            class="quiet"
            aria-label={theme.value === 'dark' ? 'Use the light theme' : 'Use the dark theme'}
            onClick={() => chooseTheme(theme.value === 'dark' ? 'light' : 'dark')}
          >
            <span aria-hidden="true">{theme.value === 'dark' ? '☀' : '☾'}</span>
          </button>
        </div>
      </header>
      <TimeBar />
      <main id="content" tabIndex={-1}>
        {missing.value === undefined ? (
          <Page />
        ) : (
          <Empty title={missing.value.text}>
            {missing.value.canBeMade ? (
              <button
                type="button"
                class="primary"
                onClick={() =>
                  void attempt(async () => {
                    await control(tenant.value, 'PUT', `/tenants/${encodeURIComponent(tenant.value)}`);
                    await reload();
                  })
                }
              >
                Make the tenant {tenant.value}
              </button>
            ) : (
              <button type="button" class="primary" onClick={() => void reload()}>
                Try again
              </button>
            )}
          </Empty>
        )}
      </main>
      <Notice />
      {isPaletteOpen.value && <Palette />}
      {isTokenWanted.value && <TokenForm />}
    </>
  );
}

function TokenForm() {
  const refused = useSignal('');
  const isAsked = useSignal(false);
  // It stays until a token has been taken: one that came and went with each refusal could swallow what is being typed.
  const tryIt = async (token: string): Promise<void> => {
    isAsked.value = true;
    const isTaken = await tryToken(tenant.peek(), token).catch(() => undefined);
    isAsked.value = false;
    if (isTaken === true) void reload();
    else
      refused.value =
        isTaken === false
          ? 'It was refused. Look it up where the simulator was started, and try again.'
          : 'The simulator does not answer. Start it again, and try once more.';
  };
  return (
    <Dialog title="The control API wants the administrator’s token">
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void tryIt(String(new FormData(event.currentTarget).get('token') ?? ''));
        }}
      >
        <p class="muted">
          It was given with --admin-token, or printed when the simulator started. It is kept for this tab alone.
        </p>
        <label>
          Token
          <input
            name="token"
            type="password"
            autoComplete="off"
            required
            aria-invalid={refused.value !== ''}
            aria-describedby="token-refused"
          />
        </label>
        <p id="token-refused" class="violation" role="alert" hidden={refused.value === ''}>
          ■ {refused.value}
        </p>
        <button type="submit" class="primary" disabled={isAsked.value}>
          Go on
        </button>
      </form>
    </Dialog>
  );
}

document.documentElement.dataset.theme = theme.value;
begin();
render(<App />, document.body);
