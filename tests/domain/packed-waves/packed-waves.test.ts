import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NewerWavesError, UnreadableWavesError } from '#domain/packed-waves/errors.ts';
import { PACKED_FORMAT, packWaves, unpackWaves, type Wave } from '#domain/packed-waves/packed-waves.ts';

const ECG = 131_330;

/** Every bit counts, the sign of a zero too; NaN is NaN. */
const bitsOf = (samples: Float32Array): number[] =>
  Array.from(new Uint32Array(samples.slice().buffer), (bits, index) => (Number.isNaN(samples[index]) ? -1 : bits));

const textOf = ({ mdc, rate, samples }: Wave) => ({ mdc, rate, bits: bitsOf(samples) });

const wave = (samples: ArrayLike<number>, rate = 250): Wave => ({
  mdc: ECG,
  rate,
  samples: Float32Array.from(samples),
});

const bytesASample = (waves: readonly Wave[]): number =>
  packWaves(waves).length / waves.reduce((sum, { samples }) => sum + samples.length, 0);

const series = (count: number, at: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => at(index));

describe('packed waveforms', () => {
  const step = fc.integer({ min: -2_000, max: 2_000 });
  const onGrid = fc
    .record({
      divisor: fc.constantFrom(1, 10, 200, 255, 1_000, 1_023, 7_247, 38_880),
      steps: fc.array(step, { minLength: 1, maxLength: 300 }),
      digits: fc.option(fc.integer({ min: 3, max: 6 })),
    })
    .map(({ divisor, steps, digits }) =>
      steps.map((value) => (digits === null ? value / divisor : Number((value / divisor).toPrecision(digits)))),
    );
  const smooth = fc
    .record({
      divisor: fc.constantFrom(10, 1_000, 7_247),
      moves: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1 }),
    })
    .map(({ divisor, moves }) => {
      let at = 0;
      return moves.map((move) => {
        at += move;
        return at / divisor;
      });
    });
  const anyFloats = fc.float32Array({ maxLength: 200 }).map((samples) => [...samples]);
  const withGaps = fc
    .tuple(fc.oneof(onGrid, smooth, anyFloats), fc.array(fc.tuple(fc.nat(300), fc.nat(20)), { maxLength: 4 }))
    .map(([samples, gaps]) =>
      samples.map((sample, index) =>
        gaps.some(([from, length]) => index >= from && index < from + length) ? Number.NaN : sample,
      ),
    );
  const rate = fc.oneof(
    fc.integer({ min: 1, max: 10_000 }),
    fc.float({ min: Math.fround(0.01), max: 10_000, noNaN: true }),
  );
  const anyWave = fc.record({
    mdc: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    rate,
    samples: withGaps.map((list) => Float32Array.from(list)),
  });

  test('are read as they were packed, to the bit, whatever the samples are', () => {
    fc.assert(
      fc.property(fc.array(anyWave, { maxLength: 6 }), (waves) => {
        expect(unpackWaves(packWaves(waves)).map(textOf)).toEqual(waves.map(textOf));
      }),
      { numRuns: 300 },
    );
  });

  test('of every format ever written are read as what was packed', () => {
    const folder = new URL('../../fixtures/packed-waves/', import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
    expect(files).toHaveLength(PACKED_FORMAT);
    for (const line of files.flatMap((file) => readFileSync(new URL(file, folder), 'utf8').trimEnd().split('\n'))) {
      const {
        name,
        packed,
        waves,
      }: { name: string; packed: string; waves: { mdc: number; rate: number; floats: string }[] } = JSON.parse(line);
      const wanted = waves.map(({ floats, ...rest }) => {
        const bytes = Uint8Array.from(Buffer.from(floats, 'base64'));
        return textOf({ ...rest, samples: new Float32Array(bytes.buffer) });
      });
      expect({ name, waves: unpackWaves(Buffer.from(packed, 'base64')).map(textOf) }).toEqual({ name, waves: wanted });
    }
  });

  test('that are not wanted are passed over', () => {
    const waves = [wave([1, 2, 3]), { ...wave([4, 5]), mdc: 150_452 }];
    expect(unpackWaves(packWaves(waves), (mdc) => mdc === 150_452).map(textOf)).toEqual(waves.slice(1).map(textOf));
  });
});

