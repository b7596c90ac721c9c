import { Refusal } from '../../model/command.ts';
import type { ControlContext, ControlHandler, StreamingOutcome } from '../surface.ts';
import { bodyOf, pathOf } from './input.ts';
import { pageOf } from './paging.ts';

/** A workflow that somebody may watch. */
export interface Story {
  readonly id: string;
  readonly title: string;
  /** What its document is called; several stories may be in one. */
  readonly document: string;
  readonly purpose: string;
  /** The file it is in, as scenarios are named. */
  readonly file: string;
  readonly workflowId: string;
  readonly steps: readonly StoryStep[];
}

export interface StoryStep {
  readonly stepId: string;
  readonly description?: string;
}

/** One report of how a story goes, in order: it is `started`, its steps end, it `ended`. */
export type Progress =
  | { readonly kind: 'started'; readonly story: string; readonly tenant: string }
  | { readonly kind: 'step'; readonly story: string; readonly tenant: string; readonly step: object }
  | {
      readonly kind: 'ended';
      readonly story: string;
      readonly tenant: string;
      readonly status: 'passed' | 'failed' | 'skipped';
      readonly reason?: string;
      readonly steps: number;
    };

export interface PlayRequest {
  readonly id: string;
  /** The tenant it is played in; one of its own unless told. */
  readonly tenant?: string;
  /** Wall time between two steps in milliseconds, so that people can follow. */
  readonly pause: number;
  readonly report: (progress: Progress) => void;
  /** Whether anybody still follows; it stops where nobody does. */
  readonly isAwaited: () => boolean;
}

/** What knows and plays stories. */
export interface Stories {
  list(): Promise<readonly Story[]>;
  /** Plays to the end; never rejects for a failed story. */
  play(request: PlayRequest): Promise<void>;
}

export interface StoryHandlersOptions {
  /** Loaded when somebody first asks. */
  readonly stories: () => Promise<Stories>;
}

/** Longest pause between two steps, in milliseconds. */
const LONGEST_PAUSE = 60_000;

/**
 * Answers which stories there are, and plays them in a tenant of their own.
 *
 * @example createStoryHandlers({ stories }).listStories({ tenant, command, base });
 */
export function createStoryHandlers({ stories }: StoryHandlersOptions) {
  return {
    listStories: async ({ command }: ControlContext) => {
      const { list } = await stories();
      return { status: 200, body: pageOf(await list(), ({ id }) => id, command) };
    },
    playStory: async ({ command, isAwaited }: ControlContext) => {
      const id = pathOf(command, 'id');
      const { list, play } = await stories();
      const known = await list();
      if (!known.some((story) => story.id === id)) {
        throw new Refusal(
          404,
          'NOT_FOUND',
          `Failed to play the story "${id}": there is none of this id. List the stories to see the ids.`,
        );
      }
      const { tenant, pause } = bodyOf(command);
      const request = {
        id,
        pause: Math.min(typeof pause === 'number' ? pause : 0, LONGEST_PAUSE),
        ...(typeof tenant === 'string' && { tenant }),
      };
      if (command.headers.accept?.includes('text/event-stream') === true) return streamed(request, play);
      const reports: Progress[] = [];
      await play({ ...request, isAwaited, report: (progress) => void reports.push(progress) });
      return { status: 200, body: { items: reports } };
    },
  } satisfies Record<string, ControlHandler>;
}

function streamed(request: Omit<PlayRequest, 'report' | 'isAwaited'>, play: Stories['play']): StreamingOutcome {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    start(sink) {
      let isAwaited = true;
      const report = (progress: Progress): void => {
        if (isAwaited) sink.write(`event: ${progress.kind}\ndata: ${JSON.stringify(progress)}\n\n`);
      };
      void play({ ...request, report, isAwaited: () => isAwaited }).finally(() => {
        if (isAwaited) sink.end();
      });
      return () => {
        isAwaited = false;
      };
    },
  };
}
