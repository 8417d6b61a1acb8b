import type { PageClock } from '../clock.ts';
import { burst, type Pulse, pulsesOf } from './burst.ts';
import { ENVELOPE, HARMONICS, type SoundId } from './tables.ts';

/** Time for the audio thread to take up what it is given before it is due. */
const LEAD_S = 0.03;

/** Cutting a tone off at once would click. */
const CUT_S = 0.02;

const SECOND = 1_000;

const timbre = (context: AudioContext): PeriodicWave => {
  const sine = new Float32Array([0, ...HARMONICS]);
  return context.createPeriodicWave(new Float32Array(sine.length), sine);
};

const playPulse = (context: AudioContext, wave: PeriodicWave, to: AudioNode, pulse: Pulse, startS: number): void => {
  const lengthS = pulse.lengthMs / SECOND;
  const fromS = startS + pulse.startMs / SECOND;
  const oscillator = context.createOscillator();
  oscillator.setPeriodicWave(wave);
  oscillator.frequency.value = pulse.hertz;
  const envelope = context.createGain();
  envelope.gain.setValueAtTime(0, fromS);
  envelope.gain.linearRampToValueAtTime(1, fromS + lengthS * ENVELOPE.rise);
  envelope.gain.setValueAtTime(1, fromS + lengthS * (1 - ENVELOPE.fall));
  envelope.gain.linearRampToValueAtTime(0, fromS + lengthS);
  oscillator.connect(envelope).connect(to);
  oscillator.start(fromS);
  oscillator.stop(fromS + lengthS);
  oscillator.onended = () => envelope.disconnect();
};

export type Player = ReturnType<typeof createPlayer>;

/** Plays bursts. To be made in a person's gesture: browsers let no page sound before one. */
export const createPlayer = (context: AudioContext, onStateChange: () => void, clock: Pick<PageClock, 'after'>) => {
  const wave = timbre(context);
  let playing: GainNode | undefined;
  context.onstatechange = onStateChange;

  const cut = (): void => {
    if (!playing) return;
    const level = playing;
    playing = undefined;
    level.gain.cancelScheduledValues(context.currentTime);
    level.gain.setTargetAtTime(0, context.currentTime, CUT_S / 3);
    clock.after(CUT_S * 2 * SECOND, () => level.disconnect());
  };

  return {
    isSounding: (): boolean => context.state === 'running',
    resume: (): Promise<void> => context.resume(),
    play(sound: SoundId): void {
      cut();
      const startS = context.currentTime + LEAD_S;
      const level = context.createGain();
      level.gain.value = burst(sound).level;
      level.connect(context.destination);
      for (const pulse of pulsesOf(burst(sound))) playPulse(context, wave, level, pulse, startS);
      playing = level;
    },
    cut,
    close(): void {
      cut();
      void context.close();
    },
  };
};
