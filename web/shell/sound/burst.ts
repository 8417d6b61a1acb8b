import { BURSTS, type Burst, type SoundId } from './tables.ts';

/** One pulse of a burst; times in milliseconds from the start of the burst. */
export type Pulse = { readonly startMs: number; readonly lengthMs: number; readonly hertz: number };

/** The row, widened from its literal types. */
export const burst = (sound: SoundId): Burst => BURSTS[sound];

export const pulsesOf = ({ pulseMs, gapsMs, hertz }: Burst): readonly Pulse[] => {
  let startMs = 0;
  return [0, ...gapsMs].map((gapMs, place) => {
    if (place > 0) startMs += pulseMs + gapMs;
    return { startMs, lengthMs: pulseMs, hertz: hertz[place] ?? hertz.at(-1) ?? 0 };
  });
};

export const lengthMsOf = (played: Burst): number => {
  const last = pulsesOf(played).at(-1);
  return last ? last.startMs + last.lengthMs : 0;
};
