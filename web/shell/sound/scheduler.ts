import { burst, lengthMsOf } from './burst.ts';
import type { SoundId } from './tables.ts';
import type { SoundWish } from './wish.ts';

/** What to do now: `cut` ends what sounds, `play` starts a burst at once. */
export type SoundOrder = { readonly cut: boolean; readonly play: SoundId | null };

const NOTHING: SoundOrder = { cut: false, play: null };

/** The higher the more urgent. */
const RANK: Readonly<Record<SoundId, number>> = { ready: 0, low: 1, medium: 2, high: 3, 'link-lost': 4 };

type Played = { readonly sound: SoundId; readonly endsAtMs: number; readonly reasons: ReadonlySet<string> };

/**
 * Decides when a burst begins. Something worse interrupts at once; something less bad, or the same again, waits for
 * its interval; a new alarm of the same priority shortens it. `nowMs` is any clock that never goes back.
 */
export const createScheduler = () => {
  let played: Played | undefined;

  const play = (sound: SoundId, reasons: readonly string[], nowMs: number, cut: boolean): SoundOrder => {
    played = { sound, endsAtMs: nowMs + lengthMsOf(burst(sound)), reasons: new Set(reasons) };
    return { cut, play: sound };
  };

  const waitMs = (last: Played, sound: SoundId, reasons: readonly string[]): number => {
    const { intervalMs, leastIntervalMs } = burst(sound);
    const isNews = sound !== last.sound || reasons.some((reason) => !last.reasons.has(reason));
    return isNews ? leastIntervalMs : (intervalMs ?? Number.POSITIVE_INFINITY);
  };

  const cutIfSilenced = ({ sound, silenced }: SoundWish, nowMs: number): boolean => {
    if (!played || nowMs >= played.endsAtMs) return false;
    const isOver = sound === null || RANK[sound] < RANK[played.sound];
    const isSilenced = silenced !== null && RANK[silenced] >= RANK[played.sound];
    if (!isOver || !(isSilenced || played.sound === 'link-lost')) return false;
    played = { ...played, endsAtMs: nowMs };
    return true;
  };

  return {
    /** Call often; each call answers what is due at that moment. */
    due(wish: SoundWish, nowMs: number): SoundOrder {
      const { sound, reasons } = wish;
      const cut = cutIfSilenced(wish, nowMs);
      if (sound === null) return cut ? { cut, play: null } : NOTHING;
      if (!played) return play(sound, reasons, nowMs, false);
      if (RANK[sound] > RANK[played.sound]) return play(sound, reasons, nowMs, nowMs < played.endsAtMs);
      if (nowMs >= played.endsAtMs + waitMs(played, sound, reasons)) return play(sound, reasons, nowMs, cut);
      return cut ? { cut, play: null } : NOTHING;
    },
    /** Sound was off and is on: this is played first, and only a worse signal interrupts it. */
    begin: (nowMs: number): SoundOrder => play('ready', [], nowMs, false),
  };
};
