import { describe, expect, it } from 'vitest';
import { parseSignalsCsv } from '../../../simulators/formats/signals-csv.ts';
import { readWhole, recordingPath, withoutRecordings } from '../support/recordings.ts';

const parse = (text: string) => parseSignalsCsv({ path: 'some.csv', name: 'some', text });

describe('signals CSV', () => {
  it('goes by the names of the columns, not by their order, and cuts blocks of a second', () => {
    const rows = Array.from({ length: 6 }, (_, index) => `${index / 4},${index},${10 + index},0`).join('\n');
    expect(parse(`Time [s], PLETH, II, EEG\n${rows}\n`)).toMatchObject({
      mapped: [
        { from: 'PLETH', to: 'pleth' },
        { from: 'II', to: 'ecg-ii' },
      ],
      skipped: [{ from: 'EEG' }],
      frames: [
        {
          atMs: 0,
          waves: { pleth: { rate: 4, samples: [0, 1, 2, 3] }, 'ecg-ii': { rate: 4, samples: [10, 11, 12, 13] } },
        },
        { atMs: 1_000, waves: { pleth: { rate: 4, samples: [4, 5] }, 'ecg-ii': { rate: 4, samples: [14, 15] } } },
      ],
    });
  });

  it('makes a missing sample a null', () => {
    const [frame] = parse('Time [s], II\n0,1\n0.5,NaN\n1,\n1.5,4\n').frames;
    expect(frame?.waves?.['ecg-ii']).toEqual({ rate: 2, samples: [1, null] });
  });

  it('sends the unit of a heading, and leaves out what is not understood', () => {
    const { frames, skipped } = parse('Time [s], II [µV], V [pm], PLETH\n0,40,1,2\n1,-40,1,2\n');
    expect(frames[0]?.waves).toEqual({
      'ecg-ii': { rate: 1, unit: 'µV', samples: [40] },
      pleth: { rate: 1, samples: [2] },
    });
    expect(skipped).toMatchObject([{ from: 'V [pm]', why: expect.stringContaining('pm') }]);
  });

  it('refuses times that do not increase', () => {
    expect(() => parse('Time [s], II\n0,1\n0,2\n')).toThrow('some.csv: the times do not increase');
  });

  it.skipIf(withoutRecordings)(
    `has the 60,001 samples of BIDMC 01 at 125 Hz${withoutRecordings ? ` (${withoutRecordings})` : ''}`,
    () => {
      const { frames, mapped, skipped } = readWhole(recordingPath('bidmc/bidmc_01_Signals.csv'));
      expect(mapped.map(({ to }) => to)).toEqual(['resp', 'pleth', 'ecg-v', 'ecg-avr', 'ecg-ii']);
      expect(skipped).toEqual([]);
      const samples = frames.flatMap(({ waves }) => waves?.['ecg-ii']?.samples ?? []);
      expect(samples).toHaveLength(60_001);
      expect(samples.slice(0, 3)).toEqual([0.72549, 0.67059, 0.6098]);
      expect(samples.slice(-2)).toEqual([0.38039, 0.38039]);
      // Times in the file are printed with five digits; the blocks are at whole seconds all the same.
      expect(frames.map(({ atMs }) => atMs)).toEqual(frames.map((_, second) => second * 1_000));
      expect(frames.every(({ waves }) => waves?.resp?.rate === 125)).toBe(true);
    },
  );
});
