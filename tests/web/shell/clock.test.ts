import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageClock } from '../../../web/shell/clock.ts';
import { createLapsing } from '../../../web/shell/lapsing.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const WEB = join(import.meta.dirname, '../../../web');
/** Text that is shown, of programs that run elsewhere. */
const PROGRAMS_OF_OTHERS = 'admin/connect/recipes.ts';
const OWN = join('shell', 'clock.ts');

const sources = readdirSync(WEB, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.tsx?$/.test(path) && !path.startsWith('dist'),
);

/** `new Date()` without an argument reads the clock, too. */
const CLOCKS = /\b(?:set|clear)(?:Timeout|Interval)\b|\bDate\.now\b|\bperformance\.now\b|\bnew Date\(\)/;

describe('the clock of the page', () => {
  it('is the one place that sets timers and reads the time', () => {
    expect(sources).toContain(OWN);
    const strays = sources.filter(
      (path) => path !== OWN && path !== PROGRAMS_OF_OTHERS && CLOCKS.test(readFileSync(join(WEB, path), 'utf8')),
    );
    expect(strays).toEqual([]);
    expect(CLOCKS.test(readFileSync(join(WEB, OWN), 'utf8'))).toBe(true);
  });

  it('calls once after a time, again and again with each period, and not once it was cancelled', async () => {
    const called: string[] = [];
    await new Promise<void>((done) => {
      const cancelled = pageClock.after(0, () => called.push('cancelled'));
      cancelled();
      const cancelEvery = pageClock.every(1, () => {
        called.push('period');
        if (called.filter((what) => what === 'period').length < 2) return;
        cancelEvery();
        cancelEvery();
        pageClock.after(0, done);
      });
    });
    expect(called).toEqual(['period', 'period']);
  });
});

describe('what a person has set', () => {
  it('goes back to rest when it is left alone, counted from the last time it was set', () => {
    const clock = createFakeClock();
    const { value, set } = createLapsing<string | null>(null, 1_000, clock);
    set('a');
    clock.advance(900);
    set('a');
    clock.advance(900);
    expect(value.value).toBe('a');
    clock.advance(100);
    expect(value.value).toBe(null);
  });

  it('leaves no timer behind when it is put back by hand', () => {
    const clock = createFakeClock();
    const { set } = createLapsing(false, 1_000, clock);
    set(true);
    set(false);
    expect(clock.pending()).toBe(0);
  });
});
