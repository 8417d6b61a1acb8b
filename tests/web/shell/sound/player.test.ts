import { describe, expect, it } from 'vitest';
import { pulsesOf } from '../../../../web/shell/sound/burst.ts';
import { createPlayer } from '../../../../web/shell/sound/player.ts';
import { BURSTS, ENVELOPE } from '../../../../web/shell/sound/tables.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { fakeAudio } from './fake-audio.ts';

describe('the player', () => {
  it('schedules every pulse of a burst on the clock of the sound card', () => {
    const { context, pulses } = fakeAudio(100);
    createPlayer(context, () => {}, createFakeClock()).play('high');
    const start = pulses[0]?.from ?? 0;
    expect(start).toBeGreaterThan(100);
    for (const [place, { startMs, lengthMs, hertz }] of pulsesOf(BURSTS.high).entries()) {
      expect(pulses[place]?.hertz).toBe(hertz);
      expect(pulses[place]?.from).toBeCloseTo(start + startMs / 1_000);
      expect(pulses[place]?.to).toBeCloseTo(start + (startMs + lengthMs) / 1_000);
    }
    expect(pulses).toHaveLength(10);
  });

  it('lets each pulse rise from and fall to nothing inside its own time', () => {
    const { context, pulses } = fakeAudio(0);
    createPlayer(context, () => {}, createFakeClock()).play('medium');
    for (const { from, to, ramp } of pulses) {
      const times = ramp.map(([, at]) => at);
      expect(ramp.map(([value]) => value)).toEqual([0, 1, 1, 0]);
      expect(times[0]).toBe(from);
      expect(times[1]).toBeCloseTo(from + (to - from) * ENVELOPE.rise);
      expect(times[2]).toBeCloseTo(to - (to - from) * ENVELOPE.fall);
      expect(times[3]).toBe(to);
    }
  });

  it('cuts what sounds before it plays something else', () => {
    const { context, cut } = fakeAudio(5);
    const player = createPlayer(context, () => {}, createFakeClock());
    player.play('low');
    expect(cut).toEqual([]);
    player.play('high');
    expect(cut).toEqual([5]);
  });
});
