import type { Control } from '../api.ts';
import { Link, useControl } from '../parts.tsx';
import { hrefOf } from '../world.ts';

const CHAPTERS = [
  {
    title: 'A customer’s year',
    workflow: 'customerYear',
    text: 'Twelve months in a minute: bills and payments by themselves, a better plan, a bank that refuses, and all paid in the end.',
  },
  {
    title: 'The unpaid bill',
    workflow: 'suspendForDebtAndReinstate',
    text: 'An invoice becomes overdue, the customer is suspended, two payments bring everything back.',
  },
  {
    title: 'An order with a failing callback',
    workflow: 'endpointDownAndBack',
    text: 'The northbound system does not answer; its callbacks wait, are tried again, and arrive in order.',
  },
  {
    title: 'The chargeback',
    workflow: 'chargeBack',
    text: 'A payment by card is taken back weeks later, and the dunning begins anew.',
  },
] as const;

/** For those who show it to others: four chapters, in this order. */
export function TourView() {
  const stories = useControl<{ items: Control['Story'][] }>('/stories?limit=10000', false);
  const idOf = (workflow: string) => stories.value.data?.items.find(({ workflowId }) => workflowId === workflow)?.id;
  return (
    <div class="scroll tour">
      <header class="view-head">
        <h2>See a telecom operator live</h2>
      </header>
      <p class="prose">
        Behind this page are the contracts of one operator’s back ends, and one world in which they are all true at
        once. The bar above is its only clock: it has a past to go back to and a future to move to.
      </p>
      <ol class="chapters">
        {CHAPTERS.map(({ title, workflow, text }) => {
          const id = idOf(workflow);
          return (
            <li key={workflow} class="card">
              <h3>{title}</h3>
              <p class="muted">{text}</p>
              {id !== undefined ? (
                <Link class="button primary" href={hrefOf(`stories/${id}`)}>
                  Watch it
                </Link>
              ) : (
                <button type="button" disabled>
                  {stories.value.data === undefined ? 'Reading the stories…' : 'Its contracts are not served'}
                </button>
              )}
            </li>
          );
        })}
      </ol>
      <p class="prose">
        Or look around: <Link href={hrefOf('activity')}>what happens</Link>,{' '}
        <Link href={hrefOf('data')}>what there is</Link>, <Link href={hrefOf('trouble')}>what can go wrong</Link>.{' '}
        <kbd>Ctrl</kbd> <kbd>K</kbd> finds everything.
      </p>
    </div>
  );
}