describe('the resolution of the sender is found', () => {
  const beat = (index: number): number => 0.6 * Math.sin(index / 12) + 0.2 * Math.sin(index / 5);
  const rounded = (divisor: number, tell: (value: number) => number = (value) => value) =>
    series(250, (index) => tell(Math.round(beat(index) * divisor) / divisor));

  test.each([
    ['0.001', rounded(1_000), 0.6],
    ['0.005', rounded(200), 0.45],
    ['a converter of 7,247 a unit', rounded(7_247), 0.95],
    ['a converter of 1,023 a unit, told with 5 digits', rounded(1_023, (value) => Number(value.toPrecision(5))), 0.6],
    ['a converter of 255 a unit, told with 4 decimals', rounded(255, (value) => Number(value.toFixed(4))), 0.45],
    ['an odd gain and offset', series(250, (index) => Math.round(500 * beat(index)) * 0.0137 - 1.234), 0.65],
    ['kPa told in mmHg', series(250, (index) => Math.round(1_200 + 400 * beat(index)) * 0.07500615758456564), 0.65],
    ['0.001, with a zero below zero', rounded(1_000, (value) => (Math.abs(value) < 0.02 ? -0 : value)), 0.7],
    ['whole numbers', series(250, (index) => Math.round(100 * beat(index))), 0.4],
  ])('%s', (_name, samples, atMost) => {
    expect(bytesASample([wave(samples)])).toBeLessThan(atMost);
  });

  test('a line that does not move takes a few bytes', () => {
    expect(packWaves([wave(series(250, () => 0.25))]).length).toBeLessThan(20);
  });

  test('floats that are on no grid take their own size and no more', () => {
    expect(bytesASample([wave(series(250, (index) => Math.exp(Math.sin(index))))])).toBeLessThan(4.1);
  });
});

describe('bytes that no program packed', () => {
  const packed = packWaves([
    wave(series(250, (index) => Math.round(400 * Math.sin(index / 9)) / 1_000)),
    { ...wave([Number.NaN, 0.1, 0.25]), mdc: 150_452 },
  ]);

  test('are refused by their name when a newer program packed them', () => {
    expect(() => unpackWaves(Uint8Array.of(PACKED_FORMAT + 1, ...packed.subarray(1)))).toThrow(NewerWavesError);
    expect(() => unpackWaves(Uint8Array.of(PACKED_FORMAT + 1))).toThrow(/made by a newer wardwatch/);
  });

  test.each([
    ['nothing', []],
    ['no format', [0, 1, 2]],
    ['more samples than a message carries', [1, 8, 1, 0xff, 0xff, 0xff, 0x7f, 0]],
    ['half a sample', [1, 12, 0, 0, 0, 0, 0x3f, 1, 0]],
    ['a waveform that is longer than the bytes', [1, 8, 1, 2, 0xff, 0xff, 0x7f, 1]],
    ['a number without an end', [1, ...series(30, () => 0xff)]],
    ['a gap after the end', [1, 9, 1, 3, 3, 1, 2, 7]],
    ['a zero after the end', [1, 10, 1, 3, 2, 1, 3]],
    ['a division by nothing', [1, 8, 1, 3, 1, 0x20]],
    ['a way that there is not', [1, 8, 1, 3, 1, 0xe0]],
    ['bytes after a waveform', [1, 8, 1, 0, 1, 99]],
  ])('are refused: %s', (_name, bytes) => {
    expect(() => unpackWaves(Uint8Array.from(bytes))).toThrow(UnreadableWavesError);
  });

  test('are refused wherever they are cut, but between two waveforms', () => {
    const whole = series(packed.length - 1, (index) => index + 1).filter((length) => {
      try {
        unpackWaves(packed.subarray(0, length));
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableWavesError);
        return false;
      }
    });
    expect(whole).toHaveLength(2);
  });

  test('are read or refused, and never take more than their share of memory', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(packed.length - 1), fc.nat(255), (garbage, place, byte) => {
        const damaged = packed.slice();
        damaged[place] = byte;
        for (const bytes of [Uint8Array.of(PACKED_FORMAT, ...garbage), damaged]) {
          try {
            const waves = unpackWaves(bytes);
            expect(waves.length).toBeLessThanOrEqual(64);
          } catch (error) {
            if (!(error instanceof NewerWavesError)) expect(error).toBeInstanceOf(UnreadableWavesError);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
