import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burst, lengthMsOf } from '../../../../web/shell/sound/burst.ts';
import { createScheduler } from '../../../../web/shell/sound/scheduler.ts';
import type { SoundId } from '../../../../web/shell/sound/tables.ts';
import { type SoundWish, soundWish } from '../../../../web/shell/sound/wish.ts';
import { ALARM_TIME, active, alarm, inactivation } from '../../alarm-samples.ts';

const wish = (sound: SoundId | null, change: Partial<SoundWish> = {}): SoundWish => ({
  sound,
  reasons: sound ? [sound] : [],
  silenced: null,
  ...change,
});

const SILENCE = wish(null);

/** Asks every 200 ms, as the page does; what was played when. */
const run = (wishAt: (nowMs: number) => SoundWish, untilMs: number, scheduler = createScheduler()) => {
  const played: { sound: SoundId; atMs: number }[] = [];
  const cuts: number[] = [];
  for (let nowMs = 0; nowMs <= untilMs; nowMs += 200) {
    const order = scheduler.due(wishAt(nowMs), nowMs);
    if (order.cut) cuts.push(nowMs);
    if (order.play) played.push({ sound: order.play, atMs: nowMs });
  }
  return { played, cuts };
};

const pausesBetween = (played: { sound: SoundId; atMs: number }[]): number[] =>
  played.slice(1).map(({ atMs }, place) => {
    const before = played[place];
    return before ? atMs - before.atMs - lengthMsOf(burst(before.sound)) : Number.NaN;
  });

describe('the scheduler of sound', () => {
  it.each(['high', 'medium', 'low'] as const)('repeats a %s burst at its interval', (sound) => {
    const { played } = run(() => wish(sound), 120_000);
    const { intervalMs } = burst(sound);
    expect(played[0]).toEqual({ sound, atMs: 0 });
    expect(played.length).toBeGreaterThan(4);
    for (const pauseMs of pausesBetween(played)) {
      expect(pauseMs).toBeGreaterThanOrEqual(intervalMs ?? Number.NaN);
      expect(pauseMs).toBeLessThanOrEqual((intervalMs ?? Number.NaN) + 200);
    }
  });

  it('is silent when there is nothing to be heard', () => {
    expect(run(() => SILENCE, 60_000)).toEqual({ played: [], cuts: [] });
  });

  it('lets something worse interrupt at once', () => {
    const { played, cuts } = run((nowMs) => wish(nowMs < 600 ? 'medium' : 'high'), 1_000);
    expect(played).toEqual([
      { sound: 'medium', atMs: 0 },
      { sound: 'high', atMs: 600 },
    ]);
    expect(cuts).toEqual([600]);
  });

  it('finishes a burst whose alarm is over by itself', () => {
    expect(run((nowMs) => (nowMs < 400 ? wish('high') : SILENCE), 30_000)).toEqual({
      played: [{ sound: 'high', atMs: 0 }],
      cuts: [],
    });
  });

  it('cuts a burst off when a person has answered, and goes on with what is left', () => {
    const { played, cuts } = run(
      (nowMs) => (nowMs < 400 ? wish('high') : wish('medium', { silenced: 'high' })),
      10_000,
    );
    expect(cuts).toEqual([400]);
    expect(played).toEqual([
      { sound: 'high', atMs: 0 },
      { sound: 'medium', atMs: 3_000 },
    ]);
  });

  it('does not cut what still sounds for another alarm of the same priority', () => {
    const { cuts } = run((nowMs) => wish('high', { silenced: nowMs < 400 ? null : 'high' }), 3_000);
    expect(cuts).toEqual([]);
  });

  it('tells a new alarm of the same priority before its turn', () => {
    const { played } = run((nowMs) => wish('high', { reasons: nowMs < 4_000 ? ['a'] : ['a', 'b'] }), 8_000);
    const [pauseMs = 0] = pausesBetween(played);
    expect(pauseMs).toBeGreaterThanOrEqual(2_500);
    expect(pauseMs).toBeLessThanOrEqual(2_700);
  });

  it('ends the tone of a lost link with the link', () => {
    const { played, cuts } = run((nowMs) => (nowMs < 4_400 ? wish('link-lost') : SILENCE), 10_000);
    expect(played.map(({ sound }) => sound)).toEqual(['link-lost', 'link-lost']);
    expect(cuts).toEqual([4_400]);
  });

  it('says first that sound is on, and then what there is', () => {
    const scheduler = createScheduler();
    expect(scheduler.begin(0)).toEqual({ cut: false, play: 'ready' });
    expect(scheduler.due(SILENCE, 100_000)).toEqual({ cut: false, play: null });
    expect(scheduler.begin(100_000).play).toBe('ready');
    expect(scheduler.due(wish('low'), 100_100)).toEqual({ cut: true, play: 'low' });
  });

  it('never plays two bursts at once nor closer than the standard allows, whatever is wished', () => {
    const wishes = fc.array(fc.constantFrom<SoundWish>(SILENCE, wish('low'), wish('medium'), wish('high')), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(wishes, (sequence) => {
        const at = (nowMs: number) => sequence[Math.floor(nowMs / 1_400) % sequence.length] ?? SILENCE;
        const { played, cuts } = run(at, 60_000);
        for (const [place, pauseMs] of pausesBetween(played).entries()) {
          const next = played[place + 1];
          if (next && cuts.includes(next.atMs)) continue;
          if (next?.sound === played[place]?.sound) expect(pauseMs).toBeGreaterThanOrEqual(2_500);
          else expect(pauseMs).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

describe('what there is to be heard', () => {
  const high = alarm({ id: 'h', priority: 'high', condition: 'extreme-bradycardia' });
  const medium = alarm({ id: 'm' });
  const answered = { ...high, acknowledged: { by: 'Ann', at: ALARM_TIME } };

  it('is the highest priority that is heard, with its alarms', () => {
    expect(soundWish([active(high), active(medium)], 'live')).toEqual({
      sound: 'high',
      reasons: ['h'],
      silenced: null,
    });
  });

  it('is not what was answered or paused', () => {
    expect(soundWish([active(answered), active(medium)], 'live')).toEqual({
      sound: 'medium',
      reasons: ['m'],
      silenced: 'high',
    });
    const pause = [inactivation({})];
    expect(soundWish([active(medium, pause)], 'live').sound).toBeNull();
    expect(soundWish([active(high, pause)], 'live').sound).toBe('high');
  });

  it('is the lost link before all else, and nothing while it is being made', () => {
    expect(soundWish([], 'lost').sound).toBe('link-lost');
    expect(soundWish([], 'connecting').sound).toBeNull();
  });
});
