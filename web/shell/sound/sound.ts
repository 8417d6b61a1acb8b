import { signal } from '@preact/signals';
import type { PageClock } from '../clock.ts';
import { createPlayer, type Player } from './player.ts';
import { createScheduler, type SoundOrder } from './scheduler.ts';
import type { SoundWish } from './wish.ts';

type Deps = {
  /** Called in a person's gesture only. Throws where there is no Web Audio. */
  readonly openAudio: () => AudioContext;
  readonly clock: Pick<PageClock, 'elapsed' | 'after'>;
};

export type Sound = ReturnType<typeof createSound>;

/** Off until a person turns it on, and off again as soon as the browser stops it: `isOn` is what is true. */
export const createSound = ({ openAudio, clock }: Deps) => {
  const scheduler = createScheduler();
  const isOn = signal(false);
  let player: Player | undefined;

  const obey = ({ cut, play }: SoundOrder): void => {
    if (cut) player?.cut();
    if (play) player?.play(play);
  };

  const onStateChange = (): void => {
    const sounding = player?.isSounding() ?? false;
    if (sounding === isOn.peek()) return;
    isOn.value = sounding;
    if (sounding) obey(scheduler.begin(clock.elapsed()));
  };

  const turnOn = async (): Promise<void> => {
    try {
      player ??= createPlayer(openAudio(), onStateChange, clock);
      await player.resume();
      onStateChange();
    } catch {
      // When the browser refuses, the page goes on showing that sound is off, which is true.
    }
  };

  const turnOff = (): void => {
    player?.close();
    player = undefined;
    isOn.value = false;
  };

  return {
    isOn,
    /** Must be called in a person's gesture. */
    toggle(): void {
      if (isOn.peek()) turnOff();
      else void turnOn();
    },
    /** Call often with what there is to be heard. */
    update(wish: SoundWish): void {
      if (isOn.peek()) obey(scheduler.due(wish, clock.elapsed()));
    },
  };
};
