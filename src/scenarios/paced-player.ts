import type { Player } from './player.ts';

export interface Pace {
  /** Milliseconds of wall time before each step. */
  readonly pause: number;
  /** Whether anybody still follows. */
  readonly isAwaited: () => boolean;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * The same player with a rest before each step, so that people can follow; it plays no further where nobody does.
 *
 * @example const paced = atPace(player, { pause: 1_500, isAwaited: () => true, sleep });
 */
export function atPace<T extends Player>(player: T, { pause, isAwaited, sleep }: Pace): T {
  const rest = async (): Promise<void> => {
    if (!isAwaited()) throw new Error('nobody follows it any more');
    if (pause > 0) await sleep(pause);
  };
  const paced = Object.create(player) as T;
  return Object.assign(paced, {
    call: async (...given: Parameters<Player['call']>) => {
      await rest();
      return player.call(...given);
    },
    receive: async (...given: Parameters<Player['receive']>) => {
      await rest();
      return player.receive(...given);
    },
    send: async (...given: Parameters<Player['send']>) => {
      await rest();
      return player.send(...given);
    },
    wait: (...given: Parameters<Player['wait']>) => player.wait(...given),
    now: () => player.now(),
    messages: () => player.messages?.(),
    close: () => player.close?.(),
  });
}
