import { describe, expect, it } from 'vitest';
import { RHYTHM_LENGTH } from '#contracts/http/device-rhythm.ts';
import { createRhythms } from '../../ingest/rhythms.ts';

const START = 1_000_000;
const NOW = START + 3_000_000;

/** Hears messages a second apart, each given by its boot and its number. */
const hear = (...messages: readonly (readonly [boot: string, seq: number, firstSeq?: number])[]) => {
  const rhythms = createRhythms();
  for (const [index, [boot, seq, firstSeq = seq]] of messages.entries()) {
    rhythms.heard('m1', START + 1_000 * index, boot, firstSeq, seq);
  }
  return rhythms;
};

const secondsOf = (times: readonly number[]): number[] => times.map((at) => (at - START) / 1_000);

describe('the rhythm of a device', () => {
  it('is nothing while it was not heard', () => {
    expect(createRhythms().of('m1', NOW)).toEqual({
      boot: '',
      seq: -1,
      arrivals: [],
      gaps: [],
      boots: [],
      minutes: [],
    });
  });

  it('has what arrived, what was missing before it, and where it began anew', () => {
    const rhythm = hear(['a', 1], ['a', 2], ['a', 6], ['a', 7], ['b', 0], ['b', 1]).of('m1', NOW);
    expect(secondsOf(rhythm.arrivals)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(rhythm.gaps).toEqual([{ at: START + 2_000, missing: 3 }]);
    expect(secondsOf(rhythm.boots)).toEqual([4]);
    expect(rhythm).toMatchObject({ boot: 'b', seq: 1 });
  });

  it('has no gap where a message comes again, late, or with several in one', () => {
    expect(hear(['a', 3], ['a', 3], ['a', 2], ['a', 4], ['a', 9, 5]).of('m1', NOW).gaps).toEqual([]);
  });

  it('is not put back by a message that cannot be read, or that names no boot', () => {
    const rhythm = hear(['a', 3], ['', -1], ['a', 4]).of('m1', NOW);
    expect(rhythm).toMatchObject({ boot: 'a', seq: 4, gaps: [], boots: [] });
  });

  it('begins anew where a device without boots counts from the start again', () => {
    expect(secondsOf(hear(['', 5], ['', 6], ['', 0]).of('m1', NOW).boots)).toEqual([2]);
  });

  it('is bounded, and has the newest', () => {
    const rhythm = hear(...Array.from({ length: RHYTHM_LENGTH + 5 }, (_, seq) => ['a', seq] as const)).of('m1', NOW);
    expect(rhythm.arrivals).toHaveLength(RHYTHM_LENGTH);
    expect(secondsOf(rhythm.arrivals.slice(0, 2))).toEqual([5, 6]);
    expect(secondsOf(rhythm.arrivals.slice(-1))).toEqual([RHYTHM_LENGTH + 4]);
    expect(rhythm.gaps).toEqual([]);
  });

  it('follows the clock of the station when that is put forward', () => {
    const rhythms = hear(['a', 1], ['a', 5]);
    rhythms.shift(60_000);
    expect(secondsOf(rhythms.of('m1', NOW).arrivals)).toEqual([60, 61]);
    expect(rhythms.of('m1', NOW).gaps).toEqual([{ at: START + 61_000, missing: 3 }]);
  });

  it('tells each minute of the last hour, also when its single messages are not kept any more', () => {
    const rhythms = createRhythms();
    const beginsAt = 60_000 * 1_000;
    // Two a second for an hour and a half, with a pause and a new beginning.
    for (let index = 0; index < 2 * 5_400; index++) {
      const at = beginsAt + 500 * index;
      const isPause = at >= beginsAt + 3_600_000 && at < beginsAt + 3_630_000;
      if (!isPause) rhythms.heard('m1', at, index < 9_000 ? 'a' : 'b', index, index);
    }
    const { minutes } = rhythms.of('m1', beginsAt + 5_399_500);
    expect(minutes).toHaveLength(60);
    expect(minutes[0]).toEqual({ at: beginsAt + 30 * 60_000, count: 120, longestMs: 500, missing: 0, boots: 0 });
    expect(minutes[30]).toMatchObject({ count: 60, longestMs: 30_500, missing: 60 });
    expect(minutes[45]).toMatchObject({ boots: 1 });
    expect(rhythms.of('m1', beginsAt + 2 * 5_399_500).minutes).toEqual([]);
  });
});
