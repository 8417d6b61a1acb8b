import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINK_LOST_AFTER_MS } from '#contracts/live.ts';
import { createServerClock } from '../../../../web/shell/live/server-clock.ts';

const SERVER = 1_800_000_000_000;

/** A page whose wall clock is an hour wrong. */
const page = () => {
  const time = { monotonic: 500, wall: SERVER - 3_600_000 };
  const clock = createServerClock({ monotonicMs: () => time.monotonic, wallMs: () => time.wall });
  const pass = (ms: number) => {
    time.monotonic += ms;
    time.wall += ms;
  };
  return { time, clock, pass };
};

describe('server clock', () => {
  it('is unknown before the first frame and after a reset', () => {
    const { clock } = page();
    expect(clock.now()).toBeUndefined();
    clock.observe(SERVER);
    expect(clock.now()).toBe(SERVER);
    clock.reset();
    expect(clock.now()).toBeUndefined();
  });

  it('does not care what the clock of the page says', () => {
    const { clock, pass } = page();
    clock.observe(SERVER);
    pass(2_000);
    expect(clock.now()).toBeCloseTo(SERVER + 2_000, -1);
  });

  it('is never ahead of the server, and behind it by the least delay at most', () => {
    const delays = fc.array(fc.integer({ min: 0, max: 2_500 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(delays, (delaysMs) => {
        const { clock, pass, time } = page();
        const offset = SERVER - time.monotonic;
        for (const delayMs of delaysMs) {
          pass(1_000);
          clock.observe(time.monotonic + offset - delayMs);
        }
        const behind = time.monotonic + offset - (clock.now() ?? 0);
        expect(behind).toBeGreaterThanOrEqual(-0.001);
        expect(behind).toBeLessThanOrEqual(Math.min(...delaysMs) + 60 * 0.2 + 0.001);
      }),
    );
  });

  it('takes a frame that is too late as no sign of life, however steadily such frames come', () => {
    const { clock, pass, time } = page();
    const offset = SERVER - time.monotonic;
    expect(clock.observe(time.monotonic + offset)).toBe(true);
    let lateFrames = 0;
    for (let delayMs = 0; delayMs < 10_000; delayMs += 50) {
      pass(1_000);
      if (!clock.observe(time.monotonic + offset - delayMs)) lateFrames += 1;
    }
    expect(lateFrames).toBeGreaterThan(100);
    expect(time.monotonic + offset - (clock.now() ?? 0)).toBeLessThan(100);
  });

  it('lets go of a server whose clock was set back, so that the link is made anew', () => {
    const { clock, pass } = page();
    clock.observe(SERVER);
    pass(1_000);
    expect(clock.observe(SERVER - 60_000)).toBe(false);
    clock.reset();
    expect(clock.observe(SERVER - 60_000)).toBe(true);
    expect(clock.now()).toBe(SERVER - 60_000);
  });

  it('follows a server whose clock was set forward at once', () => {
    const { clock, pass } = page();
    clock.observe(SERVER);
    pass(1_000);
    expect(clock.observe(SERVER + 60_000)).toBe(true);
    expect(clock.now()).toBe(SERVER + 60_000);
  });

  it('allows a frame as late as a link may be silent', () => {
    const { clock } = page();
    clock.observe(SERVER);
    expect(clock.observe(SERVER - LINK_LOST_AFTER_MS)).toBe(true);
    expect(clock.observe(SERVER - LINK_LOST_AFTER_MS - 1)).toBe(false);
  });

  it('notices once that the page slept while its monotonic clock stood still', () => {
    const { clock, time, pass } = page();
    pass(60_000);
    expect(clock.jumped()).toBe(false);
    time.wall += 8 * 3_600_000;
    expect(clock.jumped()).toBe(true);
    expect(clock.jumped()).toBe(false);
  });

  it('notices that the clock of the page was set back, and does not mind a slow drift', () => {
    const { clock, time } = page();
    for (let second = 0; second < 3_600; second += 1) {
      time.monotonic += 1_000;
      time.wall += 1_001;
      expect(clock.jumped()).toBe(false);
    }
    time.wall -= 5_000;
    expect(clock.jumped()).toBe(true);
  });
});
